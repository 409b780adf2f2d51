#include "base/mask_line.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mask.h"
#include "base/vec.h"

#define MASK "***"

/* Words that begin or go on with a compound command (POSIX.1-2017, XCU 2.4) or negate one. */
static const char *const reserved[] = {"if",    "then", "else", "elif", "fi", "do",
				       "done",  "case", "esac", "for",  "in", "while",
				       "until", "{",    "}",    "!"};

struct reader {
	const char *at;
	char *words; /* texts of the words, as long as the line at most */
	VEC(char *) command;
	bool redirected; /* of the rest of this command no word is shown */
	bool begun;      /* something of it was written */
	struct str *out;
};

static void separate(struct reader *r)
{
	if (r->begun)
		str_add_char(r->out, ' ');
	r->begun = true;
}

/* The words read so far. */
static void flush(struct reader *r)
{
	if (r->command.count) {
		separate(r);
		mask_command(r->command.items, (int)r->command.count, r->out);
	}
	vec_clear(&r->command);
}

static bool is_reserved(const char *word)
{
	for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
		if (strcmp(word, reserved[i]) == 0)
			return true;
	return false;
}

static bool ends_word(char c)
{
	return c == '\0' || strchr(" \t\n;&|<>()", c);
}

/* The word at `at`, unquoted, into `to`: its end. NULL: it holds what is not known here. */
static char *read_word(struct reader *r, char *to)
{
	char quote = '\0';
	for (; *r->at && (quote || !ends_word(*r->at)); r->at++) {
		const char c = *r->at;
		if (quote ? c == quote : c == '\'' || c == '"') {
			quote = quote ? '\0' : c;
		} else if (quote != '\'' && (c == '$' || c == '`')) {
			return NULL;
		} else if (c == '\\' && quote != '\'') {
			if (!*++r->at)
				return NULL;
			*to++ = *r->at;
		} else {
			*to++ = c;
		}
	}
	*to = '\0';
	return quote ? NULL : to + 1;
}

/* [fd]> WORD: of files only the null device is shown. False: not known here. */
static bool take_redirection(struct reader *r)
{
	char *const target = r->words;
	flush(r);
	if (strncmp(r->at + strspn(r->at, "0123456789"), "<<", 2) == 0)
		return false;
	separate(r);
	for (; isdigit((unsigned char)*r->at); r->at++)
		str_add_char(r->out, *r->at);
	for (; *r->at && strchr("<>&|", *r->at); r->at++)
		str_add_char(r->out, *r->at);
	r->at += strspn(r->at, " \t");
	if (ends_word(*r->at) || !read_word(r, target))
		return false;
	const bool is_descriptor = target[strspn(target, "0123456789")] == '\0';
	str_add(r->out, is_descriptor || strcmp(target, "/dev/null") == 0 ? target : " " MASK);
	r->redirected = true;
	return true;
}

static void take_operator(struct reader *r)
{
	flush(r);
	r->redirected = false;
	if (*r->at == '\n') {
		str_add_char(r->out, ';');
		r->at++;
	} else if (*r->at == '(' || *r->at == ')') {
		if (*r->at == '(')
			separate(r);
		str_add_char(r->out, *r->at++);
		r->begun = r->out->text[r->out->length - 1] != '(';
		return;
	} else {
		if (*r->at != ';')
			separate(r);
		for (const char *first = r->at; *r->at == *first && r->at < first + 2; r->at++)
			str_add_char(r->out, *r->at);
	}
	r->begun = true;
}

/* One word or operator. False: not known here. */
static bool take(struct reader *r)
{
	const size_t digits = strspn(r->at, "0123456789");
	if (r->at[digits] == '<' || r->at[digits] == '>')
		return take_redirection(r);
	/* behind a word `(` makes a function of it, or an array */
	if (*r->at == '(' && (r->command.count || r->redirected))
		return false;
	if (strchr("\n;&|()", *r->at)) {
		take_operator(r);
		return true;
	}
	char *const end = *r->at == '#' ? NULL : read_word(r, r->words);
	if (!end || (!r->command.count && is_reserved(r->words)))
		return false;
	if (r->redirected) {
		separate(r);
		str_add(r->out, MASK);
		return true;
	}
	*vec_push(&r->command) = r->words;
	r->words = end;
	return true;
}

/* A newline behind a backslash is gone before there are words (POSIX.1-2017, XCU 2.2.1), but for
 * one in single quotes. Of what comes after the first thing that is not known none is shown. */
static void join_lines(const char *line, char *to)
{
	for (char quote = '\0'; *line; line++) {
		if (*line == '\\' && quote != '\'' && line[1]) {
			line++;
			if (*line == '\n')
				continue;
			*to++ = '\\';
		} else if (quote ? *line == quote : *line == '\'' || *line == '"') {
			quote = quote ? '\0' : *line;
		}
		*to++ = *line;
	}
	*to = '\0';
}

void mask_line(const char *line, struct str *out)
{
	char *const words = mem_alloc(2 * strlen(line) + 2);
	char *const joined = mem_alloc(strlen(line) + 1);
	join_lines(line, joined);
	struct reader r = {.at = joined, .words = words, .out = out};
	bool is_known = true;
	while (is_known && *(r.at += strspn(r.at, " \t")))
		is_known = take(&r);
	flush(&r);
	if (!is_known) {
		separate(&r);
		str_add(out, MASK);
	}
	vec_free(&r.command);
	free(words);
	free(joined);
}
