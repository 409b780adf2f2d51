/* libFuzzer: a server's bytes, hostile. Memory stays inside its bounds, and the same bytes in other
 * pieces give the same response; only where a bad one was seen to be bad may differ.
 *
 * Input: 1 byte (bit 0: the request was HEAD; the others: sizes of pieces), then the response. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load/cookies.h"
#include "load/response_parser.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What came of the bytes. */
struct outcome {
	struct response response;
	size_t used;
	size_t seen; /* hash of all headers */
	char cookies[4096];
};

struct watcher {
	struct cookies *jar;
	size_t seen;
};

static void on_header(void *context, const char *name, size_t name_length, const char *value,
		      size_t value_length)
{
	struct watcher *w = context;
	for (size_t i = 0; i < name_length; i++)
		w->seen = w->seen * 31 + (unsigned char)name[i];
	for (size_t i = 0; i < value_length; i++)
		w->seen = w->seen * 31 + (unsigned char)value[i];
	cookies_on_header(w->jar, name, name_length, value, value_length);
}

static void play(const uint8_t *data, size_t size, bool is_head, size_t piece, struct outcome *out)
{
	struct watcher watcher = {.jar = cookies_new()};
	const struct response_header_sink sink = {on_header, &watcher};
	memset(out, 0, sizeof *out);
	response_begin(&out->response, is_head);
	while (out->used < size && out->response.state != RESPONSE_DONE &&
	       out->response.state != RESPONSE_BAD) {
		const size_t left = size - out->used;
		const size_t count = left < piece ? left : piece;
		char *exact = malloc(count); /* a read past the end is seen */
		if (!exact)
			abort();
		memcpy(exact, data + out->used, count);
		const size_t eaten = response_feed(&out->response, exact, count, &sink);
		free(exact);
		const bool is_over =
			out->response.state == RESPONSE_DONE || out->response.state == RESPONSE_BAD;
		if (eaten > count || (!is_over && eaten != count))
			abort();
		out->used += eaten;
	}
	const char *line;
	const size_t length = cookies_line(watcher.jar, &line);
	memcpy(out->cookies, line, length < sizeof out->cookies ? length : sizeof out->cookies);
	out->seen = watcher.seen;
	cookies_free(watcher.jar);
}

static bool same(struct outcome *a, struct outcome *b)
{
	if (a->response.state != b->response.state || a->response.status != b->response.status ||
	    a->response.body_bytes != b->response.body_bytes || a->seen != b->seen ||
	    memcmp(a->cookies, b->cookies, sizeof a->cookies) != 0)
		return false;
	if (a->response.state == RESPONSE_BAD)
		return strcmp(a->response.why, b->response.why) == 0;
	return a->used == b->used && a->response.head_bytes == b->response.head_bytes &&
	       a->response.keep_alive == b->response.keep_alive &&
	       a->response.has_body == b->response.has_body &&
	       response_closed(&a->response) == response_closed(&b->response);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct outcome whole, pieces;
	if (size < 1)
		return 0;
	const bool is_head = data[0] & 1;
	const size_t sizes[] = {1, 2 + (data[0] >> 1), 7};
	data++;
	size--;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		play(data, size, is_head, SIZE_MAX, &whole);
		play(data, size, is_head, sizes[i], &pieces);
		if (!same(&whole, &pieces)) {
			fprintf(stderr, "whole: state %d %s; in pieces of %zu: state %d %s\n",
				whole.response.state, whole.response.why ? whole.response.why : "",
				sizes[i], pieces.response.state,
				pieces.response.why ? pieces.response.why : "");
			abort();
		}
	}
	return 0;
}
