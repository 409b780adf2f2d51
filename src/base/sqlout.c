#include "base/sqlout.h"

#include <string.h>
#include <strings.h>

#include "base/sqlbytes.h"

void sqlout_begin(struct sqlout *o, char *text, size_t size)
{
	*o = (struct sqlout){
		.text = text,
		.room = size - 1,
		.list_start = SQLOUT_NOWHERE,
		.row_start = SQLOUT_NOWHERE,
		.last_row = SQLOUT_NOWHERE,
		.mark = SQLOUT_NOWHERE,
	};
}

static bool ends_with(const struct sqlout *o, const char *tail)
{
	size_t n = strlen(tail);
	return o->length >= n && memcmp(o->text + o->length - n, tail, n) == 0;
}

/* Last byte written that is not a blank, before position `before`; 0: none. */
static unsigned char significant_before(const struct sqlout *o, size_t before)
{
	while (before > 0 && o->text[before - 1] == ' ')
		before--;
	return before > 0 ? (unsigned char)o->text[before - 1] : 0;
}

/* The word that ends the text is `word`, whatever its case. */
static bool last_word_is(const struct sqlout *o, const char *word)
{
	size_t end = o->length, n = strlen(word);
	while (end > 0 && o->text[end - 1] == ' ')
		end--;
	if (end < n || strncasecmp(o->text + end - n, word, n) != 0)
		return false;
	return end == n || !sqlbytes_is_word((unsigned char)o->text[end - n - 1]);
}

static void put(struct sqlout *o, const char *bytes, size_t length)
{
	if (o->full)
		return;
	if (length > o->room - o->length) {
		o->full = true;
		return;
	}
	memcpy(o->text + o->length, bytes, length);
	o->length += length;
}

/* A blank where one belongs: none inside parentheses or before a comma. */
static void put_blank(struct sqlout *o, unsigned char next)
{
	unsigned char last = o->length > 0 ? (unsigned char)o->text[o->length - 1] : 0;
	bool wanted = o->blank || last == ',';
	o->blank = false;
	if (!wanted || last == 0 || last == '(' || last == '[' || next == ',' || next == ')' ||
	    next == ']')
		return;
	put(o, " ", 1);
}

void sqlout_put_token(struct sqlout *o, const char *bytes, size_t length)
{
	size_t before = o->length;
	put_blank(o, (unsigned char)bytes[0]);
	put(o, bytes, length);
	if (o->full)
		o->length = before;
}

/* Printing ASCII bytes from `at` on, which need no look at UTF-8. */
static size_t plain_run(const unsigned char *in, size_t at, size_t to)
{
	size_t n = 0;
	while (at + n < to && in[at + n] > ' ' && in[at + n] < 0x7f)
		n++;
	return n;
}

void sqlout_put_text(struct sqlout *o, const unsigned char *in, size_t from, size_t to)
{
	size_t before = o->length;
	put_blank(o, in[from]);
	for (size_t i = from; i < to && !o->full;) {
		size_t n = plain_run(in, i, to);
		if (n == 0)
			n = sqlbytes_utf8(in, i, to);
		if (n == 0)
			put(o, "\xef\xbf\xbd", 3);
		else if (n == 1 && sqlbytes_is_blank(in[i]))
			put(o, " ", 1);
		else
			put(o, (const char *)in + i, n);
		i += n ? n : 1;
	}
	if (o->full)
		o->length = before;
}

/* A sign that belongs to a value goes with it: -1 and 1 are both "?". */
static void drop_sign(struct sqlout *o)
{
	while (!o->blank && o->length > 0 &&
	       (o->text[o->length - 1] == '-' || o->text[o->length - 1] == '+')) {
		unsigned char before = significant_before(o, o->length - 1);
		if (before != 0 && !strchr("(,=<>+-*/|[", before))
			return;
		o->length--;
		o->blank = o->length > 0 && o->text[o->length - 1] == ' ';
		if (o->blank)
			o->length--;
	}
}

bool sqlout_put_value(struct sqlout *o)
{
	if (o->full)
		return false;
	drop_sign(o);
	sqlout_put_token(o, "?", 1);
	return !o->full;
}

void sqlout_end_element(struct sqlout *o)
{
	if (ends_with(o, "?, ..., ?")) {
		o->length -= 3;
		return;
	}
	if (!ends_with(o, "?, ?"))
		return;
	size_t first = o->length - 4;
	if (first > 0) {
		unsigned char before = (unsigned char)o->text[first - 1];
		unsigned char word = significant_before(o, first);
		if (before != '(' && before != '[' &&
		    !(before == ' ' && (word == ',' || sqlbytes_is_word(word))))
			return;
	}
	if (o->room - o->length < 2) {
		o->full = true;
		return;
	}
	o->length -= 1;
	put(o, "...", 3);
}

static void rewind_to(struct sqlout *o, size_t length)
{
	o->length = length;
	if (o->mark != SQLOUT_NOWHERE && o->mark >= length)
		o->mark = SQLOUT_NOWHERE;
}

/* A VALUES row has ended: the same row again becomes ", ..." after the first. */
static void fold_row(struct sqlout *o)
{
	size_t start = o->row_start, length = o->length - start;
	o->row_start = SQLOUT_NOWHERE;
	if (o->last_row != SQLOUT_NOWHERE && o->last_row_end - o->last_row == length &&
	    memcmp(o->text + o->last_row, o->text + start, length) == 0) {
		rewind_to(o, o->last_row_end);
		put(o, ", ...", 5);
		return;
	}
	o->last_row = start;
	o->last_row_end = o->length;
}

void sqlout_open(struct sqlout *o, char bracket)
{
	bool list = bracket == '(' ? last_word_is(o, "IN") : last_word_is(o, "ARRAY");
	bool row = bracket == '(' && o->values && o->depth == o->values_depth;
	sqlout_put_token(o, &bracket, 1);
	if (o->full)
		return;
	o->depth++;
	if (list) {
		o->list_start = o->length;
		o->list_depth = o->depth;
	}
	if (row)
		o->row_start = o->length - 1;
}

void sqlout_close(struct sqlout *o, char bracket)
{
	sqlout_end_element(o);
	if (o->list_start != SQLOUT_NOWHERE && o->depth == o->list_depth) {
		/* A list of one has the fingerprint of a list of many. */
		if (o->length == o->list_start + 1 && o->text[o->list_start] == '?')
			put(o, ", ...", 5);
		o->list_start = SQLOUT_NOWHERE;
	}
	o->blank = false;
	sqlout_put_token(o, &bracket, 1);
	if (o->full)
		return;
	if (o->depth > 0)
		o->depth--;
	if (o->values && o->depth < o->values_depth)
		o->values = false;
	else if (o->values && o->depth == o->values_depth && o->row_start != SQLOUT_NOWHERE)
		fold_row(o);
}

bool sqlout_is_value_place(const struct sqlout *o)
{
	unsigned char last = significant_before(o, o->length);
	if (last != 0 && strchr("=<>", last))
		return true;
	if (last_word_is(o, "LIKE") || last_word_is(o, "ILIKE") || last_word_is(o, "GLOB"))
		return true;
	if (last != '(' && last != ',')
		return false;
	if (o->values && o->row_start != SQLOUT_NOWHERE && o->depth > o->values_depth)
		return true;
	return o->list_start != SQLOUT_NOWHERE && o->depth == o->list_depth &&
	       (o->length == o->list_start || o->text[o->list_start] == '?');
}

void sqlout_begin_rows(struct sqlout *o)
{
	if (o->full || o->row_start != SQLOUT_NOWHERE)
		return;
	o->values = true;
	o->values_depth = o->depth;
	o->last_row = o->row_start = SQLOUT_NOWHERE;
}

void sqlout_end_rows(struct sqlout *o)
{
	if (o->depth == o->values_depth)
		o->values = false;
}

bool sqlout_end(struct sqlout *o)
{
	/* A row that the limit cut says nothing that its predecessor does not. */
	if (o->values && o->row_start != SQLOUT_NOWHERE && o->last_row != SQLOUT_NOWHERE) {
		rewind_to(o, o->last_row_end);
		if (o->room - o->length >= 5)
			put(o, ", ...", 5);
	}
	while (o->length > 0 && strchr(" ;,", o->text[o->length - 1]))
		o->length--;
	bool was_full = o->full;
	o->full = false;
	sqlout_end_element(o);
	o->text[o->length] = '\0';
	return was_full;
}
