/* When requests are due: exact, without drift, a true share a thread. No clock, no sleeping. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "load/arrivals.h"

static struct arrivals_spec constant(uint64_t rate, uint64_t duration_ns)
{
	return (struct arrivals_spec){
		.rate = rate, .rate_at_end = rate, .duration_ns = duration_ns};
}

static uint64_t count_all(const struct arrivals_spec *spec, uint32_t thread, uint32_t threads,
			  uint64_t *last_ns)
{
	struct arrivals s;
	uint64_t count = 0, offset_ns = 0, before_ns = 0;
	arrivals_begin(&s, spec, thread, threads);
	for (; arrivals_next(&s, &offset_ns); count++) {
		assert_true(offset_ns >= before_ns);
		before_ns = offset_ns;
	}
	*last_ns = offset_ns;
	return count;
}

/* Arrival `number` of a rate (in 1,000 s), by hand. */
static void test_constant_rates_do_not_drift(void **state)
{
	(void)state;
	static const struct {
		uint64_t rate, number, offset_ns;
	} rows[] = {
		{1000, 0, 0},
		{1000, 1, NS_PER_S},
		{3000, 1, 333333333},
		{3000, 2, 666666666},
		{3000, 3, NS_PER_S},
		{3000, 10800, 3600 * NS_PER_S},
		{7000000, 7000 * 3600, 3600 * NS_PER_S},
		{9999999000, 1, 100},
		{1, 1, 1000 * NS_PER_S},
		{1500, 3, 2 * NS_PER_S},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct arrivals_spec spec = constant(rows[i].rate, 86400 * NS_PER_S);
		struct arrivals s;
		uint64_t offset_ns = 1;
		arrivals_begin(&s, &spec, 0, 1);
		s.number = rows[i].number;
		assert_true(arrivals_next(&s, &offset_ns));
		assert_int_equal(offset_ns, rows[i].offset_ns);
	}
}

static void test_it_ends_with_its_time_or_its_count(void **state)
{
	(void)state;
	static const struct {
		uint64_t rate, duration_s, warm_up_s, count, arrivals, expected;
	} rows[] = {
		{1000000, 10, 0, 0, 10000, 10000},
		{3000, 1, 0, 0, 3, 3},
		{500, 1, 0, 0, 1, 1}, /* at 0 and not at 2 s */
		{1000000, 10, 2, 0, 12000, 10000},
		{1000000, 10, 0, 77, 77, 77},
		{1000000, 10, 2, 77, 2077, 77},
		{1000000, 1, 0, 5000, 1000, 1000},
		{700, 10, 1, 3, 4, 3}, /* 0; 1.43, 2.86, 4.29 s: those behind the warm-up count */
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arrivals_spec spec = constant(rows[i].rate, rows[i].duration_s * NS_PER_S);
		uint64_t last_ns;
		spec.warm_up_ns = rows[i].warm_up_s * NS_PER_S;
		spec.count = rows[i].count;
		assert_int_equal(count_all(&spec, 0, 1, &last_ns), rows[i].arrivals);
		assert_int_equal(arrivals_expected(&spec), rows[i].expected);
		assert_true(last_ns < spec.warm_up_ns + spec.duration_ns);
	}
}

/* All arrivals of all threads are the arrivals of one. */
static void test_threads_share_the_arrivals(void **state)
{
	(void)state;
	struct arrivals_spec specs[] = {
		constant(1234567, 3 * NS_PER_S),
		{.rate = 10000, .rate_at_end = 900000, .duration_ns = 3 * NS_PER_S, .count = 1001},
	};
	for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
		struct arrivals one, shares[4];
		uint64_t due_ns, share_ns, count = 0;
		arrivals_begin(&one, &specs[i], 0, 1);
		for (uint32_t t = 0; t < 4; t++)
			arrivals_begin(&shares[t], &specs[i], t, 4);
		for (; arrivals_next(&one, &due_ns); count++) {
			assert_true(arrivals_next(&shares[count % 4], &share_ns));
			assert_int_equal(share_ns, due_ns);
		}
		for (uint32_t t = 0; t < 4; t++)
			assert_false(arrivals_next(&shares[t], &share_ns));
	}
}

static void test_a_ramp_is_linear_in_its_rate(void **state)
{
	(void)state;
	static const struct {
		uint64_t from, to, half; /* arrivals a second; due in the first of two seconds */
	} rows[] = {{0, 400, 100}, {400, 0, 300}, {100, 300, 150}, {100, 101, 100}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct arrivals_spec spec = {.rate = rows[i].from * ARRIVALS_RATE_UNIT,
						   .rate_at_end = rows[i].to * ARRIVALS_RATE_UNIT,
						   .duration_ns = 2 * NS_PER_S};
		struct arrivals s;
		uint64_t offset_ns, half = 0, all = 0;
		arrivals_begin(&s, &spec, 0, 1);
		for (; arrivals_next(&s, &offset_ns); all++)
			half += offset_ns < NS_PER_S;
		assert_in_range(half, rows[i].half, rows[i].half + 1);
		assert_in_range(all, rows[i].from + rows[i].to, rows[i].from + rows[i].to + 1);
	}
}

/* A ramp behind a warm-up at its first rate: no arrival is lost or doubled at the seam. */
static void test_a_ramp_begins_behind_the_warm_up(void **state)
{
	(void)state;
	const struct arrivals_spec spec = {.rate = 100000,
					   .rate_at_end = 200000,
					   .warm_up_ns = NS_PER_S,
					   .duration_ns = NS_PER_S};
	struct arrivals s;
	uint64_t offset_ns, before_ns = 0, warm = 0, all = 0;
	arrivals_begin(&s, &spec, 0, 1);
	for (; arrivals_next(&s, &offset_ns); all++) {
		warm += offset_ns < NS_PER_S;
		assert_true(all == 0 || offset_ns - before_ns <= 10 * NS_PER_MS);
		assert_true(all == 0 || offset_ns - before_ns >= 4 * NS_PER_MS);
		before_ns = offset_ns;
	}
	assert_int_equal(warm, 100);
	assert_int_equal(all, 250);
	assert_int_equal(s.measured, 150);
}

/* Mean gap 1/rate, deviation the same as the mean (exponential), over one thread and over four. */
static void test_poisson_arrivals_know_nothing_of_each_other(void **state)
{
	(void)state;
	struct arrivals_spec spec = constant(1000000, 100 * NS_PER_S);
	spec.poisson = true;
	spec.seed = 42;
	for (uint32_t threads = 1; threads <= 4; threads += 3) {
		uint64_t all = 0;
		for (uint32_t t = 0; t < threads; t++) {
			struct arrivals s;
			uint64_t offset_ns, before_ns = 0, count = 0;
			double squares = 0;
			arrivals_begin(&s, &spec, t, threads);
			for (; arrivals_next(&s, &offset_ns); count++) {
				const double gap = (double)(offset_ns - before_ns) / 1e6 / threads;
				squares += gap * gap;
				before_ns = offset_ns;
			}
			/* E[gap²] of an exponential of mean 1 is 2. */
			assert_true(fabs(squares / (double)count - 2) < 0.15);
			all += count;
		}
		assert_true(fabs((double)all / 100000 - 1) < 0.02); /* 6 deviations */
	}
}

static void test_a_seed_repeats_and_a_copy_is_a_second_cursor(void **state)
{
	(void)state;
	struct arrivals_spec spec = constant(1000000, NS_PER_S);
	spec.poisson = true;
	spec.seed = 7;
	spec.count = 50;
	struct arrivals a, b;
	uint64_t a_ns, b_ns;
	arrivals_begin(&a, &spec, 0, 1);
	for (int i = 0; i < 10; i++)
		assert_true(arrivals_next(&a, &a_ns));
	b = a;
	for (int i = 10; i < 50; i++) {
		assert_true(arrivals_next(&a, &a_ns));
		assert_true(arrivals_next(&b, &b_ns));
		assert_int_equal(a_ns, b_ns);
	}
	assert_false(arrivals_next(&a, &a_ns));
	spec.seed = 8;
	arrivals_begin(&b, &spec, 0, 1);
	assert_true(arrivals_next(&b, &b_ns));
	arrivals_begin(&a, &a.spec, 0, 1);
	assert_true(arrivals_next(&a, &a_ns));
	assert_int_not_equal(a_ns, b_ns);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_constant_rates_do_not_drift),
		cmocka_unit_test(test_it_ends_with_its_time_or_its_count),
		cmocka_unit_test(test_threads_share_the_arrivals),
		cmocka_unit_test(test_a_ramp_is_linear_in_its_rate),
		cmocka_unit_test(test_a_ramp_begins_behind_the_warm_up),
		cmocka_unit_test(test_poisson_arrivals_know_nothing_of_each_other),
		cmocka_unit_test(test_a_seed_repeats_and_a_copy_is_a_second_cursor),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
