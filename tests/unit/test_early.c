/* How much earlier than due a thread asks to be woken follows how late it is woken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/random.h"
#include "load/early.h"

#define GAP_NS NS_PER_MS

static void test_nine_of_ten_are_woken_in_time(void **state)
{
	struct early early;
	struct random random;
	double sum = 0;
	(void)state;
	early_begin(&early, GAP_NS);
	random_begin(&random, 1);
	for (int i = 0; i < 20000; i++) {
		early_note(&early, (uint64_t)(random_uniform(&random) * 20000));
		sum += i < 10000 ? 0 : (double)early.ns / 10000;
	}
	assert_true(sum > 17000 && sum < 19000);
}

static void test_a_disturbed_machine_gets_no_more_than_the_limit(void **state)
{
	struct early early;
	(void)state;
	early_begin(&early, GAP_NS);
	for (int i = 0; i < 1000; i++)
		early_note(&early, 5 * NS_PER_MS);
	assert_int_equal(early.ns, 50 * NS_PER_US);
	for (int i = 0; i < 10000; i++)
		early_note(&early, 0);
	assert_true(early.ns <= 50);
}

static void test_no_more_than_a_quarter_of_the_gap(void **state)
{
	struct early early;
	(void)state;
	early_begin(&early, 20 * NS_PER_US);
	assert_true(early.ns > 0);
	for (int i = 0; i < 1000; i++)
		early_note(&early, NS_PER_MS);
	assert_int_equal(early.ns, 5 * NS_PER_US);
	early_begin(&early, 0);
	early_note(&early, NS_PER_MS);
	assert_int_equal(early.ns, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nine_of_ten_are_woken_in_time),
		cmocka_unit_test(test_a_disturbed_machine_gets_no_more_than_the_limit),
		cmocka_unit_test(test_no_more_than_a_quarter_of_the_gap),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
