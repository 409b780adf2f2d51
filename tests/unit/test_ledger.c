#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "model/ledger.h"
#include "recording/sql.h"
#include "model/query.h"

/* A recording in memory with the real schema and views. */
static int set_up(void **state)
{
	sqlite3 *db;
	if (sqlite3_open(":memory:", &db) || sqlite3_exec(db, sql_schema, NULL, NULL, NULL) ||
	    sqlite3_exec(db, sql_views, NULL, NULL, NULL))
		return -1;
	*state = db;
	return 0;
}

static int tear_down(void **state)
{
	sqlite3_close(*state);
	return 0;
}

static struct ledger read_ledger(sqlite3 *db, const char *inserts, struct arena *arena)
{
	struct ledger l;
	struct err e = {0};
	assert_int_equal(query_script(db, inserts, &e), ERR_OK);
	assert_int_equal(ledger_choose_basis(db, &e), ERR_OK);
	assert_int_equal(ledger_read(db, NULL, arena, &l, &e), ERR_OK);
	return l;
}

static void adds_up(const struct ledger *l)
{
	double sum = 0;
	for (int i = 0; i < LEDGER_STATES; i++) {
		assert_true(l->share[i] >= 0);
		sum += l->share[i];
	}
	assert_true(fabs(sum - 1) < 1e-9);
}

#define UNIT \
	"INSERT INTO unit(id, process_id, kind, start_ns, wall_ns, cpu_ns, db_ns, db_cpu_ns, " \
	"net_ns, gil_ns, gc_ns, runqueue_ns, flags, status) VALUES "

static void states_of_a_synchronous_request(void **state)
{
	struct arena *arena = arena_new();
	struct ledger l = read_ledger(
		*state, UNIT "(1, 1, 'request', 0, 1000, 500, 300, 100, 100, 50, 40, 500, 0, 200)",
		arena);
	adds_up(&l);
	assert_true(fabs(l.share[LEDGER_PYTHON] - 0.36) < 1e-9); /* 500 - 100 - 40 */
	assert_true(fabs(l.share[LEDGER_IO_DB] - 0.30) < 1e-9);
	/* the run queue owns only what no call owns: 1000 - 360 - 300 - 100 - 50 - 40 */
	assert_true(fabs(l.share[LEDGER_RUNQUEUE] - 0.15) < 1e-9);
	assert_true(l.share[LEDGER_UNEXPLAINED] < 1e-9);
	arena_free(arena);
}

static void too_much_measured_is_said(void **state)
{
	struct arena *arena = arena_new();
	struct ledger l = read_ledger(
		*state, UNIT "(1, 1, 'request', 0, 1000, 900, 300, 0, 0, 0, 0, NULL, 0, 200)",
		arena);
	adds_up(&l);
	assert_true(fabs(l.over_share - 0.2) < 1e-9);
	arena_free(arena);
}

/* Only the first of each process is start-up for sure, if all load modules. */
static void all_that_load_are_the_basis(void **state)
{
	struct arena *arena = arena_new();
	struct ledger l = read_ledger(
		*state,
		UNIT "(1099511627777, 1, 'request', 0, 9000, 9000, 0, 0, 0, 0, 0, 0, 1, 200), "
		     "(1099511627778, 1, 'request', 9000, 100, 90, 0, 0, 0, 0, 0, 0, 1, 200), "
		     "(2199023255553, 2, 'request', 0, 9000, 9000, 0, 0, 0, 0, 0, 0, 1, 200)",
		arena);
	assert_int_equal(l.units, 1);
	assert_int_equal(l.cold, 2);
	assert_true(l.cold_used);
	assert_true(l.loading);
	assert_true(l.mean_ns < 101);
	arena_free(arena);
}

static void cold_and_unfinished_are_apart(void **state)
{
	struct arena *arena = arena_new();
	struct ledger l =
		read_ledger(*state,
			    UNIT "(1, 1, 'request', 0, 9000, 9000, 0, 0, 0, 0, 0, NULL, 1, 200),"
				 "(2, 1, 'request', 10, 1000, 1000, 0, 0, 0, 0, 0, NULL, 0, 500),"
				 "(3, 1, 'request', 20, NULL, NULL, 0, 0, 0, 0, 0, NULL, 0, NULL),"
				 "(4, 1, 'run', 0, 99999, 1, 0, 0, 0, 0, 0, NULL, 0, NULL)",
			    arena);
	assert_string_equal(l.basis, "request");
	assert_int_equal(l.units, 1);
	assert_int_equal(l.cold, 1);
	assert_int_equal(l.unfinished, 1);
	assert_int_equal(l.errors, 1);
	assert_false(l.cold_used);
	assert_true(fabs(l.p50_ns - 1000) < 1e-9);
	arena_free(arena);
}

static void only_cold_requests_still_count(void **state)
{
	struct arena *arena = arena_new();
	struct ledger l = read_ledger(
		*state, UNIT "(1, 1, 'request', 0, 9000, 9000, 0, 0, 0, 0, 0, NULL, 1, 200)",
		arena);
	assert_int_equal(l.units, 1);
	assert_true(l.cold_used);
	arena_free(arena);
}

static void asynchronous_time(void **state)
{
	struct arena *arena = arena_new();
	struct ledger l = read_ledger(*state,
				      "INSERT INTO unit(id, process_id, kind, start_ns, wall_ns, "
				      "cpu_ns, running_ns, suspended_ns, "
				      "ready_ns, db_await_ns, flags) VALUES (1, 1, 'request', 0, "
				      "1000, 200, 200, 800, 100, 500, 8)",
				      arena);
	adds_up(&l);
	assert_true(fabs(l.share[LEDGER_LOOP_BUSY] - 0.1) < 1e-9);
	assert_true(fabs(l.share[LEDGER_IO_DB] - 0.5) < 1e-9);
	assert_true(fabs(l.share[LEDGER_AWAIT] - 0.2) < 1e-9);
	arena_free(arena);
}

static void nothing_recorded(void **state)
{
	struct arena *arena = arena_new();
	struct ledger l = read_ledger(*state, "SELECT 1", arena);
	assert_int_equal(l.units, 0);
	assert_null(l.kind);
	assert_true(isnan(l.mean_ns));
	arena_free(arena);
}

/* A cold run is a server's start-up: it is not taken for work, and is told apart. */
static void start_up_of_a_server_is_no_run(void **state)
{
	struct arena *arena = arena_new();
	struct ledger l = read_ledger(
		*state, UNIT "(1, 1, 'run', 0, 9000, 900, 0, 0, 0, 0, 0, NULL, 1, NULL)", arena);
	assert_int_equal(l.units, 0);
	assert_true(l.listened);
	l = read_ledger(*state, UNIT "(2, 2, 'run', 0, 9000, 900, 0, 0, 0, 0, 0, NULL, 0, NULL)",
			arena);
	assert_int_equal(l.units, 1);
	assert_false(l.listened);
	arena_free(arena);
}

static void weighted_percentile(void **state)
{
	(void)state;
	double values[] = {1, 2, 3};
	uint64_t weights[] = {1, 1, 98};
	assert_true(ledger_percentile(values, weights, 3, 0.5) > 2.9);
	assert_true(ledger_percentile(values, weights, 3, 0.01) < 1.1);
}

/* A task that it awaits computes: its samples have the CPU, its steps do not. */
#define AWAITS_A_TASK \
	"INSERT INTO unit(id, process_id, thread_id, kind, start_ns, wall_ns, cpu_ns, " \
	"running_ns, suspended_ns, ready_ns) VALUES " \
	"(1, 1, 1, 'request', 0, 200000000, 10000000, 10000000, 190000000, 0), " \
	"(2, 1, 1, 'request', 0, 100000000, 10000000, 10000000, 90000000, 0);" \
	"INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 1, NULL, 'python', NULL, NULL, 1, 30, 0, " \
	"150000000, 90000000, 0), (0, 1, 2, NULL, 1, NULL, 'python', NULL, NULL, 1, 30, 0, " \
	"150000000, 90000000, 0);"

static void uvloop_hides_the_cpu_of_tasks(void **state)
{
	struct arena *arena = arena_new();
	struct ledger l = read_ledger(*state,
				      AWAITS_A_TASK "INSERT INTO fact(process_id, key, value) "
						    "VALUES (1, 'agent.loop', 'uvloop: steps');",
				      arena);
	adds_up(&l);
	assert_true(fabs(l.share[LEDGER_PYTHON] - 0.3) < 1e-9); /* 90 of 300 ms, not 20 */
	assert_true(fabs(l.share[LEDGER_AWAIT] - 0.7) < 1e-9);
	arena_free(arena);
}

static void other_loops_are_believed(void **state)
{
	struct arena *arena = arena_new();
	struct ledger l = read_ledger(*state, AWAITS_A_TASK, arena);
	assert_true(fabs(l.share[LEDGER_PYTHON] - 20.0 / 300) < 1e-9);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(states_of_a_synchronous_request, set_up, tear_down),
		cmocka_unit_test_setup_teardown(too_much_measured_is_said, set_up, tear_down),
		cmocka_unit_test_setup_teardown(all_that_load_are_the_basis, set_up, tear_down),
		cmocka_unit_test_setup_teardown(cold_and_unfinished_are_apart, set_up, tear_down),
		cmocka_unit_test_setup_teardown(only_cold_requests_still_count, set_up, tear_down),
		cmocka_unit_test_setup_teardown(asynchronous_time, set_up, tear_down),
		cmocka_unit_test_setup_teardown(uvloop_hides_the_cpu_of_tasks, set_up, tear_down),
		cmocka_unit_test_setup_teardown(other_loops_are_believed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nothing_recorded, set_up, tear_down),
		cmocka_unit_test_setup_teardown(start_up_of_a_server_is_no_run, set_up, tear_down),
		cmocka_unit_test(weighted_percentile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
