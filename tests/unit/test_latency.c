/* Which findings are replayed, out of which part of a unit, and when all together are told. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "rules/latency.h"

enum { UNITS = 300, MOST = 4 };
#define MS 1e6

/* Requests of 3 ms Python, 5 ms of a database and 2 ms of a service, one every 20 ms. */
static struct what_if recorded(void)
{
	struct what_if w = {
		.servers = {.processes = 1, .slots = 1, .shared = true, .quantum_ns = INFINITY},
		.turn_parts = PARTS_ALL,
		.p50_off = 1,
		.p99_off = 1,
		.rate_per_s = 50,
		.count = UNITS,
	};
	w.units = mem_alloc(UNITS * sizeof *w.units);
	for (size_t i = 0; i < UNITS; i++) {
		w.units[i] = (struct what_if_unit){.arrival_ns = (double)i * 20 * MS, .pieces = 1};
		w.units[i].part_ns[PART_PYTHON] = 3 * MS;
		w.units[i].part_ns[PART_DB_BLOCK] = 5 * MS;
		w.units[i].part_ns[PART_BLOCK] = 2 * MS;
	}
	return w;
}

struct asked {
	const char *claim; /* NULL: none */
	double saves_ms;
	bool fails, will_fail, outside, at_least;
	const char *cause; /* NULL: some other */
	double gil_part;
};

static const char *unknown; /* why it cannot be replayed */
static bool no_units;

/* The findings' own p50, and what is told of all. */
static struct what_if_told predict(const struct asked *asked, size_t count, double p50_ms[MOST])
{
	struct arena *arena = arena_new();
	struct what_if w = recorded();
	w.unknown = unknown;
	w.count = no_units ? 0 : w.count;
	struct candidate candidates[MOST] = {0};
	struct claim claims[MOST];
	const struct candidate *from[MOST];
	struct finding findings[MOST] = {0};
	struct diagnosis d = {.findings = findings, .finding_count = count, .mean_ms = 10};
	for (size_t i = 0; i < count; i++) {
		claims[i] = (struct claim){asked[i].claim, asked[i].saves_ms * MS * UNITS};
		candidates[i].claims = &claims[i];
		candidates[i].claim_count = asked[i].claim != NULL;
		candidates[i].gil_part = asked[i].gil_part;
		from[i] = &candidates[i];
		findings[i] = (struct finding){
			.cause = asked[i].cause ? asked[i].cause : "deep-copy",
			.fails = asked[i].fails,
			.will_fail = asked[i].will_fail,
			.outside = asked[i].outside,
			.saving = {.known = true,
				   .at_least = asked[i].at_least,
				   .service_ms = asked[i].saves_ms,
				   .low_ms = 0.8 * asked[i].saves_ms,
				   .high_ms = 1.2 * asked[i].saves_ms},
		};
	}
	latency_predict(&w, from, arena, &d);
	for (size_t i = 0; i < count; i++)
		p50_ms[i] =
			findings[i].saving.latency.known ? findings[i].saving.latency.p50_ms : NAN;
	what_if_free(&w);
	arena_free(arena);
	return d.what_if;
}

static void each_is_taken_out_of_its_part(void **state)
{
	(void)state;
	static const struct asked two[] = {{.claim = "statement:app.py:7", .saves_ms = 4},
					   {.claim = "python:app.py:view", .saves_ms = 2}};
	double p50_ms[MOST];
	const struct what_if_told told = predict(two, 2, p50_ms);
	assert_float_equal(p50_ms[0], 6, 1e-6);
	assert_float_equal(p50_ms[1], 8, 1e-6);
	assert_int_equal(told.together, 2);
	assert_float_equal(told.together_ms, 6, 1e-6);
	assert_float_equal(told.together_latency.p50_ms, 4, 1e-6);
	/* the interval of the savings is that of the latency */
	assert_true(told.together_latency.p50_low_ms < 4 && told.together_latency.p50_high_ms > 4);
}

/* Two of one part: the second has what the first left of it, and then the rest of the unit. */
static void two_of_one_part_save_no_more_than_there_is(void **state)
{
	(void)state;
	static const struct asked two[] = {{.claim = "statement:app.py:7", .saves_ms = 5},
					   {.claim = "statement:app.py:9", .saves_ms = 5}};
	double p50_ms[MOST];
	const struct what_if_told told = predict(two, 2, p50_ms);
	assert_true(told.together < 2); /* all of a request: not to be believed */
}

static void what_cannot_be_replayed_is_left_out(void **state)
{
	static const struct asked rows[][2] = {
		{{.claim = "python:app.py:view", .saves_ms = 2},
		 {.claim = "gil:app.py:view", .saves_ms = 2}},
		{{.claim = "python:app.py:view", .saves_ms = 2}, {.saves_ms = 2, .fails = true}},
		{{.claim = "python:app.py:view", .saves_ms = 2},
		 {.saves_ms = 2, .will_fail = true}},
		{{.claim = "python:app.py:view", .saves_ms = 2}, {.saves_ms = 2, .outside = true}},
		{{.claim = "python:app.py:view", .saves_ms = 2},
		 {.claim = "others:app.py:7", .saves_ms = 2}},
		{{.claim = "python:app.py:view", .saves_ms = 2},
		 {.claim = "before:free", .saves_ms = 2}},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		double p50_ms[MOST];
		const struct what_if_told told = predict(rows[i], 2, p50_ms);
		assert_int_equal(told.together, 1);
		assert_float_equal(p50_ms[0], 8, 1e-6);
		assert_true(isnan(p50_ms[1]));
	}
}

static void of_a_lower_bound_the_bound_is_replayed(void **state)
{
	(void)state;
	static const struct asked one[] = {
		{.claim = "connect:app.py:7", .saves_ms = 5, .at_least = true}};
	double p50_ms[MOST];
	predict(one, 1, p50_ms);
	assert_float_equal(p50_ms[0], 6, 1e-6);
}

/* What others' connections or threads are waited for shrinks with the cure, and is not in the
 * replay. */
/* Of one route: what both save is known, what clients would gain is not. Of no units: neither. */
static void without_a_replay_the_units_are_summed(void **state)
{
	double p50_ms[MOST];
	static const struct asked two[] = {{.claim = "statement:app.py:7", .saves_ms = 4},
					   {.claim = "call:app.py:9", .saves_ms = 2}};
	(void)state;
	unknown = "one route alone";
	const struct what_if_told told = predict(two, 2, p50_ms);
	no_units = true;
	const struct what_if_told none = predict(two, 2, p50_ms);
	no_units = false;
	unknown = NULL;
	assert_int_equal(told.together, 2);
	assert_float_equal(told.together_ms, 6, 1e-6);
	assert_false(told.together_latency.known);
	assert_true(none.together < 2);
}

static void a_queue_that_is_not_replayed_is_said(void **state)
{
	(void)state;
	static const struct asked two[] = {
		{.claim = "python:app.py:view", .saves_ms = 2},
		{.claim = "statement:app.py:7", .saves_ms = 4, .cause = "sqlite-busy-wait"}};
	double p50_ms[MOST];
	const struct what_if_told told = predict(two, 2, p50_ms);
	assert_non_null(told.unknown);
	assert_true(isnan(p50_ms[0]) && isnan(p50_ms[1]));
}

/* Half of what is saved is a wait that the replay makes by itself: it is in no part of a unit. */
static void waits_for_the_gil_are_not_taken_out_twice(void **state)
{
	(void)state;
	double p50_ms[MOST];
	const struct asked asked[] = {{.claim = "work:", .saves_ms = 4, .gil_part = 0.5}};
	predict(asked, 1, p50_ms);
	assert_float_equal(p50_ms[0], 8, 1e-6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_taken_out_of_its_part),
		cmocka_unit_test(two_of_one_part_save_no_more_than_there_is),
		cmocka_unit_test(what_cannot_be_replayed_is_left_out),
		cmocka_unit_test(of_a_lower_bound_the_bound_is_replayed),
		cmocka_unit_test(without_a_replay_the_units_are_summed),
		cmocka_unit_test(a_queue_that_is_not_replayed_is_said),
		cmocka_unit_test(waits_for_the_gil_are_not_taken_out_twice),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
