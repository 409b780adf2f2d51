/* PEP 393 strings to UTF-8. State bits: Include/cpython/unicodeobject.h,
 * PyASCIIObject.state, 3.8–3.13: interned:2, kind:3, compact:1, ascii:1. */
#include "python/python_text.h"

#include <string.h>

struct python_text python_text_of(const struct py_layout *layout, uintptr_t object)
{
	struct python_text text = {.width = 1, .ascii = 1};
	uint32_t state;

	if (object == 0)
		return text;
	memcpy(&state, (const void *)(object + layout->str_state), sizeof(state));
	unsigned width = state >> 2 & 7, compact = state >> 5 & 1, ascii = state >> 6 & 1;
	if (!compact || (width != 1 && width != 2 && width != 4))
		return text;
	memcpy(&text.length, (const void *)(object + layout->str_length), sizeof(text.length));
	text.data = (const void *)(object +
				   (ascii ? layout->str_data_ascii : layout->str_data_compact));
	text.width = (uint8_t)width;
	text.ascii = (uint8_t)ascii;
	return text;
}

static uint32_t character(struct python_text text, size_t at)
{
	uint32_t code = 0;

	/* little-endian: the low bytes first */
	memcpy(&code, (const char *)text.data + at * text.width, text.width);
	if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return 0xfffd;
	return code;
}

static size_t encoded_bytes(uint32_t code)
{
	return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

size_t python_text_utf8_bytes(struct python_text text, size_t limit)
{
	size_t bytes = 0;

	if (text.ascii)
		return text.length < limit ? text.length : limit;
	for (size_t i = 0; i < text.length; i++) {
		size_t more = encoded_bytes(character(text, i));

		if (bytes + more > limit)
			break;
		bytes += more;
	}
	return bytes;
}

void python_text_write(struct python_text text, size_t limit, char *to)
{
	size_t bytes = python_text_utf8_bytes(text, limit);

	if (text.ascii) {
		if (bytes > 0)
			memcpy(to, text.data, bytes);
		return;
	}
	for (size_t i = 0, at = 0; at < bytes; i++) {
		uint32_t code = character(text, i);
		size_t length = encoded_bytes(code);
		static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};

		for (size_t k = length; k > 1; k--) {
			to[at + k - 1] = (char)(0x80 | (code & 0x3f));
			code >>= 6;
		}
		to[at] = (char)(lead[length] | code);
		at += length;
	}
}
