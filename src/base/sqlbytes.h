/* The bytes of a statement: classes of them, and characters of UTF-8.
 *
 * Owns nothing. Bytes from 0x80 are letters: every dialect allows them in names.
 */
#ifndef UNSLOW_BASE_SQLBYTES_H
#define UNSLOW_BASE_SQLBYTES_H

#include <stdbool.h>
#include <stddef.h>

static inline bool sqlbytes_is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static inline bool sqlbytes_is_word_start(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

static inline bool sqlbytes_is_word(unsigned char c)
{
	return sqlbytes_is_word_start(c) || sqlbytes_is_digit(c) || c == '$';
}

/* Control bytes count as white space: none of them reaches a terminal. */
static inline bool sqlbytes_is_blank(unsigned char c)
{
	return c <= ' ' || c == 0x7f;
}

/* Length of the well-formed UTF-8 sequence at `at` (RFC 3629), 0 if there is none. */
size_t sqlbytes_utf8(const unsigned char *in, size_t at, size_t end);
/* Characters of in[from..to), each byte that is no UTF-8 one. */
size_t sqlbytes_characters(const unsigned char *in, size_t from, size_t to);

#endif
