#include "base/sqlbytes.h"

size_t sqlbytes_utf8(const unsigned char *in, size_t at, size_t end)
{
	unsigned char c = in[at];
	size_t n = c < 0x80                 ? 1
		   : c >= 0xc2 && c <= 0xdf ? 2
		   : (c & 0xf0) == 0xe0     ? 3
		   : c >= 0xf0 && c <= 0xf4 ? 4
					    : 0;
	if (n == 0 || end - at < n)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((in[at + i] & 0xc0) != 0x80)
			return 0;
	if ((c == 0xe0 && in[at + 1] < 0xa0) || (c == 0xed && in[at + 1] > 0x9f) ||
	    (c == 0xf0 && in[at + 1] < 0x90) || (c == 0xf4 && in[at + 1] > 0x8f))
		return 0;
	return n;
}

size_t sqlbytes_characters(const unsigned char *in, size_t from, size_t to)
{
	size_t count = 0;
	for (; from < to; count++) {
		size_t n = sqlbytes_utf8(in, from, to);
		from += n ? n : 1;
	}
	return count;
}
