#include "load/chunked.h"

#include <stdbool.h>
#include <string.h>

static void bad(struct chunked *c, const char *why)
{
	c->state = CHUNKED_BAD;
	c->why = why;
}

/* 16: no digit. */
static unsigned digit_value(char byte)
{
	if (byte >= '0' && byte <= '9')
		return (unsigned)(byte - '0');
	const char lower = (char)(byte | 0x20);
	return lower >= 'a' && lower <= 'f' ? (unsigned)(lower - 'a') + 10 : 16;
}

static void size_is_known(struct chunked *c)
{
	c->state = c->left ? CHUNKED_DATA : CHUNKED_TRAILER_START;
	c->digits = 0;
	c->line_bytes = 0;
}

static void read_size(struct chunked *c, char byte)
{
	const unsigned digit = digit_value(byte);
	if (digit < 16) {
		if (++c->digits > CHUNKED_DIGITS_MAX)
			return bad(c, "a chunk's size has more than 16 digits");
		c->left = c->left << 4 | digit;
	} else if (c->digits == 0) {
		bad(c, "a chunk does not begin with its size");
	} else if (byte == '\n') {
		size_is_known(c);
	} else if (byte == '\r' || byte == ';' || byte == ' ' || byte == '\t') {
		c->state = CHUNKED_EXTENSION;
	} else {
		bad(c, "a chunk's size is no hexadecimal number");
	}
}

static void read_trailer_start(struct chunked *c, char byte)
{
	if (byte == '\n')
		c->state = CHUNKED_DONE;
	else if (byte == '\r')
		c->state = CHUNKED_TRAILER_LF;
	else
		c->state = CHUNKED_TRAILER;
	c->line_bytes++;
}

/* A byte of the framing. */
static void read_byte(struct chunked *c, char byte)
{
	switch (c->state) {
	case CHUNKED_SIZE:
		return read_size(c, byte);
	case CHUNKED_DATA_END:
		if (byte == '\n')
			c->state = CHUNKED_SIZE;
		else if (byte == '\r')
			c->state = CHUNKED_DATA_END_LF;
		else
			bad(c, "a chunk goes on behind its size");
		return;
	case CHUNKED_DATA_END_LF:
		if (byte != '\n')
			return bad(c, "a chunk goes on behind its size");
		c->state = CHUNKED_SIZE;
		return;
	case CHUNKED_TRAILER_START:
		return read_trailer_start(c, byte);
	case CHUNKED_TRAILER_LF:
		if (byte != '\n')
			return bad(c, "a carriage return within the chunks' last line");
		c->state = CHUNKED_DONE;
		return;
	case CHUNKED_DATA:
	case CHUNKED_EXTENSION:
	case CHUNKED_TRAILER:
	case CHUNKED_DONE:
	case CHUNKED_BAD:
		return; /* not read byte by byte */
	}
}

static size_t skip_line(struct chunked *c, const char *bytes, size_t count)
{
	const bool is_trailer = c->state == CHUNKED_TRAILER;
	const char *end = memchr(bytes, '\n', count);
	const size_t length = end ? (size_t)(end - bytes) + 1 : count;
	const size_t most = is_trailer ? CHUNKED_TRAILERS_MAX : CHUNKED_LINE_MAX;
	if (length > most - c->line_bytes) {
		bad(c, is_trailer ? "trailers of more than 64 KiB"
				  : "a chunk's extensions are longer than 4 KiB");
		return length;
	}
	c->line_bytes += (uint32_t)length;
	if (end && is_trailer)
		c->state = CHUNKED_TRAILER_START;
	else if (end)
		size_is_known(c);
	return length;
}

static size_t skip_data(struct chunked *c, size_t count)
{
	const size_t data = c->left < count ? (size_t)c->left : count;
	c->left -= data;
	c->data_bytes += data;
	if (c->left == 0)
		c->state = CHUNKED_DATA_END;
	return data;
}

void chunked_begin(struct chunked *c)
{
	*c = (struct chunked){.state = CHUNKED_SIZE};
}

size_t chunked_feed(struct chunked *c, const char *bytes, size_t count)
{
	size_t used = 0;
	while (used < count && c->state != CHUNKED_DONE && c->state != CHUNKED_BAD) {
		if (c->state == CHUNKED_DATA)
			used += skip_data(c, count - used);
		else if (c->state == CHUNKED_EXTENSION || c->state == CHUNKED_TRAILER)
			used += skip_line(c, bytes + used, count - used);
		else
			read_byte(c, bytes[used++]);
	}
	return used;
}
