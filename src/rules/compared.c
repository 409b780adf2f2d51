#include "rules/compared.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum { TOKENS_MAX = 1024, DEPTH_MAX = 40 }; /* more of either is not understood */

enum token_kind {
	TOKEN_WORD,   /* a name or a keyword */
	TOKEN_QUOTED, /* "a name", `a name`, [a name] */
	TOKEN_VALUE,  /* ? and the ... of a list */
	TOKEN_SIGN,   /* an operator, a comma, a dot */
	TOKEN_OPEN,
	TOKEN_CLOSE,
};

struct token {
	const char *at;
	size_t length;
	enum token_kind kind;
};

struct statement {
	struct token tokens[TOKENS_MAX];
	size_t count;
};

/* Tokens [from, to). */
struct range {
	size_t from, to;
};

/* Longer ones before those that they begin with. */
static const char *const signs[] = {"->>", "#>>", "<=>", "!~*", "->", "#>", "<>", "!=", "<=", ">=",
				    "==",  "||",  "::",  "@>",  "<@", "@@", "&&", "!~", "~*"};

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

/* `[a b]` is a name, `a[?]` a part of an array. */
static size_t bracketed(const char *at, bool after_blank)
{
	size_t n = 1;
	while (after_blank && (is_word_byte(at[n]) || at[n] == ' '))
		n++;
	return n > 1 && at[n] == ']' ? n + 1 : 0;
}

static struct token next_token(const char *at, bool after_blank)
{
	struct token t = {.at = at, .length = 1, .kind = TOKEN_SIGN};
	if (is_word_byte(*at)) {
		t.kind = TOKEN_WORD;
		while (is_word_byte(at[t.length]))
			t.length++;
	} else if (*at == '"' || *at == '`') {
		const char *end = strchr(at + 1, *at);
		t.kind = TOKEN_QUOTED;
		t.length = end ? (size_t)(end - at) + 1 : strlen(at);
	} else if (*at == '?' || !strncmp(at, "...", 3)) {
		t.kind = TOKEN_VALUE;
		t.length = *at == '?' ? 1 : 3;
	} else if (*at == '[' && bracketed(at, after_blank)) {
		t.kind = TOKEN_QUOTED;
		t.length = bracketed(at, after_blank);
	} else if (*at == '(' || *at == '[') {
		t.kind = TOKEN_OPEN;
	} else if (*at == ')' || *at == ']') {
		t.kind = TOKEN_CLOSE;
	} else {
		for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
			if (!strncmp(at, signs[i], strlen(signs[i]))) {
				t.length = strlen(signs[i]);
				break;
			}
	}
	return t;
}

static bool read_tokens(const char *text, struct statement *s)
{
	bool after_blank = true;
	for (const char *at = text; *at;) {
		if (*at == ' ') {
			after_blank = true;
			at++;
			continue;
		}
		if (s->count == TOKENS_MAX)
			return false;
		s->tokens[s->count] = next_token(at, after_blank);
		at += s->tokens[s->count].length;
		after_blank = s->tokens[s->count++].kind == TOKEN_OPEN;
	}
	return true;
}

static bool is_one_of(const struct token *t, enum token_kind kind, const char *const *list)
{
	for (; t->kind == kind && *list; list++)
		if (strlen(*list) == t->length && !strncasecmp(t->at, *list, t->length))
			return true;
	return false;
}

static bool is_word(const struct token *t, const char *word)
{
	return is_one_of(t, TOKEN_WORD, (const char *const[]){word, NULL});
}

static bool is_sign(const struct token *t, const char *sign)
{
	return is_one_of(t, TOKEN_SIGN, (const char *const[]){sign, NULL});
}

/* CASE … END hold together as parentheses do. */
static int deeper(const struct token *t)
{
	if (t->kind == TOKEN_OPEN || is_word(t, "CASE"))
		return 1;
	return t->kind == TOKEN_CLOSE || is_word(t, "END") ? -1 : 0;
}

/* Without parentheses around all of it. */
static struct range bare(const struct statement *s, struct range r)
{
	while (r.to - r.from >= 2 && s->tokens[r.from].kind == TOKEN_OPEN) {
		int depth = 1;
		size_t i = r.from + 1;
		for (; i < r.to && depth > 0; i++)
			depth += deeper(&s->tokens[i]);
		if (depth > 0 || i < r.to)
			break;
		r.from++;
		r.to--;
	}
	return r;
}

/* The first token in the range, outside of brackets, that `is` finds; r.to: none. */
static size_t find(const struct statement *s, struct range r, bool (*is)(const struct token *))
{
	int depth = 0;
	for (size_t i = r.from; i < r.to; i++) {
		if (depth == 0 && is(&s->tokens[i]))
			return i;
		depth += deeper(&s->tokens[i]);
	}
	return r.to;
}

static bool has_word(const struct statement *s, struct range r, const char *word)
{
	for (size_t i = r.from; i < r.to; i++)
		if (is_word(&s->tokens[i], word))
			return true;
	return false;
}

/* --- sides of a comparison --- */

/* A name, its parts between dots; several of them: a row of values, (a, b) > (?, ?). */
static bool is_column(const struct statement *s, struct range r)
{
	r = bare(s, r);
	for (size_t i = r.from; i < r.to; i++) {
		const struct token *t = &s->tokens[i];
		const bool is_name = t->kind == TOKEN_WORD || t->kind == TOKEN_QUOTED;
		if ((i - r.from) % 2 ? !is_sign(t, ".") && !is_sign(t, ",") : !is_name)
			return false;
	}
	return (r.to - r.from) % 2 == 1;
}

/* Words that stand for values. */
static const char *const value_words[] = {"NULL",         "TRUE",
					  "FALSE",        "CURRENT_DATE",
					  "CURRENT_TIME", "CURRENT_TIMESTAMP",
					  "LOCALTIME",    "LOCALTIMESTAMP",
					  "INTERVAL",     "AS",
					  "COLLATE",      "ANY",
					  "ALL",          "SOME",
					  "ARRAY",        NULL};

/* Is a column in it? A type's, a collation's and a function's names are none. */
static bool has_column(const struct statement *s, struct range r)
{
	static const char *const before_names[] = {"AS", "COLLATE", NULL};
	for (size_t i = r.from; i < r.to; i++) {
		const struct token *t = &s->tokens[i];
		if (t->kind == TOKEN_QUOTED)
			return true;
		if (t->kind != TOKEN_WORD || is_one_of(t, TOKEN_WORD, value_words))
			continue;
		if (i + 1 < r.to && s->tokens[i + 1].kind == TOKEN_OPEN &&
		    *s->tokens[i + 1].at == '(')
			continue;
		if (i > r.from && (is_sign(&s->tokens[i - 1], "::") ||
				   is_one_of(&s->tokens[i - 1], TOKEN_WORD, before_names)))
			continue;
		return true;
	}
	return false;
}

static struct compared expression_of(const struct statement *s, struct range r)
{
	r = bare(s, r);
	const struct token *first = &s->tokens[r.from], *last = &s->tokens[r.to - 1];
	return (struct compared){.kind = COMPARED_EXPRESSION,
				 .expression = first->at,
				 .length = (size_t)(last->at - first->at) + last->length};
}

/* --- one comparison --- */

static bool is_pattern(const struct token *t)
{
	static const char *const words[] = {"LIKE",  "ILIKE",   "GLOB", "REGEXP",
					    "RLIKE", "SIMILAR", NULL};
	static const char *const tildes[] = {"~", "~*", NULL};
	return is_one_of(t, TOKEN_WORD, words) || is_one_of(t, TOKEN_SIGN, tildes);
}

static bool is_unequal(const struct token *t)
{
	static const char *const list[] = {"<>", "!=", "!~", "!~*", NULL};
	return is_one_of(t, TOKEN_SIGN, list);
}

static bool is_ordered(const struct token *t)
{
	static const char *const words[] = {"IN", "BETWEEN", "IS", NULL};
	static const char *const list[] = {"=", "==", "<", ">", "<=", ">=", "<=>", NULL};
	return is_one_of(t, TOKEN_WORD, words) || is_one_of(t, TOKEN_SIGN, list);
}

/* Indexes of other kinds serve these: what is in a list, in a document, in a text. */
static bool is_contained(const struct token *t)
{
	static const char *const list[] = {"@>", "<@", "@@", "&&", NULL};
	return is_word(t, "MATCH") || is_one_of(t, TOKEN_SIGN, list);
}

static bool is_comparison(const struct token *t)
{
	return is_pattern(t) || is_unequal(t) || is_ordered(t) || is_contained(t);
}

/* What is true or false by itself. */
static struct compared alone(const struct statement *s, struct range r)
{
	if (is_column(s, r) && has_column(s, r))
		return (struct compared){.kind = COMPARED_COLUMN};
	if (has_column(s, r))
		return expression_of(s, r);
	return (struct compared){0};
}

static struct compared comparison(const struct statement *s, struct range r)
{
	const size_t at = find(s, r, is_comparison);
	if (at == r.to)
		return alone(s, r);
	const struct token *sign = &s->tokens[at];
	struct range left = {r.from, at}, right = {at + 1, r.to};
	bool negated = is_unequal(sign);
	if (left.to > left.from && is_word(&s->tokens[left.to - 1], "NOT")) {
		negated = true;
		left.to--;
	}
	if (is_word(sign, "IS") && right.from < right.to && is_word(&s->tokens[right.from], "NOT"))
		negated = true;
	/* the answer of a query within is a value here */
	const bool of_left = !has_word(s, left, "SELECT") && has_column(s, left);
	const bool of_right =
		!is_word(sign, "BETWEEN") && !has_word(s, right, "SELECT") && has_column(s, right);
	if ((!of_left && !of_right) || is_contained(sign))
		return (struct compared){0};
	if (negated)
		return (struct compared){.kind = COMPARED_UNEQUAL};
	if (is_pattern(sign))
		return (struct compared){.kind = COMPARED_PATTERN};
	if ((of_left && is_column(s, left)) || (of_right && is_column(s, right)))
		return (struct compared){.kind = COMPARED_COLUMN};
	return expression_of(s, of_left ? left : right);
}

/* --- conditions --- */

static bool is_or(const struct token *t)
{
	return is_word(t, "OR");
}

static bool is_and_or_between(const struct token *t)
{
	return is_word(t, "AND") || is_word(t, "BETWEEN");
}

/* The AND that joins two conditions: that of a BETWEEN joins two values. */
static size_t find_and(const struct statement *s, struct range r)
{
	size_t at = find(s, r, is_and_or_between);
	while (at < r.to && is_word(&s->tokens[at], "BETWEEN")) {
		at = find(s, (struct range){at + 1, r.to}, is_and_or_between);
		if (at < r.to)
			at = find(s, (struct range){at + 1, r.to}, is_and_or_between);
	}
	return at;
}

/* With the first expression of both. */
static struct compared with_expression(struct compared best, struct compared first,
				       struct compared second)
{
	const struct compared *of = first.expression ? &first : &second;
	best.expression = of->expression;
	best.length = of->length;
	return best;
}

static struct compared conditions(const struct statement *s, struct range r, int depth)
{
	r = bare(s, r);
	if (r.from >= r.to || depth == DEPTH_MAX || is_word(&s->tokens[r.from], "SELECT") ||
	    is_word(&s->tokens[r.from], "EXISTS"))
		return (struct compared){0};
	const size_t or_at = find(s, r, is_or), and_at = find_and(s, r);
	const size_t split = or_at < r.to ? or_at : and_at;
	if (split == r.to && is_word(&s->tokens[r.from], "NOT"))
		return (struct compared){.kind = has_column(s, r) && !has_word(s, r, "SELECT")
							 ? COMPARED_UNEQUAL
							 : COMPARED_NOTHING};
	if (split == r.to)
		return comparison(s, r);
	const struct compared first = conditions(s, (struct range){r.from, split}, depth + 1),
			      second = conditions(s, (struct range){split + 1, r.to}, depth + 1);
	const struct compared either = {.kind = COMPARED_EITHER};
	return with_expression(split == or_at             ? either
			       : second.kind > first.kind ? second
							  : first,
			       first, second);
}

static bool ends_where(const struct token *t)
{
	static const char *const words[] = {"GROUP",     "ORDER",  "LIMIT",     "HAVING", "UNION",
					    "EXCEPT",    "WINDOW", "INTERSECT", "FOR",    "OFFSET",
					    "RETURNING", "FETCH",  "ON",        NULL};
	return is_one_of(t, TOKEN_WORD, words) || is_sign(t, ";");
}

/* What stands behind the outermost WHERE; empty: there is none. */
static struct range where(const struct statement *s)
{
	struct range r = {0, 0};
	int depth = 0, least = 0;
	for (size_t i = 0; i < s->count; i++) {
		if (is_word(&s->tokens[i], "WHERE") && (r.from == 0 || depth < least)) {
			r = (struct range){i + 1, i + 1};
			least = depth;
		}
		depth += deeper(&s->tokens[i]);
	}
	for (depth = 0; r.from && r.to < s->count && depth >= 0; r.to++) {
		if (depth == 0 && ends_where(&s->tokens[r.to]))
			break;
		depth += deeper(&s->tokens[r.to]);
	}
	if (depth < 0)
		r.to--;
	return r;
}

struct compared compared_where(const char *text)
{
	struct statement s = {.count = 0};
	if (!read_tokens(text, &s))
		return (struct compared){0};
	return conditions(&s, where(&s), 0);
}
