/* Where requests go: the forms of a URL that the command line and a file of requests take.
 *
 *     http://host:8000/path?query    https://host/    http://[::1]:8000/
 *     host:8000/path                 http:// may be left out
 *     :8000/path                     http://127.0.0.1:8000/path
 *     unix:/run/app.sock:/path       a Unix socket, as nginx writes it; the path may be left out
 *     http+unix://%2Frun%2Fapp.sock/path    the same, as requests-unixsocket writes it
 *
 * A number alone (8000) is refused: it is no host, and what attach takes for a process.
 *
 * Nothing is escaped or normalised: the path is sent as it stands, so it may hold neither blanks
 * nor control characters nor bytes beyond ASCII. A #fragment is never sent.
 */
#ifndef UNSLOW_LOAD_URL_H
#define UNSLOW_LOAD_URL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

enum url_scheme { URL_HTTP, URL_HTTPS, URL_UNIX };

/* All texts are in the arena given to url_parse. */
struct url {
	enum url_scheme scheme;
	const char
		*host; /* name or address, IPv6 without its brackets; URL_UNIX: the socket's path */
	uint16_t port; /* 0: URL_UNIX */
	const char *path;      /* begins with '/'; with the query */
	const char *authority; /* what the Host header says; URL_UNIX: localhost */
};

/* ERR_USAGE with what is wrong and how to write it. */
MUST_CHECK enum err_kind url_parse(struct url *url, const char *text, struct arena *arena,
				   struct err *e);

/* `text` on the same server as `base` if it begins with '/', else a URL of its own, which says its
 * scheme or port. */
MUST_CHECK enum err_kind url_parse_on(struct url *url, const struct url *base, const char *text,
				      struct arena *arena, struct err *e);

/* The same scheme, host and port: one connection serves both. */
bool url_same_server(const struct url *a, const struct url *b);

#endif
