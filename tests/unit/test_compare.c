/* The decision rule of `unslow diff`, by what it has to keep: at most one comparison of A with A in
 * 50 is called different, at least nine slow-downs of 10 % in ten are found. Blocks are made of
 * requests with heavy tails, on a machine that drifts (autocorrelated, and steadily to one side)
 * and is now and then disturbed. All seeds are fixed. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "model/compare.h"

enum { REQUESTS = 500, TRIALS = 200, PAIRS = 10, SERIES = 4 };

struct machine {
	double drift;     /* deviation of a block's level, as a share; 0.8 of it is in the next */
	double disturbed; /* share of blocks that are 10 to 60 % slower */
	double slow_down; /* of B: 1.1 is 10 % slower */
};

static uint64_t random_state;

static double uniform(void)
{
	return ((double)(stats_random(&random_state) >> 11) + 0.5) / 0x1p53;
}

static double normal(void)
{
	return sqrt(-2 * log(uniform())) * cos(2 * M_PI * uniform());
}

/* p50, p90, p99 and mean of a block at this level. */
static void make_block(double level, double out[SERIES])
{
	double times[REQUESTS], sum = 0;
	for (int i = 0; i < REQUESTS; i++) {
		times[i] = level * exp(0.3 * normal());
		if (uniform() < 0.02)
			times[i] *= pow(uniform(), -1 / 1.5); /* Pareto: its variance is infinite */
		sum += times[i];
	}
	stats_sort(times, REQUESTS);
	out[0] = stats_quantile(times, REQUESTS, 0.50);
	out[1] = stats_quantile(times, REQUESTS, 0.90);
	out[2] = stats_quantile(times, REQUESTS, 0.99);
	out[3] = sum / REQUESTS;
}

static void compare_once(const struct machine *m, uint64_t seed, struct compare_row rows[SERIES])
{
	double values[2][SERIES][PAIRS], block[SERIES];
	struct compare_series series[SERIES];
	random_state = seed * 7919 + 1;
	double drift = m->drift * normal();
	const double trend = 0.2 * (uniform() - 0.5);
	for (int k = 0; k < 2 * PAIRS; k++) {
		const int pair = k / 2, side = (k & 1) ^ (pair & 1); /* A B B A A B … */
		double level = 10 * exp(drift + trend * k / (2 * PAIRS));
		drift = 0.8 * drift + 0.6 * m->drift * normal();
		if (uniform() < m->disturbed)
			level *= 1.1 + 0.5 * uniform();
		make_block(side ? level * m->slow_down : level, block);
		for (int s = 0; s < SERIES; s++)
			values[side][s][pair] = block[s];
	}
	for (int s = 0; s < SERIES; s++)
		series[s] =
			(struct compare_series){COMPARE_RATIO, 0.10, values[0][s], values[1][s]};
	compare(series, SERIES, PAIRS, rows);
}

struct tally {
	int more, less,
		covered; /* trials with such a verdict on any series; p50's interval right */
};

static struct tally try_often(struct machine m)
{
	struct tally tally = {0};
	for (uint64_t t = 0; t < TRIALS; t++) {
		struct compare_row rows[SERIES];
		int more = 0, less = 0;
		compare_once(&m, t, rows);
		for (int s = 0; s < SERIES; s++) {
			more |= rows[s].verdict == COMPARE_MORE;
			less |= rows[s].verdict == COMPARE_LESS;
		}
		tally.more += more;
		tally.less += less;
		tally.covered += rows[0].change.low <= m.slow_down - 1 &&
				 m.slow_down - 1 <= rows[0].change.high;
	}
	print_message("drift %.2f disturbed %.2f B %.2f: %d more, %d less, %d covered of %d\n",
		      m.drift, m.disturbed, m.slow_down, tally.more, tally.less, tally.covered,
		      TRIALS);
	return tally;
}

static void test_the_same_is_not_called_different(void **state)
{
	(void)state;
	static const struct machine machines[] = {
		{0, 0, 1}, {0.05, 0, 1}, {0.05, 0.1, 1}, {0.15, 0.03, 1}};
	for (size_t i = 0; i < sizeof machines / sizeof *machines; i++) {
		const struct tally t = try_often(machines[i]);
		assert_true(t.more + t.less <= TRIALS / 50);
		assert_true(t.covered >= TRIALS * 92 / 100);
	}
}

static void test_ten_percent_are_found(void **state)
{
	(void)state;
	const struct tally slower = try_often((struct machine){0.05, 0, 1.1});
	assert_true(slower.more >= TRIALS * 9 / 10);
	assert_int_equal(slower.less, 0);
	assert_true(slower.covered >= TRIALS * 92 / 100);
	const struct tally faster = try_often((struct machine){0.05, 0, 1 / 1.1});
	assert_true(faster.less >= TRIALS * 9 / 10);
	assert_int_equal(faster.more, 0);
}

/* A machine on which one block in ten is hit cannot show 10 %; then it has to say so. */
static void test_noise_is_admitted(void **state)
{
	(void)state;
	int cannot = 0, same = 0;
	for (uint64_t t = 0; t < TRIALS; t++) {
		struct compare_row rows[SERIES];
		compare_once(&(struct machine){0.05, 0.1, 1.1}, t, rows);
		cannot += rows[0].verdict == COMPARE_CANNOT_TELL;
		same += rows[0].verdict == COMPARE_SAME;
	}
	assert_true(cannot >= TRIALS / 4);
	assert_true(same <= TRIALS / 50);
}

/* Asking of many series raises no more alarms than asking of one. */
static void test_many_series_raise_no_more_alarms(void **state)
{
	(void)state;
	enum { MANY = 40 };
	static double values[2][MANY][PAIRS];
	struct compare_series series[MANY];
	struct compare_row rows[MANY];
	int alarms = 0;
	random_state = 5;
	for (int t = 0; t < TRIALS; t++) {
		int any = 0;
		for (int s = 0; s < MANY; s++) {
			for (int i = 0; i < PAIRS; i++)
				for (int side = 0; side < 2; side++)
					values[side][s][i] = 10 * exp(0.05 * normal());
			series[s] = (struct compare_series){COMPARE_RATIO, 0.1, values[0][s],
							    values[1][s]};
		}
		compare(series, MANY, PAIRS, rows);
		for (int s = 0; s < MANY; s++)
			any |= rows[s].verdict == COMPARE_MORE || rows[s].verdict == COMPARE_LESS;
		alarms += any;
	}
	assert_true(alarms <= TRIALS / 50);
}

static struct compare_row of(enum compare_scale scale, const double *a, const double *b,
			     size_t pairs)
{
	struct compare_row row;
	const struct compare_series series = {scale, 0.1, a, b};
	compare(&series, 1, pairs, &row);
	return row;
}

static void test_few_pairs_are_too_few(void **state)
{
	(void)state;
	const double a[] = {1, 1.01, 1.02, 1, 1.01, 0.99, 1, 1};
	const double b[] = {2, 2.01, 2, 2, 1.99, 2, 2.02, 2};
	assert_int_equal(of(COMPARE_RATIO, a, b, 7).verdict, COMPARE_CANNOT_TELL);
	assert_int_equal(of(COMPARE_RATIO, a, b, 8).verdict, COMPARE_MORE);
	assert_int_equal(of(COMPARE_RATIO, b, a, 8).verdict, COMPARE_LESS);
	assert_true(isnan(of(COMPARE_RATIO, a, b, 3).change.low));
	assert_true(isnan(of(COMPARE_RATIO, a, b, 3).floor));
	const struct compare_row one = of(COMPARE_RATIO, a, b, 1);
	assert_true(one.measured && fabs(one.change.mid - 1) < 1e-12);
}

static void test_values_that_are_no_measurement(void **state)
{
	(void)state;
	const double a[] = {1, 1, 0, 1, 1, 1, 1}, b[] = {1, 1, 1, 1, 1, 1, NAN};
	assert_false(of(COMPARE_RATIO, a, b, 6).measured);
	assert_false(of(COMPARE_DIFFERENCE, a, b, 7).measured);
	assert_true(of(COMPARE_DIFFERENCE, a, b, 6).measured);
	assert_false(of(COMPARE_RATIO, a, b, 0).measured);
}

static void test_no_errors_on_either_side(void **state)
{
	(void)state;
	const double none[PAIRS] = {0},
		     some[PAIRS] = {.02, .03, .02, .03, .02, .03, .02, .03, .02, .03};
	assert_int_equal(of(COMPARE_DIFFERENCE, none, none, PAIRS).verdict, COMPARE_SAME);
	const struct compare_row row = of(COMPARE_DIFFERENCE, none, some, PAIRS);
	assert_int_equal(row.verdict, COMPARE_MORE);
	assert_true(fabs(row.change.mid - 0.025) < 1e-9);
}

static void test_the_same_twice(void **state)
{
	(void)state;
	struct compare_row first[SERIES], again[SERIES];
	const struct machine m = {0.05, 0.1, 1.05};
	compare_once(&m, 3, first);
	compare_once(&m, 3, again);
	for (int s = 0; s < SERIES; s++) {
		assert_true(fabs(first[s].change.low - again[s].change.low) <= 0);
		assert_true(fabs(first[s].floor - again[s].floor) <= 0);
		assert_true(fabs(first[s].chance - again[s].chance) <= 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_same_is_not_called_different),
		cmocka_unit_test(test_ten_percent_are_found),
		cmocka_unit_test(test_noise_is_admitted),
		cmocka_unit_test(test_many_series_raise_no_more_alarms),
		cmocka_unit_test(test_few_pairs_are_too_few),
		cmocka_unit_test(test_values_that_are_no_measurement),
		cmocka_unit_test(test_no_errors_on_either_side),
		cmocka_unit_test(test_the_same_twice),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
