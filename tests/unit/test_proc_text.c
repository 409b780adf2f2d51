/* Numbers out of what /proc and the control groups say. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "agent/proc_text.h"

static void test_values(void **state)
{
	static const char meminfo[] = "MemTotal:        4028420 kB\nMemAvailable:    1000 kB\n";
	static const char stat[] = "inactive_anon 7\ninactive_file 4096\nfile 9\n";
	(void)state;
	assert_true(proc_text_value(meminfo, "MemAvailable") == 1000 * 1024);
	assert_true(proc_text_value(stat, "inactive_file") == 4096);
	assert_true(proc_text_value(stat, "file") == 9); /* not the end of another key */
	assert_true(proc_text_value(stat, "inactive") == PROC_TEXT_NONE);
	assert_true(proc_text_value("", "file") == PROC_TEXT_NONE);
	assert_true(proc_text_value("file max\n", "file") == PROC_TEXT_NONE);
}

static void test_numbers_in_a_row(void **state)
{
	static const char text[] = "12 0\t 345\n6";
	const char *at = text;
	(void)state;
	assert_true(proc_text_number(&at) == 12);
	assert_true(proc_text_number(&at) == 0);
	assert_true(proc_text_number(&at) == 345);
	assert_true(proc_text_number(&at) == PROC_TEXT_NONE); /* the line ends */
	assert_string_equal(at, "\n6");
}

static void test_files(void **state)
{
	char text[64], again[64], few[4];
	const int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	const char *at = text;
	(void)state;
	assert_true(proc_text_read("/proc/self/statm", text, sizeof text) == strlen(text));
	assert_true(proc_text_number(&at) > 0 && *at == ' ');
	assert_true(proc_text_read_again(fd, again, sizeof again) > 0);
	assert_true(proc_text_read_again(fd, again, sizeof again) == strlen(again));
	assert_int_equal(again[0] >= '0' && again[0] <= '9', 1);
	assert_int_equal(proc_text_read("/proc/self/statm", few, sizeof few), 3);
	assert_int_equal(strlen(few), 3);
	assert_int_equal(proc_text_read("/proc/self/none", text, sizeof text), 0);
	assert_int_equal(proc_text_read_again(-1, text, sizeof text), 0);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_numbers_in_a_row),
		cmocka_unit_test(test_files),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
