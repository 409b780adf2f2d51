#include "rules/apart.h"

#include <stdlib.h>
#include <string.h>

#include "rules/blanked.h"

enum { NAMES_MAX = 64, LINES_MAX = 16, STATEMENTS_MAX = 400 };

struct name {
	const char *at;
	size_t length;
};

/* Names that hold what came of a call. */
struct names {
	struct name all[NAMES_MAX];
	size_t count;
	bool overflows;
};

/* A statement: one line, or several that brackets hold together. */
struct statement {
	const char *from, *to;
	int first, last;
};

static bool is_begin(const char *text, const char *at)
{
	return blanked_is_word(*at) && (at == text || !blanked_is_word(at[-1]));
}

static size_t word_length(const char *at)
{
	size_t n = 0;

	while (blanked_is_word(at[n]))
		n++;
	return n;
}

static bool holds(const struct names *names, const char *at, size_t length)
{
	for (size_t i = 0; i < names->count; i++)
		if (names->all[i].length == length && memcmp(names->all[i].at, at, length) == 0)
			return true;
	return false;
}

/* Is one of the names used in [from, to)? An attribute or a keyword of that name is none. */
static bool uses(const struct names *names, const char *text, const char *from, const char *to)
{
	for (const char *at = from; at < to; at++) {
		if (!is_begin(text, at))
			continue;
		const size_t n = word_length(at);
		const char *after = at + n;
		const bool attribute = at > from && at[-1] == '.';
		const bool keyword =
			*after == '=' && after[1] != '=' && at > from && strchr("(, ", at[-1]);
		if (!attribute && !keyword && holds(names, at, n))
			return true;
		at = after - 1;
	}
	return false;
}

static void add(struct names *names, const char *text, const char *from, const char *to)
{
	for (const char *at = from; at < to; at++) {
		if (!is_begin(text, at))
			continue;
		const size_t n = word_length(at);
		if ((at == from || at[-1] != '.') && !holds(names, at, n)) {
			names->overflows = names->overflows || names->count == NAMES_MAX;
			if (!names->overflows)
				names->all[names->count++] = (struct name){at, n};
		}
		at += n - 1;
	}
}

/* The last `=` of an assignment outside of brackets (a = b = call()); NULL: none. */
static const char *assigns(struct statement s)
{
	const char *last = NULL;
	int depth = 0;

	for (const char *at = s.from; at < s.to; at++) {
		if (strchr("([{", *at))
			depth++;
		else if (strchr(")]}", *at))
			depth--;
		else if (*at == '=' && depth == 0 && at[1] != '=' && at > s.from &&
			 !strchr("=!<>", at[-1]))
			last = at;
	}
	return last;
}

static bool begins(struct statement s, const char *word)
{
	const size_t n = strlen(word);

	return (size_t)(s.to - s.from) > n && memcmp(s.from, word, n) == 0 &&
	       !blanked_is_word(s.from[n]);
}

/* Does it decide what is run next? */
static bool is_decision(struct statement s)
{
	static const char *const words[] = {"if",    "elif",   "while", "for",  "return", "raise",
					    "match", "assert", "async", "with", "yield",  "del"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (begins(s, words[i]))
			return true;
	return false;
}

/* Is it more than is understood? A second statement after `;`, a name that is given a value within
 * an expression, the head of a function or class: the calls are in two then, or one in the other.
 */
static bool is_strange(struct statement s)
{
	for (const char *at = s.from; at < s.to; at++)
		if (*at == ';' || (*at == ':' && at[1] == '='))
			return true;
	return begins(s, "def") || begins(s, "class") ||
	       (begins(s, "async") && !strncmp(blanked_code(s.from + 5), "def", 3));
}

/* `all.append(call())`: where the argument begins; else the statement's begin. */
static const char *appended(struct statement s)
{
	static const char *const adders[] = {".append(", ".add(", ".extend(", ".update("};
	const char *end = s.from;

	while (blanked_is_word(*end))
		end++;
	for (size_t i = 0; i < sizeof adders / sizeof *adders; i++)
		if (end > s.from && !strncmp(end, adders[i], strlen(adders[i])))
			return end + strlen(adders[i]);
	return s.from;
}

/* Does nothing take what it gives? Then it is made for what it does (signs in, writes), which those
 * after it may need. */
static bool is_bare(struct statement s)
{
	const char *at = s.from;

	if (begins(s, "await"))
		at = blanked_code(at + 5);
	while (blanked_is_word(*at) || *at == '.')
		at++;
	return *at == '(' && !begins(s, "return") && appended(s) == s.from;
}

/* Of several of the lines in one statement: do all begin at one depth of brackets, so that none is
 * in another, and none goes on after a dot? */
static bool are_beside(struct statement s, const int *lines, size_t count)
{
	int depth = 0, number = s.first, first_depth = 0;
	size_t seen = 0;

	for (const char *at = s.from; at < s.to && seen < count; at++) {
		const bool begin = at == s.from || at[-1] == '\n' || at[-1] == BLANKED_NEWLINE;
		if (begin && number == lines[seen]) {
			if (*blanked_code(at) == '.' || (seen && depth != first_depth))
				return false;
			first_depth = depth;
			seen++;
		}
		depth += strchr("([{", *at) ? 1 : strchr(")]}", *at) ? -1 : 0;
		number += *at == '\n' || *at == BLANKED_NEWLINE;
	}
	return true;
}

/* Names after ` as `, of a with. */
static void add_as(struct names *names, const char *text, struct statement s)
{
	for (const char *at = s.from; at + 4 < s.to; at++)
		if (memcmp(at, " as ", 4) == 0) {
			const char *name = at + 4 + strspn(at + 4, " (");
			add(names, text, name, name + word_length(name));
		}
}

static struct statement next_statement(const char *at, int number)
{
	struct statement s = {.from = blanked_code(at), .first = number};
	int depth = 0;

	for (; *at; at++) {
		if (strchr("([{", *at))
			depth++;
		else if (strchr(")]}", *at))
			depth--;
		number += *at == '\n' || *at == BLANKED_NEWLINE;
		if (*at == '\n' && depth <= 0 && !(at > s.from && at[-1] == '\\'))
			break;
	}
	s.to = at;
	s.last = *at ? number - 1 : number;
	return s;
}

/* One statement between the first call and the last; false: the calls hang together. */
static bool follow(struct names *names, const char *text, struct statement s, bool calls, bool last)
{
	const char *equals = assigns(s);
	const char *value = equals ? equals + 1 : calls ? appended(s) : s.from;
	const bool touched = uses(names, text, value, s.to);

	if (is_strange(s) || (calls && (touched || (!last && is_bare(s)))))
		return false;
	if (calls && !last && (begins(s, "if") || begins(s, "while") || begins(s, "return")))
		return false;
	if (!calls && touched && !equals && is_decision(s))
		return false;
	if (calls || touched)
		equals ? add(names, text, s.from, equals) : add_as(names, text, s);
	if (calls && !equals && value > s.from)
		add(names, text, s.from, s.from + word_length(s.from));
	if (touched && !calls && !equals && word_length(s.from) > 0 &&
	    !holds(names, s.from, word_length(s.from)))
		add(names, text, s.from, s.from + word_length(s.from));
	return !names->overflows;
}

static size_t read_lines(const char *lines, int found[LINES_MAX])
{
	size_t count = 0;

	while (*lines && count < LINES_MAX) {
		char *end;
		found[count] = (int)strtol(lines, &end, 10);
		if (end == lines || found[count] <= 0)
			return 0;
		count++;
		lines = *end == ',' ? end + 1 : end;
	}
	return *lines ? 0 : count;
}

bool apart_source(struct arena *arena, const char *text, const char *lines)
{
	int numbers[LINES_MAX];
	const size_t count = read_lines(lines, numbers);
	const size_t length = strlen(text);
	struct names names = {.count = 0};

	if (count < 2)
		return false;
	char *copy = arena_copy(arena, text, length);
	blanked(copy, length);
	const char *at = blanked_line(copy, numbers[0]);
	int number = numbers[0];
	for (size_t done = 0, i = 0; i < STATEMENTS_MAX && *at; i++) {
		const struct statement s = next_statement(at, number);
		const size_t before = done;
		while (done < count && numbers[done] <= s.last)
			done++;
		if (!follow(&names, copy, s, done > before, done == count) ||
		    !are_beside(s, numbers + before, done - before))
			return false;
		if (done == count)
			return true;
		at = *s.to ? s.to + 1 : s.to;
		number = s.last + 1;
	}
	return false;
}
