/* An HTTP/1.x response, read as it comes (RFC 9112).
 *
 * The parser asks where a response ends and whether its connection lives on; it keeps no header and
 * no body, allocates nothing and reads no socket. Any split of the input gives the same result. One
 * struct a connection:
 *
 *     response_begin(&r, request->is_head);
 *     used = response_feed(&r, bytes, got, NULL);       after each read
 *     switch (r.state) { case RESPONSE_DONE: …          bytes behind `used` belong to no request
 *     response_closed(&r);                              when the read says end of file
 *
 * Interim responses (1xx) are skipped. What a server could do without end has a limit: all heads of
 * a response together, a chunk's line, trailers. The body has none: that is the caller's to bound
 * (body_bytes) by time or size.
 */
#ifndef UNSLOW_LOAD_RESPONSE_PARSER_H
#define UNSLOW_LOAD_RESPONSE_PARSER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "load/chunked.h"

enum {
	RESPONSE_HEAD_MAX = 64 << 10, /* bytes of status line and headers, interim ones included */
	RESPONSE_LINE_MAX = 8 << 10,  /* bytes of a header's line that must be understood */
};

enum response_state {
	RESPONSE_HEAD,        /* in the status line or the headers; also before the first byte */
	RESPONSE_BODY,        /* in a body that says where it ends */
	RESPONSE_UNTIL_CLOSE, /* in a body that ends with the connection */
	RESPONSE_DONE,
	RESPONSE_BAD, /* `why` says what is wrong; the connection cannot be used any more */
};

/* How the end of the body is known. */
enum response_framing {
	RESPONSE_BY_CLOSE,
	RESPONSE_BY_LENGTH,
	RESPONSE_BY_CHUNKS,
	RESPONSE_BY_OTHER_CODING, /* Transfer-Encoding that is not chunked: ends with the connection
				   */
};

/* Who wants to see the headers of final responses (cookies). Name and value are valid during the
 * call only, not NUL-terminated, the value without blanks around it; bytes are the server's,
 * checked for nothing but that name is a token. A header whose line is longer than
 * RESPONSE_LINE_MAX is left out. */
struct response_header_sink {
	void (*on_header)(void *context, const char *name, size_t name_length, const char *value,
			  size_t value_length);
	void *context;
};

struct response {
	enum response_state state;
	int status;          /* of the final response; 0 before its status line */
	bool keep_alive;     /* RESPONSE_DONE: the connection can carry another request */
	bool has_body;       /* bytes may follow the head: known behind it */
	uint32_t head_bytes; /* eaten of heads; 0: nothing has come yet */
	uint64_t body_bytes; /* eaten of the body, without the framing of chunks */
	const char *why;     /* RESPONSE_BAD: static text, to stand behind "…: "; else NULL */

	/* The parser's own. */
	bool is_head_request;
	bool is_http_1_0;
	bool is_interim; /* in a 1xx response */
	bool has_length;
	bool says_close;
	bool says_keep_alive;
	enum response_framing framing;
	uint64_t left; /* of Content-Length */
	struct chunked chunked;
	uint32_t line_bytes; /* of a line whose end has not come; the first of them are in `line` */
	char line[RESPONSE_LINE_MAX];
};

/* Before each request on the connection. A struct needs no other setting up. */
void response_begin(struct response *r, bool is_head_request);

/* Eats `bytes` up to the end of this response; returns how many. All of them, unless the state has
 * become RESPONSE_DONE or RESPONSE_BAD. `sink` may be NULL. */
size_t response_feed(struct response *r, const char *bytes, size_t count,
		     const struct response_header_sink *sink);

/* The server has closed the connection: RESPONSE_DONE where that ends the body, else RESPONSE_BAD
 * (head_bytes is 0 if no byte of a response had come). Returns the state. */
enum response_state response_closed(struct response *r);

#endif
