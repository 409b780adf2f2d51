#include "rules/row_use.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "rules/blanked.h"

enum { FUNCTION_BYTES = 16 << 10, STATEMENTS_MAX = 1024, SHOWN_BYTES = 100 };
enum {
	NAMES_DEEP = 3,
	NAMES_MAX = 32,
	USES_MAX = 64
}; /* followed; of one name: more is not understood */

/* A piece of the function's text, by offsets. */
struct piece {
	size_t from, to;
};

/* A statement: one line, or several that brackets hold together. */
struct line {
	struct piece text;
	int first, last; /* numbers in the file */
};

struct function {
	const char
		*text; /* strings and comments blanked; newlines inside brackets and strings too */
	size_t length;
	struct line lines[STATEMENTS_MAX];
	size_t count;
	int *names_left;
};

static bool has_at(const struct function *f, size_t at, const char *what)
{
	return strncmp(f->text + at, what, strlen(what)) == 0;
}

/* Next `word` in [from, to) that is no part of a longer one; `to`: none. */
static size_t find_word(const struct function *f, struct piece in, const char *word)
{
	const size_t length = strlen(word);

	for (size_t at = in.from; at + length <= in.to; at++)
		if (has_at(f, at, word) && (at == 0 || !blanked_is_word(f->text[at - 1])) &&
		    !blanked_is_word(f->text[at + length]))
			return at;
	return in.to;
}

static bool has_word(const struct function *f, struct piece in, const char *word)
{
	return find_word(f, in, word) < in.to;
}

static struct piece trimmed(const struct function *f, struct piece p)
{
	while (p.from < p.to && isspace((unsigned char)f->text[p.from]))
		p.from++;
	while (p.from < p.to && isspace((unsigned char)f->text[p.to - 1]))
		p.to--;
	return p;
}

/* What stands in the brackets that open at `at`, which is one. */
static struct piece inside(const struct function *f, size_t at, size_t to)
{
	int depth = 0;

	for (size_t i = at; i < to; i++) {
		if (strchr("([{", f->text[i]))
			depth++;
		else if (strchr(")]}", f->text[i]) && --depth == 0)
			return (struct piece){at + 1, i};
	}
	return (struct piece){to, to};
}

/* --- the function's text ------------------------------------------------------------ */

/* Cuts the text into statements; brackets and a backslash join lines. The function ends with the
 * first statement after its head that is not further in. */
static void cut_lines(struct function *f, char *text, int number)
{
	const size_t base = blanked_indent(text);
	bool has_head = false;

	for (size_t at = 0; at < f->length && f->count < STATEMENTS_MAX;) {
		struct line line = {.text = {at, at}, .first = number};
		int depth = 0;
		for (; at < f->length; at++) {
			if (strchr("([{", text[at]))
				depth++;
			else if (strchr(")]}", text[at]))
				depth--;
			if (text[at] == BLANKED_NEWLINE) {
				text[at] = ' ';
				number++;
			}
			if (text[at] != '\n')
				continue;
			number++;
			if (depth <= 0 && (at == 0 || text[at - 1] != '\\'))
				break;
			text[at] = ' ';
		}
		line.text.to = at++;
		line.last = number - 1;
		const struct piece body = trimmed(f, line.text);
		if (body.from == body.to)
			continue;
		if (has_head && body.from - line.text.from <= base)
			return;
		has_head =
			has_head || has_at(f, body.from, "def ") || has_at(f, body.from, "async ");
		f->lines[f->count++] = line;
	}
}

/* --- what is done with rows ------------------------------------------------------------ */

/* Does it ask a database for rows? */
static bool asks(const struct function *f, struct piece p)
{
	static const char *const words[] = {"objects",  "filter", "exclude",       "all",
					    "query",    "select", "scalars",       "execute",
					    "fetchall", "fetch",  "values",        "values_list",
					    "order_by", "where",  "select_related"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (has_word(f, p, words[i]))
			return true;
	return false;
}

/* The argument of a call of `function` in the statement that holds `at`; empty: none does. */
static struct piece argument_around(const struct function *f, const struct line *line, size_t at,
				    const char *function)
{
	struct piece rest = line->text;

	for (;;) {
		const size_t found = find_word(f, rest, function);
		if (found == rest.to)
			return (struct piece){0, 0};
		const size_t open = found + strlen(function);
		const struct piece inner = inside(f, open, rest.to);
		if (f->text[open] == '(' && inner.from <= at && at < inner.to)
			return trimmed(f, inner);
		rest.from = open;
	}
}

/* Is what begins at `at` all that the call of len, bool or sum around it is about? */
static bool is_counted_at(const struct function *f, const struct line *line, size_t at)
{
	static const char *const counts[] = {"len", "bool"};

	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		const struct piece inner = argument_around(f, line, at, counts[i]);
		if (inner.to > inner.from && !has_word(f, inner, "for") &&
		    !has_word(f, inner, "lambda"))
			return true;
	}
	const struct piece sum = argument_around(f, line, at, "sum");
	return sum.to > sum.from && has_at(f, sum.from, "1 for ") && !has_word(f, sum, "if");
}

/* Does `p` stand alone as a condition: after if, elif, not, and, or; before a colon, a bracket,
 * and, or, else? */
static bool is_condition(const struct function *f, const struct line *line, struct piece p)
{
	static const char *const before[] = {"if", "elif", "not", "and", "or"};
	static const char *const after[] = {":", ")", "and ", "or ", "else "};
	const size_t start = trimmed(f, (struct piece){line->text.from, p.from}).to;
	size_t next = p.to;

	while (next < line->text.to && f->text[next] == ' ')
		next++;
	bool follows = false, is_followed = false;
	for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
		const size_t n = strlen(before[i]);
		follows = follows || (start >= line->text.from + n && start < p.from &&
				      has_at(f, start - n, before[i]) &&
				      (start == n || !blanked_is_word(f->text[start - n - 1])));
	}
	for (size_t i = 0; i < sizeof after / sizeof *after; i++)
		is_followed = is_followed || (next < line->text.to && has_at(f, next, after[i]));
	return follows && is_followed;
}

/* `NAME = …`: the name, and what is assigned; empty: another statement. */
static struct piece assigned_name(const struct function *f, const struct line *line,
				  struct piece *value)
{
	const struct piece body = trimmed(f, line->text);
	size_t end = body.from;

	while (end < body.to && blanked_is_word(f->text[end]))
		end++;
	size_t sign = end;
	while (sign < body.to && f->text[sign] == ' ')
		sign++;
	if (end == body.from || sign + 1 >= body.to || f->text[sign] != '=' ||
	    f->text[sign + 1] == '=')
		return (struct piece){0, 0};
	*value = (struct piece){sign + 1, body.to};
	return (struct piece){body.from, end};
}

static const struct line *counter_of(const struct function *f, struct piece name, size_t from,
				     int deep);

/* What comes of a value made by this statement, at `at`: the line that counts it. */
static const struct line *counter_of_value(const struct function *f, const struct line *line,
					   size_t at, int deep)
{
	struct piece value;

	if (is_counted_at(f, line, at))
		return line;
	const struct piece name = assigned_name(f, line, &value);
	if (name.to == name.from || has_word(f, value, "for") || has_word(f, value, "lambda"))
		return NULL;
	return counter_of(f, name, (size_t)(line - f->lines) + 1, deep + 1);
}

/* One use of a name that holds rows, or a cursor that has them: *counts gets the line that counts
 * them, if this leads to one. False: they are used otherwise. */
static bool is_fair_use(const struct function *f, const struct line *line, struct piece use,
			int deep, const struct line **counts)
{
	static const char *const gives[] = {".fetchall(", ".all(", ".scalars("};
	const struct line *found = NULL;

	if (has_at(f, use.to, ".close("))
		return true;
	for (size_t i = 0; i < sizeof gives / sizeof *gives; i++)
		if (has_at(f, use.to, gives[i])) {
			found = counter_of_value(f, line, use.from, deep);
			*counts = *counts ? *counts : found;
			return found != NULL;
		}
	if (f->text[use.to] == '.' || f->text[use.to] == '[')
		return false;
	if (!is_counted_at(f, line, use.from) && !is_condition(f, line, use))
		return false;
	*counts = *counts ? *counts : line;
	return true;
}

/* Is it the name of an argument, as the first `rows` in f(rows=len(rows))? */
static bool is_keyword(const struct function *f, const struct line *line, struct piece use)
{
	const size_t before = trimmed(f, (struct piece){line->text.from, use.from}).to;
	size_t next = use.to;

	while (next < line->text.to && f->text[next] == ' ')
		next++;
	return before > line->text.from && strchr("(,", f->text[before - 1]) &&
	       has_at(f, next, "=") && !has_at(f, next, "==");
}

/* The line that counts what `name` holds from statement `from` on; NULL: none does, or it is used
 * in another way. It ends where the name is given something else, or its cursor asks again. */
static const struct line *counter_of(const struct function *f, struct piece name, size_t from,
				     int deep)
{
	const struct line *counts = NULL;
	char word[64];
	const size_t length = name.to - name.from;

	if (length >= sizeof word || deep > NAMES_DEEP || --*f->names_left < 0)
		return NULL;
	int uses_left = USES_MAX;
	memcpy(word, f->text + name.from, length);
	word[length] = '\0';
	for (size_t i = from; i < f->count; i++) {
		const struct line *line = &f->lines[i];
		struct piece rest = line->text, value;
		const struct piece target = assigned_name(f, line, &value);
		if (target.to > target.from && find_word(f, target, word) == target.from &&
		    !has_word(f, value, word))
			return counts;
		for (;;) {
			const size_t at = find_word(f, rest, word);
			if (at == rest.to)
				break;
			const struct piece use = {at, at + length};
			rest.from = use.to;
			if (at > 0 && f->text[at - 1] == '.')
				continue; /* another object's attribute of that name */
			if (is_keyword(f, line, use))
				continue;
			if (has_at(f, use.to, ".execute("))
				return counts;
			if (--uses_left < 0 || !is_fair_use(f, line, use, deep, &counts))
				return NULL;
		}
	}
	return counts;
}

/* A condition that is a query and nothing else: `if Order.objects.filter(…):`. */
static bool asks_whether(const struct function *f, const struct line *line)
{
	static const char *const begins[] = {"if not ", "elif not ", "if ", "elif "};
	static const char *const ends[] = {"all", "filter", "exclude", "fetchall", "order_by"};
	struct piece body = trimmed(f, line->text);
	bool begun = false, ended = false;

	for (size_t i = 0; i < sizeof begins / sizeof *begins && !begun; i++)
		if (has_at(f, body.from, begins[i])) {
			body.from += strlen(begins[i]);
			begun = true;
		}
	if (!begun || f->text[body.to - 1] != ':')
		return false;
	body = trimmed(f, (struct piece){body.from, body.to - 1});
	if (body.to == body.from || f->text[body.to - 1] != ')')
		return false;
	for (size_t at = body.from; at < body.to; at++) {
		if (f->text[at] == ' ')
			return false; /* more than one expression */
		if (f->text[at] != '(')
			continue;
		const struct piece inner = inside(f, at, body.to);
		for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
			const size_t n = strlen(ends[i]);
			ended = ended || (inner.to + 1 == body.to && at > body.from + n &&
					  f->text[at - n - 1] == '.' && has_at(f, at - n, ends[i]));
		}
		at = inner.to < body.to ? inner.to : body.to - 1;
	}
	return ended && asks(f, body);
}

/* `cursor.execute(…)` by itself: the cursor; empty: another statement. */
static struct piece asking_cursor(const struct function *f, const struct line *line)
{
	const struct piece body = trimmed(f, line->text);
	size_t from = body.from + (has_at(f, body.from, "await ") ? 6 : 0), end = from;

	while (end < body.to && blanked_is_word(f->text[end]))
		end++;
	return has_at(f, end, ".execute(") ? (struct piece){from, end} : (struct piece){0, 0};
}

/* len(NAME) or a condition NAME, where NAME is a query that has not run before (Django): it is one
 * by what it was given, or, as this line asks a database, by its being counted here. */
static const struct line *counter_of_lazy(const struct function *f, const struct line *line)
{
	for (size_t i = 0; i < f->count; i++) {
		struct piece value;
		const struct piece name = assigned_name(f, &f->lines[i], &value);
		char word[64];
		if (name.to == name.from || name.to - name.from >= sizeof word ||
		    &f->lines[i] >= line)
			continue;
		memcpy(word, f->text + name.from, name.to - name.from);
		word[name.to - name.from] = '\0';
		const size_t use = find_word(f, line->text, word);
		if (use < line->text.to && (asks(f, value) || is_counted_at(f, line, use)))
			return counter_of(f, name, i + 1, 0);
	}
	return NULL;
}

static const struct line *counter_at(const struct function *f, int number)
{
	const struct line *line = NULL;

	for (size_t i = 0; i < f->count && !line; i++)
		if (f->lines[i].first <= number && number <= f->lines[i].last)
			line = &f->lines[i];
	if (!line)
		return NULL;
	if (asks_whether(f, line))
		return line;
	if (!asks(f, line->text))
		return counter_of_lazy(f, line);
	const struct piece cursor = asking_cursor(f, line);
	if (cursor.to > cursor.from)
		return counter_of(f, cursor, (size_t)(line - f->lines) + 1, 0);
	/* the innermost call that asks is somewhere in it: all of the statement's argument has to
	 * be it */
	for (size_t at = line->text.from; at < line->text.to; at++)
		if (is_counted_at(f, line, at) && !blanked_is_word(f->text[at ? at - 1 : 0])) {
			static const char *const counts[] = {"len", "bool", "sum"};
			for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
				const struct piece inner = argument_around(f, line, at, counts[i]);
				if (inner.to > inner.from && asks(f, inner))
					return line;
			}
		}
	return counter_of_value(f, line, line->text.from, 0);
}

const char *row_use_counts(struct arena *arena, const char *text, int first_line, int line)
{
	if (first_line < 1 || line < first_line)
		return NULL;
	const char *from = blanked_line(text, first_line);
	const char *word = blanked_code(from);
	if (strncmp(word, "def ", 4) && strncmp(word, "async def ", 10) && *word != '@')
		return NULL;
	struct function *f = arena_alloc(arena, sizeof *f);
	int names_left = NAMES_MAX;
	f->names_left = &names_left;
	f->length = strnlen(from, FUNCTION_BYTES);
	char *copy = arena_copy(arena, from, f->length);
	f->text = copy;
	blanked(copy, f->length);
	cut_lines(f, copy, first_line);
	const struct line *counts = counter_at(f, line);
	if (!counts)
		return NULL;
	const char *shown = blanked_line(text, counts->first);
	shown = blanked_code(shown);
	size_t shown_length = strcspn(shown, "\r\n");
	if (shown_length > SHOWN_BYTES)
		shown_length = SHOWN_BYTES;
	return arena_printf(arena, "%d %.*s", counts->first, (int)shown_length, shown);
}
