#include "base/words.h"

#include <stdbool.h>

struct line {
	const char *at, *end;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* What stands behind a backslash inside "…" and loses it. */
static bool is_kept_in_quotes(char c)
{
	return c == '"' || c == '\\';
}

/* The word at line->at, unquoted into `to`; returns its end, NULL if a quote stays open. */
static char *read_word(struct line *line, char *to)
{
	char quote = '\0';
	for (; line->at < line->end; line->at++) {
		const char c = *line->at;
		const char next = line->at + 1 < line->end ? line->at[1] : '\0';
		if (quote ? c == quote : c == '\'' || c == '"') {
			quote = quote ? '\0' : c;
		} else if (!quote && is_blank(c)) {
			break;
		} else if (c == '\\' && next && quote != '\'' &&
			   (!quote || is_kept_in_quotes(next))) {
			*to++ = next;
			line->at++;
		} else {
			*to++ = c;
		}
	}
	*to = '\0';
	return quote ? NULL : to;
}

enum err_kind words_split(struct words *words, const char *at, const char *end, struct arena *arena,
			  struct err *e)
{
	struct line line = {at, end};
	/* The words and their NULs need no more bytes than the line and its end. */
	char *to = arena_alloc(arena, (size_t)(end - at) + 1);
	for (;;) {
		while (line.at < line.end && is_blank(*line.at))
			line.at++;
		if (line.at == line.end)
			return ERR_OK;
		*vec_push(&words->list) = to;
		to = read_word(&line, to);
		if (!to)
			return ERR(e, ERR_USAGE, "a quote is opened and not closed on this line");
		to++;
	}
}
