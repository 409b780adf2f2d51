/* Which protocol a connection speaks, by its first bytes: a const table of detectors.
 *
 * The bytes are hostile and come in any pieces; owns nothing.
 */
#ifndef UNSLOW_AGENT_WIRE_DETECT_H
#define UNSLOW_AGENT_WIRE_DETECT_H

#include "agent/wire.h"

/* TLS from the first byte: the protocol is inside. */
extern const struct wire_protocol wire_tls;

/* The protocol of a client that sent these `length` bytes first (at most WIRE_HEAD). NULL: none
 * that is known, or, with *more, not decided by so few. */
const struct wire_protocol *wire_detect(const uint8_t *head, size_t length, bool *more);

/* MySQL's server speaks first: length, sequence 0, protocol 10, version
 * ("Protocol::HandshakeV10"). */
bool wire_is_mysql_greeting(const uint8_t *bytes, size_t length);

#endif
