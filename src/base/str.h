/* Growing text with a ceiling.
 *
 * Each buffer is born with the largest size it may reach, so that no input can
 * grow it without end. Past the ceiling, appends are dropped and `cut` is set;
 * the text so far stays valid and NUL-terminated. The owner calls str_free.
 */
#ifndef UNSLOW_BASE_STR_H
#define UNSLOW_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
	char *text; /* never NULL after str_init; NUL-terminated */
	size_t length;
	size_t capacity;
	size_t ceiling;
	bool cut;
};

void str_init(struct str *s, size_t ceiling);
void str_free(struct str *s);
void str_clear(struct str *s);
void str_add(struct str *s, const char *text);
void str_add_bytes(struct str *s, const char *bytes, size_t length);
void str_add_char(struct str *s, char c);
__attribute__((format(printf, 2, 3))) void str_printf(struct str *s, const char *format, ...);

bool str_starts_with(const char *text, const char *prefix);
bool str_ends_with(const char *text, const char *suffix);
/* Copy that always ends in NUL; returns false if it had to cut. */
bool str_copy(char *dst, size_t dst_size, const char *src);

#endif
