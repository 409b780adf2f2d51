/* Buckets hold what they say, to a thousandth; ranks are counted, parts merge to the whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "load/histogram.h"

#define S UINT64_C(1000000000)

/* Values from 0 to past an hour: around each power of two, and in between. */
static size_t spread(uint64_t *values, size_t most)
{
	size_t count = 0;
	for (unsigned bit = 0; bit < 42; bit++) {
		const uint64_t power = UINT64_C(1) << bit;
		const uint64_t near[] = {power - 1, power, power + 1, power + power / 3};
		for (size_t i = 0; i < 4; i++) {
			assert_true(count < most);
			if (near[i] <= HISTOGRAM_MAX_NS)
				values[count++] = near[i];
		}
	}
	return count;
}

static void test_each_value_is_in_its_bucket(void **state)
{
	(void)state;
	uint64_t values[200];
	const size_t count = spread(values, 200);
	struct histogram *h = histogram_new();
	for (size_t i = 0; i < count; i++) {
		struct histogram_bucket b;
		size_t cursor = 0;
		histogram_reset(h);
		histogram_record(h, values[i]);
		assert_true(histogram_next(h, &cursor, &b));
		assert_int_equal(b.count, 1);
		assert_true(b.low_ns <= values[i] && values[i] <= b.high_ns);
		assert_true((b.high_ns - b.low_ns) * 1000 <= values[i]);
		assert_false(histogram_next(h, &cursor, &b));
		assert_int_equal(histogram_at(h, 0.5), values[i]); /* never above the largest */
		assert_int_equal(histogram_min(h), values[i]);
		assert_int_equal(histogram_max(h), values[i]);
	}
	histogram_free(h);
}

static void test_buckets_leave_no_gap(void **state)
{
	(void)state;
	struct histogram *h = histogram_new();
	uint64_t next = 0;
	while (next <= HISTOGRAM_MAX_NS) {
		struct histogram_bucket b;
		size_t cursor = 0;
		histogram_reset(h);
		histogram_record(h, next);
		assert_true(histogram_next(h, &cursor, &b));
		assert_int_equal(b.low_ns, next);
		next = b.high_ns + 1;
	}
	histogram_free(h);
}

static void test_quantiles_are_nearest_ranks(void **state)
{
	(void)state;
	struct histogram *h = histogram_new();
	assert_int_equal(histogram_at(h, 0.5), 0);
	for (uint64_t value = 1; value <= 10; value++)
		histogram_record(h, value * 100);
	static const struct {
		double quantile;
		uint64_t value;
	} rows[] = {
		{0, 100},   {0.05, 100},   {0.1, 100},    {0.11, 200}, {0.5, 500}, {0.51, 600},
		{0.9, 900}, {0.901, 1000}, {0.999, 1000}, {1, 1000},   {-1, 100},  {2, 1000},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(histogram_at(h, rows[i].quantile), rows[i].value);
	histogram_free(h);
}

/* 0.07 of 100 values is the 7th, though 0.07 * 100 is a hair more than 7 in binary. */
static void test_quantiles_that_binary_does_not_have(void **state)
{
	(void)state;
	struct histogram *h = histogram_new();
	for (uint64_t value = 1; value <= 100; value++)
		histogram_record(h, value);
	for (uint64_t rank = 1; rank <= 100; rank++)
		assert_int_equal(histogram_at(h, (double)rank / 100), rank);
	histogram_free(h);
}

/* 1 ms and one of 10 s: the bucket's highest value, as HdrHistogram has it. */
static void test_quantiles_of_wide_buckets(void **state)
{
	(void)state;
	struct histogram *h = histogram_new();
	histogram_record_many(h, 1000000, 999);
	histogram_record(h, 10 * S);
	assert_int_equal(histogram_count(h), 1000);
	assert_int_equal(histogram_at(h, 0.5), 1000447);
	assert_int_equal(histogram_at(h, 0.999), 1000447);
	assert_int_equal(histogram_at(h, 0.9991), 10 * S);
	histogram_free(h);
}

static void test_what_is_too_long_is_counted_and_said(void **state)
{
	(void)state;
	struct histogram *h = histogram_new();
	histogram_record(h, HISTOGRAM_MAX_NS);
	assert_int_equal(histogram_clipped(h), 0);
	histogram_record_many(h, UINT64_MAX, 2);
	assert_int_equal(histogram_clipped(h), 2);
	assert_int_equal(histogram_count(h), 3);
	assert_int_equal(histogram_max(h), HISTOGRAM_MAX_NS);
	assert_int_equal(histogram_at(h, 1), HISTOGRAM_MAX_NS);
	histogram_free(h);
}

static void test_mean_and_deviation(void **state)
{
	(void)state;
	struct histogram *h = histogram_new();
	assert_true(histogram_mean(h) == 0 && histogram_deviation(h) == 0);
	assert_int_equal(histogram_min(h), 0);
	histogram_record_many(h, 100, 3);
	histogram_record_many(h, 200, 1);
	assert_true(histogram_mean(h) == 125);
	assert_true(histogram_deviation(h) > 43.30 && histogram_deviation(h) < 43.31);
	histogram_reset(h);
	histogram_record(h, 7 * S);
	assert_true(histogram_mean(h) > 6.9965e9 && histogram_mean(h) < 7.0035e9);
	histogram_free(h);
}

static void assert_same(const struct histogram *a, const struct histogram *b)
{
	struct histogram_bucket x, y;
	size_t at_x = 0, at_y = 0;
	while (histogram_next(a, &at_x, &x)) {
		assert_true(histogram_next(b, &at_y, &y));
		assert_memory_equal(&x, &y, sizeof x);
	}
	assert_false(histogram_next(b, &at_y, &y));
}

static void test_parts_merge_to_the_whole(void **state)
{
	(void)state;
	uint64_t values[200];
	const size_t count = spread(values, 200);
	struct histogram *whole = histogram_new();
	struct histogram *parts[2] = {histogram_new(), histogram_new()};
	for (size_t i = 0; i < count; i++) {
		histogram_record_many(whole, values[i], i);
		histogram_record_many(parts[i % 3 == 0], values[i], i);
	}
	histogram_record(whole, UINT64_MAX);
	histogram_record(parts[1], UINT64_MAX);
	histogram_merge(parts[0], parts[1]);
	assert_same(whole, parts[0]);
	assert_int_equal(histogram_count(whole), histogram_count(parts[0]));
	assert_int_equal(histogram_clipped(parts[0]), 1);
	assert_int_equal(histogram_min(whole), histogram_min(parts[0]));
	assert_int_equal(histogram_max(whole), histogram_max(parts[0]));
	histogram_free(parts[0]);
	parts[0] = histogram_new();
	histogram_merge(parts[0], whole);
	assert_int_equal(histogram_min(whole), histogram_min(parts[0]));
	histogram_free(whole);
	histogram_free(parts[0]);
	histogram_free(parts[1]);
}

static void test_a_walk_makes_the_same_again(void **state)
{
	(void)state;
	uint64_t values[200];
	const size_t count = spread(values, 200);
	struct histogram *h = histogram_new(), *again = histogram_new();
	for (size_t i = 0; i < count; i++)
		histogram_record(h, values[i]);
	struct histogram_bucket b;
	for (size_t cursor = 0; histogram_next(h, &cursor, &b);)
		histogram_record_many(again, b.high_ns, b.count);
	assert_same(h, again);
	histogram_record_many(h, 5, 0);
	assert_same(h, again);
	histogram_free(h);
	histogram_free(again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_value_is_in_its_bucket),
		cmocka_unit_test(test_buckets_leave_no_gap),
		cmocka_unit_test(test_quantiles_are_nearest_ranks),
		cmocka_unit_test(test_quantiles_that_binary_does_not_have),
		cmocka_unit_test(test_quantiles_of_wide_buckets),
		cmocka_unit_test(test_what_is_too_long_is_counted_and_said),
		cmocka_unit_test(test_mean_and_deviation),
		cmocka_unit_test(test_parts_merge_to_the_whole),
		cmocka_unit_test(test_a_walk_makes_the_same_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
