/* Figures as people read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "load/load_text.h"

static void test_times(void **state)
{
	(void)state;
	static const struct {
		uint64_t ns;
		const char *text;
	} rows[] = {
		{0, "0.00 us"},        {850, "0.85 us"},       {68200, "68.2 us"},
		{99949, "99.9 us"},    {99950, "0.10 ms"},     {420000, "0.42 ms"},
		{12340000, "12.3 ms"}, {940400000, "940 ms"},  {999499999, "999 ms"},
		{999500000, "1.00 s"}, {3100000000, "3.10 s"}, {3600000000000, "3600 s"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[LOAD_TEXT_SIZE];
		assert_string_equal(load_text_time(rows[i].ns, text), rows[i].text);
	}
}

static void test_numbers(void **state)
{
	(void)state;
	char text[LOAD_TEXT_SIZE];
	assert_string_equal(load_text_count(0, text), "0");
	assert_string_equal(load_text_count(999, text), "999");
	assert_string_equal(load_text_count(1000, text), "1,000");
	assert_string_equal(load_text_count(UINT64_MAX, text), "18,446,744,073,709,551,615");
	assert_string_equal(load_text_rate(0, text), "0");
	assert_string_equal(load_text_rate(0.5, text), "0.5");
	assert_string_equal(load_text_rate(10, text), "10");
	assert_string_equal(load_text_rate(99.7, text), "99.7");
	assert_string_equal(load_text_rate(99.96, text), "100");
	assert_string_equal(load_text_rate(12345.6, text), "12,346");
	assert_string_equal(load_text_bytes(12, text), "12 B");
	assert_string_equal(load_text_bytes(1240, text), "1.24 kB");
	assert_string_equal(load_text_bytes(999500, text), "1.00 MB");
	assert_string_equal(load_text_bytes(UINT64_MAX, text), "18446744 TB");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_numbers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
