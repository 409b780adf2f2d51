/* TLS of one connection over a socket that does not block (OpenSSL 1.1.1 or later).
 *
 * The context is shared by all threads and read only once made; a `struct tls` belongs to its
 * connection, and dies before its descriptor is closed. Certificates are verified against the
 * system's, names by SNI and RFC 6125; only http/1.1 is offered (ALPN).
 */
#ifndef UNSLOW_LOAD_TLS_H
#define UNSLOW_LOAD_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

struct tls_context;
struct tls;

enum tls_step {
	TLS_DONE,
	TLS_WANT_READ,  /* call again when the socket can be read … */
	TLS_WANT_WRITE, /* … or written */
	TLS_CLOSED,     /* the peer has ended the stream */
	TLS_FAILED,     /* tls_why says why; a reset leaves it empty */
};

MUST_CHECK enum err_kind tls_context_new(struct tls_context **context, bool insecure,
					 struct err *e);
void tls_context_free(struct tls_context *context); /* NULL is allowed */

/* `host`: the name or address that the certificate must be for. NULL: out of memory. */
struct tls *tls_new(struct tls_context *context, int fd, const char *host);
void tls_free(struct tls *tls); /* NULL is allowed; sends no close_notify */

enum tls_step tls_handshake(struct tls *tls);
/* *done bytes were read or written with TLS_DONE. */
enum tls_step tls_read(struct tls *tls, char *buffer, size_t size, size_t *done);
enum tls_step tls_write(struct tls *tls, const char *bytes, size_t count, size_t *done);

/* Of the last failed step, without what to do; "" where it was the socket (errno). */
const char *tls_why(const struct tls *tls);

#endif
