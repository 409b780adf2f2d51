/* Bytes that the kernel holds back because earlier ones are not acknowledged (Nagle, RFC 896).
 *
 * A send after a send, with nothing received between, on a TCP connection without TCP_NODELAY: if
 * less than a segment is left unsent then, it waits for the other side's ACK, which that one may
 * delay (RFC 1122 4.2.3.2; 40 ms and more on Linux). For how long is asked of the kernel when
 * the connection is used next: the time since the held send, less that since data left last
 * (tcp_info). It is exact to a clock tick of the kernel, 1 to 10 ms, and is never less than the
 * truth.
 *
 * State lies in struct handle; one thread at a time, as there.
 */
#ifndef UNSLOW_AGENT_HELD_H
#define UNSLOW_AGENT_HELD_H

#include "agent/agent.h"

/* Bytes left this many or more are no rest of a segment, and wait for a window. */
#define HELD_SEGMENT 1460
/* A hold of less is not told: the other side acknowledges at once. */
#define HELD_MIN_NS 20000000u

/* The kernel has made it of a connection to this listener: it has the listener's TCP_NODELAY. */
void held_accepted(struct handle *h, int listener);
/* The real send has moved bytes; `c` is its call. */
void held_sent(struct handle *h, int fd, struct call *c);
/* Before a send, after a receive, before a close: what was held is written (RECORD_HELD). */
void held_settle(struct handle *h, int fd);

#endif
