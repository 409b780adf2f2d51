/* Reading a str object without calling Python: what code names and files need.
 *
 * Only compact strings (all that the compiler and importlib make) are read;
 * anything else reads as empty. Hot-path rules: no allocation, no lock, no GIL;
 * the object must be kept alive by what points to it.
 */
#ifndef UNSLOW_PYTHON_PYTHON_TEXT_H
#define UNSLOW_PYTHON_PYTHON_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "python/layout.h"

struct python_text {
	const void *data;
	size_t length; /* characters */
	uint8_t width; /* bytes a character: 1, 2, 4 */
	uint8_t ascii;
};

/* Looks at the str object `object` (0: empty). Borrowed from the object. */
struct python_text python_text_of(const struct py_layout *layout, uintptr_t object);

/* Bytes of its UTF-8 form, at most `limit`, whole characters only. */
size_t python_text_utf8_bytes(struct python_text text, size_t limit);

/* Writes exactly what python_text_utf8_bytes(text, limit) counted. Lone
 * surrogates (surrogateescape in file names) become U+FFFD. */
void python_text_write(struct python_text text, size_t limit, char *to);

#endif
