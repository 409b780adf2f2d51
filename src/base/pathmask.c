#include "base/pathmask.h"

#include <stdbool.h>
#include <string.h>

#define HEX_MIN 8    /* a CRC, an MD5's begin, the first part of a UUID */
#define DIGITS_MIN 6 /* customers' numbers, times; ports and years are shorter */
#define MIXED_MIN 16 /* letters and digits */
#define CASED_MIN 12 /* … of both cases: base64 of 9 bytes */
#define UUID_BYTES 36
#define TEMPORARY 11 /* "tmp" and 8 of [a-z0-9_]: CPython's tempfile._RandomNameSequence */

struct part {
	size_t length;
	bool hex, digits, temporary;
	size_t digit_count, lower_count, upper_count;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* The longest run of letters and digits (and - and _ if `joined`) that begins at `text`. */
static struct part part_of(const char *text, size_t length, bool joined)
{
	struct part part = {.hex = true, .digits = true};
	for (; part.length < length; part.length++) {
		char c = text[part.length];
		if (is_digit(c))
			part.digit_count++;
		else if (is_lower(c))
			part.lower_count++;
		else if (is_upper(c))
			part.upper_count++;
		else if (!joined || (c != '-' && c != '_'))
			break;
		part.digits = part.digits && is_digit(c);
		part.hex = part.hex &&
			   (is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'));
	}
	part.temporary = joined && part.length == TEMPORARY && part.upper_count == 0 &&
			 memcmp(text, "tmp", 3) == 0 && !memchr(text, '-', part.length);
	return part;
}

/* 8-4-4-4-12 hexadecimal digits (RFC 4122). */
static bool is_uuid(const char *text, size_t length)
{
	if (length < UUID_BYTES)
		return false;
	for (size_t at = 0; at < UUID_BYTES; at++) {
		bool dash = at == 8 || at == 13 || at == 18 || at == 23;
		bool hex = is_digit(text[at]) || (text[at] >= 'a' && text[at] <= 'f') ||
			   (text[at] >= 'A' && text[at] <= 'F');
		if (dash ? text[at] != '-' : !hex)
			return false;
	}
	return true;
}

/* Bytes at `text` that are made up, 0: none. */
static size_t made_up(const char *text, size_t length)
{
	if (is_uuid(text, length))
		return UUID_BYTES;
	struct part joined = part_of(text, length, true);
	if (joined.temporary || (joined.length >= CASED_MIN && joined.digit_count > 0 &&
				 joined.lower_count > 0 && joined.upper_count > 0))
		return joined.length;
	struct part part = part_of(text, length, false);
	if ((part.hex && part.length >= HEX_MIN) || (part.digits && part.length >= DIGITS_MIN) ||
	    (part.length >= MIXED_MIN && part.digit_count > 0 && part.digit_count < part.length))
		return part.length;
	return 0;
}

size_t pathmask(const char *path, size_t length, char *out, size_t room)
{
	static const char gone[] = "…";
	size_t at = 0, used = 0;
	while (at < length) {
		size_t hidden = made_up(path + at, length - at);
		struct part part = part_of(path + at, length - at, false);
		size_t shown = part.length ? part.length : 1;
		size_t bytes = hidden ? sizeof gone - 1 : shown;
		if (used + bytes >= room)
			break;
		memcpy(out + used, hidden ? gone : path + at, bytes);
		used += bytes;
		at += hidden ? hidden : shown;
	}
	out[used] = '\0';
	return used;
}
