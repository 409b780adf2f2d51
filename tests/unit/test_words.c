/* A line cut into words, as sh does it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/words.h"

static void assert_words(const char *line, const char *const *wanted)
{
	struct words words = {0};
	struct arena *arena = arena_new();
	struct err e = {0};
	if (words_split(&words, line, line + strlen(line), arena, &e) != ERR_OK)
		fail_msg("%s: %s", line, e.text);
	size_t i = 0;
	for (; wanted[i]; i++) {
		assert_true(i < words.list.count);
		assert_string_equal(words.list.items[i], wanted[i]);
	}
	assert_int_equal(words.list.count, i);
	vec_free(&words.list);
	arena_free(arena);
}

static void test_blanks_part_words(void **state)
{
	(void)state;
	assert_words("", (const char *const[]){NULL});
	assert_words(" \t ", (const char *const[]){NULL});
	assert_words("a", (const char *const[]){"a", NULL});
	assert_words("  :8000/ -R\t200  ", (const char *const[]){":8000/", "-R", "200", NULL});
}

static void test_quotes_keep_them_together(void **state)
{
	(void)state;
	assert_words("-H 'X: a b' \"c d\"e", (const char *const[]){"-H", "X: a b", "c de", NULL});
	assert_words("'' \"\"", (const char *const[]){"", "", NULL});
	assert_words("'a\\b' \"a\\b\\\"\\\\\"", (const char *const[]){"a\\b", "a\\b\"\\", NULL});
	assert_words("a\\ b \\'", (const char *const[]){"a b", "'", NULL});
	assert_words("$HOME *", (const char *const[]){"$HOME", "*", NULL});
}

static void test_a_quote_that_stays_open(void **state)
{
	static const char *const lines[] = {"'", "a 'b", "\"a\\\"", "a'b\"c"};
	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct words words = {0};
		struct arena *arena = arena_new();
		assert_int_equal(
			words_split(&words, lines[i], lines[i] + strlen(lines[i]), arena, NULL),
			ERR_USAGE);
		vec_free(&words.list);
		arena_free(arena);
	}
}

static void test_words_are_added_to_those_that_are_there(void **state)
{
	static const char line[] = "b c and more";
	struct words words = {0};
	struct arena *arena = arena_new();
	(void)state;
	*vec_push(&words.list) = arena_copy(arena, "a", 2);
	assert_int_equal(words_split(&words, line, line + 3, arena, NULL), ERR_OK);
	assert_int_equal(words.list.count, 3);
	assert_string_equal(words.list.items[0], "a");
	assert_string_equal(words.list.items[2], "c");
	vec_free(&words.list);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blanks_part_words),
		cmocka_unit_test(test_quotes_keep_them_together),
		cmocka_unit_test(test_a_quote_that_stays_open),
		cmocka_unit_test(test_words_are_added_to_those_that_are_there),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
