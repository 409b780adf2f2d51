#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum { STR_FIRST_BYTES = 64 };

void str_init(struct str *s, size_t ceiling)
{
	*s = (struct str){.capacity = STR_FIRST_BYTES, .ceiling = ceiling};
	s->text = mem_alloc(s->capacity);
}

void str_free(struct str *s)
{
	free(s->text);
	*s = (struct str){0};
}

void str_clear(struct str *s)
{
	s->length = 0;
	s->cut = false;
	s->text[0] = '\0';
}

/* Room for `wanted` more bytes and a NUL; returns how many of them fit. */
static size_t reserve(struct str *s, size_t wanted)
{
	const size_t left = s->ceiling - s->length;
	if (wanted > left) {
		wanted = left;
		s->cut = true;
	}
	const size_t needed = s->length + wanted + 1;
	if (needed > s->capacity) {
		size_t capacity = s->capacity;
		while (capacity < needed)
			capacity *= 2;
		s->text = mem_resize(s->text, capacity);
		s->capacity = capacity;
	}
	return wanted;
}

void str_add_bytes(struct str *s, const char *bytes, size_t length)
{
	length = reserve(s, length);
	if (length)
		memcpy(s->text + s->length, bytes, length);
	s->length += length;
	s->text[s->length] = '\0';
}

void str_add(struct str *s, const char *text)
{
	str_add_bytes(s, text, strlen(text));
}

void str_add_char(struct str *s, char c)
{
	str_add_bytes(s, &c, 1);
}

void str_printf(struct str *s, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	va_list again;
	va_copy(again, args);
	const int length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length > 0) {
		const size_t fits = reserve(s, (size_t)length);
		vsnprintf(s->text + s->length, fits + 1, format, again);
		s->length += fits;
	}
	va_end(again);
}

bool str_starts_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool str_ends_with(const char *text, const char *suffix)
{
	const size_t text_length = strlen(text);
	const size_t suffix_length = strlen(suffix);
	return text_length >= suffix_length &&
	       memcmp(text + text_length - suffix_length, suffix, suffix_length) == 0;
}

bool str_copy(char *dst, size_t dst_size, const char *src)
{
	if (dst_size == 0)
		return false;
	const size_t length = strnlen(src, dst_size);
	const size_t kept = length < dst_size ? length : dst_size - 1;
	memcpy(dst, src, kept);
	dst[kept] = '\0';
	return kept == length;
}
