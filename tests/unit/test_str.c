/* Growing text: a ceiling that holds, a NUL that is always there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"

static void test_grows_and_stays_terminated(void **state)
{
	(void)state;
	struct str s;
	str_init(&s, 100000);
	assert_string_equal(s.text, "");
	for (int i = 0; i < 1000; i++)
		str_printf(&s, "%d,", i % 10);
	assert_int_equal(s.length, 2000);
	assert_int_equal(strlen(s.text), 2000);
	assert_false(s.cut);
	str_clear(&s);
	assert_string_equal(s.text, "");
	str_free(&s);
}

static void test_ceiling_cuts_every_kind_of_append(void **state)
{
	(void)state;
	struct str s;
	str_init(&s, 5);
	str_add(&s, "abc");
	str_printf(&s, "%s", "defgh");
	assert_string_equal(s.text, "abcde");
	assert_true(s.cut);
	str_add_char(&s, 'x');
	str_add_bytes(&s, "y", 1);
	assert_string_equal(s.text, "abcde");
	str_clear(&s);
	assert_false(s.cut);
	str_add(&s, "12345");
	assert_false(s.cut);
	str_free(&s);
}

static void test_bytes_with_nul(void **state)
{
	(void)state;
	struct str s;
	str_init(&s, 10);
	str_add_bytes(&s, "a\0b", 3);
	assert_int_equal(s.length, 3);
	assert_memory_equal(s.text, "a\0b\0", 4);
	str_free(&s);
}

static void test_prefix_and_suffix(void **state)
{
	(void)state;
	assert_true(str_starts_with("unslow", "un"));
	assert_false(str_starts_with("un", "unslow"));
	assert_true(str_ends_with("a.rec", ".rec"));
	assert_false(str_ends_with("rec", ".rec"));
	assert_true(str_ends_with("x", ""));
}

static void test_copy_says_whether_it_cut(void **state)
{
	(void)state;
	char four[4];
	assert_true(str_copy(four, sizeof four, "abc"));
	assert_string_equal(four, "abc");
	assert_false(str_copy(four, sizeof four, "abcd"));
	assert_string_equal(four, "abc");
	assert_false(str_copy(four, 0, ""));
	assert_string_equal(four, "abc");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grows_and_stays_terminated),
		cmocka_unit_test(test_ceiling_cuts_every_kind_of_append),
		cmocka_unit_test(test_bytes_with_nul),
		cmocka_unit_test(test_prefix_and_suffix),
		cmocka_unit_test(test_copy_says_whether_it_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
