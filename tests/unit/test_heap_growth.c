/* Series as a sampled heap gives them: what leaks is found, what does not is not called a leak. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>

#include "model/heap_growth.h"

enum { POINTS = 40, RUNS = 200, PROCESSES_MAX = 4 };
#define UNITS 5000.0

static uint64_t seed;

static double uniform(void)
{
	return ((double)(stats_random(&seed) >> 11) + 0.5) * 0x1p-53;
}

static double gauss(void)
{
	return sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform());
}

/* What is live truly, in bytes, after a part of the work. */
typedef double (*shape)(double part, double size);

static double leak(double part, double size)
{
	return size * part;
}
/* A bounded cache that is filled at a constant rate, and full after 0.6 of the work. */
static double cache(double part, double size)
{
	return size * fmin(part, 0.6) / 0.6;
}
/* One whose keys come again: ever fewer are new. */
static double saturating(double part, double size)
{
	return size * (1 - exp(-4 * part));
}
static double step(double part, double size)
{
	return part < 0.55 ? 0 : size;
}
static double saw(double part, double size)
{
	return size * fmod(7 * part, 1);
}
static double flat(double part, double size)
{
	(void)part;
	return size;
}

struct world {
	struct heap_point points[PROCESSES_MAX][POINTS];
	struct heap_series series[PROCESSES_MAX];
	size_t processes;
};

/* As samples that stand for `interval` bytes each see it: each block found or not at its birth, and
 * gone with it. Births come in order, so that what is live is a window of them. */
static void sample(struct world *w, shape s, double size, double interval, double noise)
{
	for (size_t p = 0; p < w->processes; p++) {
		double found = 0, last = 0;
		for (int i = 0; i < POINTS; i++) {
			const double part = (i + 1.0) / POINTS;
			const double live = s(part, size), more = live - last;
			if (more < 0)
				found *= live / last;
			/* Poisson: gaps between samples are exponential */
			double at = -log(uniform()) * interval;
			while (at < more) {
				found += interval;
				at += -log(uniform()) * interval;
			}
			last = live;
			w->points[p][i] = (struct heap_point){
				.work = UNITS * part, .bytes = fmax(0, found + noise * gauss())};
		}
		w->series[p] = (struct heap_series){w->points[p], POINTS};
	}
}

/* How many of RUNS get this verdict. */
static int count(shape s, size_t processes, double size, double interval, double noise,
		 enum heap_verdict wanted)
{
	struct world w = {.processes = processes};
	struct heap_growth growth;
	int got = 0;
	seed = 4711;
	for (int run = 0; run < RUNS; run++) {
		sample(&w, s, size, interval, noise);
		heap_growth_judge(w.series, w.processes, interval, interval, &growth);
		got += growth.verdict == wanted;
	}
	return got;
}

/* Of RUNS, at most. */
static void assert_no_leak(shape s, int most, double size, double interval, double noise)
{
	const int leaks = count(s, 1, size, interval, noise, HEAP_GROWS);
	const int many = count(s, PROCESSES_MAX, size, interval, noise, HEAP_GROWS);
	if (leaks > most || many > most)
		fail_msg("called a leak in %d and %d of %d runs", leaks, many, RUNS);
}

/* 2 KiB a unit. */
static void test_a_leak_grows(void **state)
{
	(void)state;
	assert_in_range(count(leak, 1, 2048 * UNITS, 16384, 0, HEAP_GROWS), RUNS * 95 / 100, RUNS);
	assert_in_range(count(leak, 4, 2048 * UNITS, 65536, 0, HEAP_GROWS), RUNS * 95 / 100, RUNS);
}

/* 200 bytes a unit for 5,000 units, one sample in 16 KiB. */
static void test_a_small_leak_grows(void **state)
{
	(void)state;
	assert_in_range(count(leak, 1, 200 * UNITS, 16384, 0, HEAP_GROWS), RUNS * 90 / 100, RUNS);
}

/* Of eight samples none can say that it goes on. */
static void test_of_few_samples_it_may_grow(void **state)
{
	(void)state;
	assert_in_range(count(leak, 1, 200 * UNITS, 131072, 0, HEAP_GROWS), 0, RUNS * 1 / 100);
	assert_in_range(count(leak, 1, 200 * UNITS, 131072, 0, HEAP_MAY_GROW), RUNS * 4 / 10, RUNS);
}

/* That it stopped is not said of a leak by chance, nor of a step whose end is too near. */
static void test_a_leak_does_not_settle(void **state)
{
	(void)state;
	for (int samples = 8; samples <= 128; samples *= 2) {
		const double interval = 400.0 * UNITS / samples;
		assert_in_range(count(leak, 1, 400 * UNITS, interval, 0, HEAP_SETTLES), 0,
				RUNS * 4 / 100);
		assert_in_range(count(leak, 4, 400 * UNITS, interval, 0, HEAP_SETTLES), 0,
				RUNS * 4 / 100);
	}
}

/* Thirty samples in what is looked at tell a leak, and a cache that is full. */
static void test_of_enough_samples_it_is_told(void **state)
{
	(void)state;
	const double interval = 0.8 * 400 * UNITS / 30;
	assert_in_range(count(leak, 1, 400 * UNITS, interval, 0, HEAP_GROWS), RUNS * 80 / 100,
			RUNS);
	assert_in_range(count(cache, 1, 400 * UNITS, interval, 0, HEAP_SETTLES), RUNS * 90 / 100,
			RUNS);
}

/* Samples of imports stand for 128 KiB each, those of the leak for 16: these are judged by their
 * own. A cache that fills is no more a leak for it, nor what is of samples as wide as all. */
static void test_what_grew_is_judged_by_its_own_samples(void **state)
{
	const double own = 0.8 * 400 * UNITS / 30, wide = 8 * own, there = 50 * wide;
	struct world w = {.processes = 1};
	struct heap_growth growth;
	int leaks = 0, unknown = 0, caches = 0;
	(void)state;
	seed = 12;
	for (int run = 0; run < 3 * RUNS; run++) {
		sample(&w, run % 3 ? leak : cache, 400 * UNITS, own, 0);
		for (int i = 0; i < POINTS; i++) {
			const double grew = w.points[0][i].bytes;
			w.points[0][i].bytes = there + grew;
			w.points[0][i].variance = there * wide + grew * (run % 3 == 1 ? wide : own);
		}
		heap_growth_judge(w.series, 1, wide, own, &growth);
		leaks += run % 3 == 2 && growth.verdict == HEAP_GROWS;
		unknown += run % 3 == 1 && growth.verdict == HEAP_GROWS;
		caches += run % 3 == 0 && growth.verdict == HEAP_GROWS;
	}
	assert_in_range(leaks, RUNS * 80 / 100, RUNS);
	assert_in_range(unknown, 0, RUNS * 1 / 100);
	assert_in_range(caches, 0, RUNS * 4 / 100);
}

/* A table that doubles amid what leaks hides it; one that doubles and nothing beside it is no leak,
 * nor is a cache that fills for one. */
static void test_a_table_hides_no_leak(void **state)
{
	const double interval = 0.8 * 400 * UNITS / 120;
	const shape shapes[] = {leak, cache, saturating, flat};
	int leaks[4] = {0};
	struct world w = {.processes = 1};
	struct heap_growth growth;
	(void)state;
	seed = 9;
	for (int run = 0; run < 4 * RUNS; run++) {
		sample(&w, shapes[run % 4], 400 * UNITS, interval, 0);
		for (int i = 12 + run % 16; i < POINTS; i++)
			w.points[0][i].bytes += 0.4 * 400 * UNITS;
		heap_growth_judge(w.series, 1, interval, interval, &growth);
		leaks[run % 4] += growth.verdict == HEAP_GROWS;
		if (run % 4 == 0 && growth.verdict == HEAP_GROWS)
			assert_true(growth.slope.mid > 250 && growth.slope.mid < 600);
	}
	assert_in_range(leaks[0], RUNS * 80 / 100, RUNS);
	assert_in_range(leaks[1], 0, RUNS * 4 / 100);
	assert_in_range(leaks[2], 0, RUNS * 4 / 100);
	assert_int_equal(leaks[3], 0);
}

/* Where nothing is sampled what was seen is so. */
static void test_what_is_counted_settles(void **state)
{
	struct world w = {.processes = 1};
	struct heap_growth growth;
	(void)state;
	seed = 3;
	sample(&w, cache, 400 * UNITS, 1000, 0);
	heap_growth_judge(w.series, 1, 0, 0, &growth);
	assert_int_equal(growth.verdict, HEAP_SETTLES);
	assert_true(isnan(growth.grown_samples));
	sample(&w, leak, 400 * UNITS, 1000, 0);
	heap_growth_judge(w.series, 1, 0, 0, &growth);
	assert_int_equal(growth.verdict, HEAP_GROWS);
}

/* As much more work as is said tells it. */
static void test_how_much_more_work_would_tell(void **state)
{
	struct world w = {.processes = 1};
	struct heap_growth growth;
	int told = 0, asked = 0;
	(void)state;
	seed = 5;
	for (int run = 0; run < RUNS; run++) {
		sample(&w, leak, 400 * UNITS, 400 * UNITS / 12, 0);
		heap_growth_judge(w.series, 1, 400 * UNITS / 12, 400 * UNITS / 12, &growth);
		if (growth.verdict != HEAP_MAY_GROW)
			continue;
		assert_true(growth.grown_samples > 0 && growth.grown_samples < 30);
		const double times = 1 + growth.more_work / UNITS;
		assert_true(times > 1 && times < 30);
		asked++;
		/* all that was and that would come, seen in as many looks */
		sample(&w, leak, times * 400 * UNITS, 400 * UNITS / 12, 0);
		heap_growth_judge(w.series, 1, 400 * UNITS / 12, 400 * UNITS / 12, &growth);
		told += growth.verdict == HEAP_GROWS;
		if (growth.verdict != HEAP_MAY_GROW)
			assert_true(isnan(growth.more_work));
	}
	assert_true(asked > RUNS / 2);
	assert_in_range(told, asked * 70 / 100, asked);
}

static void test_the_slope_is_what_leaks(void **state)
{
	struct world w = {.processes = 2};
	struct heap_growth growth;
	double sum = 0;
	int held = 0;
	(void)state;
	seed = 11;
	for (int run = 0; run < RUNS; run++) {
		sample(&w, leak, 2048 * UNITS, 16384, 0);
		heap_growth_judge(w.series, w.processes, 16384, 16384, &growth);
		sum += growth.slope.mid;
		held += growth.slope.low <= 2048 && growth.slope.high >= 2048;
		assert_true(fabs(growth.work - 2 * 0.8 * UNITS) < 0.05 * UNITS);
	}
	if (fabs(sum / RUNS / 2048 - 1) > 0.02)
		fail_msg("mean slope %.1f", sum / RUNS);
	assert_in_range(held, RUNS * 90 / 100, RUNS);
}

static void assert_no_leak_however_seen(shape s, int most)
{
	assert_no_leak(s, most, 2048 * UNITS, 16384, 0);
	assert_no_leak(s, most, 2048 * UNITS, 131072, 0);
	assert_no_leak(s, most, 200 * UNITS, 16384, 0);
	assert_no_leak(s, most, 200 * UNITS, 16384, 50000);
}

static void test_what_does_not_leak_is_not_called_so(void **state)
{
	static const shape shapes[] = {cache, step, saw, flat};
	(void)state;
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
		assert_no_leak_however_seen(shapes[i], 0);
	/* it still grows a little at the end: of few samples that may look steady */
	assert_no_leak_however_seen(saturating, RUNS * 1 / 100);
}

/* What walks at random: the sum of steps to either side. */
static void test_a_walk_is_seldom_a_leak(void **state)
{
	struct heap_point points[POINTS];
	const struct heap_series series = {points, POINTS};
	struct heap_growth growth;
	int leaks = 0;
	(void)state;
	seed = 23;
	for (int run = 0; run < RUNS; run++) {
		double at = 1e6;
		for (int i = 0; i < POINTS; i++) {
			at += 1e5 * gauss();
			points[i] = (struct heap_point){.work = i, .bytes = at};
		}
		heap_growth_judge(&series, 1, 16384, 16384, &growth);
		leaks += growth.verdict == HEAP_GROWS;
	}
	assert_in_range(leaks, 0, RUNS * 3 / 100);
}

static void test_too_few_points_say_nothing(void **state)
{
	struct world w = {.processes = 1};
	struct heap_growth growth;
	(void)state;
	seed = 1;
	sample(&w, leak, 1e7, 16384, 0);
	w.series[0].count = HEAP_WINDOWS_LEAST - 1;
	heap_growth_judge(w.series, 1, 16384, 16384, &growth);
	assert_int_equal(growth.verdict, HEAP_TOO_FEW);
	assert_true(isnan(growth.slope.mid));
	/* no work was done in between */
	for (int i = 0; i < POINTS; i++)
		w.points[0][i].work = 3;
	w.series[0].count = POINTS;
	heap_growth_judge(w.series, 1, 16384, 16384, &growth);
	assert_int_equal(growth.verdict, HEAP_TOO_FEW);
	heap_growth_judge(NULL, 0, 16384, 16384, &growth);
	assert_int_equal(growth.verdict, HEAP_TOO_FEW);
}

/* As a damaged recording has it: work that goes back and forth, and is no number. */
static void test_work_that_goes_back_is_passed_over(void **state)
{
	struct heap_point points[POINTS];
	const struct heap_series series = {points, POINTS};
	struct heap_growth growth;
	(void)state;
	for (int i = 0; i < POINTS; i++)
		points[i] = (struct heap_point){.work = i % 2 ? 900 - i : i, .bytes = i * 1e6};
	points[POINTS - 1].work = 1000;
	heap_growth_judge(&series, 1, 16384, 16384, &growth);
	assert_true(growth.windows <= HEAP_WINDOWS + 1);
	points[POINTS / 2].work = NAN;
	heap_growth_judge(&series, 1, 16384, 16384, &growth);
	assert_true(growth.windows <= HEAP_WINDOWS + 1);
}

/* The first fifth is warm-up: imports, templates, connections. */
static void test_warm_up_is_left_out(void **state)
{
	struct heap_point points[POINTS];
	const struct heap_series series = {points, POINTS};
	struct heap_growth growth;
	(void)state;
	for (int i = 0; i < POINTS; i++)
		points[i] = (struct heap_point){.work = i, .bytes = fmin(i, POINTS / 6.0) * 1e6};
	heap_growth_judge(&series, 1, 16384, 16384, &growth);
	assert_int_equal(growth.verdict, HEAP_FLAT);
	assert_true(growth.slope.mid == 0 && growth.grown_bytes == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_leak_grows),
		cmocka_unit_test(test_a_small_leak_grows),
		cmocka_unit_test(test_of_few_samples_it_may_grow),
		cmocka_unit_test(test_a_leak_does_not_settle),
		cmocka_unit_test(test_of_enough_samples_it_is_told),
		cmocka_unit_test(test_what_grew_is_judged_by_its_own_samples),
		cmocka_unit_test(test_a_table_hides_no_leak),
		cmocka_unit_test(test_what_is_counted_settles),
		cmocka_unit_test(test_how_much_more_work_would_tell),
		cmocka_unit_test(test_the_slope_is_what_leaks),
		cmocka_unit_test(test_what_does_not_leak_is_not_called_so),
		cmocka_unit_test(test_a_walk_is_seldom_a_leak),
		cmocka_unit_test(test_too_few_points_say_nothing),
		cmocka_unit_test(test_work_that_goes_back_is_passed_over),
		cmocka_unit_test(test_warm_up_is_left_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
