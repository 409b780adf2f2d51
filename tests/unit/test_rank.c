#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "rules/rank.h"

static const struct rule queue = {.id = "too-few-workers", .saving = "S6", .units = 1, .order = 12};
static const struct rule commits = {
	.id = "commit-per-statement", .saving = "S3", .units = 1, .order = 10};

static struct candidate candidate(const struct rule *rule, double share_ns, double mid_ns)
{
	return (struct candidate){.rule = rule,
				  .fires = true,
				  .units = 100,
				  .share_ns = share_ns,
				  .low_ns = mid_ns,
				  .mid_ns = mid_ns,
				  .high_ns = mid_ns,
				  .hours_to_limit = NAN};
}

/* Requests of 80 ms wait 2.8 s for the only worker; a line takes `line_ms` of the 80 and would save
 * `saved_ms` of them. */
static const char *first(double line_ms, double saved_ms)
{
	static struct place line = {.file = "views.py", .line = 15, .function = "add"};
	struct arena *arena = arena_new();
	struct candidates all = {0};
	struct diagnosis out = {0};
	const struct candidate **from;
	struct ledger ledger = {
		.basis = "request", .kind = "request", .units = 100, .wall_ns = 8e9};
	*vec_push(&all.list) = candidate(&queue, 7.7e9, 2.8e9);
	*vec_push(&all.list) = candidate(&commits, line_ms * 1e8, saved_ms * 1e6);
	all.list.items[1].places = &line;
	all.list.items[1].place_count = 1;
	rank_judge(&all, &ledger, arena);
	rank_findings((const struct candidates *[]){&all}, 1, &ledger, arena, &out, &from);
	assert_int_equal(out.finding_count, 2);
	const char *cause = out.findings[0].cause;
	vec_free(&all.list);
	arena_free(arena);
	return cause;
}

static void a_line_that_takes_half_comes_before_the_queue_that_it_makes(void **state)
{
	(void)state;
	assert_string_equal(first(68, 68), "commit-per-statement");
	assert_string_equal(first(68, 5), "commit-per-statement");
	assert_string_equal(first(4, 4), "too-few-workers");
	assert_string_equal(first(68, NAN), "too-few-workers"); /* what it takes has no cure */
}

static const struct rule exceptions = {
	.id = "exception-control-flow", .saving = "S1", .units = 1, .floor = 0.03, .order = 10};
static const struct rule loop = {
	.id = "hot-python-loop", .saving = "S1", .units = 1, .floor = 0.30, .order = 30};

/* The cause that owns less of `key`, whose time is `all_ms` of 10 ms, when another has `first_ms`.
 */
static const struct candidate *second_of_two(double first_ms, double all_ms, struct arena *arena)
{
	static struct candidates all;
	struct ledger ledger = {
		.basis = "request", .kind = "request", .units = 100, .wall_ns = 1e9};
	const double saved_ms[] = {all_ms, first_ms};
	vec_clear(&all.list);
	*vec_push(&all.list) = candidate(&loop, all_ms * 1e8, all_ms * 1e6);
	*vec_push(&all.list) = candidate(&exceptions, first_ms * 1e8, first_ms * 1e6);
	for (size_t i = 0; i < 2; i++) {
		all.list.items[i].claims = arena_alloc(arena, sizeof(struct claim));
		all.list.items[i].claims[0] =
			(struct claim){"python:app.py:parse", saved_ms[i] * 1e8};
		all.list.items[i].claim_count = 1;
	}
	rank_judge(&all, &ledger, arena);
	struct diagnosis out = {0};
	const struct candidate **from;
	rank_findings((const struct candidates *[]){&all}, 1, &ledger, arena, &out, &from);
	double saved = 0;
	for (size_t i = 0; i < out.finding_count; i++)
		saved += out.findings[i].saving.service_ms;
	assert_true(saved <= all_ms + 1e-9);
	return &all.list.items[0];
}

static void a_nanosecond_is_saved_once(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	const struct candidate *rest = second_of_two(2, 8, arena);
	assert_null(rest->owner);
	assert_float_equal(rest->mid_ns, 6e6, 1);
	assert_float_equal(rest->share, 0.6, 1e-9);
	arena_free(arena);
}

static void what_is_left_below_the_floor_is_the_owners(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	assert_non_null(second_of_two(3, 5, arena)->owner); /* 20 % is left, 30 % is its floor */
	assert_null(second_of_two(3, 7, arena)->owner);
	arena_free(arena);
}

static void a_cause_is_not_also_seen_as_itself(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct candidates all = {0};
	struct ledger ledger = {
		.basis = "request", .kind = "request", .units = 100, .wall_ns = 1e9};
	struct claim same = {"python:app.py:parse", 5e8};
	const struct rule *rules[] = {&exceptions, &loop, &exceptions, &loop};
	for (size_t i = 0; i < 4; i++) {
		*vec_push(&all.list) = candidate(rules[i], 5e8, 5e6 - (double)i);
		all.list.items[i].claims = arena_alloc(arena, sizeof same);
		all.list.items[i].claims[0] = same;
		all.list.items[i].claim_count = 1;
	}
	struct diagnosis out = {0};
	const struct candidate **from;
	rank_judge(&all, &ledger, arena);
	rank_findings((const struct candidates *[]){&all}, 1, &ledger, arena, &out, &from);
	assert_int_equal(out.finding_count, 1);
	assert_int_equal(out.findings[0].also_seen_count, 1);
	assert_string_equal(out.findings[0].also_seen_as[0], "hot-python-loop");
	vec_free(&all.list);
	arena_free(arena);
}

static void what_is_excluded_is_no_other_name(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct candidates all = {0};
	struct ledger ledger = {
		.basis = "request", .kind = "request", .units = 100, .wall_ns = 1e9};
	struct claim same[] = {{"python:app.py:parse", 5e8}, {"python:app.py:parse", 5e8}};
	struct reason not_a_loop = {"hot-python-loop", "the innermost frame is no loop's"};
	*vec_push(&all.list) = candidate(&exceptions, 5e8, 5e6);
	*vec_push(&all.list) = candidate(&loop, 5e8, 5e6);
	for (size_t i = 0; i < 2; i++) {
		all.list.items[i].claims = &same[i];
		all.list.items[i].claim_count = 1;
	}
	all.list.items[0].excluded = &not_a_loop;
	all.list.items[0].excluded_count = 1;
	struct diagnosis out = {0};
	const struct candidate **from;
	rank_judge(&all, &ledger, arena);
	rank_findings((const struct candidates *[]){&all}, 1, &ledger, arena, &out, &from);
	assert_int_equal(out.finding_count, 1);
	assert_int_equal(out.findings[0].also_seen_count, 0);
	vec_free(&all.list);
	arena_free(arena);
}

static const struct rule hog = {
	.id = "cpu-hog-in-event-loop", .saving = "S8", .units = 1, .floor = 0.05, .order = 12};

/* Findings of a function that computes for 4 of 10 ms while others wait for 6, where another cause
 * has `known_ms` of it. */
static size_t findings_on_a_loop(double known_ms)
{
	struct arena *arena = arena_new();
	struct candidates all = {0};
	struct diagnosis out = {0};
	const struct candidate **from;
	struct ledger ledger = {
		.basis = "request", .kind = "request", .units = 100, .wall_ns = 1e9};
	struct claim held[] = {{"python:app.py:token", 4e8}, {"others:app.py:7", 6e8}};
	struct claim known = {"python:app.py:token", known_ms * 1e8};
	*vec_push(&all.list) = candidate(&hog, 1e9, 6e6);
	*vec_push(&all.list) = candidate(&exceptions, known_ms * 1e8, known_ms * 1e6);
	all.list.items[0].claims = held;
	all.list.items[0].claim_count = 2;
	all.list.items[1].claims = &known;
	all.list.items[1].claim_count = 1;
	rank_judge(&all, &ledger, arena);
	rank_findings((const struct candidates *[]){&all}, 1, &ledger, arena, &out, &from);
	const size_t count = out.finding_count;
	vec_free(&all.list);
	arena_free(arena);
	return count;
}

static void who_computes_on_a_loop_is_the_cause_that_has_the_computing(void **state)
{
	(void)state;
	assert_int_equal(findings_on_a_loop(3), 1); /* others wait for that */
	assert_int_equal(findings_on_a_loop(2), 2);
}

static const struct rule neighbour = {.id = "noisy-neighbour",
				      .saving = "S6",
				      .units = 1,
				      .order = 3,
				      .level = CONFIDENCE_LIKELY,
				      .outside = true};
static const struct rule copies = {
	.id = "deep-copy", .saving = "S1", .units = 1, .order = 10, .level = CONFIDENCE_LIKELY};

/* Requests of 10 ms wait `wait_ms` of them for a CPU that others have; a line takes `line_ms`, and
 * is sure or, as its saving may be none, is not. */
static const char *first_beside_neighbours(double wait_ms, double line_ms, bool sure)
{
	struct arena *arena = arena_new();
	struct candidates all = {0};
	struct diagnosis out = {0};
	const struct candidate **from;
	struct claim wait = {"runqueue:units", wait_ms * 1e8};
	struct ledger ledger = {
		.basis = "request", .kind = "request", .units = 100, .wall_ns = 1e9};
	ledger.share[LEDGER_RUNQUEUE] = wait_ms / 10;
	*vec_push(&all.list) = candidate(&neighbour, wait_ms * 1e8, 0.9 * wait_ms * 1e6);
	*vec_push(&all.list) = candidate(&copies, line_ms * 1e8, line_ms * 1e6);
	*vec_push(&all.list) = candidate(&commits, 1e7, 1e5);
	all.list.items[0].claims = &wait;
	all.list.items[0].claim_count = 1;
	if (!sure)
		all.list.items[1].low_ns = 0;
	rank_judge(&all, &ledger, arena);
	rank_findings((const struct candidates *[]){&all}, 1, &ledger, arena, &out, &from);
	assert_int_equal(out.finding_count, 3);
	assert_string_equal(out.findings[2].cause, "commit-per-statement");
	const char *cause = out.findings[0].cause;
	vec_free(&all.list);
	arena_free(arena);
	return cause;
}

static void neighbours_come_after_what_takes_most_of_the_apps_own_time(void **state)
{
	(void)state;
	assert_string_equal(first_beside_neighbours(5, 4, true), "deep-copy"); /* 80 % of its own */
	assert_string_equal(first_beside_neighbours(5, 2, true), "noisy-neighbour");
	assert_string_equal(first_beside_neighbours(5, 4, false), "noisy-neighbour");
	assert_string_equal(first_beside_neighbours(8, 1.2, true), "deep-copy"); /* 60 % */
	assert_string_equal(first_beside_neighbours(8, 0.8, true), "noisy-neighbour");
}

static const struct rule leak = {.id = "memory-leak",
				 .saving = "S12",
				 .units = 1,
				 .order = 10,
				 .level = CONFIDENCE_LIKELY,
				 .will_fail = true};
static const struct rule threads = {.id = "thread-leak",
				    .saving = "S12",
				    .units = 1,
				    .order = 9,
				    .level = CONFIDENCE_LIKELY,
				    .will_fail = true};

/* A leak that is `sure` beside a line that would save 4 of 10 ms, if it is sure, too. */
static const char *first_beside_a_leak(const struct rule *other, bool leak_sure, bool other_sure)
{
	struct arena *arena = arena_new();
	struct candidates all = {0};
	struct diagnosis out = {0};
	const struct candidate **from;
	struct ledger ledger = {
		.basis = "request", .kind = "request", .units = 100, .wall_ns = 1e9};
	*vec_push(&all.list) = candidate(&leak, 0, NAN);
	*vec_push(&all.list) = candidate(other, 4e8, 4e6);
	all.list.items[0].hours_to_limit = 3;
	if (!leak_sure)
		all.list.items[0].low_ns = 0;
	if (!other_sure)
		all.list.items[1].low_ns = 0;
	rank_judge(&all, &ledger, arena);
	rank_findings((const struct candidates *[]){&all}, 1, &ledger, arena, &out, &from);
	assert_int_equal(out.finding_count, 2);
	assert_int_equal(out.findings[0].rank, 1);
	const char *cause = out.findings[0].cause;
	vec_free(&all.list);
	arena_free(arena);
	return cause;
}

static void what_ends_the_process_comes_before_what_is_only_possible(void **state)
{
	(void)state;
	assert_string_equal(first_beside_a_leak(&copies, true, true), "deep-copy");
	assert_string_equal(first_beside_a_leak(&copies, true, false), "memory-leak");
	assert_string_equal(first_beside_a_leak(&copies, false, false), "deep-copy");
	assert_string_equal(first_beside_a_leak(&threads, true, true), "thread-leak");
}

/* Does a line that computes 0.1 ms of 10 ms, from 3 % on a cause, come to be one, where `busy` of
 * them others have the loop? `claimed`: what it is said to take. */
static bool is_cause_on_a_loop(double busy, const char *claimed)
{
	struct arena *arena = arena_new();
	struct candidates all = {0};
	struct claim claim = {claimed, 1e7};
	struct ledger ledger = {
		.basis = "request", .kind = "request", .units = 100, .wall_ns = 1e9};
	ledger.share[LEDGER_LOOP_BUSY] = busy;
	*vec_push(&all.list) = candidate(&exceptions, 1e7, 1e5);
	all.list.items[0].claims = &claim;
	all.list.items[0].claim_count = 1;
	rank_judge(&all, &ledger, arena);
	const bool fires = all.list.items[0].fires && !all.list.items[0].owner;
	vec_free(&all.list);
	arena_free(arena);
	return fires;
}

static void what_computes_is_no_less_a_cause_where_requests_wait_for_the_loop(void **state)
{
	(void)state;
	assert_true(is_cause_on_a_loop(0.9, "python:views.py:total"));
	assert_true(is_cause_on_a_loop(0.9, "work:copy:views.py"));
	assert_false(is_cause_on_a_loop(0.75, "python:views.py:total")); /* no queue */
	assert_false(is_cause_on_a_loop(0.9, "others:views.py:12"));
	assert_false(is_cause_on_a_loop(0.9, "await:views.py:12"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_that_takes_half_comes_before_the_queue_that_it_makes),
		cmocka_unit_test(a_nanosecond_is_saved_once),
		cmocka_unit_test(what_is_left_below_the_floor_is_the_owners),
		cmocka_unit_test(a_cause_is_not_also_seen_as_itself),
		cmocka_unit_test(what_is_excluded_is_no_other_name),
		cmocka_unit_test(who_computes_on_a_loop_is_the_cause_that_has_the_computing),
		cmocka_unit_test(neighbours_come_after_what_takes_most_of_the_apps_own_time),
		cmocka_unit_test(what_ends_the_process_comes_before_what_is_only_possible),
		cmocka_unit_test(what_computes_is_no_less_a_cause_where_requests_wait_for_the_loop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
