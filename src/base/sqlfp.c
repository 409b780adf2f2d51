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
#include "base/sqlprivate.h"
#include "base/sqlquote.h"

#define QUOTED_NAME_MAX 128 /* characters; PostgreSQL's names have 63, MySQL's 64 */
#define NOWHERE SIZE_MAX

struct maker {
	const unsigned char *in;
	size_t at, end;
	char *out;
	size_t length, room; /* room: bytes of out without the NUL */
	bool blank;          /* white space seen since the last token */
	bool line_start;     /* only white space and comments on this line so far */
	bool flat_comments;  /* a nested reading did not end: comments do not nest here */
	bool full;
	uint32_t depth;    /* open ( and [ */
	size_t list_start; /* after the "(" of IN or the "[" of ARRAY; NOWHERE: in no such list */
	uint32_t list_depth;
	bool values; /* after VALUES, between or in its rows … */
	uint32_t values_depth;
	size_t row_start; /* … "(" of the open row, NOWHERE: between rows */
	size_t last_row, last_row_end;
	size_t head; /* of a statement of which only words were written; NOWHERE: past it */
	int head_words;
	bool statement_start;
	bool hides;       /* a private statement (sqlprivate.h) … */
	int kept;         /* … of which so many more words are shown */
	bool selects;     /* SELECT or CALL is the first word … */
	size_t from_at;   /* … and here is the first FROM; NOWHERE: none */
	bool plain_names; /* "x" was written as a name, without a table before it … */
	bool no_names;    /* … but in a statement without FROM there are only values */
	struct sqlfp result;
};

static unsigned char peek(const struct maker *m, size_t ahead)
{
	return m->at + ahead < m->end ? m->in[m->at + ahead] : 0;
}

static bool ends_with(const struct maker *m, const char *tail)
{
	size_t n = strlen(tail);
	return m->length >= n && memcmp(m->out + m->length - n, tail, n) == 0;
}

/* Last byte written that is not a blank, before position `before`; 0: none. */
static unsigned char significant_before(const struct maker *m, size_t before)
{
	while (before > 0 && m->out[before - 1] == ' ')
		before--;
	return before > 0 ? (unsigned char)m->out[before - 1] : 0;
}

/* The word that ends the output is `word`, whatever its case. */
static bool last_word_is(const struct maker *m, const char *word)
{
	size_t end = m->length, n = strlen(word);
	while (end > 0 && m->out[end - 1] == ' ')
		end--;
	if (end < n || strncasecmp(m->out + end - n, word, n) != 0)
		return false;
	return end == n || !sqlbytes_is_word((unsigned char)m->out[end - n - 1]);
}

static void put(struct maker *m, const char *bytes, size_t length)
{
	if (m->full)
		return;
	if (length > m->room - m->length) {
		m->full = true;
		return;
	}
	memcpy(m->out + m->length, bytes, length);
	m->length += length;
}

/* A blank where one belongs: none inside parentheses or before a comma. */
static void put_blank(struct maker *m, unsigned char next)
{
	unsigned char last = m->length > 0 ? (unsigned char)m->out[m->length - 1] : 0;
	bool wanted = m->blank || last == ',';
	m->blank = false;
	if (!wanted || last == 0 || last == '(' || last == '[' || next == ',' || next == ')' ||
	    next == ']')
		return;
	put(m, " ", 1);
}

/* Write `length` bytes or nothing: a token is never cut. */
static void put_token(struct maker *m, const char *bytes, size_t length)
{
	size_t before = m->length;
	put_blank(m, (unsigned char)bytes[0]);
	put(m, bytes, length);
	if (m->full)
		m->length = before;
	m->line_start = false;
}

/* Printing ASCII bytes from `at` on, which need no look at UTF-8. */
static size_t plain_run(const unsigned char *in, size_t at, size_t to)
{
	size_t n = 0;
	while (at + n < to && in[at + n] > ' ' && in[at + n] < 0x7f)
		n++;
	return n;
}

/* Write in[from..to) as one token: bytes that are not UTF-8 become U+FFFD,
 * control bytes blanks. */
static void put_text(struct maker *m, size_t from, size_t to)
{
	size_t before = m->length;
	put_blank(m, m->in[from]);
	for (size_t i = from; i < to && !m->full;) {
		size_t n = plain_run(m->in, i, to);
		if (n == 0)
			n = sqlbytes_utf8(m->in, i, to);
		if (n == 0)
			put(m, "\xef\xbf\xbd", 3);
		else if (n == 1 && sqlbytes_is_blank(m->in[i]))
			put(m, " ", 1);
		else
			put(m, (const char *)m->in + i, n);
		i += n ? n : 1;
	}
	if (m->full)
		m->length = before;
	m->line_start = false;
}

/* A sign that belongs to a value goes with it: -1 and 1 are both "?". */
static void drop_sign(struct maker *m)
{
	while (!m->blank && m->length > 0 &&
	       (m->out[m->length - 1] == '-' || m->out[m->length - 1] == '+')) {
		unsigned char before = significant_before(m, m->length - 1);
		if (before != 0 && !strchr("(,=<>+-*/|[", before))
			return;
		m->length--;
		m->blank = m->length > 0 && m->out[m->length - 1] == ' ';
		if (m->blank)
			m->length--;
	}
}

static void put_value(struct maker *m, bool literal)
{
	if (m->full)
		return;
	drop_sign(m);
	put_token(m, "?", 1);
	if (m->full)
		return;
	if (literal)
		m->result.literals++;
	else
		m->result.parameters++;
}

/* At the end of a list's element: "?, ?" and "?, ..., ?" become "?, ...". */
static void fold_element(struct maker *m)
{
	if (ends_with(m, "?, ..., ?")) {
		m->length -= 3;
		return;
	}
	if (!ends_with(m, "?, ?"))
		return;
	size_t first = m->length - 4;
	if (first > 0) {
		unsigned char before = (unsigned char)m->out[first - 1];
		unsigned char word = significant_before(m, first);
		if (before != '(' && before != '[' &&
		    !(before == ' ' && (word == ',' || sqlbytes_is_word(word))))
			return;
	}
	if (m->room - m->length < 2) {
		m->full = true;
		return;
	}
	m->length -= 1;
	put(m, "...", 3);
}

static void rewind_to(struct maker *m, size_t length)
{
	m->length = length;
	if (m->from_at != NOWHERE && m->from_at >= length)
		m->from_at = NOWHERE;
}

/* A VALUES row has ended: the same row again becomes ", ..." after the first. */
static void fold_row(struct maker *m)
{
	size_t start = m->row_start, length = m->length - start;
	m->row_start = NOWHERE;
	if (m->last_row != NOWHERE && m->last_row_end - m->last_row == length &&
	    memcmp(m->out + m->last_row, m->out + start, length) == 0) {
		rewind_to(m, m->last_row_end);
		put(m, ", ...", 5);
		return;
	}
	m->last_row = start;
	m->last_row_end = m->length;
}

static void open_group(struct maker *m, char bracket)
{
	bool list = bracket == '(' ? last_word_is(m, "IN") : last_word_is(m, "ARRAY");
	bool row = bracket == '(' && m->values && m->depth == m->values_depth;
	put_token(m, &bracket, 1);
	if (m->full)
		return;
	m->depth++;
	if (list) {
		m->list_start = m->length;
		m->list_depth = m->depth;
	}
	if (row)
		m->row_start = m->length - 1;
}

static void close_group(struct maker *m, char bracket)
{
	fold_element(m);
	if (m->list_start != NOWHERE && m->depth == m->list_depth) {
		/* A list of one has the fingerprint of a list of many. */
		if (m->length == m->list_start + 1 && m->out[m->list_start] == '?')
			put(m, ", ...", 5);
		m->list_start = NOWHERE;
	}
	m->blank = false;
	put_token(m, &bracket, 1);
	if (m->full)
		return;
	if (m->depth > 0)
		m->depth--;
	if (m->values && m->depth < m->values_depth)
		m->values = false;
	else if (m->values && m->depth == m->values_depth && m->row_start != NOWHERE)
		fold_row(m);
}

static void skip_line(struct maker *m)
{
	while (m->at < m->end && m->in[m->at] != '\n')
		m->at++;
	m->blank = true;
}

static void skip_comment(struct maker *m)
{
	m->blank = true;
	m->at = sqlquote_comment_end(m->in, m->at, m->end, &m->flat_comments);
}

static void take_string(struct maker *m, bool backslash)
{
	bool disputed;
	size_t end = sqlquote_end(m->in, m->at, m->end, backslash, &disputed);
	m->at = end == SQLQUOTE_OPEN ? m->end : end;
	put_value(m, true);
}

/* A double-quoted text here may be a value (see the head of this file). */
static bool value_place(const struct maker *m)
{
	unsigned char last = significant_before(m, m->length);
	if (last != 0 && strchr("=<>", last))
		return true;
	if (last_word_is(m, "LIKE") || last_word_is(m, "ILIKE") || last_word_is(m, "GLOB"))
		return true;
	if (last != '(' && last != ',')
		return false;
	if (m->values && m->row_start != NOWHERE && m->depth > m->values_depth)
		return true;
	return m->list_start != NOWHERE && m->depth == m->list_depth &&
	       (m->length == m->list_start || m->out[m->list_start] == '?');
}

static void take_quoted_name(struct maker *m)
{
	bool disputed;
	size_t from = m->at, end = sqlquote_end(m->in, from, m->end, false, &disputed);
	bool qualifies = end < m->end && m->in[end] == '.' &&
			 !(end + 1 < m->end && sqlbytes_is_digit(m->in[end + 1]));
	if (end == SQLQUOTE_OPEN || disputed ||
	    sqlbytes_characters(m->in, from, end) > QUOTED_NAME_MAX ||
	    (m->in[from] == '"' && !qualifies && (m->no_names || value_place(m)))) {
		m->at = end == SQLQUOTE_OPEN ? m->end : end;
		put_value(m, true);
		return;
	}
	m->plain_names = m->plain_names || (m->in[from] == '"' && !qualifies);
	m->at = end + (qualifies ? 1 : 0);
	put_text(m, from, m->at);
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
	if (m->full)
		return;
	if (m->statement_start) {
		m->statement_start = false;
		m->head = m->length - (m->at - from);
		m->head_words = 0;
		m->selects = m->selects || word_is(m, from, "SELECT") || word_is(m, from, "CALL");
	}
	if (m->from_at == NOWHERE && word_is(m, from, "FROM"))
		m->from_at = m->length - 1;
	if (m->head == NOWHERE)
		return;
	int kept = sqlprivate_kept(m->out + m->head, m->length - m->head);
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
	size_t length = m->head == NOWHERE ? sizeof head : m->length - m->head;
	while (m->at < m->end && sqlbytes_is_word(m->in[m->at]))
		m->at++;
	size_t word = m->at - from;
	bool kind = false;
	if (length + 1 + word < sizeof head) {
		memcpy(head, m->out + m->head, length);
		head[length] = ' ';
		memcpy(head + length + 1, m->in + from, word);
		kind = sqlprivate_kept(head, length + 1 + word) >= 0;
	}
	if (word > 0 && m->in[from] < 0x80 && peek(m, 0) != '\'' && (kind || m->kept > 0)) {
		put_text(m, from, m->at);
		note_word(m, from);
		return;
	}
	m->blank = true;
	put_token(m, "\xe2\x80\xa6", 3); /* … */
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
	if (m->values && m->depth == m->values_depth)
		m->values = false;
	put_text(m, from, m->at);
	note_word(m, from);
	if (values && !m->full && m->row_start == NOWHERE) {
		m->values = true;
		m->values_depth = m->depth;
		m->last_row = m->row_start = NOWHERE;
	}
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
		unsigned char last = m->length ? (unsigned char)m->out[m->length - 1] : 0;
		if (!sqlbytes_is_word(next) || (last == c && !m->blank) ||
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
		open_group(m, c);
		return;
	case ')':
	case ']':
		close_group(m, c);
		return;
	case ',':
		fold_element(m);
		break;
	case ';':
		if (m->depth == m->values_depth)
			m->values = false;
		break;
	case ':':
		if (peek(m, 0) == ':') { /* a cast: the type after it is no parameter */
			m->at++;
			put_token(m, "::", 2);
			return;
		}
		break;
	case '%': /* kept apart from the parameter %(name)s */
		put_token(m, &c, 1);
		m->blank = m->blank || peek(m, 0) == '(';
		return;
	default:
		break;
	}
	put_token(m, &c, 1);
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
		m->blank = true;
		if (c == '\n')
			m->line_start = true;
		m->at++;
	} else if ((c == '-' && next == '-') || (c == '#' && m->line_start)) {
		skip_line(m);
	} else if (c == '/' && next == '*') {
		skip_comment(m);
	} else if (m->length == 0 && c == 0xef && next == 0xbb && peek(m, 2) == 0xbf) {
		m->at += 3; /* a byte order mark, which SQLite skips */
	} else if (m->hides) {
		take_private(m);
	} else if (sqlbytes_is_word_start(c)) {
		take_word(m);
	} else {
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
		.out = out,
		.room = out_size ? out_size - 1 : 0,
		.line_start = true,
		.statement_start = true,
		.head = NOWHERE,
		.from_at = NOWHERE,
		.no_names = no_names,
		.list_start = NOWHERE,
		.row_start = NOWHERE,
		.last_row = NOWHERE,
	};
	if (out_size == 0) {
		m.result.cut = length > 0;
		return m;
	}
	if (m.end < length) /* a character that the limit cuts is left out whole */
		for (int i = 0; i < 3 && m.end > 0 && ((unsigned char)sql[m.end] & 0xc0) == 0x80;
		     i++)
			m.end--;
	while (m.at < m.end && !m.full)
		take_token(&m);
	/* A row that the limit cut says nothing that its predecessor does not. */
	if (m.values && m.row_start != NOWHERE && m.last_row != NOWHERE) {
		rewind_to(&m, m.last_row_end);
		if (m.room - m.length >= 5)
			put(&m, ", ...", 5);
	}
	while (m.length > 0 && strchr(" ;,", out[m.length - 1]))
		m.length--;
	m.result.cut = m.full || m.end < length;
	m.full = false;
	fold_element(&m);
	m.result.length = m.length;
	out[m.length] = '\0';
	return m;
}

struct sqlfp sqlfp_make(const char *sql, size_t length, char *out, size_t out_size)
{
	struct maker m = made(sql, length, out, out_size, false);
	if (m.plain_names && m.selects && m.from_at == NOWHERE)
		m = made(sql, length, out, out_size, true);
	return m.result;
}
