/* Load results read back, and runs folded to what is compared. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/str.h"
#include "model/load_result.h"
#include "model/runs.h"

static struct arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static int near(double a, double b)
{
	return fabs(a - b) < 1e-9;
}

#define HEAD \
	"{\"schema\": \"unslow.load/1\", \"window_s\": 2.5, \"second_s\": 1, \"invalid\": false, " \
	"\"plan\": {\"rate_per_s\": 160}, \"requests\": {\"due\": 400, \"answered_per_s\": 160}, " \
	"\"errors\": {\"all\": 4}, " \
	"\"response_ms\": {\"p50\": 10, \"p90\": 15, \"p99\": 20, \"mean\": 11}"
#define HISTOGRAM ", \"response_histogram\": [[10000000, 300], [20000000, 100]]"
#define SECONDS \
	", \"seconds\": [" \
	"{\"at_s\": 0, \"due\": 160, \"completed\": 150, \"errors\": 4, \"p50_ms\": 9, " \
	"\"p99_ms\": 20}," \
	"{\"at_s\": 1, \"due\": 0, \"completed\": 10, \"errors\": 0, \"p50_ms\": 0, \"p99_ms\": " \
	"0}," \
	"{\"at_s\": 2, \"due\": 80, \"completed\": 80, \"errors\": 0, \"p50_ms\": 9, \"p99_ms\": " \
	"20}]"

static void test_a_result_is_read(void **state)
{
	(void)state;
	static const char text[] = HEAD HISTOGRAM SECONDS "}\n";
	struct run *runs;
	size_t count;
	struct err e = {0};
	assert_true(load_result_is(text, strlen(text)));
	assert_int_equal(load_results_read(text, strlen(text), "a.json", arena, &runs, &count, &e),
			 ERR_OK);
	assert_int_equal(count, 1);
	assert_true(near(runs[0].whole.value[RUN_P50], 10));
	assert_true(near(runs[0].whole.value[RUN_P99], 20));
	assert_true(near(runs[0].whole.value[RUN_RATE], 160));
	assert_true(near(runs[0].whole.value[RUN_ERRORS], 0.01));
	assert_true(isnan(runs[0].whole.value[RUN_WALL]));
	assert_true(near(runs[0].offered_per_s, 160));
	assert_int_equal(runs[0].count_count, 2);
	assert_true(near(runs[0].counts[1].value_ms, 20));
	/* the third second was cut; in the second nobody waited, so its times are not known */
	assert_int_equal(runs[0].part_count, 2);
	assert_true(near(runs[0].parts[0].value[RUN_ERRORS], 0.025));
	assert_true(isnan(runs[0].parts[1].value[RUN_P50]));
	assert_true(near(runs[0].parts[1].value[RUN_RATE], 10));
}

static void test_several_results_in_one_text(void **state)
{
	(void)state;
	static const char text[] =
		HEAD "}\n\n" HEAD ", \"note\": \"a } in \\\" a string\"}" HEAD "}";
	struct run *runs;
	size_t count;
	assert_int_equal(
		load_results_read(text, strlen(text), "a.json", arena, &runs, &count, NULL),
		ERR_OK);
	assert_int_equal(count, 3);
}

static void test_what_is_no_result(void **state)
{
	(void)state;
	static const struct {
		const char *text, *says;
	} rows[] = {
		{"", "it is empty"},
		{" \n", "it is empty"},
		{"hello", "byte 0"},
		{"{", "byte 0"},
		{HEAD "} x", "no JSON object begins"},
		{HEAD, "byte 0"},
		{"{}", "names no schema"},
		{"{]", "names no schema"},
		{"{\"schema\": 7}", "of schema unslow.load/1 but of '7'"},
		{"{\"schema\": \"unslow.load/2\"}", "but of 'unslow.load/2'"},
		{"{\"schema\": \"unslow.load/1\"}", "holds no request"},
		{"{\"schema\": \"unslow.load/1\", \"requests\": {\"due\": \"x\"}}", "no request"},
		{"{\"schema\": \"unslow.load/1\", \"requests\": {\"due\": -1}}", "no request"},
		{HEAD ", \"response_histogram\": [[2, 1], [1, 1]]}", "histogram is broken"},
		{HEAD ", \"response_histogram\": [[2, \"x\"]]}", "histogram is broken"},
		{HEAD ", \"response_histogram\": [7]}", "histogram is broken"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct run *runs;
		size_t count;
		struct err e = {0};
		assert_int_equal(load_results_read(rows[i].text, strlen(rows[i].text), "a.json",
						   arena, &runs, &count, &e),
				 ERR_RECORDING);
		if (!strstr(e.text, rows[i].says))
			print_message("%zu: %s\n", i, e.text);
		assert_non_null(strstr(e.text, rows[i].says));
	}
	assert_false(load_result_is("hello", 5));
	assert_false(load_result_is("{\"a\": 1}", 8));
	assert_false(load_result_is("", 0));
	assert_false(load_result_is("{\"schema\": \"unslow.load/1\"", 26));
}

/* Nothing that is cut or changed may be read past its end or crash. */
static void test_cut_and_changed_anywhere(void **state)
{
	(void)state;
	static const char text[] = HEAD HISTOGRAM SECONDS "}";
	struct run *runs;
	size_t count;
	for (size_t i = 0; i < strlen(text); i++) {
		char *copy = malloc(strlen(text)); /* exact: a sanitizer sees one byte too far */
		assert_non_null(copy);
		memcpy(copy, text, strlen(text));
		assert_int_equal(load_results_read(copy, i, "a", arena, &runs, &count, NULL),
				 ERR_RECORDING);
		copy[i] = "\"\\{}[]0\n"[i % 8];
		(void)load_result_is(copy, strlen(text));
		if (load_results_read(copy, strlen(text), "a", arena, &runs, &count, NULL) ==
		    ERR_OK)
			assert_true(count >= 1);
		free(copy);
	}
}

static void test_quantiles_of_a_histogram(void **state)
{
	(void)state;
	const struct run_count counts[] = {{1, 50}, {2, 40}, {3, 9}, {100, 1}};
	struct run_part part;
	run_part_clear(&part);
	run_part_of_counts(&part, counts, 4);
	assert_true(near(part.value[RUN_P50], 1));
	assert_true(near(part.value[RUN_P90], 2));
	assert_true(near(part.value[RUN_P99], 3));
	assert_true(near(part.value[RUN_MEAN], 2.57));
	run_part_clear(&part);
	run_part_of_counts(&part, counts, 0);
	assert_true(isnan(part.value[RUN_P50]));
}

/* The nearest rank is the first value that this share of all is at or below: of 101 the 51st, 91st
 * and 100th, of one the first. */
static void test_quantiles_by_nearest_rank(void **state)
{
	(void)state;
	static const struct {
		size_t count;
		double p50, p90, p99;
	} rows[] = {{1, 1, 1, 1},      {2, 1, 2, 2},       {10, 5, 9, 10},
		    {100, 50, 90, 99}, {101, 51, 91, 100}, {201, 101, 181, 199}};
	struct run_count counts[201];
	for (size_t i = 0; i < 201; i++)
		counts[i] = (struct run_count){(double)(i + 1), 1};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct run_part part;
		run_part_clear(&part);
		run_part_of_counts(&part, counts, rows[i].count);
		assert_true(near(part.value[RUN_P50], rows[i].p50));
		assert_true(near(part.value[RUN_P90], rows[i].p90));
		assert_true(near(part.value[RUN_P99], rows[i].p99));
	}
}

static void test_parts_are_folded(void **state)
{
	(void)state;
	struct run_part parts[5];
	for (int i = 0; i < 5; i++) {
		run_part_clear(&parts[i]);
		parts[i].value[RUN_P50] = i;
	}
	parts[3].value[RUN_P50] = NAN;
	assert_int_equal(run_fold_parts(parts, 5, 7), 5);
	assert_int_equal(run_fold_parts(parts, 5, 2), 2);
	assert_true(near(parts[0].value[RUN_P50], 0.5)); /* 0 1 */
	assert_true(near(parts[1].value[RUN_P50], 3));   /* 2 4: what is not known has no say */
	assert_true(isnan(parts[1].value[RUN_P90]));
}

/* A run of `parts` stretches whose p50 is `level`, give or take a little. */
static struct run make_run(double level, size_t parts)
{
	static const double wobble[] = {1, 1.02, 0.99, 1.01, 0.98, 1.015, 0.985};
	struct run run = {.requests = 1000, .part_count = parts, .count_count = 3};
	run.counts = arena_alloc(arena, 3 * sizeof *run.counts);
	run.counts[0] = (struct run_count){level * 0.9, 400};
	run.counts[1] = (struct run_count){level, 500};
	run.counts[2] = (struct run_count){level * 3, 100};
	run_part_clear(&run.whole);
	run_part_of_counts(&run.whole, run.counts, 3);
	run.parts = arena_alloc(arena, parts * sizeof *run.parts + 1);
	for (size_t i = 0; i < parts; i++) {
		run_part_clear(&run.parts[i]);
		run.parts[i].value[RUN_P50] = level * wobble[i % 7];
	}
	return run;
}

static void compare_runs(struct run *a, size_t count_a, struct run *b, size_t count_b,
			 bool interleaved, struct comparison *out)
{
	*out = (struct comparison){0};
	runs_compare((struct run *const[]){a, b}, (const size_t[]){count_a, count_b}, interleaved,
		     arena, out);
}

static void test_one_run_each_in_one_piece_has_no_verdict(void **state)
{
	(void)state;
	struct run a = make_run(10, 0), b = make_run(18, 0);
	struct comparison c;
	compare_runs(&a, 1, &b, 1, false, &c);
	assert_int_equal(c.basis, BASIS_NONE);
	assert_int_equal(c.warning_count, 1);
	assert_true(c.metric_count >= 3);
	for (size_t i = 0; i < c.metric_count; i++)
		assert_int_equal(c.metrics[i].row.verdict, COMPARE_CANNOT_TELL);
	/* but what the requests leave open is told */
	assert_true(c.metrics[0].row.change.low > 0.4 && c.metrics[0].row.change.high < 1.3);
	assert_true(near(c.metrics[0].row.change.mid, 0.8));
}

static void test_one_run_each_in_stretches(void **state)
{
	(void)state;
	struct run a = make_run(10, 30), b = make_run(12, 40);
	struct comparison c;
	compare_runs(&a, 1, &b, 1, false, &c);
	assert_int_equal(c.basis, BASIS_PARTS);
	assert_int_equal(c.pairs, RUN_PARTS_MOST);
	assert_int_equal(c.metrics[0].metric, RUN_P50);
	/* stretches know nothing of noise between runs: no floor, no verdict */
	assert_int_equal(c.metrics[0].row.verdict, COMPARE_CANNOT_TELL);
	assert_true(isnan(c.metrics[0].row.floor) && isnan(c.metrics[0].row.chance));
	assert_true(near(c.metrics[0].row.change.mid, 0.2)); /* of the whole runs */
	assert_true(c.metrics[0].row.change.low < 0.2 && c.metrics[0].row.change.high > 0.2);
	assert_non_null(strstr(c.warnings[0], "one run each"));
	struct run short_a = make_run(10, 7), short_b = make_run(12, 7);
	compare_runs(&short_a, 1, &short_b, 1, false, &c);
	assert_int_equal(c.basis, BASIS_NONE);
}

/* No noise between runs makes 135 ms of 16 ms. */
static void test_one_run_each_far_apart(void **state)
{
	(void)state;
	static const struct {
		double a, b;
		enum compare_verdict verdict;
	} rows[] = {
		{135, 16, COMPARE_LESS},         {16, 135, COMPARE_MORE},
		{10, 19, COMPARE_CANNOT_TELL},   {19, 10, COMPARE_CANNOT_TELL},
		{10, 14.8, COMPARE_CANNOT_TELL}, {10, 10, COMPARE_CANNOT_TELL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (size_t parts = 0; parts <= 20; parts += 20) {
			struct run a = make_run(rows[i].a, parts), b = make_run(rows[i].b, parts);
			struct comparison c;
			compare_runs(&a, 1, &b, 1, false, &c);
			assert_int_equal(c.metrics[0].metric, RUN_P50);
			assert_int_equal(c.metrics[0].row.verdict, rows[i].verdict);
		}
}

static void test_errors_of_one_run_each(void **state)
{
	(void)state;
	static const struct {
		double a, b;
		uint64_t requests;
		enum compare_verdict verdict;
	} rows[] = {
		{0, 1, 1000, COMPARE_MORE},        {1, 0, 1000, COMPARE_LESS},
		{0, 0.04, 1000, COMPARE_MORE},     {0, 0.015, 1000, COMPARE_CANNOT_TELL},
		{0, 0.2, 10, COMPARE_CANNOT_TELL}, {0, 0, 1000, COMPARE_SAME},
		{0, 0, 10, COMPARE_CANNOT_TELL},   {0.5, 0.5, 1000, COMPARE_CANNOT_TELL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct run a = make_run(10, 0), b = make_run(10, 0);
		struct comparison c;
		a.requests = b.requests = rows[i].requests;
		a.whole.value[RUN_ERRORS] = rows[i].a;
		b.whole.value[RUN_ERRORS] = rows[i].b;
		compare_runs(&a, 1, &b, 1, false, &c);
		const struct comparison_metric *last = &c.metrics[c.metric_count - 1];
		assert_int_equal(last->metric, RUN_ERRORS);
		if (last->row.verdict != rows[i].verdict)
			print_message("row %zu: %.4f … %.4f\n", i, last->row.change.low,
				      last->row.change.high);
		assert_int_equal(last->row.verdict, rows[i].verdict);
	}
}

static void test_two_loads(void **state)
{
	(void)state;
	static const struct {
		double a, b;
		const char *says;
	} rows[] = {
		{60, 30, "A was offered 60/s, B 30/s: this compares two different loads"},
		{60, 60, "one run each"},
		{60, 0, "one run each"}, /* closed, or an older result: not known */
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct run a = make_run(10, 0), b = make_run(10, 0);
		struct comparison c;
		a.offered_per_s = rows[i].a;
		b.offered_per_s = rows[i].b;
		compare_runs(&a, 1, &b, 1, false, &c);
		assert_ptr_equal(strstr(c.warnings[0], rows[i].says), c.warnings[0]);
	}
	struct run a[8], b[8];
	struct comparison c;
	for (int i = 0; i < 8; i++) {
		a[i] = b[i] = make_run(10 + 0.01 * i, 0);
		a[i].offered_per_s = 60;
		b[i].offered_per_s = i == 7 ? 90 : 60;
	}
	compare_runs(a, 8, b, 8, false, &c);
	assert_non_null(strstr(c.warnings[0], "A was offered 60/s to 60/s, B 60/s to 90/s"));
}

static void test_results_are_paired_in_order(void **state)
{
	(void)state;
	struct run a[9], b[8];
	struct comparison c;
	for (int i = 0; i < 9; i++)
		a[i] = make_run(10 + 0.01 * i, 0);
	for (int i = 0; i < 8; i++)
		b[i] = make_run(12 + 0.01 * i, 0);
	b[2].invalid = true;
	compare_runs(a, 9, b, 8, false, &c);
	assert_int_equal(c.basis, BASIS_RESULTS);
	assert_int_equal(c.pairs, 8);
	assert_int_equal(c.metrics[0].row.verdict, COMPARE_MORE);
	assert_int_equal(c.sides[1].invalid, 1);
	assert_int_equal(c.sides[0].requests, 9000);
	assert_int_equal(c.warning_count, 2); /* one left out; one invalid */
	compare_runs(a, 3, b, 3, true, &c);
	assert_int_equal(c.basis, BASIS_BLOCKS);
	assert_int_equal(c.metrics[0].row.verdict, COMPARE_CANNOT_TELL);
}

/* A stays A, B stays B, and the i-th is beside the i-th, to the last. */
static void test_no_block_is_dropped(void **state)
{
	(void)state;
	struct run a[20], b[20];
	struct comparison c;
	for (int i = 0; i < 20; i++) {
		a[i] = make_run(10 + i, 0);
		b[i] = make_run(30 + i, 0);
		a[i].requests = 1;
		b[i].requests = 100;
	}
	for (size_t pairs = 2; pairs <= 20; pairs++) {
		compare_runs(a, pairs, b, pairs, true, &c);
		assert_int_equal(c.pairs, pairs);
		assert_int_equal(c.warning_count, pairs < COMPARE_PAIRS_LEAST);
		assert_int_equal(c.sides[0].requests, pairs);
		assert_int_equal(c.sides[1].requests, 100 * pairs);
		assert_int_equal(c.decides, RUN_P50);
		for (size_t i = 0; i < pairs; i++) {
			assert_true(near(c.blocks[0][i].value[RUN_P50], a[i].whole.value[RUN_P50]));
			assert_true(near(c.blocks[1][i].value[RUN_P50], b[i].whole.value[RUN_P50]));
		}
		/* all to one side: of 2^pairs swaps two are as extreme */
		if (pairs <= 14)
			assert_true(fabs(c.metrics[0].row.chance - 2 / exp2((double)pairs)) <
				    1e-12);
		assert_int_equal(c.metrics[0].row.verdict,
				 pairs < COMPARE_PAIRS_LEAST ? COMPARE_CANNOT_TELL : COMPARE_MORE);
	}
	compare_runs(b, 20, a, 20, true, &c);
	assert_int_equal(c.metrics[0].row.verdict, COMPARE_LESS);
}

/* Commands that print no load result are compared by their time, and that decides. */
static void test_what_decides_of_commands(void **state)
{
	(void)state;
	struct run a[8], b[8];
	struct comparison c;
	for (int i = 0; i < 8; i++) {
		a[i] = b[i] = (struct run){0};
		run_part_clear(&a[i].whole);
		run_part_clear(&b[i].whole);
		a[i].whole.value[RUN_WALL] = 1 + 0.01 * i;
		b[i].whole.value[RUN_WALL] = 2 + 0.01 * i;
		a[i].whole.value[RUN_CPU] = b[i].whole.value[RUN_CPU] = 0.5;
	}
	compare_runs(a, 8, b, 8, true, &c);
	assert_int_equal(c.decides, RUN_WALL);
	assert_int_equal(c.metric_count, 2);
	assert_int_equal(c.metrics[0].metric, RUN_WALL);
	assert_int_equal(c.metrics[0].row.verdict, COMPARE_MORE);
	assert_int_equal(c.metrics[1].row.verdict, COMPARE_SAME);
	compare_runs(a, 1, b, 1, false, &c);
	assert_int_equal(c.decides, RUN_METRICS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_result_is_read),
		cmocka_unit_test(test_several_results_in_one_text),
		cmocka_unit_test(test_what_is_no_result),
		cmocka_unit_test(test_cut_and_changed_anywhere),
		cmocka_unit_test(test_quantiles_of_a_histogram),
		cmocka_unit_test(test_quantiles_by_nearest_rank),
		cmocka_unit_test(test_parts_are_folded),
		cmocka_unit_test(test_one_run_each_in_one_piece_has_no_verdict),
		cmocka_unit_test(test_one_run_each_in_stretches),
		cmocka_unit_test(test_one_run_each_far_apart),
		cmocka_unit_test(test_errors_of_one_run_each),
		cmocka_unit_test(test_two_loads),
		cmocka_unit_test(test_results_are_paired_in_order),
		cmocka_unit_test(test_no_block_is_dropped),
		cmocka_unit_test(test_what_decides_of_commands),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
