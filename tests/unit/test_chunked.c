/* Chunks in whole and byte by byte: the same data, the same end, the same complaint. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "load/chunked.h"

static const struct {
	const char *text;
	const char *rest; /* of the text, behind the body's end; NULL: it has not come */
	uint64_t data_bytes;
	const char *why; /* NULL: nothing is wrong */
} rows[] = {
	{"4\r\nWiki\r\n6\r\npedia \r\n0\r\n\r\nHTTP/1.1", "HTTP/1.1", 10, NULL},
	{"0\r\n\r\n", "", 0, NULL},
	{"00000\r\n\r\n", "", 0, NULL},
	{"1\nx\n0\n\n", "", 1, NULL}, /* bare LF, as servers in the field write */
	{"a\r\n0123456789\r\n0\r\n\r\n", "", 10, NULL},
	{"A;name=\"v\"\r\n0123456789\r\n0 ; last\r\n\r\n", "", 10, NULL},
	{"2 \r\nab\r\n0\r\nExpires: never\r\nX: y\r\n\r\nrest", "rest", 2, NULL},
	{"0000000000000001\r\nx\r\n0\r\n\r\n", "", 1, NULL},
	{"4\r\nWi", NULL, 2, NULL},
	{"4\r\nWiki\r\n0\r\n", NULL, 4, NULL},
	{"ffffffffffffffff\r\nab", NULL, 2, NULL}, /* no more than 64 bits, but so much */
	{"", NULL, 0, NULL},
	{"00000000000000001\r\n", NULL, 0, "a chunk's size has more than 16 digits"},
	{"\r\n", NULL, 0, "a chunk does not begin with its size"},
	{"-1\r\n", NULL, 0, "a chunk does not begin with its size"},
	{"0x4\r\n", NULL, 0, "a chunk's size is no hexadecimal number"},
	{"4g\r\n", NULL, 0, "a chunk's size is no hexadecimal number"},
	{"4\r\nWikipedia\r\n", NULL, 4, "a chunk goes on behind its size"},
	{"4\r\nWiki\rx", NULL, 4, "a chunk goes on behind its size"},
	{"0\r\n\rx", NULL, 0, "a carriage return within the chunks' last line"},
};

static void feed_in_pieces(struct chunked *c, const char *text, size_t count, size_t piece,
			   size_t *used)
{
	chunked_begin(c);
	*used = 0;
	while (*used < count && c->state != CHUNKED_DONE && c->state != CHUNKED_BAD) {
		const size_t left = count - *used;
		*used += chunked_feed(c, text + *used, left < piece ? left : piece);
	}
}

static void test_each_in_every_split(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const size_t count = strlen(rows[i].text);
		for (size_t piece = 1; piece <= count + 1; piece++) {
			struct chunked c;
			size_t used;
			feed_in_pieces(&c, rows[i].text, count, piece, &used);
			assert_int_equal(c.data_bytes, rows[i].data_bytes);
			assert_int_equal(c.state == CHUNKED_DONE, rows[i].rest != NULL);
			assert_int_equal(c.state == CHUNKED_BAD, rows[i].why != NULL);
			if (rows[i].why)
				assert_string_equal(c.why, rows[i].why);
			else
				assert_string_equal(rows[i].text + used,
						    rows[i].rest ? rows[i].rest : "");
		}
	}
}

/* `head`, then so many of a byte. */
static enum chunked_state after_many(const char *head, size_t many, size_t piece)
{
	static char text[256 << 10];
	const size_t length = strlen(head);
	assert_true(length + many <= sizeof text);
	memcpy(text, head, length);
	memset(text + length, 'x', many);
	struct chunked c;
	size_t used;
	feed_in_pieces(&c, text, length + many, piece, &used);
	return c.state;
}

static void test_what_has_no_end_has_a_limit(void **state)
{
	(void)state;
	for (size_t piece = 1; piece <= 1 << 20; piece *= 64) {
		assert_int_equal(after_many("1;", CHUNKED_LINE_MAX, piece), CHUNKED_EXTENSION);
		assert_int_equal(after_many("1;", CHUNKED_LINE_MAX + 1, piece), CHUNKED_BAD);
		assert_int_equal(after_many("0\n", CHUNKED_TRAILERS_MAX, piece), CHUNKED_TRAILER);
		assert_int_equal(after_many("0\n", CHUNKED_TRAILERS_MAX + 1, piece), CHUNKED_BAD);
	}
}

static void test_many_short_trailers_have_a_limit(void **state)
{
	(void)state;
	struct chunked c;
	chunked_begin(&c);
	chunked_feed(&c, "0\n", 2);
	size_t fed = 0;
	for (; c.state != CHUNKED_BAD && fed < 10 * CHUNKED_TRAILERS_MAX; fed += 5)
		chunked_feed(&c, "a: b\n", 5);
	assert_int_equal(c.state, CHUNKED_BAD);
	assert_in_range(fed, CHUNKED_TRAILERS_MAX, CHUNKED_TRAILERS_MAX + 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_in_every_split),
		cmocka_unit_test(test_what_has_no_end_has_a_limit),
		cmocka_unit_test(test_many_short_trailers_have_a_limit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
