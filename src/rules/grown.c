#include "rules/grown.h"

#include <stdbool.h>
#include <string.h>

#include "rules/blanked.h"
#include "rules/looped.h"

enum { TEXT_BYTES = 512 << 10, NAME_BYTES = 64 };

enum holds { OTHER, BYTES, STR };

static const char *past_space(const char *c)
{
	return c + blanked_indent(c);
}

/* What a value that is written there is: an empty b"", bytes(), "" or str(). */
static enum holds value_of(const char *value)
{
	value = past_space(value);
	if (!strncmp(value, "bytes()", 7) || !strncmp(value, "b\"\"", 3) ||
	    !strncmp(value, "b''", 3))
		return BYTES;
	if (!strncmp(value, "str()", 5) ||
	    ((!strncmp(value, "\"\"", 2) || !strncmp(value, "''", 2)) && value[2] != *value))
		return STR;
	return OTHER;
}

/* Where the name ends that a line begins with, with its attributes; the line's own begin: none. */
static const char *name_end(const char *at)
{
	const char *end = at;

	if (*at >= '0' && *at <= '9')
		return at;
	while (blanked_is_word(*end) || (*end == '.' && end > at))
		end++;
	return end;
}

/* What some line of the file first gives to the name. */
static enum holds begun_as(const char *text, const char *name, size_t length)
{
	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		const char *at = past_space(line);
		if (strncmp(at, name, length) != 0 || blanked_is_word(at[length]) ||
		    at[length] == '.')
			continue;
		at = past_space(at + length);
		if (*at == ':')
			at += strcspn(at, "=\n");
		if (*at == '=' && at[1] != '=' && value_of(at + 1) != OTHER)
			return value_of(at + 1);
	}
	return OTHER;
}

const char *grown_source(struct arena *arena, const char *text, int line)
{
	char name[NAME_BYTES] = "";
	const char *whole = arena_copy(arena, text, strnlen(text, TEXT_BYTES));

	if (line < 1)
		return NULL;
	const char *at = past_space(blanked_line(whole, line));
	const char *end = name_end(at);
	const size_t length = (size_t)(end - at);
	if (length == 0 || length >= sizeof name)
		return NULL;
	memcpy(name, at, length);
	const char *after = past_space(end);
	if (strncmp(after, "+=", 2) != 0) {
		if (*after != '=' || after[1] == '=')
			return NULL;
		after = past_space(after + 1);
		if (strncmp(after, name, length) != 0 || *past_space(after + length) != '+')
			return NULL;
	}
	const enum holds holds = begun_as(whole, name, length);
	const bool is_attribute = strchr(name, '.') != NULL;
	if (holds == OTHER || (holds == STR && !is_attribute) ||
	    (!is_attribute && !looped_source(arena, text, line)))
		return NULL;
	return arena_printf(arena, "each piece that is added to %s copies all that it holds", name);
}
