/* One pass over the bytes: each token is judged by its first byte and either
 * written whole or not at all, so that the output of the function is also a
 * fixed point of it (fuzzed: tests/fuzz/fuzz_sqlfp.c).
 *
 * The dialect is not known here. Where dialects disagree, the reading that
 * shows less of the data wins: a double-quoted text in the place of a value
 * (right of a comparison, in an IN list, in a VALUES row) is a string in MySQL
 * and may be one in SQLite, so it is replaced unless a dot follows. Sources:
 * PostgreSQL manual 4.1 "Lexical Structure", sqlite.org/lang_expr.html and
 * quirks.html, MySQL manual 9.1 "Literal Values".
 */
#include "base/sqlfp.h"

#include <string.h>
#include <strings.h>

#include "base/sqlbytes.h"
#include "base/sqlout.h"
#include "base/sqlprivate.h"
#include "base/sqlquote.h"

#define QUOTED_NAME_MAX 128 /* characters; PostgreSQL's names have 63, MySQL's 64 */
#define NOWHERE SQLOUT_NOWHERE

struct maker {
	const unsigned char *in;
	size_t at, end;
	struct sqlout to;   /* its mark: the first FROM */
	bool line_start;    /* only white space and comments on this line so far */
	bool flat_comments; /* a nested reading did not end: comments do not nest here */
	size_t head;        /* of a statement of which only words were written; NOWHERE: past it */
	int head_words;
	bool statement_start;
	bool hides;       /* a private statement (sqlprivate.h) … */
	int kept;         /* … of which so many more words are shown */
	bool selects;     /* SELECT or CALL is the first word */
	bool plain_names; /* "x" was written as a name, without a table before it … */
	bool no_names;    /* … but in a statement without FROM there are only values */
	struct sqlfp result;
};

static unsigned char peek(const struct maker *m, size_t ahead)
{
	return m->at + ahead < m->end ? m->in[m->at + ahead] : 0;
}

static void put_value(struct maker *m, bool literal)
{
	if (!sqlout_put_value(&m->to))
		return;
	if (literal)
		m->result.literals++;
	else
		m->result.parameters++;
}

static void skip_line(struct maker *m)
{
	while (m->at < m->end && m->in[m->at] != '\n')
		m->at++;
	m->to.blank = true;
}

static void skip_comment(struct maker *m)
{
	m->to.blank = true;
	m->at = sqlquote_comment_end(m->in, m->at, m->end, &m->flat_comments);
}

static void take_string(struct maker *m, bool backslash)
{
	bool disputed;
	size_t end = sqlquote_end(m->in, m->at, m->end, backslash, &disputed);
	m->at = end == SQLQUOTE_OPEN ? m->end : end;
	put_value(m, true);
}

static void take_quoted_name(struct maker *m)
{
	bool disputed;
	size_t from = m->at, end = sqlquote_end(m->in, from, m->end, false, &disputed);
	bool qualifies = end < m->end && m->in[end] == '.' &&
			 !(end + 1 < m->end && sqlbytes_is_digit(m->in[end + 1]));
	if (end == SQLQUOTE_OPEN || disputed ||
	    sqlbytes_characters(m->in, from, end) > QUOTED_NAME_MAX ||
	    (m->in[from] == '"' && !qualifies && (m->no_names || sqlout_is_value_place(&m->to)))) {
		m->at = end == SQLQUOTE_OPEN ? m->end : end;
		put_value(m, true);
		return;
	}
	m->plain_names = m->plain_names || (m->in[from] == '"' && !qualifies);
	m->at = end + (qualifies ? 1 : 0);
	sqlout_put_text(&m->to, m->in, from, m->at);
}

static void take_number(struct maker *m)
{
	while (sqlbytes_is_digit(peek(m, 0)) || peek(m, 0) == '_')
		m->at++;
	if (peek(m, 0) == '.' && peek(m, 1) != '.') {
		m->at++;
		while (sqlbytes_is_digit(peek(m, 0)))
			m->at++;
	}
	if ((peek(m, 0) | 0x20) == 'e' && (peek(m, 1) == '-' || peek(m, 1) == '+') &&
	    sqlbytes_is_digit(peek(m, 2)))
		m->at += 2;
	while (sqlbytes_is_word(peek(m, 0))) /* 0x1F, 1e9, 10L */
		m->at++;
	put_value(m, true);
}

static bool word_is(const struct maker *m, size_t from, const char *word)
{
	size_t length = strlen(word);
	return m->at - from == length && strncasecmp((const char *)m->in + from, word, length) == 0;
}

/* in[from..at) was written: it may be a word of a statement's head. */
static void note_word(struct maker *m, size_t from)
{
	if (m->to.full)
		return;
	if (m->statement_start) {
		m->statement_start = false;
		m->head = m->to.length - (m->at - from);
		m->head_words = 0;
		m->selects = m->selects || word_is(m, from, "SELECT") || word_is(m, from, "CALL");
	}
	if (m->to.mark == NOWHERE && word_is(m, from, "FROM"))
		m->to.mark = m->to.length - 1;
	if (m->head == NOWHERE)
		return;
	int kept = sqlprivate_kept(m->to.text + m->head, m->to.length - m->head);
	if (kept >= 0) {
		m->hides = true;
		m->kept = kept;
	} else if (m->kept > 0) {
		m->kept--;
	}
	if (++m->head_words > SQLPRIVATE_WORDS_MAX)
		m->head = NOWHERE;
}

/* A token of a private statement: another word of its kind, or all that is left is hidden. */
static void take_private(struct maker *m)
{
	if (m->in[m->at] == ';') {
		m->at++;
		m->kept = 0;
		m->head = NOWHERE;
		return;
	}
	size_t from = m->at;
	char head[64];
	size_t length = m->head == NOWHERE ? sizeof head : m->to.length - m->head;
	while (m->at < m->end && sqlbytes_is_word(m->in[m->at]))
		m->at++;
	size_t word = m->at - from;
	bool kind = false;
	if (length + 1 + word < sizeof head) {
		memcpy(head, m->to.text + m->head, length);
		head[length] = ' ';
		memcpy(head + length + 1, m->in + from, word);
		kind = sqlprivate_kept(head, length + 1 + word) >= 0;
	}
	if (word > 0 && m->in[from] < 0x80 && peek(m, 0) != '\'' && (kind || m->kept > 0)) {
		sqlout_put_text(&m->to, m->in, from, m->at);
		m->line_start = false;
		note_word(m, from);
		return;
	}
	m->to.blank = true;
	sqlout_put_token(&m->to, "\xe2\x80\xa6", 3); /* … */
	m->at = m->end;
}

static void take_word(struct maker *m)
{
	size_t from = m->at;
	while (m->at < m->end && sqlbytes_is_word(m->in[m->at]))
		m->at++;
	size_t length = m->at - from;
	unsigned char first = m->in[from] | 0x20;
	/* E'…' B'…' X'…' N'…' and MySQL's _charset'…' are one literal with their prefix. */
	if (peek(m, 0) == '\'' && ((length == 1 && strchr("ebxn", first)) || m->in[from] == '_')) {
		take_string(m, first == 'e' || m->in[from] == '_');
		m->head = NOWHERE;
		return;
	}
	if (length == 1 && first == 'u' && peek(m, 0) == '&' && peek(m, 1) == '\'') {
		m->at++;
		take_string(m, false);
		m->head = NOWHERE;
		return;
	}
	bool values = word_is(m, from, "VALUES");
	sqlout_end_rows(&m->to);
	sqlout_put_text(&m->to, m->in, from, m->at);
	note_word(m, from);
	if (values)
		sqlout_begin_rows(&m->to);
}

/* $1, $name, $$text$$, $tag$text$tag$ */
static bool take_dollar(struct maker *m)
{
	size_t name = 1;
	while (sqlbytes_is_word(peek(m, name)) && peek(m, name) != '$')
		name++;
	if (sqlbytes_is_digit(peek(m, 1)) || (name > 1 && peek(m, name) != '$')) {
		m->at += name;
		put_value(m, false);
		return true;
	}
	if (peek(m, name) != '$')
		return false;
	const unsigned char *tag = m->in + m->at;
	size_t tag_length = name + 1;
	const unsigned char *body = tag + tag_length;
	const unsigned char *close = memmem(body, (size_t)(m->in + m->end - body), tag, tag_length);
	m->at = close ? (size_t)(close - m->in) + tag_length : m->end;
	put_value(m, true);
	return true;
}

/* :name @name ?1 %s %(name)s. A colon before digits is also an array's slice. */
static bool take_parameter(struct maker *m)
{
	unsigned char c = peek(m, 0), next = peek(m, 1);
	size_t n = 1;
	if (c == '?') {
		while (sqlbytes_is_digit(peek(m, n)))
			n++;
	} else if (c == '%') {
		if (next == '(') {
			for (n = 2; sqlbytes_is_word(peek(m, n));)
				n++;
			if (n == 2 || peek(m, n) != ')')
				return false;
			n++;
		}
		if (peek(m, n) != 's' || sqlbytes_is_word(peek(m, n + 1)))
			return false;
		n++;
	} else {
		unsigned char last = m->to.length ? (unsigned char)m->to.text[m->to.length - 1] : 0;
		if (!sqlbytes_is_word(next) || (last == c && !m->to.blank) ||
		    (sqlbytes_is_digit(next) && (c == '@' || sqlbytes_is_word(last) ||
						 last == '?' || last == ']' || last == ')')))
			return false;
		while (sqlbytes_is_word(peek(m, n)))
			n++;
	}
	m->at += n;
	put_value(m, false);
	return true;
}

static void take_punctuation(struct maker *m)
{
	char c = (char)m->in[m->at++];
	switch (c) {
	case '(':
	case '[':
		sqlout_open(&m->to, c);
		return;
	case ')':
	case ']':
		sqlout_close(&m->to, c);
		return;
	case ',':
		sqlout_end_element(&m->to);
		break;
	case ';':
		sqlout_end_rows(&m->to);
		break;
	case ':':
		if (peek(m, 0) == ':') { /* a cast: the type after it is no parameter */
			m->at++;
			sqlout_put_token(&m->to, "::", 2);
			return;
		}
		break;
	case '%': /* kept apart from the parameter %(name)s */
		sqlout_put_token(&m->to, &c, 1);
		m->to.blank = m->to.blank || peek(m, 0) == '(';
		return;
	default:
		break;
	}
	sqlout_put_token(&m->to, &c, 1);
}

/* A token that is no word. */
static void take_other(struct maker *m, unsigned char c, unsigned char next)
{
	if (c == '\'') {
		take_string(m, false);
	} else if (c == '"' || c == '`') {
		take_quoted_name(m);
	} else if (sqlbytes_is_digit(c) || (c == '.' && sqlbytes_is_digit(next))) {
		take_number(m);
	} else if (c == '$' && take_dollar(m)) {
		return;
	} else if (strchr("?%:@", c) && take_parameter(m)) {
		return;
	} else {
		take_punctuation(m);
	}
}

static void take_token(struct maker *m)
{
	unsigned char c = peek(m, 0), next = peek(m, 1);
	if (sqlbytes_is_blank(c)) {
		m->to.blank = true;
		if (c == '\n')
			m->line_start = true;
		m->at++;
	} else if ((c == '-' && next == '-') || (c == '#' && m->line_start)) {
		skip_line(m);
	} else if (c == '/' && next == '*') {
		skip_comment(m);
	} else if (m->to.length == 0 && c == 0xef && next == 0xbb && peek(m, 2) == 0xbf) {
		m->at += 3; /* a byte order mark, which SQLite skips */
	} else if (m->hides) {
		take_private(m);
	} else if (sqlbytes_is_word_start(c)) {
		m->line_start = false;
		take_word(m);
	} else {
		m->line_start = false;
		m->head = NOWHERE;
		m->statement_start = c == ';' || (c == '(' && m->statement_start);
		take_other(m, c, next);
	}
}

static struct maker made(const char *sql, size_t length, char *out, size_t out_size, bool no_names)
{
	struct maker m = {
		.in = (const unsigned char *)sql,
		.end = length < SQLFP_INPUT_MAX ? length : SQLFP_INPUT_MAX,
		.line_start = true,
		.statement_start = true,
		.head = NOWHERE,
		.no_names = no_names,
	};
	if (out_size == 0) {
		m.result.cut = length > 0;
		return m;
	}
	sqlout_begin(&m.to, out, out_size);
	if (m.end < length) /* a character that the limit cuts is left out whole */
		for (int i = 0; i < 3 && m.end > 0 && ((unsigned char)sql[m.end] & 0xc0) == 0x80;
		     i++)
			m.end--;
	while (m.at < m.end && !m.to.full)
		take_token(&m);
	m.result.cut = sqlout_end(&m.to) || m.end < length;
	m.result.length = m.to.length;
	return m;
}

struct sqlfp sqlfp_make(const char *sql, size_t length, char *out, size_t out_size)
{
	struct maker m = made(sql, length, out, out_size, false);
	if (m.plain_names && m.selects && m.to.mark == NOWHERE)
		m = made(sql, length, out, out_size, true);
	return m.result;
}
