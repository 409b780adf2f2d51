/* The decision rule of `unslow diff`, by what it has to keep: at most one comparison of A with A in
 * 50 is called different, at least nine slow-downs of 10 % in ten are found. Blocks are made of
 * requests with heavy tails, on a machine that drifts (autocorrelated, and steadily to one side)
 * and is now and then disturbed. All seeds are fixed. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "model/compare.h"

enum { REQUESTS = 500, PAIRS = 10, SERIES = 4 };

/* A quarter of them says the same with less certainty, and `make test` runs often. */
static int trials = 200;

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
	compare(series, SERIES, PAIRS, 0, rows);
}

struct tally {
	int more, less,
		covered; /* trials with such a verdict on any series; p50's interval right */
};

static struct tally try_often(struct machine m)
{
	struct tally tally = {0};
	for (uint64_t t = 0; t < (uint64_t)trials; t++) {
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
		      trials);
	return tally;
}

static void test_the_same_is_not_called_different(void **state)
{
	(void)state;
	static const struct machine machines[] = {
		{0, 0, 1}, {0.05, 0, 1}, {0.05, 0.1, 1}, {0.15, 0.03, 1}};
	for (size_t i = 0; i < sizeof machines / sizeof *machines; i++) {
		const struct tally t = try_often(machines[i]);
		assert_true(t.more + t.less <= trials / 50);
		assert_true(t.covered >= trials * 92 / 100);
	}
}

static void test_ten_percent_are_found(void **state)
{
	(void)state;
	const struct tally slower = try_often((struct machine){0.05, 0, 1.1});
	assert_true(slower.more >= trials * 9 / 10);
	assert_int_equal(slower.less, 0);
	assert_true(slower.covered >= trials * 92 / 100);
	const struct tally faster = try_often((struct machine){0.05, 0, 1 / 1.1});
	assert_true(faster.less >= trials * 9 / 10);
	assert_int_equal(faster.more, 0);
}

/* A machine on which one block in ten is hit cannot show 10 %; then it has to say so. */
static void test_noise_is_admitted(void **state)
{
	(void)state;
	int cannot = 0, same = 0;
	for (uint64_t t = 0; t < (uint64_t)trials; t++) {
		struct compare_row rows[SERIES];
		compare_once(&(struct machine){0.05, 0.1, 1.1}, t, rows);
		cannot += rows[0].verdict == COMPARE_CANNOT_TELL;
		same += rows[0].verdict == COMPARE_SAME;
	}
	assert_true(cannot >= trials / 4);
	assert_true(same <= trials / 50);
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
	for (int t = 0; t < trials; t++) {
		int any = 0;
		for (int s = 0; s < MANY; s++) {
			for (int i = 0; i < PAIRS; i++)
				for (int side = 0; side < 2; side++)
					values[side][s][i] = 10 * exp(0.05 * normal());
			series[s] = (struct compare_series){COMPARE_RATIO, 0.1, values[0][s],
							    values[1][s]};
		}
		compare(series, MANY, PAIRS, 0, rows);
		for (int s = 0; s < MANY; s++)
			any |= rows[s].verdict == COMPARE_MORE || rows[s].verdict == COMPARE_LESS;
		alarms += any;
	}
	assert_true(alarms <= trials / 50);
}

static struct compare_row of(enum compare_scale scale, const double *a, const double *b,
			     size_t pairs)
{
	struct compare_row row;
	const struct compare_series series = {scale, 0.1, a, b};
	compare(&series, 1, pairs, 0, &row);
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
	assert_true(of(COMPARE_DIFFERENCE, none, none, PAIRS).chance >= 1);
	const struct compare_row row = of(COMPARE_DIFFERENCE, none, some, PAIRS);
	assert_int_equal(row.verdict, COMPARE_MORE);
	assert_true(fabs(row.change.mid - 0.025) < 1e-9);
}

/* One question of the rule a row: the verdict stands or falls by it alone. */
static void test_each_side_of_each_question(void **state)
{
	(void)state;
	static const struct {
		struct stats_interval change;
		double floor, chance;
		enum compare_verdict verdict;
	} rows[] = {
		{{0.02, 0.05, 0.08}, 0.01, 0.001, COMPARE_MORE},
		{{-0.08, -0.05, -0.02}, 0.01, 0.001, COMPARE_LESS},
		/* chance: the bar itself is rare enough */
		{{0.02, 0.05, 0.08}, 0.01, 0.015, COMPARE_MORE},
		{{-0.08, -0.05, -0.02}, 0.01, 0.015, COMPARE_LESS},
		{{0.02, 0.05, 0.08}, 0.01, 0.016, COMPARE_CANNOT_TELL},
		{{-0.08, -0.05, -0.02}, 0.01, 0.016, COMPARE_CANNOT_TELL},
		/* floor: as large is no larger */
		{{0.02, 0.05, 0.08}, 0.05, 0.001, COMPARE_SAME},
		{{-0.08, -0.05, -0.02}, 0.05, 0.001, COMPARE_SAME},
		{{0.02, 0.05, 0.08}, 0.049, 0.001, COMPARE_MORE},
		{{-0.08, -0.05, -0.02}, 0.049, 0.001, COMPARE_LESS},
		{{0.02, 0.05, 0.08}, NAN, 0.001, COMPARE_CANNOT_TELL},
		/* interval: no change must be out, 10 % if it is to be none */
		{{0, 0.05, 0.08}, 0.01, 0.001, COMPARE_SAME},
		{{-0.08, -0.05, 0}, 0.01, 0.001, COMPARE_SAME},
		{{-0.02, 0.05, 0.10}, 0.01, 0.5, COMPARE_CANNOT_TELL},
		{{-0.10, -0.05, 0.02}, 0.01, 0.5, COMPARE_CANNOT_TELL},
		{{-0.09, 0, 0.09}, 0.01, 0.5, COMPARE_SAME},
		{{-0.02, 0, 0.02}, 0.10, 0.5, COMPARE_CANNOT_TELL},
		{{-0.02, 0, 0.02}, 0.09, 0.5, COMPARE_SAME},
		{{NAN, 0.05, NAN}, 0.01, 0.001, COMPARE_CANNOT_TELL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct compare_row row = {.change = rows[i].change,
						.floor = rows[i].floor,
						.chance = rows[i].chance,
						.chance_most = 0.015};
		if (compare_judge(&row, 0.10) != rows[i].verdict)
			print_message("row %zu\n", i);
		assert_int_equal(compare_judge(&row, 0.10), rows[i].verdict);
	}
}

static void test_each_side_of_an_assumed_noise(void **state)
{
	(void)state;
	static const struct {
		struct stats_interval change;
		enum compare_scale scale;
		double assumed;
		enum compare_verdict verdict;
	} rows[] = {
		{{1.01, 1.2, 1.4}, COMPARE_RATIO, 1, COMPARE_MORE},
		{{1, 1.2, 1.4}, COMPARE_RATIO, 1, COMPARE_CANNOT_TELL},
		{{-0.6, -0.55, -0.51}, COMPARE_RATIO, 1, COMPARE_LESS},
		{{-0.6, -0.55, -0.5}, COMPARE_RATIO, 1, COMPARE_CANNOT_TELL},
		{{-0.04, -0.03, -0.02}, COMPARE_DIFFERENCE, 0.01, COMPARE_LESS},
		{{0.02, 0.03, 0.04}, COMPARE_DIFFERENCE, 0.01, COMPARE_MORE},
		{{-0.005, 0, 0.005}, COMPARE_DIFFERENCE, 0.01, COMPARE_SAME},
		{{-0.005, 0, 0.01}, COMPARE_DIFFERENCE, 0.01, COMPARE_CANNOT_TELL},
		{{-0.01, 0, 0.005}, COMPARE_DIFFERENCE, 0.01, COMPARE_CANNOT_TELL},
		{{-0.005, 0, 0.005}, COMPARE_DIFFERENCE, 0.011, COMPARE_CANNOT_TELL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct compare_row row = {.change = rows[i].change, .floor = 0.1, .chance = 0.1};
		compare_assume(&row, rows[i].scale, rows[i].assumed, 0.01);
		if (row.verdict != rows[i].verdict)
			print_message("row %zu\n", i);
		assert_int_equal(row.verdict, rows[i].verdict);
		assert_true(isnan(row.floor) && isnan(row.chance));
	}
}

/* A is A and B is B, more is more, and each block counts. */
static void test_what_is_computed_of_every_block(void **state)
{
	(void)state;
	const double a[] = {1, 2, 4, 8},
		     b[] = {2, 8, 4, 32}; /* log2 of b / a: 1 2 0 2; b - a: 1 6 0 24 */
	const struct compare_row ratio = of(COMPARE_RATIO, a, b, 4);
	assert_true(fabs(ratio.change.mid - (exp2(3.0 / 2) - 1)) < 1e-12);
	assert_true(fabs(ratio.a - exp2(3.0 / 2)) < 1e-12);
	assert_true(fabs(ratio.b - exp2(5.0 / 2)) < 1e-12);
	const struct compare_row difference = of(COMPARE_DIFFERENCE, a, b, 4);
	assert_true(fabs(difference.change.mid - 31.0 / 4) < 1e-12);
	assert_true(fabs(difference.a - 15.0 / 4) < 1e-12);
	assert_true(fabs(difference.b - 46.0 / 4) < 1e-12);
	assert_true(of(COMPARE_RATIO, b, a, 4).change.mid < 0);
	assert_true(of(COMPARE_DIFFERENCE, b, a, 4).change.mid < 0);
}

/* All to one side: of 2^n swaps two are as extreme. With the second smallest of ten the other way
 * those are in which no more than a rank of 2 is, or none of the eight smallest: six of either
 * side.
 */
static void test_chance_by_all_swaps(void **state)
{
	(void)state;
	double a[16], b[16];
	for (int i = 0; i < 16; i++) {
		a[i] = 1;
		b[i] = exp(0.1 + 0.01 * i);
	}
	for (size_t pairs = 1; pairs <= 14; pairs++)
		assert_true(fabs(of(COMPARE_RATIO, a, b, pairs).chance - 2 / exp2((double)pairs)) <
			    1e-12);
	/* more are drawn: the order as it was is one of 20,000 */
	const double drawn = of(COMPARE_RATIO, a, b, 16).chance;
	assert_true(drawn >= 1.0 / 20000 && drawn < 5.0 / 20000);
	b[1] = 1 / b[1];
	assert_true(fabs(of(COMPARE_RATIO, a, b, 10).chance - 12.0 / 1024) < 1e-12);
	assert_true(fabs(of(COMPARE_RATIO, b, a, 10).chance - 12.0 / 1024) < 1e-12);
}

/* Between 0.005 and 0.015: enough for the series that decides, and for another one only where that
 * was called. */
static void test_the_series_that_decides(void **state)
{
	(void)state;
	double one[10], rare[10], sure[10], none[10];
	struct compare_row rows[2];
	for (int i = 0; i < 10; i++) {
		one[i] = 1;
		rare[i] = exp((i == 1 ? -1 : 1) * (0.1 + 0.01 * i));
		sure[i] = exp(0.1 + 0.01 * i);
		none[i] = exp(i % 2 ? 0.01 : -0.01);
	}
	const struct compare_series of_rare = {COMPARE_RATIO, 0.1, one, rare},
				    of_sure = {COMPARE_RATIO, 0.1, one, sure},
				    of_none = {COMPARE_RATIO, 0.1, one, none},
				    of_less = {COMPARE_RATIO, 0.1, sure, one};
	const struct {
		struct compare_series first, second;
		size_t decides;
		enum compare_verdict verdicts[2];
	} cases[] = {
		{of_rare, of_none, 0, {COMPARE_MORE, COMPARE_SAME}},
		{of_none, of_rare, 1, {COMPARE_SAME, COMPARE_MORE}},
		{of_rare, of_none, 1, {COMPARE_CANNOT_TELL, COMPARE_SAME}},
		{of_rare, of_none, 2, {COMPARE_CANNOT_TELL, COMPARE_SAME}},
		{of_sure, of_none, 2, {COMPARE_MORE, COMPARE_SAME}},
		{of_sure, of_rare, 0, {COMPARE_MORE, COMPARE_MORE}},
		{of_sure, of_rare, 1, {COMPARE_MORE, COMPARE_MORE}},
		{of_sure, of_rare, 2, {COMPARE_MORE, COMPARE_CANNOT_TELL}},
		{of_less, of_rare, 0, {COMPARE_LESS, COMPARE_MORE}},
		{of_less, of_rare, 2, {COMPARE_LESS, COMPARE_CANNOT_TELL}},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		compare((const struct compare_series[]){cases[i].first, cases[i].second}, 2, 10,
			cases[i].decides, rows);
		for (int s = 0; s < 2; s++) {
			if (rows[s].verdict != cases[i].verdicts[s])
				print_message("case %zu series %d\n", i, s);
			assert_int_equal(rows[s].verdict, cases[i].verdicts[s]);
		}
	}
}

/* Of A alone: each step is 10 % up or down, so the mean of ten with random signs is below 6 % in
 * 19 of 20 cases. */
/* Most pairs alike to one in a hundred, four of twenty off by a multiple to the wrong side: what a
 * shared machine does. Ranks alone would see nothing. */
static void test_a_few_pairs_far_off_hide_nothing(void **state)
{
	(void)state;
	double a[20], b[20];
	for (int i = 0; i < 20; i++) {
		a[i] = i % 5 == 1 ? 30 + i : 10 + 0.01 * (i % 3);
		b[i] = i % 5 == 1 ? 10 : 11 + 0.01 * (i % 4);
	}
	const struct compare_row row = of(COMPARE_RATIO, a, b, 20);
	assert_int_equal(row.verdict, COMPARE_MORE);
	assert_true(row.change.low > 0.09 && row.change.high < 0.11);
	assert_int_equal(of(COMPARE_RATIO, a, a, 20).verdict, COMPARE_SAME);
}

static void test_the_floor_is_that_of_a(void **state)
{
	(void)state;
	double still[PAIRS], restless[PAIRS];
	for (int i = 0; i < PAIRS; i++) {
		still[i] = 5;
		restless[i] = i % 2 ? 5 * 1.1 : 5;
	}
	assert_true(fabs(of(COMPARE_RATIO, still, restless, PAIRS).floor) < 1e-12);
	const double floor = of(COMPARE_RATIO, restless, still, PAIRS).floor;
	assert_true(floor > 0.05 && floor < 0.101);
	/* each step counts, the last too; up or down by lot: of 20 the middle 12 are 2/3 at most */
	const double late[] = {1, 1, 1, 2}, none[] = {1, 1, 1, 1};
	const double of_late = of(COMPARE_DIFFERENCE, late, none, 4).floor;
	assert_true(of_late > 0.2 && of_late < 0.8);
	double rising[20];
	for (int i = 0; i < 20; i++)
		rising[i] = i;
	const double of_rising = of(COMPARE_DIFFERENCE, rising, rising, 20).floor;
	assert_true(of_rising > 0.4 && of_rising < 0.7);
	assert_true(isnan(of(COMPARE_RATIO, restless, still, 3).floor));
	assert_true(of(COMPARE_RATIO, restless, still, 4).floor > 0);
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
	if (!getenv("UNSLOW_TEST_ALL"))
		trials /= 4;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_same_is_not_called_different),
		cmocka_unit_test(test_ten_percent_are_found),
		cmocka_unit_test(test_noise_is_admitted),
		cmocka_unit_test(test_many_series_raise_no_more_alarms),
		cmocka_unit_test(test_few_pairs_are_too_few),
		cmocka_unit_test(test_values_that_are_no_measurement),
		cmocka_unit_test(test_no_errors_on_either_side),
		cmocka_unit_test(test_each_side_of_each_question),
		cmocka_unit_test(test_each_side_of_an_assumed_noise),
		cmocka_unit_test(test_what_is_computed_of_every_block),
		cmocka_unit_test(test_chance_by_all_swaps),
		cmocka_unit_test(test_the_series_that_decides),
		cmocka_unit_test(test_a_few_pairs_far_off_hide_nothing),
		cmocka_unit_test(test_the_floor_is_that_of_a),
		cmocka_unit_test(test_the_same_twice),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
