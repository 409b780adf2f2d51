#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "rules/stats.h"

static int near(double a, double b)
{
	return fabs(a - b) < 1e-9;
}

static void middle_half(void **state)
{
	(void)state;
	double values[] = {1000, 3, 1, 2, 4, 5, 6, 0};
	stats_sort(values, 8);
	assert_true(near(stats_midmean(values, 8), 3.5)); /* 2 3 4 5: the outlier has no say */
	assert_true(near(stats_quantile(values, 8, 0.5), 3.5));
	assert_true(isnan(stats_midmean(values, 0)));
}

static void interval_holds_the_middle(void **state)
{
	(void)state;
	double values[200];
	for (int i = 0; i < 200; i++)
		values[i] = i;
	struct stats_interval first = stats_bootstrap(values, 200);
	struct stats_interval again = stats_bootstrap(values, 200);
	assert_true(first.low < first.mid && first.mid < first.high);
	assert_true(first.high - first.low < 60);
	assert_true(near(first.low, again.low) && near(first.high, again.high));
	struct stats_interval one = stats_bootstrap(values + 7, 1);
	assert_true(near(one.low, 7) && near(one.high, 7));
}

static void slope_of_a_line(void **state)
{
	(void)state;
	double x[] = {0, 1, 2, 3, 4}, y[] = {1, 3.1, 4.9, 7.1, 8.9}, flat[] = {5, 5, 5, 5, 5};
	struct stats_interval s = stats_slope(x, y, 5);
	assert_true(s.low < 2 && 2 < s.high && s.low > 1.8 && s.high < 2.2);
	assert_true(near(stats_slope(x, flat, 5).high, 0));
	assert_true(isnan(stats_slope(flat, y, 5).mid));
	assert_true(isnan(stats_slope(x, y, 2).mid));
	assert_true(fabs(stats_intercept(x, y, 5) - 1.04) < 0.01);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(middle_half),
		cmocka_unit_test(interval_holds_the_middle),
		cmocka_unit_test(slope_of_a_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
