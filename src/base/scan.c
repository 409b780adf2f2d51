#include "base/scan.h"

#include <string.h>

static const char blanks[] = " \t";

/* 16 and more: no digit. */
static unsigned digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned)(c - 'A') + 10;
	return 16;
}

static bool scan_number(const char **at, unsigned base, uint64_t most, uint64_t *number)
{
	const char *next = *at;
	uint64_t value = 0;
	for (unsigned digit; (digit = digit_value(*next)) < base; next++) {
		if (value > most / base || digit > most - value * base)
			return false;
		value = value * base + digit;
	}
	if (next == *at)
		return false;
	*at = next;
	*number = value;
	return true;
}

bool scan_decimal(const char **at, uint64_t most, uint64_t *number)
{
	return scan_number(at, 10, most, number);
}

bool scan_hex(const char **at, uint64_t most, uint64_t *number)
{
	return scan_number(at, 16, most, number);
}

bool scan_text(const char **at, const char *text)
{
	const size_t length = strlen(text);
	if (strncmp(*at, text, length) != 0)
		return false;
	*at += length;
	return true;
}

bool scan_words(const char **at, int count)
{
	const char *next = *at;
	for (; count > 0; count--) {
		next += strspn(next, blanks);
		const size_t length = strcspn(next, blanks);
		if (length == 0)
			return false;
		next += length;
	}
	*at = next;
	return true;
}

bool scan_blanks(const char **at)
{
	*at += strspn(*at, blanks);
	return true;
}
