/* HTTP/1 (RFC 9112): when each question was sent, whether it is one asked before, and the status of
 * its answer or that none came.
 *
 * Of what is sent, the request line and the body pass through the keyed hash of values.h; headers
 * do not, as clients number their attempts there. Of an answer, the status line alone is looked at:
 * its body is anything up to the next question. Questions sent before the answer to an earlier one
 * (pipelining) count as one.
 */
#include <string.h>

#include "agent/wire.h"
#include "agent/wire_detect.h"

/* "HTTP/1.1 200": what is kept of an answer's first line. */
enum { STATUS_AT = 9, STATUS_LINE = 12 };
enum { STATUS_SWITCHING = 101, STATUS_FINAL = 200, STATUS_TOO_MANY = 429, STATUS_FAILED = 500 };

/* A tunnel or HTTP/2 follows: nothing that is read here. */
static bool leads_elsewhere(const struct wire_http *http)
{
	return http->head[0] == 'C' || (http->head[0] == 'P' && http->head[2] == 'I');
}

/* Does this piece of a line, its end included, leave it empty? */
static bool is_empty(const uint8_t *bytes, size_t length)
{
	size_t at = 0;

	while (at < length && (bytes[at] == '\r' || bytes[at] == '\n'))
		at++;
	return at == length;
}

static void hash_question(struct wire *w, const uint8_t *bytes, size_t length)
{
	struct wire_http *http = &w->http;

	while (length > 0 && !http->in_body) {
		const uint8_t *end = memchr(bytes, '\n', length);
		const size_t here = end ? (size_t)(end - bytes) + 1 : length;
		if (!http->line_ended)
			values_add(&w->values, bytes, here);
		http->line_filled = http->line_filled || !is_empty(bytes, here);
		if (end) {
			http->in_body = http->line_ended && !http->line_filled;
			http->line_ended = true;
			http->line_filled = false;
		}
		bytes += here;
		length -= here;
	}
	values_add(&w->values, bytes, length);
}

/* What is sent begins with a method, or may yet: the rest of a body whose answer came early does
 * not. */
static bool may_be_question(struct wire *w, const uint8_t *bytes, size_t length)
{
	struct wire_http *http = &w->http;
	const size_t room = sizeof http->head - http->head_have;
	const size_t take = length < room ? length : room;
	bool more;

	if (http->is_question)
		return true;
	memcpy(http->head + http->head_have, bytes, take);
	http->head_have = (uint8_t)(http->head_have + take);
	http->is_question = wire_detect(http->head, http->head_have, &more) == &wire_http;
	return http->is_question || more;
}

static void http_sent(struct wire *w, const uint8_t *bytes, size_t length, uint64_t at_ns)
{
	if (w->http.is_other)
		return;
	if (!w->batch_start_ns) {
		w->ready = true;
		w->http = (struct wire_http){0};
		wire_begin_batch(w, at_ns);
		values_begin(&w->values);
	}
	if (!may_be_question(w, bytes, length)) {
		w->http.is_other = true;
		w->batch_start_ns = 0;
	} else if (w->http.is_question && leads_elsewhere(&w->http)) {
		w->broken = true;
	} else {
		hash_question(w, bytes, length);
	}
}

static void write_exchange(struct wire *w, int status, uint64_t end_ns)
{
	const bool failed = status == 0 || status == STATUS_TOO_MANY || status >= STATUS_FAILED;

	record_write(&(struct channel_record){
		.t_start_ns = w->batch_start_ns,
		.dur_ns = end_ns > w->batch_start_ns ? end_ns - w->batch_start_ns : 0,
		.unit = w->batch_unit,
		.stack = w->batch_stack,
		.subject = w->handle,
		.kind = RECORD_EXCHANGE,
		.result = (int16_t)status,
		.flags = (uint16_t)(RECORD_NESTED | (failed ? RECORD_FAILED : 0)),
		.aux = values_end(&w->values),
	});
	w->batch_start_ns = 0;
}

/* 0: it is none. */
static int status_of(const uint8_t line[STATUS_LINE])
{
	int status = 0;

	if (memcmp(line, "HTTP/1.", 7) != 0)
		return 0;
	for (int i = STATUS_AT; i < STATUS_LINE; i++) {
		if (line[i] < '0' || line[i] > '9')
			return 0;
		status = 10 * status + line[i] - '0';
	}
	return status;
}

static void http_received(struct wire *w, const uint8_t *bytes, size_t length, uint64_t at_ns)
{
	struct wire_http *http = &w->http;

	http->is_other = false;
	if (!http->is_question)
		w->batch_start_ns = 0;
	for (size_t at = 0; w->batch_start_ns && at < length; at++) {
		if (http->skipping) { /* the rest of an answer that says: go on */
			if (bytes[at] == '\n')
				http->ends++;
			else if (bytes[at] != '\r')
				http->ends = 0;
			http->skipping = http->ends < 2;
			continue;
		}
		http->line[http->have++] = bytes[at];
		if (http->have < STATUS_LINE)
			continue;
		const int status = status_of(http->line);
		http->have = 0;
		if (status == 0 || status == STATUS_SWITCHING) { /* no HTTP/1 from here on */
			w->batch_start_ns = 0;
			w->broken = true;
		} else if (status < STATUS_FINAL) {
			http->skipping = true;
			http->ends = 0;
		} else {
			write_exchange(w, status, at_ns);
		}
	}
}

static void http_closed(struct wire *w, uint64_t at_ns)
{
	if (w->batch_start_ns && w->http.is_question)
		write_exchange(w, 0, at_ns);
}

const struct wire_protocol wire_http = {
	.peer = PEER_HTTP,
	.sent = http_sent,
	.received = http_received,
	.closed = http_closed,
};
