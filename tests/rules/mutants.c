#include "mutants.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define AROUND 4 /* tokens before and after that a key shows */

enum token_kind { TOKEN_WORD, TOKEN_NUMBER, TOKEN_TEXT, TOKEN_SIGN };

struct token {
	enum token_kind kind;
	const char *at;
	size_t length;
	size_t query; /* the subquery it stands in: number of its `(`; 0: none */
	bool is_threshold;
};

struct tokens {
	VEC(struct token) list;
};

static const char *const signs[][2] = {{"<=", ">"},  {">=", "<"}, {"<>", "="}, {"!=", "="},
				       {"==", "<>"}, {"<", ">="}, {">", "<="}, {"=", "<>"}};

static bool is_word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Bytes of the token that begins at `at`. */
static size_t token_length(const char *at, enum token_kind *kind)
{
	size_t n = 1;
	*kind = TOKEN_SIGN;
	if (*at == '\'') {
		*kind = TOKEN_TEXT;
		while (at[n] && (at[n] != '\'' || at[n + 1] == '\''))
			n += at[n] == '\'' ? 2 : 1;
		return n + (at[n] == '\'');
	}
	if (isdigit((unsigned char)*at)) {
		*kind = TOKEN_NUMBER;
		while (is_word_char(at[n]) || at[n] == '.')
			n++;
		return n;
	}
	if (is_word_char(*at)) {
		*kind = TOKEN_WORD;
		while (is_word_char(at[n]) || at[n] == '.')
			n++;
		return n;
	}
	return n + ((strchr("<>=!", *at) && strchr("<>=", at[1]) && at[1]) ||
		    (*at == '|' && at[1] == '|'));
}

static void tokenise(const char *sql, struct tokens *out)
{
	for (const char *at = sql; *at;) {
		if (isspace((unsigned char)*at)) {
			at++;
		} else if (at[0] == '-' && at[1] == '-') {
			at += strcspn(at, "\n");
		} else {
			struct token *t = vec_push(&out->list);
			t->at = at;
			t->length = token_length(at, &t->kind);
			at += t->length;
		}
	}
}

static bool is(const struct tokens *all, size_t i, const char *text)
{
	return i < all->list.count && all->list.items[i].length == strlen(text) &&
	       !strncasecmp(all->list.items[i].at, text, strlen(text));
}

static bool is_any(const struct tokens *all, size_t i, const char *const *texts)
{
	for (; *texts; texts++)
		if (is(all, i, *texts))
			return true;
	return false;
}

static const char *turned_sign(const struct tokens *all, size_t i)
{
	for (size_t k = 0; k < sizeof signs / sizeof *signs; k++)
		if (is(all, i, signs[k][0]))
			return signs[k][1];
	return NULL;
}

static bool is_comparing_word(const struct tokens *all, size_t i)
{
	static const char *const words[] = {"BETWEEN", "IN", "LIKE", "GLOB", "IS", "EXISTS", NULL};
	return is_any(all, i, words);
}

/* Where an operand ends: what binds weaker than a comparison, and other clauses. */
static bool is_border(const struct tokens *all, size_t i)
{
	static const char *const words[] = {
		",",     ";",    "AND",   "OR",   "NOT",  "WHERE",  "ON",       "HAVING", "SELECT",
		"CASE",  "WHEN", "THEN",  "ELSE", "END",  "AS",     "FROM",     "GROUP",  "ORDER",
		"LIMIT", "BY",   "UNION", "JOIN", "LEFT", "WINDOW", "DISTINCT", NULL};
	return is_any(all, i, words) || turned_sign(all, i) || is_comparing_word(all, i);
}

#define DEPTH_MAX 64

/* Which subquery each token stands in. */
static void find_queries(struct tokens *all)
{
	size_t open[DEPTH_MAX] = {0}, depth = 0; /* query of each parenthesis that is open */
	for (size_t i = 0; i < all->list.count; i++) {
		if (is(all, i, ")"))
			depth -= depth > 0;
		all->list.items[i].query = open[depth];
		if (is(all, i, "(") && depth + 1 < DEPTH_MAX) {
			depth++;
			open[depth] = is(all, i + 1, "SELECT") ? i + 1 : open[depth - 1];
		}
	}
}

/* Numbers of the operand that goes from `i` on in the direction of `step`; those of a subquery in
 * it are not what is compared. */
static void mark_thresholds(struct tokens *all, size_t i, int step, size_t query)
{
	int depth = 0;
	const char *opens = step > 0 ? "(" : ")", *closes = step > 0 ? ")" : "(";
	for (; i < all->list.count; i += (size_t)step) {
		struct token *t = &all->list.items[i];
		if (is(all, i, closes) && depth-- == 0)
			return;
		depth += is(all, i, opens);
		if (depth == 0 && is_border(all, i))
			return;
		t->is_threshold |= t->kind == TOKEN_NUMBER && t->query == query;
	}
}

/* Where the second operand of the BETWEEN at `i` begins. */
static size_t after_and(const struct tokens *all, size_t i)
{
	while (i < all->list.count && !is(all, i, "AND"))
		i++;
	return i + 1;
}

static bool is_zero(const struct token *t)
{
	return strspn(t->at, "0.") >= t->length;
}

static void add(const char *sql, const struct tokens *all, size_t i, size_t last, const char *text,
		struct arena *arena, struct mutants *out)
{
	const struct token *t = &all->list.items[i], *end = &all->list.items[last];
	const char *key = "";
	for (size_t k = i > AROUND ? i - AROUND : 0; k < all->list.count && k <= last + AROUND; k++)
		key = arena_printf(arena, "%s%s%.*s", key, *key ? " " : "",
				   (int)all->list.items[k].length, all->list.items[k].at);
	key = arena_printf(arena, "%s => %s", key, text);
	int same = 1;
	for (size_t k = 0; k < out->list.count; k++)
		same += !strncmp(out->list.items[k].key, key, strlen(key));
	struct mutant *m = vec_push(&out->list);
	m->key = same > 1 ? arena_printf(arena, "%s #%d", key, same) : key;
	m->sql = arena_printf(arena, "%.*s%s%s", (int)(t->at - sql), sql, text,
			      end->at + end->length);
}

static void turn_word(const char *sql, const struct tokens *all, size_t i, struct arena *arena,
		      struct mutants *out)
{
	const struct token *t = &all->list.items[i];
	const char *word = arena_copy(arena, t->at, t->length);
	if (is(all, i, "IS"))
		add(sql, all, i, i + is(all, i + 1, "NOT"), is(all, i + 1, "NOT") ? "IS" : "IS NOT",
		    arena, out);
	else if (i > 0 && is(all, i - 1, "NOT"))
		add(sql, all, i - 1, i, word, arena, out);
	else
		add(sql, all, i, i, arena_printf(arena, "NOT %s", word), arena, out);
}

void mutants_of(const char *sql, struct arena *arena, struct mutants *out)
{
	struct tokens all = {0};
	tokenise(sql, &all);
	find_queries(&all);
	for (size_t i = 0; i < all.list.count; i++) {
		const char *turned = turned_sign(&all, i);
		if (turned)
			add(sql, &all, i, i, turned, arena, out);
		else if (is_comparing_word(&all, i))
			turn_word(sql, &all, i, arena, out);
		if (turned || is(&all, i, "BETWEEN")) {
			mark_thresholds(&all, i + 1, 1, all.list.items[i].query);
			mark_thresholds(&all, i - 1, -1, all.list.items[i].query);
		}
		if (is(&all, i, "BETWEEN"))
			mark_thresholds(&all, after_and(&all, i), 1, all.list.items[i].query);
	}
	for (size_t i = 0; i < all.list.count; i++) {
		const struct token *t = &all.list.items[i];
		if (!t->is_threshold || is_zero(t))
			continue;
		add(sql, &all, i, i, arena_printf(arena, "(2 * %.*s)", (int)t->length, t->at),
		    arena, out);
		add(sql, &all, i, i, arena_printf(arena, "(%.*s / 2.0)", (int)t->length, t->at),
		    arena, out);
	}
	vec_free(&all.list);
}
