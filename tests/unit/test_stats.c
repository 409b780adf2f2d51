#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/stats.h"

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

/* Agresti and Coull 1998, example: 0 of 10 is 0 … 0.2775; symmetrical for 10 of 10. */
static void share_with_its_interval(void **state)
{
	(void)state;
	struct stats_interval none = stats_wilson(0, 10, STATS_Z_95),
			      all = stats_wilson(10, 10, STATS_Z_95);
	assert_true(fabs(none.low) < 1e-12 && fabs(none.high - 0.27753) < 1e-4);
	assert_true(fabs(all.low - 0.72247) < 1e-4 && fabs(all.high - 1) < 1e-12);
	struct stats_interval half = stats_wilson(500, 1000, STATS_Z_95);
	assert_true(half.low > 0.46 && half.low < 0.48 && half.high > 0.52 && half.high < 0.54);
	/* 0.5 ± 1.645 × 0.0158, to the first order */
	struct stats_interval narrower = stats_wilson(500, 1000, STATS_Z_90);
	assert_true(fabs(narrower.low - 0.474) < 1e-3 && fabs(narrower.high - 0.526) < 1e-3);
	assert_true(isnan(stats_wilson(0, 0, STATS_Z_95).low));
	assert_true(stats_wilson(20, 10, STATS_Z_95).high <=
		    1); /* more hits than looks: a broken recording */
}

/* Tables of Student's distribution (NIST/SEMATECH e-Handbook 1.3.6.7.2). */
static void quantile_of_students_t(void **state)
{
	(void)state;
	static const struct {
		double chance, freedom, t;
	} rows[] = {{0.05, 1, 12.706}, {0.001, 2, 31.599}, {0.05, 9, 2.262},
		    {0.01, 19, 2.861}, {0.002, 40, 3.307}, {0.05, 1e6, 1.960}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_true(fabs(stats_student_quantile(rows[i].chance, rows[i].freedom) -
				 rows[i].t) < 1e-3);
	assert_true(isnan(stats_student_quantile(0.05, 0)));
	assert_true(isnan(stats_student_quantile(0.05, NAN)));
	assert_true(isnan(stats_student_quantile(0, 5)));
	assert_true(isnan(stats_student_quantile(1, 5)));
}

/* Conover 1999, table A3: of 20 values the 6th and the 15th, of 10 the 2nd and the 9th. */
static void median_with_its_interval(void **state)
{
	(void)state;
	static const struct {
		size_t count;
		double low, mid, high;
	} rows[] = {{6, 1, 3.5, 6},  {8, 1, 4.5, 8},    {9, 2, 5, 8},
		    {10, 2, 5.5, 9}, {20, 6, 10.5, 15}, {200, 86, 100.5, 115}};
	double values[200];
	for (int i = 0; i < 200; i++)
		values[i] = i + 1;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct stats_interval found = stats_median_interval(values, rows[i].count);
		assert_true(near(found.low, rows[i].low) && near(found.mid, rows[i].mid) &&
			    near(found.high, rows[i].high));
	}
	const struct stats_interval few = stats_median_interval(values, 5);
	assert_true(isnan(few.low) && isnan(few.high) && near(few.mid, 3));
	assert_true(isnan(stats_median_interval(values, 0).mid));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(middle_half),
		cmocka_unit_test(interval_holds_the_middle),
		cmocka_unit_test(slope_of_a_line),
		cmocka_unit_test(share_with_its_interval),
		cmocka_unit_test(quantile_of_students_t),
		cmocka_unit_test(median_with_its_interval),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
