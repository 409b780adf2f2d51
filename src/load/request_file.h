/* Requests from files: a file of requests, a body.
 *
 * A file holds one request a line, in the command line's own words:
 *
 *     # weight, method, path or URL, then -H 'Name: value' and --body TEXT or @FILE
 *     9 GET  /items?page=1
 *     1 POST /items  -H 'Content-Type: application/json'  --body '{"name": "a \"b\""}'
 *       HEAD http://127.0.0.1:8001/health
 *
 * The weight may be left out (1). Words are split and quoted as by sh, without its expansions: '…'
 * keeps all; a backslash keeps the next character, but inside "…" only before " and \. Empty lines
 * and lines that begin with # are skipped. @FILE is found from the current directory.
 */
#ifndef UNSLOW_LOAD_REQUEST_FILE_H
#define UNSLOW_LOAD_REQUEST_FILE_H

#include "load/request_set.h"

enum {
	REQUEST_FILE_BYTES_MAX = 64 << 20, /* of a file of requests, and of a body's file */
	REQUEST_FILE_HEADERS_MAX = 64,     /* of one line, the command line's own included */
};

/* Adds the requests of the file at `path`. `common`: what the command line gives to each (its
 * headers, of which a line's own replace those of their name; has_trace); its url is the base of
 * paths and may be NULL if every line has a URL; its method and body must be NULL. Errors name
 * file:line. */
MUST_CHECK enum err_kind request_file_read(struct request_set *set, const char *path,
					   const struct request_spec *common, struct err *e);

/* The same for text that stands in memory; `name` is for messages. */
MUST_CHECK enum err_kind request_text_read(struct request_set *set, const char *name,
					   const char *text, size_t count,
					   const struct request_spec *common, struct err *e);

/* The body that --body means: `argument` itself, or behind an @ the file of that name. In `arena`.
 */
MUST_CHECK enum err_kind request_body_read(const char *argument, struct arena *arena,
					   const char **body, size_t *body_bytes, struct err *e);

#endif
