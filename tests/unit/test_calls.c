/* The tree of calls from rows: put together, corrected, work of other threads under who asked. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "model/calls.h"
#include "recording/sql.h"

#define NODE(id, parent, kind, code, from, calls, own, total) \
	"INSERT INTO call_node(id, parent_id, process_id, thread_id, kind, code_id, from_id, " \
	"calls, " \
	"resumes, raised, own_wall_ns, own_cpu_ns, total_wall_ns, total_cpu_ns, waiting_ns, " \
	"ready_ns, folded, demoted, open) VALUES (" #id ", " #parent ", 7, 1, " #kind ", " #code \
	", " #from ", " #calls ", 0, 0, " #own ", " #own ", " #total ", " #total \
	", 0, 0, 0, 0, 0);"

static const char names[] =
	"INSERT INTO process VALUES (7, 1, 0, 0, NULL, '3.12.1', 'on', NULL, 0, 0);"
	"INSERT INTO thread VALUES (1, 7, 100, 'MainThread'), (2, 7, 101, 'pool');"
	"INSERT INTO code VALUES (1, 'a.py', 'a', 1, 'app', 1, x''), (2, 'b.py', 'b', 2, "
	"'library', "
	"1, x''), (3, 'c.py', 'c', 3, 'app', 1, x'');"
	"INSERT INTO call_process VALUES (7, 'eval', 'none', NULL, NULL, 1, NULL, NULL, 'ns', "
	"'gap', 1, NULL, 1, 100, 0, 3.0, 2.0, 7.0, 5.0, 0, 0, 0, 0, 0, 4.0, 1.0, 10.0, 6.0, NULL, "
	"0, 0, 8.0, 3.0, 0);";

static struct arena *arena;

static sqlite3 *recording(const char *rows)
{
	sqlite3 *db;
	char *message = NULL;
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	const char *const parts[] = {sql_schema, sql_views, names, rows};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (sqlite3_exec(db, parts[i], NULL, NULL, &message) != SQLITE_OK)
			fail_msg("%s", message);
	return db;
}

static struct calls_profile read(const char *rows, struct profile_filter filter)
{
	struct calls_profile p;
	struct err e = {0};
	sqlite3 *db = recording(rows);
	arena = arena_new();
	if (calls_read(db, &filter, arena, &p, &e) != ERR_OK)
		fail_msg("%s", e.text);
	sqlite3_close(db);
	return p;
}

static const struct calls_function *function(const struct calls_profile *p, const char *name)
{
	for (size_t i = 0; i < p->function_count; i++)
		if (strcmp(p->functions[i].name, name) == 0)
			return &p->functions[i];
	fail_msg("no %s", name);
	return NULL;
}

/* The only node of the function. */
static const struct calls_tree_node *node(const struct calls_profile *p, const char *name)
{
	const struct calls_tree_node *found = NULL;
	for (size_t i = 1; i < p->node_count; i++)
		if (strcmp(p->functions[p->nodes[i].function].name, name) == 0) {
			assert_null(found);
			found = &p->nodes[i];
		}
	assert_non_null(found);
	return found;
}

static const char chain[] =
	NODE(1, 0, 1, NULL, NULL, 0, 0, 0) NODE(2, 1, 2, 1, NULL, 10, 1000, 6000)
		NODE(3, 2, 2, 2, NULL, 20, 2000, 5000) NODE(4, 3, 2, 3, NULL, 30, 3000, 3000);

/* a (10 calls) > b (20) > c (30); an event costs 3 ns inside and 2 outside. */
static void test_what_counting_cost_goes_out(void **state)
{
	(void)state;
	const struct calls_profile p = read(chain, (struct profile_filter){0});
	const struct calls_sums a = function(&p, "a")->sums, c = function(&p, "c")->sums;
	assert_true(a.own_wall_ns == 1000 - 20 * 3 - 40 * 2);
	assert_true(c.own_wall_ns == 3000 - 60 * 3);
	assert_true(a.total_wall_ns == 6000 - 20 * 3 - (40 + 60) * 5);
	/* that of a node is what is in it */
	assert_true(node(&p, "a")->sums.total_wall_ns ==
		    a.own_wall_ns + function(&p, "b")->sums.own_wall_ns + c.own_wall_ns);
	arena_free(arena);
}

/* A resume of a coroutine costs 8 ns inside and 3 outside an event, of a generator 4 and 1. */
static void test_what_resumes_of_coroutines_cost(void **state)
{
	(void)state;
	const struct calls_profile p =
		read(NODE(1, 0, 1, NULL, NULL, 0, 0, 0) NODE(2, 1, 2, 1, NULL, 1, 10000, 20000)
			     NODE(3, 2, 2, 2, NULL, 0, 10000, 10000)
				     NODE(4, 2, 2, 3, NULL, 0, 10000,
					  10000) "UPDATE call_node SET resumes = 10, waiting_ns = "
						 "1 WHERE id = 3;"
						 "UPDATE call_node SET resumes = 30 WHERE id = 4;",
		     (struct profile_filter){0});
	assert_true(function(&p, "b")->sums.own_cpu_ns == 10000 - 20 * 8);
	assert_true(function(&p, "c")->sums.own_cpu_ns == 10000 - 60 * 4);
	assert_true(function(&p, "a")->sums.own_cpu_ns == 10000 - 2 * 3 - 20 * 3 - 60 * 1);
	arena_free(arena);
}

/* A resume costs 4 ns inside and 1 outside an event, one that is far 10 and 6 more. */
static void test_what_resumes_and_far_events_cost(void **state)
{
	(void)state;
	const struct calls_profile p = read(
		NODE(1, 0, 1, NULL, NULL, 0, 0, 0) NODE(2, 1, 2, 1, NULL, 10, 10000, 20000)
			NODE(3, 2, 2, 2, NULL, 20, 10000, 10000) NODE(
				4, 2, 2, 3, NULL, 1, 1000,
				1000) "UPDATE call_node SET resumes = 30, far_events = 50 WHERE id "
				      "= 3;"
				      "UPDATE call_node SET far_events = 1000000 WHERE id = 4;",
		(struct profile_filter){0});
	/* 40 × 3 + 60 × 4 + 50 × 10 */
	assert_true(function(&p, "b")->sums.own_cpu_ns == 10000 - 860);
	/* 20 × 3, and of what it calls 40 × 2 + 60 × 1 + 50 × 6, 2 × 2 + 2 × 6: no more than events
	 */
	assert_true(function(&p, "a")->sums.own_cpu_ns == 10000 - 60 - 440 - 16);
	assert_true(function(&p, "c")->sums.own_cpu_ns == 1000 - 2 * 3 - 2 * 10);
	arena_free(arena);
}

static bool is_near(double ns, double wanted)
{
	return fabs(ns - wanted) < 1e-6;
}

static void test_a_cost_takes_nine_tenths_at_most(void **state)
{
	(void)state;
	const struct calls_profile p =
		read(NODE(1, 0, 1, NULL, NULL, 0, 0, 0) NODE(2, 1, 2, 1, NULL, 1000, 100, 100),
		     (struct profile_filter){0});
	assert_true(is_near(function(&p, "a")->sums.own_wall_ns, 10));
	assert_true(is_near(function(&p, "a")->sums.total_cpu_ns, 10));
	assert_true(is_near(function(&p, "a")->sums.cost_ns, 90));
	arena_free(arena);
}

/* 10 × 6 of b's own time, of which there is no more than 50: it is left 5, a gives the rest. */
static void test_a_cost_that_is_not_in_the_time_is_in_the_callers(void **state)
{
	(void)state;
	const struct calls_profile p =
		read(NODE(1, 0, 1, NULL, NULL, 0, 0, 0) NODE(2, 1, 2, 1, NULL, 1, 1000, 1050)
			     NODE(3, 2, 2, 2, NULL, 10, 50, 50),
		     (struct profile_filter){0});
	assert_true(is_near(function(&p, "b")->sums.own_cpu_ns, 5));
	assert_true(is_near(function(&p, "a")->sums.own_cpu_ns, 1000 - 6 - 10 * 4 - 15));
	arena_free(arena);
}

/* a calls itself, mostly from calls that are folded: what those cost their caller is in their own
 * time, and goes out of it. */
static void test_cost_of_recursion(void **state)
{
	(void)state;
	const struct calls_profile p =
		read(NODE(1, 0, 1, NULL, NULL, 0, 0, 0) NODE(2, 1, 2, 1, NULL, 1, 1000, 100000)
			     NODE(3, 2, 2, 1, NULL, 99, 99000,
				  0) "UPDATE call_node SET folded = 1 WHERE id = 3;"
				     "UPDATE call_node SET waiting_ns = 500 WHERE id > 1;",
		     (struct profile_filter){0});
	const struct calls_sums a = function(&p, "a")->sums;
	assert_true(fabs(a.own_wall_ns - (100000 - 200 * 3 - 198 * 2)) < 1e-6);
	assert_true(fabs(a.total_wall_ns - (100000 - 2 * 3 - 198 * 5)) < 1e-6);
	assert_true(a.primitive == 1 && a.calls == 100);
	/* both wait for the same: once */
	assert_true(a.waiting_ns == 500 && a.own_suspended_ns == 500);
	arena_free(arena);
}

static double own_suspended_below(const struct calls_profile *p, const char *name)
{
	const uint32_t top = (uint32_t)(node(p, name) - p->nodes);
	double sum = 0;
	for (uint32_t i = 1; i < p->node_count; i++) {
		uint32_t at = i;
		while (at && at != top)
			at = p->nodes[at].parent;
		if (at == top)
			sum += p->nodes[i].sums.own_suspended_ns;
	}
	return sum;
}

#define SUSPENDED(id, waiting, nested, folded_) \
	"UPDATE call_node SET waiting_ns = " #waiting ", nested_ns = " #nested \
	", resumes = 1, folded = " #folded_ " WHERE id = " #id ";"

/* a awaits b, which awaits another call of a, which awaits another of b, which awaits c: one wait
 * of 900 and one of 100 by b itself, of which each above c is told again. c lies below a's first
 * call, as all that any call of a has called. */
static void test_a_wait_counts_once(void **state)
{
	(void)state;
	const struct calls_profile p =
		read(NODE(1, 0, 1, NULL, NULL, 0, 0, 0) NODE(2, 1, 2, 1, NULL, 1, 0, 0)
			     NODE(3, 2, 2, 2, NULL, 2, 0, 0) NODE(4, 3, 2, 1, NULL, 1, 0, 0)
				     NODE(5, 3, 2, 3, NULL, 1, 0, 0) SUSPENDED(2, 1000, 0, 0)
					     SUSPENDED(3, 1000, 1000, 0) SUSPENDED(4, 0, 1000, 1)
						     SUSPENDED(5, 900, 0, 0),
		     (struct profile_filter){0});
	const struct calls_sums a = function(&p, "a")->sums, b = function(&p, "b")->sums;
	assert_true(calls_total(&p, &a) == 1000 && calls_total(&p, &b) == 1000);
	assert_true(a.own_suspended_ns == 0);
	assert_true(fabs(b.own_suspended_ns - 100) < 1e-9);
	assert_true(function(&p, "c")->sums.own_suspended_ns == 900);
	assert_true(fabs(own_suspended_below(&p, "(outside requests)") - 1000) < 1e-9);
	assert_true(fabs(calls_total(&p, &node(&p, "(outside requests)")->sums) - 1000) < 1e-9);
	arena_free(arena);
}

#define TASKS_OF(root) \
	root NODE(3, 2, 2, 2, NULL, 0, 50, 50) NODE(4, 2, 2, 3, NULL, 0, 50, 50) SUSPENDED(3, 900, \
											   0, 0) \
		SUSPENDED(4, 900, 0, \
			  0) "UPDATE call_process SET await_inside_ns = 0, await_outside_ns = 0;"

/* a is a loop that runs two tasks, which wait at the same time while it polls. */
static void test_a_loop_does_not_wait_for_its_tasks(void **state)
{
	(void)state;
	const struct calls_profile p = read(
		TASKS_OF(NODE(1, 0, 1, NULL, NULL, 0, 0, 0) NODE(2, 1, 2, 1, NULL, 0, 900, 1000)),
		(struct profile_filter){0});
	assert_true(calls_total(&p, &node(&p, "b")->sums) == 950);
	assert_true(calls_total(&p, &node(&p, "a")->sums) == 1000);
	assert_true(calls_total(&p, &node(&p, "(outside requests)")->sums) == 1000);
	assert_true(p.overlaps);
	arena_free(arena);
}

/* a awaits b, then c: its wait is theirs. */
static void test_a_caller_waits_for_what_it_awaits(void **state)
{
	(void)state;
	const struct calls_profile p =
		read(TASKS_OF(NODE(1, 0, 1, NULL, NULL, 0, 0, 0)
				      NODE(2, 1, 2, 1, NULL, 0, 100, 200)) SUSPENDED(2, 1800, 0, 0),
		     (struct profile_filter){0});
	assert_true(calls_total(&p, &node(&p, "a")->sums) == 2000);
	assert_true(calls_total(&p, &node(&p, "(outside requests)")->sums) == 2000);
	assert_false(p.overlaps);
	arena_free(arena);
}

/* Only the tasks are counted: what ran outside of them lasted 1,200. */
static void test_no_root_lasts_longer_than_the_time_that_passed(void **state)
{
	(void)state;
	const struct calls_profile p = read(
		NODE(2, 0, 1, NULL, NULL, 0, 0, 0)
			TASKS_OF("") "UPDATE call_process SET began_ns = 1000, ended_ns = 2200;",
		(struct profile_filter){0});
	assert_true(calls_total(&p, &node(&p, "(outside requests)")->sums) == 1200);
	assert_true(p.overlaps);
	arena_free(arena);
}

/* Two requests of 500 each ran, both of their tasks at a time. */
static void test_requests_last_no_longer_than_they_did(void **state)
{
	(void)state;
	const struct calls_profile p = read(
		NODE(2, 0, 5, NULL, NULL, 2, 0, 0) TASKS_OF(
			"") "INSERT INTO text VALUES (1, '/a');"
			    "UPDATE call_node SET name_id = 1, waiting_ns = 1800 WHERE id = 2;"
			    "INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, "
			    "wall_ns) VALUES (1, 7, 1, 'request', 1, 10, 400), (2, 7, 1, "
			    "'request', 1, "
			    "20, 600);",
		(struct profile_filter){0});
	assert_true(p.in_units);
	assert_true(calls_total(&p, &node(&p, "/a")->sums) == 1000);
	arena_free(arena);
}

/* b is a generator that only hands on: `return (yield from c().__await__())`. */
static void test_a_wait_that_a_generator_hands_on(void **state)
{
	(void)state;
	const struct calls_profile p =
		read(NODE(1, 0, 1, NULL, NULL, 0, 0, 0) NODE(2, 1, 2, 1, NULL, 1, 0, 0)
			     NODE(3, 2, 2, 2, NULL, 1, 0, 0) NODE(4, 3, 2, 3, NULL, 1, 0, 0)
				     SUSPENDED(2, 500, 0, 0) SUSPENDED(3, 0, 0, 0)
					     SUSPENDED(4, 500, 0, 0),
		     (struct profile_filter){0});
	assert_true(function(&p, "a")->sums.own_suspended_ns == 0);
	assert_true(function(&p, "c")->sums.own_suspended_ns == 500);
	assert_true(own_suspended_below(&p, "a") == calls_total(&p, &node(&p, "a")->sums));
	arena_free(arena);
}

static void test_what_is_not_the_apps_counts_for_its_caller(void **state)
{
	(void)state;
	const struct calls_profile all = read(chain, (struct profile_filter){0});
	const double own_ns =
		function(&all, "a")->sums.own_wall_ns + function(&all, "b")->sums.own_wall_ns;
	arena_free(arena);
	const struct calls_profile p = read(chain, (struct profile_filter){.app_only = true});
	assert_true(function(&p, "a")->sums.own_wall_ns == own_ns);
	assert_int_equal(node(&p, "c")->depth, 3);
	for (size_t i = 0; i < p.edge_count; i++)
		if (p.functions[p.edges[i].callee].name[0] == 'c')
			assert_string_equal(p.functions[p.edges[i].caller].name, "a");
	arena_free(arena);
}

/* An executor's work lies under who asked for it, and is no part of that one's time. */
static void test_work_of_another_thread(void **state)
{
	(void)state;
	const struct calls_profile p = read(
		NODE(1, 0, 1, NULL, NULL, 0, 0, 0) NODE(2, 0, 4, NULL, 4, 0, 0, 0)
			NODE(3, 2, 2, 2, NULL, 1, 500, 500) NODE(4, 1, 2, 1, NULL, 1, 1000, 1000),
		(struct profile_filter){0});
	const struct calls_tree_node *work = node(&p, "(work in another thread)");
	assert_string_equal(p.functions[p.nodes[work->parent].function].name, "a");
	assert_int_equal(node(&p, "b")->depth, 4);
	assert_true(node(&p, "a")->sums.total_wall_ns == node(&p, "a")->sums.own_wall_ns);
	assert_true(work->sums.total_wall_ns > 0);
	arena_free(arena);
}

/* Two threads that ask each other have no beginning; all their time is there once. */
static void test_work_in_a_ring(void **state)
{
	(void)state;
	const struct calls_profile p =
		read(NODE(1, 0, 4, NULL, 4, 0, 0, 0) NODE(2, 1, 2, 1, NULL, 0, 100, 100)
			     NODE(3, 0, 4, NULL, 2, 0, 0, 0) NODE(4, 3, 2, 3, NULL, 0, 50, 50),
		     (struct profile_filter){0});
	double own_ns = 0;
	for (size_t i = 1; i < p.node_count; i++)
		own_ns += p.nodes[i].sums.own_wall_ns;
	assert_true(own_ns == 150);
	arena_free(arena);
}

/* A script that calls a again and again, 20 ms each; 1,000 events of it cost 10 µs. */
static void test_calls_of_a_function_tell_what_counting_cost(void **state)
{
	(void)state;
	const struct calls_profile p = read(
		NODE(1, 0, 1, NULL, NULL, 0, 0, 0) NODE(
			2, 1, 2, 1, NULL, 90, 9000,
			9000) "UPDATE call_process SET repeats_code_id = 1;"
			      "INSERT INTO call_window WITH RECURSIVE s(at) AS (SELECT 1 UNION ALL "
			      "SELECT at + 1 FROM s WHERE at < 20) SELECT 7, at * 1000000000, 10, "
			      "0, "
			      "200100000 + at % 3, 10000, 10, 0, 200000000 FROM s;",
		(struct profile_filter){0});
	assert_true(p.cost.from_run && p.cost.paused);
	assert_string_equal(p.cost.repeats, "a");
	assert_true(fabs(p.cost.event_ns - 10) < 0.01);
	arena_free(arena);
}

/* Windows are of lines where nothing else was counted: an event of 5 ns cost 10 in the app. */
static void test_requests_tell_what_counting_lines_cost(void **state)
{
	static const char windows[] =
		"UPDATE call_process SET line_events = 100, line_cost_ns = 500, want = 40;"
		"INSERT INTO call_window WITH RECURSIVE s(at) AS (SELECT 1 UNION ALL SELECT at + 1 "
		"FROM s WHERE at < 20) SELECT 7, at * 1000000000, 10, 0, 200100000 + at % 3, "
		"10000, 10, 0, 200000000 FROM s;";
	struct calls_cost cost;
	struct err e = {0};
	(void)state;
	sqlite3 *db = recording(windows);
	assert_int_equal(calls_cost_read_lines(db, &cost, &e), ERR_OK);
	assert_true(cost.known && !cost.tried && cost.event_ns == 5 && cost.factor == 1);
	assert_false(cost.duty); /* lines were counted all the time, beside calls */
	assert_int_equal(
		sqlite3_exec(db, "UPDATE call_process SET engine = 'none'", NULL, NULL, NULL),
		SQLITE_OK);
	assert_int_equal(calls_cost_read_lines(db, &cost, &e), ERR_OK);
	assert_true(cost.from_run && cost.duty && cost.part == 0.5);
	assert_true(fabs(cost.event_ns - 10) < 0.01 && fabs(cost.factor - 2) < 0.01);
	assert_int_equal(calls_cost_read(db, &cost, &e), ERR_OK);
	assert_false(cost.from_run || cost.duty);
	sqlite3_close(db);
}

static void test_filters(void **state)
{
	static const char rows[] = "INSERT INTO text VALUES (1, '/a');" NODE(1, 0, 1, NULL, NULL, 0,
									     0, 0)
		NODE(2, 1, 2, 1, NULL, 1, 9000, 9000) NODE(3, 0, 1, NULL, NULL, 0, 0, 0)
			NODE(4, 3, 2, 2, NULL, 1, 8000,
			     8000) "UPDATE call_node SET name_id = 1, kind = 5 WHERE id = 1;"
				   "UPDATE call_node SET thread_id = 2 WHERE id > 2;";
	(void)state;
	struct calls_profile p = read(rows, (struct profile_filter){.route = "/a"});
	assert_int_equal(p.node_count, 3);
	assert_true(function(&p, "b")->sums.calls == 0);
	arena_free(arena);
	/* requests alone, where there are some */
	p = read(rows, (struct profile_filter){0});
	assert_true(p.in_units && p.node_count == 3);
	arena_free(arena);
	p = read(rows, (struct profile_filter){.thread = "pool", .all_time = true});
	assert_true(function(&p, "a")->sums.calls == 0 && function(&p, "b")->sums.calls == 1);
	arena_free(arena);
	p = read(rows, (struct profile_filter){.by_thread = true, .all_time = true});
	assert_int_equal(node(&p, "1 MainThread")->depth, 1);
	assert_int_equal(node(&p, "1 pool")->depth, 1);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_counting_cost_goes_out),
		cmocka_unit_test(test_what_resumes_and_far_events_cost),
		cmocka_unit_test(test_what_resumes_of_coroutines_cost),
		cmocka_unit_test(test_a_cost_takes_nine_tenths_at_most),
		cmocka_unit_test(test_a_cost_that_is_not_in_the_time_is_in_the_callers),
		cmocka_unit_test(test_cost_of_recursion),
		cmocka_unit_test(test_a_wait_counts_once),
		cmocka_unit_test(test_a_loop_does_not_wait_for_its_tasks),
		cmocka_unit_test(test_a_caller_waits_for_what_it_awaits),
		cmocka_unit_test(test_no_root_lasts_longer_than_the_time_that_passed),
		cmocka_unit_test(test_requests_last_no_longer_than_they_did),
		cmocka_unit_test(test_a_wait_that_a_generator_hands_on),
		cmocka_unit_test(test_what_is_not_the_apps_counts_for_its_caller),
		cmocka_unit_test(test_work_of_another_thread),
		cmocka_unit_test(test_work_in_a_ring),
		cmocka_unit_test(test_calls_of_a_function_tell_what_counting_cost),
		cmocka_unit_test(test_requests_tell_what_counting_lines_cost),
		cmocka_unit_test(test_filters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
