/* The chunked transfer coding, read as it comes (RFC 9112, section 7.1).
 *
 *     4\r\nWiki\r\n0\r\n\r\n
 *
 * Bytes are only counted, never kept. Any split of the input gives the same result. A line may end
 * with a bare LF, as servers in the field end it. Chunk extensions and trailers are skipped; so
 * that a server cannot send them without end, each has a limit.
 */
#ifndef UNSLOW_LOAD_CHUNKED_H
#define UNSLOW_LOAD_CHUNKED_H

#include <stddef.h>
#include <stdint.h>

enum {
	CHUNKED_DIGITS_MAX = 16,         /* of a chunk's size: 64 bits */
	CHUNKED_LINE_MAX = 4096,         /* bytes of a size's line with its extensions */
	CHUNKED_TRAILERS_MAX = 64 << 10, /* bytes of all trailers */
};

enum chunked_state {
	CHUNKED_SIZE,          /* digits of the next chunk's size */
	CHUNKED_EXTENSION,     /* behind them, up to the line's end */
	CHUNKED_DATA,          /* `left` bytes are to come */
	CHUNKED_DATA_END,      /* CRLF or LF behind the data */
	CHUNKED_DATA_END_LF,   /* the LF of that CRLF */
	CHUNKED_TRAILER_START, /* behind the last chunk: a trailer, or the line that ends it all */
	CHUNKED_TRAILER,       /* in a trailer, up to the line's end */
	CHUNKED_TRAILER_LF,    /* the LF of the last line */
	CHUNKED_DONE,
	CHUNKED_BAD,
};

struct chunked {
	enum chunked_state state;
	uint32_t digits;     /* read of this chunk's size */
	uint32_t line_bytes; /* of this size's line, or of all trailers */
	uint64_t left;       /* the size so far, then data still to come */
	uint64_t data_bytes; /* of all chunks so far, without their framing */
	const char *why;     /* CHUNKED_BAD: what is wrong; static text */
};

void chunked_begin(struct chunked *c);

/* Eats `bytes` up to the end of the body; returns how many. All of them, unless the state has
 * become CHUNKED_DONE or CHUNKED_BAD. */
size_t chunked_feed(struct chunked *c, const char *bytes, size_t count);

#endif
