/* Lines taken apart: what is there moves the place, what is not leaves it; numbers have a most. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/scan.h"

typedef bool number_step(const char **at, uint64_t most, uint64_t *number);

static const struct {
	number_step *step;
	const char *text;
	uint64_t most, number;
	const char *rest; /* NULL: refused */
} numbers[] = {
	{scan_decimal, "0", 0, 0, ""},
	{scan_decimal, "65535:", 65535, 65535, ":"},
	{scan_decimal, "65536:", 65535, 0, NULL},
	{scan_decimal, "1", 0, 0, NULL},
	{scan_decimal, "18446744073709551615 x", UINT64_MAX, UINT64_MAX, " x"},
	{scan_decimal, "18446744073709551616", UINT64_MAX, 0, NULL},
	{scan_decimal, "99999999999999999999999999", UINT64_MAX, 0, NULL},
	{scan_decimal, "0000000000000000000000000012", 12, 12, ""},
	{scan_decimal, "7f", UINT64_MAX, 7, "f"},
	{scan_decimal, "", UINT64_MAX, 0, NULL},
	{scan_decimal, "-1", UINT64_MAX, 0, NULL},
	{scan_decimal, "+1", UINT64_MAX, 0, NULL},
	{scan_decimal, " 1", UINT64_MAX, 0, NULL},
	{scan_hex, "7Ff", UINT64_MAX, 0x7ff, ""},
	{scan_hex, "ffffffffffffffff-", UINT64_MAX, UINT64_MAX, "-"},
	{scan_hex, "10000000000000000", UINT64_MAX, 0, NULL},
	{scan_hex, "10000", UINT16_MAX, 0, NULL},
	{scan_hex, "0x1f", UINT64_MAX, 0, "x1f"},
	{scan_hex, "g", UINT64_MAX, 0, NULL},
};

static void test_numbers_are_whole_and_fit_or_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		const char *at = numbers[i].text;
		uint64_t number = 4711;
		const bool is_there = numbers[i].step(&at, numbers[i].most, &number);
		assert_int_equal(is_there, numbers[i].rest != NULL);
		assert_string_equal(at, is_there ? numbers[i].rest : numbers[i].text);
		assert_int_equal(number, is_there ? numbers[i].number : 4711);
	}
}

static void test_steps_join_to_a_line(void **state)
{
	(void)state;
	const char *at = "  17: ab\t 00 socket:[42] rest";
	uint64_t inode = 0;
	assert_true(scan_words(&at, 3) && scan_blanks(&at) && scan_text(&at, "socket:[") &&
		    scan_decimal(&at, UINT64_MAX, &inode) && scan_text(&at, "]"));
	assert_int_equal(inode, 42);
	assert_string_equal(at, " rest");
}

static void test_what_is_not_there_leaves_the_place(void **state)
{
	(void)state;
	const char *const text = "one two ";
	const char *at = text;
	assert_false(scan_words(&at, 3));
	assert_false(scan_text(&at, "one two three"));
	assert_false(scan_text(&at, "two"));
	assert_ptr_equal(at, text);
	assert_true(scan_words(&at, 2));
	assert_string_equal(at, " ");
	assert_true(scan_blanks(&at) && scan_blanks(&at));
	assert_string_equal(at, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_are_whole_and_fit_or_are_refused),
		cmocka_unit_test(test_steps_join_to_a_line),
		cmocka_unit_test(test_what_is_not_there_leaves_the_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
