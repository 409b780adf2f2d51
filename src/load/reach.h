/* Is there somebody? One connection, made before a run, so that a wrong address or certificate is
 * one clear line and not ten seconds of errors. It sends no request.
 */
#ifndef UNSLOW_LOAD_REACH_H
#define UNSLOW_LOAD_REACH_H

#include <stddef.h>
#include <stdint.h>

#include "load/address.h"
#include "load/tls.h"

/* Tries the addresses in turn; *chosen is the index of the first that takes a connection (and with
 * `tls` a handshake for `host`) within the time. ERR_NO_TARGET says what is wrong with the last one
 * and what to do; ERR_LIMIT: no descriptor is left. */
MUST_CHECK enum err_kind reach(const struct address_list *addresses, struct tls_context *tls,
			       const char *host, uint64_t timeout_ns, size_t *chosen,
			       struct err *e);

#endif
