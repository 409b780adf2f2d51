/* Text from outside may hold any bytes: what is UTF-8 in it. */
#ifndef UNSLOW_BASE_UTF8_H
#define UNSLOW_BASE_UTF8_H

#include <stddef.h>

/* Length in bytes of the well-formed sequence at `s`, of which `left` bytes can be read (at least
 * one); 0: there is none (Unicode 15, table 3-7). NUL is a sequence of one byte. */
size_t utf8_length(const unsigned char *s, size_t left);

#endif
