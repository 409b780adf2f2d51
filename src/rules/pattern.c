#include "rules/pattern.h"

#include <string.h>

#define DEPTH_MAX 40 /* groups in groups; a line of hostile source must not exhaust the stack */

/* A string literal, read as a pattern. In one that is not raw `\\` is one backslash. */
struct reader {
	const char *at;
	const char *end;
	bool raw;
	bool ambiguous; /* a group was found that can match in many ways */
	int depth;
};

/* What a sequence, or one item of it, can do. */
struct form {
	bool empty;   /* may match nothing */
	bool endless; /* one repeat without bound may match all of it: rounds can be split anywhere
		       */
};

static struct form read_alternatives(struct reader *r);

static bool more(const struct reader *r)
{
	return r->at < r->end;
}

static void skip_escaped(struct reader *r)
{
	r->at++; /* the backslash */
	if (!r->raw && more(r) && *r->at == '\\')
		r->at++;
	if (more(r))
		r->at++;
}

/* `[…]`: a `]` that comes first is a member. */
static void skip_class(struct reader *r)
{
	r->at++;
	if (more(r) && *r->at == '^')
		r->at++;
	if (more(r) && *r->at == ']')
		r->at++;
	while (more(r) && *r->at != ']') {
		if (*r->at == '\\')
			skip_escaped(r);
		else
			r->at++;
	}
	if (more(r))
		r->at++;
}

static bool starts(const struct reader *r, const char *prefix)
{
	size_t length = strlen(prefix);
	return (size_t)(r->end - r->at) >= length && !strncmp(r->at, prefix, length);
}

/* A group's body; look-arounds take no text, comments and flags have none, atomic groups keep what
 * they took. */
static struct form read_group(struct reader *r)
{
	bool one_way = false, takes_none = false;
	r->at++; /* ( */
	if (starts(r, "?>")) {
		one_way = true;
	} else if (starts(r, "?=") || starts(r, "?!") || starts(r, "?<=") || starts(r, "?<!") ||
		   starts(r, "?#")) {
		takes_none = true;
	}
	if (starts(r, "?")) { /* up to what the group holds */
		const char *last = starts(r, "?P<") ? ">" : ":=!><)";
		while (more(r) && !strchr(last, *r->at))
			r->at++;
		if (more(r) && *r->at != ')')
			r->at++;
	}
	struct form form = {0};
	if (++r->depth < DEPTH_MAX)
		form = read_alternatives(r);
	r->depth--;
	if (more(r)) /* ) */
		r->at++;
	if (takes_none) /* nothing that it holds separates two rounds, but it may forbid them */
		return (struct form){0};
	if (one_way)
		form.endless = false;
	return form;
}

enum repeat { REPEAT_NONE, REPEAT_OPTIONAL, REPEAT_BOUNDED, REPEAT_ENDLESS, REPEAT_POSSESSIVE };

/* What follows an item: ?, *, +, {m,n}; then ? (lazy, as many ways) or + (possessive). */
static enum repeat read_repeat(struct reader *r, bool *may_be_none)
{
	enum repeat repeat = REPEAT_NONE;
	*may_be_none = false;
	if (!more(r))
		return repeat;
	if (*r->at == '?') {
		repeat = REPEAT_OPTIONAL;
		*may_be_none = true;
	} else if (*r->at == '*' || *r->at == '+') {
		repeat = REPEAT_ENDLESS;
		*may_be_none = *r->at == '*';
	} else if (*r->at == '{') {
		const char *close = memchr(r->at, '}', (size_t)(r->end - r->at));
		if (!close || strspn(r->at + 1, "0123456789,") != (size_t)(close - r->at - 1))
			return repeat; /* a brace of the text, or of an f-string */
		repeat = close[-1] == ',' ? REPEAT_ENDLESS : REPEAT_BOUNDED;
		*may_be_none = r->at[1] == '0' || r->at[1] == ',';
		r->at = close;
	} else {
		return repeat;
	}
	r->at++;
	if (more(r) && *r->at == '?') {
		r->at++;
	} else if (more(r) && *r->at == '+') {
		r->at++;
		repeat = REPEAT_POSSESSIVE;
	}
	return repeat;
}

static struct form read_item(struct reader *r)
{
	struct form form = {0};
	bool may_be_none;
	bool is_group = *r->at == '(';
	if (is_group)
		form = read_group(r);
	else if (*r->at == '[')
		skip_class(r);
	else if (*r->at == '\\')
		skip_escaped(r);
	else
		r->at++;
	switch (read_repeat(r, &may_be_none)) {
	case REPEAT_ENDLESS:
		r->ambiguous |= is_group && form.endless;
		form.endless = true;
		break;
	case REPEAT_POSSESSIVE:
		form.endless = false;
		break;
	default:
		break;
	}
	form.empty |= may_be_none;
	return form;
}

/* Items up to `|`, `)` or the end. */
static struct form read_sequence(struct reader *r)
{
	int needed = 0, endless = 0, endless_needed = 0;
	while (more(r) && *r->at != '|' && *r->at != ')') {
		struct form item = read_item(r);
		needed += !item.empty;
		endless += item.endless;
		endless_needed += item.endless && !item.empty;
	}
	return (struct form){
		.empty = needed == 0,
		/* all the rest may be left out */
		.endless = endless > 0 && (needed == 0 || (needed == 1 && endless_needed == 1)),
	};
}

static struct form read_alternatives(struct reader *r)
{
	struct form any = read_sequence(r);
	while (more(r) && *r->at == '|') {
		r->at++;
		struct form next = read_sequence(r);
		any.empty |= next.empty;
		any.endless |= next.endless;
	}
	return any;
}

static bool is_prefix(char c)
{
	return c && strchr("rRbBuUfF", c) != NULL;
}

/* The end of the literal that begins after its quote; NULL: it goes on in another line. */
static const char *literal_end(const char *at, char quote, size_t quotes)
{
	for (; *at; at++) {
		if (*at == '\\' && at[1])
			at++;
		else if (*at == quote && (quotes == 1 || (at[1] == quote && at[2] == quote)))
			return at;
	}
	return NULL;
}

bool pattern_is_ambiguous(const char *source)
{
	for (const char *at = source; *at; at++) {
		if (*at == '#')
			return false; /* the rest is a comment */
		if (*at != '"' && *at != '\'')
			continue;
		bool raw = false;
		for (const char *p = at; p > source && is_prefix(p[-1]); p--)
			raw |= p[-1] == 'r' || p[-1] == 'R';
		size_t quotes = at[1] == *at && at[2] == *at ? 3 : 1;
		const char *end = literal_end(at + quotes, *at, quotes);
		struct reader r = {
			.at = at + quotes, .end = end ? end : at + strlen(at), .raw = raw};
		while (more(&r)) { /* an unbalanced ) ends what is read: go on after it */
			read_alternatives(&r);
			if (more(&r))
				r.at++;
		}
		if (r.ambiguous)
			return true;
		if (!end)
			return false;
		at = end + quotes - 1;
	}
	return false;
}
