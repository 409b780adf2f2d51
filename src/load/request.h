/* A request, made once and sent many times: the bytes of an HTTP/1.1 request.
 *
 *     GET /path HTTP/1.1
 *     Host: 127.0.0.1:8000
 *     User-Agent: unslow/0.1.0
 *     Accept: any type
 *     traceparent: 00-0123456789abcdef0000000000000001-00000000000000ab-01     if asked for
 *     the user's headers: one of a name above replaces that
 *     Content-Length: 12                        with a body, and with POST, PUT and PATCH
 *
 * What differs from one sending to the next is patched in place: the ids of traceparent (W3C Trace
 * Context) stand at a fixed offset with a fixed width. A line for cookies goes in at `head_end`.
 */
#ifndef UNSLOW_LOAD_REQUEST_H
#define UNSLOW_LOAD_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "load/url.h"

/* What a request is made of. Nothing is kept of it. */
struct request_spec {
	const char *method; /* NULL: GET, or POST if there is a body */
	const struct url *url;
	const char *const *headers; /* "Name: value" each; all are sent, in this order */
	size_t header_count;
	const char *body; /* NULL: none */
	size_t body_bytes;
	bool has_trace;
};

struct request {
	char *bytes;
	size_t count;
	size_t head_end;     /* offset of the CRLF that ends the head: more header lines go here */
	size_t trace_offset; /* of the trace id's 32 digits; 0: no traceparent */
	bool is_head;        /* HEAD: the response has no body */
	uint32_t line;       /* of the file it stands in, from 1; 0: none */
	uint32_t weight;     /* request_set.h */
	uint32_t server;     /* index in request_set.servers */
	uint64_t weight_end; /* sum of the weights up to this one: request_set_draw */
};

/* `bytes` in `arena`. ERR_USAGE: a method or a header that cannot be sent, and why. */
MUST_CHECK enum err_kind request_build(struct request *request, const struct request_spec *spec,
				       struct arena *arena, struct err *e);

/* Writes the trace's id (`high`: one for the whole run, `low`: the request's number) and the span's
 * into the bytes. None may be 0 as a whole (W3C Trace Context, 3.2.2.3). Without a traceparent it
 * does nothing. Bytes that still wait to be sent for another connection must not be patched: they
 * are copied where they wait. */
void request_patch_trace(struct request *request, uint64_t high, uint64_t low, uint64_t span);

#endif
