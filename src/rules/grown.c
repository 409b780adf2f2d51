#include "rules/grown.h"

#include <stdbool.h>
#include <string.h>

#include "rules/blanked.h"
#include "rules/looped.h"

enum { TEXT_BYTES = 512 << 10, NAME_BYTES = 64 };

enum holds { OTHER, BYTES, STR };

/* What a value that is written there is: an empty b"", bytes(), "" or str(). */
static enum holds value_of(const char *value)
{
	value = blanked_code(value);
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

/* The line that the one at `line` is in, the nearest that begins with one of these words; the
 * text's begin: none. */
static const char *head_of(const char *text, const char *line, const char *const *words)
{
	size_t indent = blanked_indent(line);

	while ((line = blanked_line_before(text, line))) {
		const char *at = blanked_code(line);
		if (blanked_is_empty(line) || (size_t)(at - line) >= indent)
			continue;
		indent = (size_t)(at - line);
		for (size_t i = 0; words[i]; i++)
			if (!strncmp(at, words[i], strlen(words[i])))
				return line;
	}
	return text;
}

/* What the last line of [from, to) that gives something to the name gives it; of an attribute, one
 * that gives it bytes or a text. `code`: the same text, blanked. */
static enum holds begun_as(const char *text, const char *code, const char *from, const char *to,
			   const char *name, size_t length)
{
	const bool is_attribute = memchr(name, '.', length);
	enum holds holds = OTHER;

	for (const char *line = from; line < to;
	     line += strcspn(line, "\n"), line += *line == '\n') {
		const char *at = blanked_code(line);
		if (strncmp(code + (at - text), name, length) != 0 || blanked_is_word(at[length]) ||
		    at[length] == '.')
			continue;
		at = blanked_code(at + length);
		if (*at == ':')
			at += strcspn(at, "=\n");
		if (*at == '=' && at[1] != '=' && (holds == OTHER || !is_attribute))
			holds = value_of(at + 1);
	}
	return holds;
}

/* Of an attribute the class, of a name the function up to the loop that the line is in: what is
 * begun anew in each round does not grow from one to the next. */
static enum holds begun(struct arena *arena, const char *text, const char *line, const char *name,
			size_t length)
{
	static const char *const functions[] = {"def ", "async def ", NULL},
				 *const classes[] = {"class ", NULL},
				 *const loops[] = {"for ", "async for ", "while ", NULL};
	char *code = arena_copy(arena, text, strlen(text));
	const bool is_attribute = memchr(name, '.', length);
	const char *from = head_of(text, line, is_attribute ? classes : functions),
		   *to = is_attribute ? text + strlen(text) : head_of(text, line, loops);
	const size_t indent = blanked_indent(from);

	blanked(code, strlen(text));
	for (const char *end = from + strcspn(from, "\n"); is_attribute && *from == 'c' && *end;
	     end += strcspn(end, "\n")) {
		end++;
		if (*blanked_code(end) && !strchr("\r\n#", *blanked_code(end)) &&
		    blanked_indent(end) <= indent) {
			to = end;
			break;
		}
	}
	return begun_as(text, code, from, to, name, length);
}

/* Is `name` given something of its own in each round: by the `for` that begins at `head`, or by a
 * line between it and `line`? */
static bool is_given_anew(const char *head, const char *line, const char *name)
{
	const size_t length = strlen(name);
	const char *names_end = strstr(head, " in ");

	for (const char *c = head; c < names_end; c++)
		if (!strncmp(c, name, length) && !blanked_is_word(c[length]) && c > head &&
		    !blanked_is_word(c[-1]))
			return true;
	for (const char *l = head + strcspn(head, "\n"); l < line; l += strcspn(l, "\n")) {
		const char *at = blanked_code(++l);
		const char *sign = blanked_code(at + (strncmp(at, name, length) ? 0 : length));
		if (strncmp(at, name, length) != 0 || sign[0] != '=' || sign[1] == '=')
			continue;
		const char *value = blanked_code(sign + 1);
		if (strncmp(value, name, length) != 0 || value[length] != '.')
			return true;
	}
	return false;
}

/* The head of the `for` around the line, if it goes over what is not written down: no literal and
 * no constant, which are few by all that can be told; else NULL. */
static const char *for_of_many(const char *text, const char *line)
{
	static const char *const loops[] = {"for ", "while ", NULL};
	const char *head = head_of(text, line, loops);
	const char *end = head + strcspn(head, "\n"), *in = strstr(head, " in ");
	bool is_constant = true;

	if (strncmp(blanked_code(head), "for ", 4) != 0 || !in || in >= end)
		return NULL;
	in = blanked_code(in + 4);
	const char *over = in;
	for (; blanked_is_word(*over); over++)
		is_constant = is_constant && (*over < 'a' || *over > 'z');
	return !is_constant && strncmp(in, "range(", 6) != 0 ? head : NULL;
}

/* `text = text.replace(…)` in a loop goes through all of it in each round. */
static const char *replaced(struct arena *arena, const char *text, const char *line,
			    const char *name)
{
	const size_t length = strlen(name);
	const char *after = blanked_code(blanked_code(line) + length);
	const char *head = for_of_many(text, line);

	if (*after != '=' || after[1] == '=' || !head || is_given_anew(head, line, name))
		return NULL;
	after = blanked_code(after + 1);
	if (strncmp(after, name, length) != 0 || strncmp(after + length, ".replace(", 9) != 0)
		return NULL;
	return arena_printf(arena, "%s.replace(…) goes through all of it, in each round of a loop",
			    name);
}

const char *grown_source(struct arena *arena, const char *text, int line)
{
	char name[NAME_BYTES] = "";
	const char *whole = arena_copy(arena, text, strnlen(text, TEXT_BYTES));

	if (line < 1)
		return NULL;
	const char *at = blanked_code(blanked_line(whole, line));
	const char *end = name_end(at);
	const size_t length = (size_t)(end - at);
	if (length == 0 || length >= sizeof name)
		return NULL;
	memcpy(name, at, length);
	const char *after = blanked_code(end);
	const char *words = replaced(arena, whole, blanked_line(whole, line), name);
	if (words)
		return words;
	if (strncmp(after, "+=", 2) != 0) {
		if (*after != '=' || after[1] == '=')
			return NULL;
		after = blanked_code(after + 1);
		if (strncmp(after, name, length) != 0 || *blanked_code(after + length) != '+')
			return NULL;
	}
	const enum holds holds = begun(arena, whole, blanked_line(whole, line), name, length);
	const bool is_attribute = strchr(name, '.') != NULL;
	if (holds == OTHER || (holds == STR && !is_attribute) ||
	    (!is_attribute && !looped_source(arena, text, line)))
		return NULL;
	return arena_printf(arena, "each piece that is added to %s copies all that it holds", name);
}
