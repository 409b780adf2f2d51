#include "rules/looped.h"

#include <string.h>

#include "rules/blanked.h"

enum { TEXT_BYTES = 512 << 10 };

static bool begins(const char *line, const char *word)
{
	return strncmp(line + blanked_indent(line), word, strlen(word)) == 0;
}

static bool is_blank(const char *line)
{
	return strchr("\r\n", line[blanked_indent(line)]) != NULL; /* the end of the text, too */
}

static const char *line_before(const char *text, const char *line)
{
	if (line == text)
		return NULL;
	for (line--; line > text && line[-1] != '\n';)
		line--;
	return line;
}

/* One of these words in [from, to), no part of a longer one. */
static bool has_word(const char *from, const char *to, const char *word)
{
	const size_t length = strlen(word);

	for (const char *c = from; c + length <= to; c++)
		if (!strncmp(c, word, length) && !blanked_is_word(c[length]) &&
		    (c == from || !blanked_is_word(c[-1])))
			return true;
	return false;
}

/* The end of the statement that begins at `from`: a newline outside of brackets. */
static const char *statement_end(const char *from)
{
	int depth = 0;
	const char *c = from;

	for (; *c && (*c != '\n' || depth > 0); c++)
		depth += strchr("([{", *c) ? 1 : strchr(")]}", *c) ? -1 : 0;
	return c;
}

/* The first line of the statement that the line is part of, which is in a function whose head is
 * `def`. */
static const char *statement_of(const char *def, const char *line)
{
	const char *from = def;

	while (*from) {
		const char *end = statement_end(from);
		if (end >= line)
			return from;
		from = *end ? end + 1 : end;
	}
	return line;
}

/* Does the statement run a part of itself in rounds? The head of a `for` does not. */
static bool repeats_itself(const char *from)
{
	const char *end = statement_end(from);

	if (begins(from, "while "))
		return true;
	if (begins(from, "for ") || begins(from, "async for "))
		from = strstr(from, " in ");
	return from && from < end &&
	       (has_word(from, end, "for") || has_word(from, end, "map") ||
		has_word(from, end, "filter") || has_word(from, end, "key"));
}

bool looped_source(struct arena *arena, const char *text, int line)
{
	const size_t length = strnlen(text, TEXT_BYTES);
	char *copy = arena_copy(arena, text, length);
	const char *def = NULL;
	bool around = false;

	blanked(copy, length);
	for (char *c = copy; (c = strchr(c, BLANKED_NEWLINE));)
		*c = '\n';
	const char *at = blanked_line(copy, line);
	if (line < 1 || is_blank(at))
		return false;
	size_t indent = blanked_indent(at);
	for (const char *l = line_before(copy, at); l && !def; l = line_before(copy, l)) {
		if (is_blank(l) || blanked_indent(l) >= indent)
			continue;
		indent = blanked_indent(l);
		if (begins(l, "def ") || begins(l, "async def "))
			def = l;
		else
			around = around || begins(l, "for ") || begins(l, "async for ") ||
				 begins(l, "while ");
	}
	return def && (around || repeats_itself(statement_of(def, at)));
}
