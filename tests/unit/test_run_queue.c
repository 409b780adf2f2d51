/* schedstat: what is read is checked, a descriptor that is another file's by now is let go. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <fcntl.h>
#include <unistd.h>

#include "agent/run_queue.h"

static void test_field_two_of_three(void **state)
{
	(void)state;
	assert_int_equal(run_queue_parse("123456 789 42\n"), 789);
	assert_int_equal(run_queue_parse("0 0 0\n"), 0);
}

static void test_what_is_no_schedstat_is_zero(void **state)
{
	(void)state;
	static const char *const others[] = {
		"",          "\n",      "1 2\n",   "1 2 3",
		"1 2 3 4\n", "a b c\n", "1 2 x\n", "127.0.0.1 localhost\n"};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		assert_int_equal(run_queue_parse(others[i]), 0);
}

static void test_the_app_closed_our_descriptor(void **state)
{
	(void)state;
	int before = open("/dev/null", O_RDONLY), after;
	assert_true(before >= 0);
	close(before); /* the next to be opened has this number */
	assert_true(run_queue_prepare());
	(void)run_queue_ns();
	assert_true(fcntl(before, F_GETFD) >= 0);
	after = open("/dev/null", O_RDONLY);
	assert_int_equal(dup2(after, before), before);
	close(after);
	assert_int_equal(run_queue_ns(), 0);
	assert_true(fcntl(before, F_GETFD) >= 0); /* it is the app's: not closed */
	close(before);
}

/* Each wake-up waits for the CPU for some time. */
static uint64_t waited_more_than(uint64_t before_ns)
{
	uint64_t now_ns = run_queue_ns();
	for (int i = 0; i < 1000 && now_ns <= before_ns; i++) {
		usleep(100);
		now_ns = run_queue_ns();
	}
	assert_true(now_ns > before_ns);
	return now_ns;
}

static void test_read_once_in_a_stay(void **state)
{
	(void)state;
	assert_true(run_queue_prepare());
	(void)waited_more_than(0);
	uint64_t first_ns = run_queue_in(7), now_ns = waited_more_than(first_ns);
	assert_int_equal(run_queue_in(7), first_ns);
	assert_in_range(run_queue_in(8), now_ns, UINT64_MAX);
	now_ns = waited_more_than(run_queue_in(8));
	assert_in_range(run_queue_in(0), now_ns, UINT64_MAX);
	run_queue_after_fork();
	assert_in_range(run_queue_in(8), now_ns, UINT64_MAX);
}

static void test_a_thread_that_is_none(void **state)
{
	(void)state;
	assert_int_equal(run_queue_of(0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_field_two_of_three),
		cmocka_unit_test(test_what_is_no_schedstat_is_zero),
		cmocka_unit_test(test_the_app_closed_our_descriptor),
		cmocka_unit_test(test_read_once_in_a_stay),
		cmocka_unit_test(test_a_thread_that_is_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
