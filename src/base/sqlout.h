/* The text of a fingerprint as it grows: whole tokens with single blanks, lists and rows folded.
 *
 * "?, ?" is written as "?, ...", and a VALUES row like the one before it as ", ...". A token that
 * does not fit is left out whole, and nothing is written after it. The caller's buffer is borrowed;
 * positions and lengths are bytes of it.
 */
#ifndef UNSLOW_BASE_SQLOUT_H
#define UNSLOW_BASE_SQLOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SQLOUT_NOWHERE SIZE_MAX

struct sqlout {
	char *text;
	size_t length, room; /* room: bytes of text without the NUL */
	bool blank;          /* white space was read since the last token */
	bool full;
	uint32_t depth;    /* open ( and [ */
	size_t list_start; /* after the "(" of IN or the "[" of ARRAY; NOWHERE: in no such list */
	uint32_t list_depth;
	bool values; /* after VALUES, between or in its rows … */
	uint32_t values_depth;
	size_t row_start; /* … "(" of the open row, NOWHERE: between rows */
	size_t last_row, last_row_end;
	size_t mark; /* the caller's; NOWHERE again when what stood there was folded away */
};

/* Empty, into `size` bytes at `text` (at least 1). */
void sqlout_begin(struct sqlout *o, char *text, size_t size);
/* NUL-terminates what there is. True: a token did not fit. */
bool sqlout_end(struct sqlout *o);

/* `length` bytes or nothing. */
void sqlout_put_token(struct sqlout *o, const char *bytes, size_t length);
/* in[from..to) as one token: bytes that are not UTF-8 become U+FFFD, control bytes blanks. */
void sqlout_put_text(struct sqlout *o, const unsigned char *in, size_t from, size_t to);
/* "?", with the sign before it. False: it does not fit. */
bool sqlout_put_value(struct sqlout *o);

void sqlout_open(struct sqlout *o, char bracket);
void sqlout_close(struct sqlout *o, char bracket);
/* At the end of a list's element: "?, ?" and "?, ..., ?" become "?, ...". */
void sqlout_end_element(struct sqlout *o);
/* VALUES was written: rows may follow. */
void sqlout_begin_rows(struct sqlout *o);
/* Something else follows at the depth of the rows: there are no more. */
void sqlout_end_rows(struct sqlout *o);

/* Is here the right side of a comparison, an element of a list or a row? */
bool sqlout_is_value_place(const struct sqlout *o);

#endif
