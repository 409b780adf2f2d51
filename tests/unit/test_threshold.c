#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "load/threshold.h"

static struct threshold threshold;

static void assert_between(double value, double low, double high)
{
	if (value < low || value > high)
		fail_msg("%g is not between %g and %g", value, low, high);
}

static void test_nothing_known(void **state)
{
	(void)state;
	threshold_begin(&threshold, 100);
	assert_between(threshold_at(&threshold, 0.5), 99, 101);
	assert_between(threshold_at(&threshold, 0.05), 10, 70);
	assert_between(threshold_at(&threshold, 0.95), 140, 1000);
}

static void test_bisection_closes_in(void **state)
{
	(void)state;
	threshold_begin(&threshold, 100);
	for (int i = 0; i < 14; i++) {
		const double rate = threshold_at(&threshold, 0.5);
		threshold_add(&threshold, rate, rate > 137);
	}
	assert_between(threshold_at(&threshold, 0.5), 135, 139);
	assert_between(threshold_at(&threshold, 0.05), 130, 137);
	assert_between(threshold_at(&threshold, 0.95), 137, 145);
}

/* The second and third trial say the opposite of what is true. */
static void test_lies_do_not_decide(void **state)
{
	(void)state;
	threshold_begin(&threshold, 100);
	for (int i = 0; i < 20; i++) {
		const double rate = threshold_at(&threshold, 0.5);
		threshold_add(&threshold, rate, (rate > 137) != (i == 1 || i == 2));
	}
	assert_between(threshold_at(&threshold, 0.5), 133, 141);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_known),
		cmocka_unit_test(test_bisection_closes_in),
		cmocka_unit_test(test_lies_do_not_decide),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
