/* Rows of a run: by when a request was due, folded when there are too many. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "load/timeline.h"

static void test_a_row_holds_those_that_were_due_in_it(void **state)
{
	(void)state;
	struct timeline t;
	timeline_begin(&t);
	timeline_due(&t, 0);
	timeline_due(&t, NS_PER_S - 1);
	timeline_due(&t, NS_PER_S);
	timeline_response(&t, NS_PER_S - 1, 3 * NS_PER_S); /* answered in the third second … */
	timeline_completed(&t, 3 * NS_PER_S + 5); /* … which is where it counts as work */
	timeline_error(&t, NS_PER_S, false);
	timeline_error(&t, NS_PER_S, true);
	assert_int_equal(t.count, 4);
	assert_int_equal(t.rows[0].due, 2);
	assert_int_equal(t.rows[0].longest_ns, 3 * NS_PER_S);
	assert_int_equal(t.rows[0].completed, 0);
	assert_int_equal(t.rows[1].due, 1);
	assert_int_equal(t.rows[1].errors, 2);
	assert_int_equal(t.rows[1].failed, 1);
	assert_int_equal(t.rows[3].completed, 1);
	timeline_free(&t);
}

static void test_quantiles_are_right_to_a_class(void **state)
{
	(void)state;
	static const uint64_t values_ns[] = {1024, 68000, 999999, 50 * NS_PER_MS, 40 * NS_PER_S};
	for (size_t i = 0; i < sizeof values_ns / sizeof *values_ns; i++) {
		struct timeline t;
		timeline_begin(&t);
		timeline_response(&t, 0, values_ns[i]);
		const double ratio =
			(double)timeline_row_at(&t.rows[0], 0.5) / (double)values_ns[i];
		assert_true(ratio > 0.96 && ratio < 1.04);
		timeline_free(&t);
	}
	struct timeline t;
	timeline_begin(&t);
	for (uint64_t ms = 1; ms <= 100; ms++)
		timeline_response(&t, 0, ms * NS_PER_MS);
	timeline_response(&t, 0, 0);          /* below and … */
	timeline_response(&t, 0, UINT64_MAX); /* … above all classes */
	assert_in_range(timeline_row_at(&t.rows[0], 0.5), 48 * NS_PER_MS, 53 * NS_PER_MS);
	assert_in_range(timeline_row_at(&t.rows[0], 0.9), 86 * NS_PER_MS, 96 * NS_PER_MS);
	assert_true(timeline_row_at(&t.rows[0], 0) < 1100);
	timeline_free(&t);
}

/* The middle of a class may lie above all that is in it. */
static void test_no_quantile_is_above_the_longest(void **state)
{
	(void)state;
	struct timeline t;
	timeline_begin(&t);
	for (uint64_t ns = 21 * NS_PER_MS; ns <= 21400000; ns += 10000)
		timeline_response(&t, 0, ns);
	assert_int_equal(t.rows[0].longest_ns, 21400000);
	assert_int_equal(timeline_row_at(&t.rows[0], 0.99), 21400000);
	timeline_free(&t);
}

static void test_an_empty_row_has_no_latency(void **state)
{
	(void)state;
	struct timeline t;
	timeline_begin(&t);
	timeline_due(&t, 0);
	assert_int_equal(timeline_row_at(&t.rows[0], 0.99), 0);
	timeline_free(&t);
}

/* A day fits, and nothing of it is lost. */
static void test_long_runs_fold(void **state)
{
	(void)state;
	struct timeline t;
	uint64_t due = 0;
	timeline_begin(&t);
	for (uint64_t second = 0; second < 86400; second++)
		timeline_due(&t, second * NS_PER_S);
	assert_true(t.count <= TIMELINE_ROWS_MAX);
	assert_int_equal(t.row_ns, 128 * NS_PER_S);
	for (size_t i = 0; i < t.count; i++) {
		due += t.rows[i].due;
		assert_int_equal(t.rows[i].due,
				 128 - (i + 1 == t.count ? 128 * t.count - 86400 : 0));
	}
	assert_int_equal(due, 86400);
	timeline_free(&t);
}

static void test_threads_add_up_whatever_their_rows(void **state)
{
	(void)state;
	struct timeline a, b;
	timeline_begin(&a);
	timeline_begin(&b);
	timeline_due(&a, 0);
	timeline_due(&a, 3 * NS_PER_S);
	timeline_due(&b, 0);
	timeline_due(&b, 2000 * NS_PER_S); /* folds once */
	timeline_merge(&a, &b);
	assert_int_equal(a.row_ns, 2 * NS_PER_S);
	assert_int_equal(a.rows[0].due, 2);
	assert_int_equal(a.rows[1].due, 1);
	assert_int_equal(a.rows[1000].due, 1);
	timeline_free(&b);
	timeline_begin(&b);
	timeline_due(&b, 5 * NS_PER_S);
	timeline_merge(&a, &b);
	assert_int_equal(a.rows[2].due, 1);
	timeline_free(&a);
	timeline_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_row_holds_those_that_were_due_in_it),
		cmocka_unit_test(test_quantiles_are_right_to_a_class),
		cmocka_unit_test(test_no_quantile_is_above_the_longest),
		cmocka_unit_test(test_an_empty_row_has_no_latency),
		cmocka_unit_test(test_long_runs_fold),
		cmocka_unit_test(test_threads_add_up_whatever_their_rows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
