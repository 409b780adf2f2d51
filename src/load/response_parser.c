#include "load/response_parser.h"

#include <string.h>
#include <strings.h>

#include "load/part.h"
#include "load/token.h"

static const char version_text[] = "HTTP/1.";
enum {
	VERSION_LENGTH = sizeof version_text - 1,
	STATUS_AT = 9,       /* "HTTP/1.1 200" */
	STATUS_LINE_MIN = 12 /* without a reason */
};

__attribute__((cold)) static void bad(struct response *r, const char *why)
{
	r->state = RESPONSE_BAD;
	r->why = why;
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

static void read_connection(struct response *r, struct part value)
{
	for (struct part item; part_next_item(&value, &item);) {
		if (part_is(item, "close"))
			r->says_close = true;
		else if (part_is(item, "keep-alive"))
			r->says_keep_alive = true;
	}
}

static void read_transfer_encoding(struct response *r, struct part value)
{
	for (struct part item; part_next_item(&value, &item);)
		r->framing =
			part_is(item, "chunked") ? RESPONSE_BY_CHUNKS : RESPONSE_BY_OTHER_CODING;
}

static bool read_number(struct part p, uint64_t *number)
{
	uint64_t value = 0;
	for (size_t i = 0; i < p.length; i++) {
		const unsigned digit = (unsigned char)p.at[i] - (unsigned)'0';
		if (digit > 9 || __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, digit, &value))
			return false;
	}
	*number = value;
	return p.length > 0;
}

/* Repeated, also as a list, it must say the same (RFC 9112, 6.3). */
static void read_content_length(struct response *r, struct part value)
{
	bool is_there = false;
	for (struct part item; part_next_item(&value, &item); is_there = true) {
		uint64_t length;
		if (!read_number(item, &length))
			return bad(r, "Content-Length is no number of bytes");
		if (r->has_length && r->left != length)
			return bad(r, "two Content-Lengths that differ");
		r->has_length = true;
		r->left = length;
	}
	if (!is_there)
		bad(r, "Content-Length is empty");
}

/* The headers that say where a response ends. None has the length of another. */
static const struct {
	const char *name;
	size_t length;
	void (*read)(struct response *r, struct part value);
} known[] = {
	{"connection", 10, read_connection},
	{"content-length", 14, read_content_length},
	{"transfer-encoding", 17, read_transfer_encoding},
};

/* `length` may be more than RESPONSE_LINE_MAX: so many bytes can be read only. */
static void read_header(struct response *r, const char *line, size_t length,
			const struct response_header_sink *sink)
{
	const size_t readable = length < RESPONSE_LINE_MAX ? length : RESPONSE_LINE_MAX;
	size_t name = 0;
	while (name < readable && token_bytes[(unsigned char)line[name]])
		name++;
	if (name == 0 || name == readable || line[name] != ':')
		return bad(r, is_blank(line[0]) ? "a header that goes on in a second line"
						: "a header line without a name and a colon");
	if (r->is_interim)
		return;
	const bool is_whole = length == readable;
	const struct part value = {line + name + 1, readable - name - 1};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (known[i].length != name || strncasecmp(line, known[i].name, name) != 0)
			continue;
		if (!is_whole)
			return bad(r, "a header of more than 8 KiB that says where the body ends");
		known[i].read(r, value);
	}
	if (sink && is_whole) {
		const struct part trimmed = part_trim(value);
		sink->on_header(sink->context, line, name, trimmed.at, trimmed.length);
	}
}

static bool expects_status_line(const struct response *r)
{
	return r->status == 0 && !r->is_interim;
}

/* What goes on with a status line, looked at as it comes: a server that speaks something else may
 * never send a line's end. */
static void check_beginning(struct response *r, const char *bytes, size_t count)
{
	enum { TLS_ALERT = 0x15, TLS_HANDSHAKE = 0x16 };
	if (r->line_bytes >= VERSION_LENGTH)
		return;
	const size_t room = VERSION_LENGTH - r->line_bytes;
	if (memcmp(bytes, version_text + r->line_bytes, count < room ? count : room) == 0)
		return;
	const bool is_tls = r->line_bytes == 0 && (*bytes == TLS_ALERT || *bytes == TLS_HANDSHAKE);
	bad(r, is_tls ? "the server speaks TLS here: write https://"
		      : "what came is no HTTP/1 response");
}

static void read_status_line(struct response *r, const char *line, size_t length)
{
	if (length < STATUS_LINE_MIN || (line[7] != '0' && line[7] != '1') || line[8] != ' ' ||
	    (length > STATUS_LINE_MIN && line[STATUS_LINE_MIN] != ' '))
		return bad(r, "a status line that is not 'HTTP/1.1 200 OK' or the like");
	uint64_t status;
	if (!read_number((struct part){line + STATUS_AT, 3}, &status) || status < 100)
		return bad(r, "a status that is no number from 100 to 999");
	if (status == 101)
		return bad(r, "status 101: the server changes to another protocol");
	r->is_http_1_0 = line[7] == '0';
	r->is_interim = status < 200;
	if (!r->is_interim)
		r->status = (int)status;
}

/* RFC 9112, 6.3: where the body ends. */
static void end_head(struct response *r)
{
	if (r->is_interim) {
		r->is_interim = false;
		return;
	}
	const bool has_coding = r->framing != RESPONSE_BY_CLOSE;
	if (r->has_length && !has_coding)
		r->framing = RESPONSE_BY_LENGTH;
	r->keep_alive = !r->says_close && (r->says_keep_alive || !r->is_http_1_0);
	if (has_coding && (r->has_length || r->is_http_1_0))
		r->keep_alive = false; /* somebody on the way may have seen another end */
	if (r->is_head_request || r->status == 204 || r->status == 304 ||
	    (r->framing == RESPONSE_BY_LENGTH && r->left == 0)) {
		r->state = RESPONSE_DONE;
		return;
	}
	r->has_body = true;
	r->state = RESPONSE_BODY;
	if (r->framing == RESPONSE_BY_CHUNKS) {
		chunked_begin(&r->chunked);
	} else if (r->framing != RESPONSE_BY_LENGTH) {
		r->keep_alive = false;
		r->state = RESPONSE_UNTIL_CLOSE;
	}
}

/* A whole line without its LF; of a longer one than RESPONSE_LINE_MAX only so much can be read. */
static void read_line(struct response *r, const char *line, size_t length,
		      const struct response_header_sink *sink)
{
	if (length && length <= RESPONSE_LINE_MAX && line[length - 1] == '\r')
		length--;
	if (expects_status_line(r))
		read_status_line(r, line, length);
	else if (length == 0)
		end_head(r);
	else
		read_header(r, line, length, sink);
}

/* A part of a line, the rest of which is in other reads. */
static void keep_part(struct response *r, const char *bytes, size_t count)
{
	if (r->line_bytes < RESPONSE_LINE_MAX) {
		const size_t room = RESPONSE_LINE_MAX - r->line_bytes;
		memcpy(r->line + r->line_bytes, bytes, count < room ? count : room);
	}
	r->line_bytes += (uint32_t)count;
}

static size_t feed_head(struct response *r, const char *bytes, size_t count,
			const struct response_header_sink *sink)
{
	size_t used = 0;
	while (used < count && r->state == RESPONSE_HEAD) {
		const char *at = bytes + used;
		const char *end = memchr(at, '\n', count - used);
		const size_t length = end ? (size_t)(end - at) : count - used;
		const size_t eaten = length + (end != NULL);
		used += eaten;
		if (expects_status_line(r))
			check_beginning(r, at, length);
		if (r->state == RESPONSE_HEAD && eaten > RESPONSE_HEAD_MAX - r->head_bytes)
			bad(r, "a head of more than 64 KiB");
		if (r->state == RESPONSE_BAD)
			break;
		r->head_bytes += (uint32_t)eaten;
		if (end && r->line_bytes == 0) {
			read_line(r, at, length, sink);
			continue;
		}
		keep_part(r, at, length);
		if (end) {
			const size_t whole = r->line_bytes;
			r->line_bytes = 0;
			read_line(r, r->line, whole, sink);
		}
	}
	return used;
}

static size_t feed_chunks(struct response *r, const char *bytes, size_t count)
{
	const size_t used = chunked_feed(&r->chunked, bytes, count);
	r->body_bytes = r->chunked.data_bytes;
	if (r->chunked.state == CHUNKED_DONE)
		r->state = RESPONSE_DONE;
	else if (r->chunked.state == CHUNKED_BAD)
		bad(r, r->chunked.why);
	return used;
}

static size_t feed_body(struct response *r, const char *bytes, size_t count)
{
	if (r->framing == RESPONSE_BY_CHUNKS)
		return feed_chunks(r, bytes, count);
	const bool is_bounded = r->framing == RESPONSE_BY_LENGTH;
	const size_t used = is_bounded && r->left < count ? (size_t)r->left : count;
	r->body_bytes += used;
	if (is_bounded) {
		r->left -= used;
		if (r->left == 0)
			r->state = RESPONSE_DONE;
	}
	return used;
}

void response_begin(struct response *r, bool is_head_request)
{
	memset(r, 0, offsetof(struct response, line)); /* the line's bytes are written first */
	r->is_head_request = is_head_request;
}

size_t response_feed(struct response *r, const char *bytes, size_t count,
		     const struct response_header_sink *sink)
{
	size_t used = 0;
	if (r->state == RESPONSE_HEAD)
		used = feed_head(r, bytes, count, sink);
	if (used < count && (r->state == RESPONSE_BODY || r->state == RESPONSE_UNTIL_CLOSE))
		used += feed_body(r, bytes + used, count - used);
	return used;
}

enum response_state response_closed(struct response *r)
{
	if (r->state == RESPONSE_UNTIL_CLOSE)
		r->state = RESPONSE_DONE;
	else if (r->state == RESPONSE_HEAD && r->head_bytes == 0)
		bad(r, "closed before a response");
	else if (r->state == RESPONSE_HEAD || r->state == RESPONSE_BODY)
		bad(r, "closed in the middle of a response");
	return r->state;
}
