#include "rules/listed.h"

#include <string.h>

#include "rules/blanked.h"

/* A piece of the text: what is assigned, or where something is looked for. */
struct value {
	const char *from, *to;
};

enum holds { UNKNOWN, EMPTY_LIST, MADE_LIST, OTHER };

/* Does a call that gives a list end the value: `open(PATH).read().split()`? */
static bool ends_in_list(struct value value)
{
	static const char *const makers[] = {".split(", ".splitlines(", ".readlines("};
	const char *open = value.to;
	int depth = 0;

	while (open > value.from && strchr(" \r", open[-1]))
		open--;
	if (open == value.from || open[-1] != ')')
		return false;
	do {
		open--;
		depth += *open == ')' ? 1 : *open == '(' ? -1 : 0;
	} while (open > value.from && depth > 0);
	for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
		const size_t length = strlen(makers[i]);
		if (open - value.from >= (ptrdiff_t)length &&
		    !strncmp(open + 1 - length, makers[i], length))
			return true;
	}
	return false;
}

static enum holds value_of(struct value value)
{
	while (value.from < value.to && *value.from == ' ')
		value.from++;
	const struct value text = value;
	if (*text.from == '[' && text.to > text.from + 1 && text.from[1] == ']')
		return EMPTY_LIST;
	if (*text.from == '[')
		return blanked_find_word(text.from, text.to, "for") ? MADE_LIST
								    : OTHER; /* a few items */
	return !strncmp(text.from, "list(", 5) || !strncmp(text.from, "sorted(", 7) ||
			       ends_in_list(text)
		       ? MADE_LIST
		       : OTHER;
}

/* What the line assigns to the name; NULL: nothing. */
static const char *assigned_by(const char *line, const char *name)
{
	const char *after = blanked_code(line) + strlen(name);

	if (!blanked_begins(line, name) || blanked_is_word(*after) || *after == '.')
		return NULL;
	if (*after == ':')
		after += strcspn(after, "=\n");
	after = blanked_code(after);
	return *after == '=' && after[1] != '=' ? after + 1 : NULL;
}

/* What lines of [from, to) assign to the name: UNKNOWN: none does. */
static enum holds assigned(const char *from, const char *to, const char *name)
{
	enum holds found = UNKNOWN;

	for (const char *line = from; line < to; line = blanked_next_line(line)) {
		const char *value = assigned_by(line, name);
		if (!value)
			continue;
		const enum holds now = value_of((struct value){value, blanked_line_end(line)});
		if (found != UNKNOWN && now != found)
			return now == OTHER || found == OTHER ? OTHER : MADE_LIST;
		found = now;
	}
	return found;
}

static bool grows(struct value in, const char *name)
{
	static const char *const ways[] = {".append(", ".extend(", ".insert(", " += "};

	for (const char *c = in.from; (c = blanked_find_word(c, in.to, name)); c += strlen(name))
		for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
			if (!strncmp(c + strlen(name), ways[i], strlen(ways[i])))
				return true;
	return false;
}

bool listed(const char *text, const char *def, const char *end, const char *name)
{
	const char *text_end = text + strlen(text);
	enum holds holds = assigned(def, end, name);

	if (holds == UNKNOWN && !blanked_find_word(def, blanked_line_end(def), name))
		holds = assigned(text, text_end, name);
	return holds == MADE_LIST ||
	       (holds == EMPTY_LIST && grows((struct value){text, text_end}, name));
}

const char *listed_made_of(const char *from, const char *to, size_t indent, const char *name)
{
	for (const char *line = from; line < to; line = blanked_next_line(line)) {
		const char *value = assigned_by(line, name);
		const char *end = blanked_line_end(line);
		if (value && blanked_indent(line) <= indent &&
		    !blanked_find_word(value, end, name) &&
		    value_of((struct value){value, end}) != OTHER)
			return value;
	}
	return NULL;
}
