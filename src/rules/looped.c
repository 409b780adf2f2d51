#include "rules/looped.h"

#include <string.h>

#include "rules/blanked.h"

enum { TEXT_BYTES = 512 << 10 };

static bool is_word(const char *at, const char *word)
{
	const size_t length = strlen(word);

	return !strncmp(at, word, length) && !blanked_is_word(at[length]);
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

static bool is_one_of(const char *at, const char *const *words)
{
	for (; *words; words++)
		if (is_word(at, *words))
			return true;
	return false;
}

static bool calls_within(const char *from, const char *to)
{
	return from < to && memchr(from, '(', (size_t)(to - from));
}

static const char *later(const char *a, const char *b)
{
	return a > b ? a : b;
}

static const char *earlier(const char *a, const char *b)
{
	return a < b ? a : b;
}

/* Where the brackets around `word` begin and end; else the statement. */
static const char *bracket_before(const char *word, const char *from)
{
	int depth = 0;

	while (word > from && depth <= 0) {
		word--;
		depth += strchr("([{", *word) ? 1 : strchr(")]}", *word) ? -1 : 0;
	}
	return word;
}

static const char *bracket_after(const char *word, const char *to)
{
	int depth = 0;

	for (; word < to; word++) {
		depth += strchr("([{", *word) ? 1 : strchr(")]}", *word) ? -1 : 0;
		if (depth < 0)
			break;
	}
	return word;
}

/* What a `for` goes over: the end of it, from its ` in ` on. */
static const char *goes_over(const char *word, const char *close)
{
	const char *at = word;
	int depth = 0;

	while (at < close && strncmp(at, " in ", 4) != 0)
		at++;
	for (at += at < close ? 4 : 0; at < close; at++) {
		depth += strchr("([{", *at) ? 1 : strchr(")]}", *at) ? -1 : 0;
		if (depth == 0 &&
		    (is_word(at, "if") || is_word(at, "for") || is_word(at, "async")) &&
		    !blanked_is_word(at[-1]))
			break;
	}
	return at;
}

/* A part of a statement: those of its characters that are on the line. */
struct part {
	const char *from, *to, *line, *line_end;
};

/* Does a comprehension, whose `for` is at `word`, make a call on the line for each entry? What the
 * first `for` goes over is made once. */
static bool is_in_rounds(struct part p, const char *word)
{
	const char *open = bracket_before(word, p.from), *close = bracket_after(word, p.to);

	return calls_within(later(open + 1, p.line), earlier(word, p.line_end)) ||
	       calls_within(later(goes_over(word, close), p.line), earlier(close, p.line_end));
}

/* Is a function given to map(), filter(), or as key= to what sorts? Not where the line calls
 * something else as well, whose time it may be. */
static bool is_given(struct part p)
{
	static const char *const sorters[] = {"sort", "sorted", "min", "max", "nlargest", NULL},
				 *const givers[] = {"map", "filter", NULL},
				 *const wraps[] = {"list", "tuple", "dict", "sum", "any",
						   "all",  "join",  "set",  NULL};
	bool given = false, sorts = false;

	for (const char *c = later(p.from, p.line), *end; c < earlier(p.to, p.line_end); c = end) {
		const bool attribute = c > p.from && c[-1] == '.';
		for (end = c; blanked_is_word(*end);)
			end++;
		if (end == c) {
			end++;
		} else if (is_word(c, "lambda")) {
			break;
		} else if (*end == '(') {
			sorts = sorts || is_one_of(c, sorters);
			given = given || (is_one_of(c, givers) && !attribute);
			if (!is_one_of(c, sorters) && !is_one_of(c, givers) && !is_one_of(c, wraps))
				return false;
		} else if (is_word(c, "key") && *end == '=' && end[1] != '=') {
			given = given || sorts;
		}
	}
	return given;
}

/* Does the statement run a call of the line in rounds? The head of a `for` does not. */
static bool repeats_itself(const char *from, const char *line)
{
	struct part p = {from, statement_end(from), line, line + strcspn(line, "\n")};

	if (blanked_begins(from, "while "))
		return true;
	if (blanked_begins(from, "for ") || blanked_begins(from, "async for "))
		p.from = strstr(from, " in ");
	if (!p.from || p.from >= p.to)
		return false;
	for (const char *c = p.from + 1; c < p.to; c++)
		if (is_word(c, "for") && !blanked_is_word(c[-1]) && is_in_rounds(p, c))
			return true;
	return is_given(p);
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
	if (line < 1 || blanked_is_empty(at))
		return false;
	size_t indent = blanked_indent(at);
	for (const char *l = blanked_line_before(copy, at); l && !def;
	     l = blanked_line_before(copy, l)) {
		if (blanked_is_empty(l) || blanked_indent(l) >= indent)
			continue;
		indent = blanked_indent(l);
		if (blanked_begins(l, "def ") || blanked_begins(l, "async def "))
			def = l;
		else
			around = around || blanked_begins(l, "for ") ||
				 blanked_begins(l, "async for ") || blanked_begins(l, "while ");
	}
	return def && (around || repeats_itself(statement_of(def, at), at));
}
