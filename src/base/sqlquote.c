#include "base/sqlquote.h"

static size_t end_of_reading(const unsigned char *in, size_t at, size_t end, bool escapes)
{
	unsigned char quote = in[at++];
	while (at < end) {
		unsigned char c = in[at++];
		if (c == '\\' && escapes) {
			at++;
		} else if (c == quote) {
			if (at >= end || in[at] != quote)
				return at;
			at++;
		}
	}
	return SQLQUOTE_OPEN;
}

/* No dialect lets a word, a backslash or a digit follow a quoted text at once. */
static bool may_end(const unsigned char *in, size_t at, size_t end)
{
	if (at == SQLQUOTE_OPEN)
		return false;
	if (at >= end)
		return true;
	unsigned char c = in[at];
	return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		 c == '_' || c == '$' || c == '\\' || c >= 0x80);
}

size_t sqlquote_end(const unsigned char *in, size_t at, size_t end, bool escapes, bool *disputed)
{
	*disputed = false;
	size_t escaped = end_of_reading(in, at, end, true);
	if (escapes)
		return escaped;
	size_t plain = end_of_reading(in, at, end, false);
	if (plain == escaped)
		return plain;
	*disputed = true;
	/* LIKE … ESCAPE '\': nobody's text begins so. */
	if (plain == at + 3 && in[at] == '\'' && at >= 2 && (in[at - 2] | 0x20) == 'e' &&
	    in[at - 1] == ' ')
		return plain;
	bool plain_may = may_end(in, plain, end), escaped_may = may_end(in, escaped, end);
	if (plain_may && !escaped_may)
		return plain;
	if (escaped_may && !plain_may)
		return escaped;
	return end;
}

size_t sqlquote_comment_end(const unsigned char *in, size_t at, size_t end, bool *flat)
{
	size_t first_end = SQLQUOTE_OPEN, level = 0;
	for (size_t i = at; i + 1 < end; i++) {
		if (in[i] == '/' && in[i + 1] == '*') {
			level++;
			i++;
		} else if (in[i] == '*' && in[i + 1] == '/') {
			if (first_end == SQLQUOTE_OPEN)
				first_end = i + 2;
			i++;
			if (--level == 0 || *flat)
				return i + 1;
		}
	}
	*flat = true;
	return first_end == SQLQUOTE_OPEN ? end : first_end;
}
