/* The ledger of threads: what is a basis, what is idle, and where blocked time goes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/query.h"
#include "model/threads.h"
#include "recording/sql.h"

/* Stacks: 1 a server's loop, 2 the application below it, 3 a driver and 4 a pool below that, 5 a
 * function of the application below the driver; 10 a script's main, 11 an executor's queue, 12 a
 * selector, both called by no frame of the application; 13 the application in a thread of its own.
 * Threads: 1 the main one of process 1, 2 another. */
static const char world[] =
	"INSERT INTO process(id, pid, parent_pid, start_ns, agent_state) VALUES (1, 50, 1, 0, "
	"'off');"
	"INSERT INTO thread VALUES (1, 1, 50, 'MainThread'), (2, 1, 51, 'other');"
	"INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) "
	"VALUES "
	"(1, '/lib/gunicorn/sync.py', 'SyncWorker.wait', 1, 'server', 1, x''),"
	"(2, '/srv/app.py', 'view', 1, 'app', 1, x''),"
	"(3, '/lib/psycopg2/extras.py', 'execute', 1, 'library', 1, x''),"
	"(4, '/lib/psycopg_pool/pool.py', 'getconn', 1, 'library', 1, x''),"
	"(6, '/py/concurrent/futures/thread.py', '_worker', 1, 'stdlib', 1, x''),"
	"(7, '/py/selectors.py', 'EpollSelector.select', 1, 'stdlib', 1, x''),"
	"(8, '/lib/gunicorn/sync.py', 'SyncWorker.recv', 1, 'server', 1, x'');"
	"INSERT INTO stack(id, parent_id, code_id, instr_offset, line, depth, app_id) VALUES "
	"(1, 0, 1, 0, 9, 1, 0), (2, 1, 2, 0, 5, 2, 2), (3, 2, 3, 0, 7, 3, 2), (4, 2, 4, 0, 8, 3, "
	"2),"
	"(5, 3, 2, 0, 6, 4, 5), (6, 0, 8, 0, 3, 1, 0), (10, 0, 2, 0, 1, 1, 10), (11, 0, 6, 0, 1, "
	"1, "
	"0), (12, 0, 7, 0, 1, 1, 0);";

static int set_up(void **state)
{
	sqlite3 *db;
	if (sqlite3_open(":memory:", &db) || sqlite3_exec(db, sql_schema, NULL, NULL, NULL) ||
	    sqlite3_exec(db, sql_views, NULL, NULL, NULL) ||
	    sqlite3_exec(db, world, NULL, NULL, NULL))
		return -1;
	*state = db;
	return 0;
}

static int tear_down(void **state)
{
	sqlite3_close(*state);
	return 0;
}

struct place {
	int thread, stack;
	const char *state, *target;
	const char *ledger; /* wanted; NULL: idle */
};

static void put(sqlite3 *db, const struct place *p, int source)
{
	struct err e = {0};
	char *sql = sqlite3_mprintf("DELETE FROM sample_10s; INSERT INTO sample_10s VALUES (0, 1, "
				    "%d, NULL, 0, %d, %Q, %Q, NULL, %d, 3, 0, 30, 0, 0)",
				    p->thread, p->stack, p->state, p->target, source);
	assert_int_equal(query_script(db, sql, &e), ERR_OK);
	sqlite3_free(sql);
}

static double ask(sqlite3 *db, const char *sql)
{
	struct err e = {0};
	double value;
	assert_int_equal(query_number(db, sql, -1, &value, &e), ERR_OK);
	return value;
}

/* Each place alone in a recording. */
static void where_time_goes(void **state)
{
	static const struct place places[] = {
		/* computing and its neighbours, wherever */
		{1, 2, "python", NULL, "python"},
		{1, 1, "python", NULL, "python"},
		{1, 2, "gil", NULL, "gil"},
		{1, 2, "runqueue", NULL, "runqueue"},
		{1, 2, "native", NULL, "native"},
		{1, 2, "holding", NULL, "unexplained"},
		/* below a driver it is the database's, unless the application is called back */
		{1, 3, "native", NULL, "io_db"},
		{1, 3, "call", "10.0.0.5:5432", "io_db"},
		{1, 5, "native", NULL, "native"},
		{1, 5, "call", "10.0.0.9:80", "io_net"},
		{1, 4, "lock", NULL, "pool"},
		{1, 2, "lock", NULL, "lock"},
		/* calls by what they wait on */
		{1, 2, "call", "10.0.0.9:443", "io_net"},
		{1, 2, "call", "epoll_wait", "io_net"},
		{1, 2, "call", "unix socket /run/a", "io_net"},
		{1, 2, "call", "/srv/data.csv", "io_file"},
		{1, 2, "call", "fsync", "io_file"},
		{1, 2, "call", "pipe", "io_file"},
		{1, 2, "call", "wait4", "lock"},
		{1, 2, "call", "ioctl", "unexplained"},
		{1, 2, "sleep", NULL, "sleep"},
		/* idle: where a server or an executor waits for its next work, and only blocked */
		{1, 1, "call", "select", NULL},
		{2, 11, "lock", NULL, NULL},
		{2, 12, "call", "epoll_wait", NULL},
		{1, 1, "gil", NULL, "gil"},
		/* a server that waits for its client's bytes works for it */
		{1, 6, "call", "10.0.0.9:50000", "io_net"},
		/* a script's own sleep is its time, a thread's beside it is its pause */
		{1, 10, "sleep", NULL, "sleep"},
		{2, 10, "sleep", NULL, NULL},
		{2, 10, "call", "10.0.0.9:80", "io_net"},
		{2, 2, "sleep", NULL, "sleep"},
	};
	sqlite3 *db = *state;
	struct err e = {0};
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		const struct place *p = &places[i];
		sqlite3_stmt *statement;
		put(db, p, 2);
		assert_int_equal(threads_prepare(db, true, &e), ERR_OK);
		assert_true(ask(db, "SELECT idle FROM thread_time") == !p->ledger);
		assert_true(ask(db, "SELECT count(*) FROM looked") == !!p->ledger);
		if (!p->ledger)
			continue;
		assert_int_equal(query_prepare(db, "SELECT ledger FROM looked", &statement, &e),
				 ERR_OK);
		assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
		assert_string_equal((const char *)sqlite3_column_text(statement, 0), p->ledger);
		assert_int_equal(query_finish(db, statement, &e), ERR_OK);
	}
}

static void a_sample_without_a_stack_is_busy(void **state)
{
	struct err e = {0};
	const struct place place = {1, 0, "call", "epoll_wait", NULL};
	put(*state, &place, 2);
	assert_int_equal(query_script(*state, "UPDATE sample_10s SET stack_id = NULL", &e), ERR_OK);
	assert_int_equal(threads_prepare(*state, true, &e), ERR_OK);
	assert_true(ask(*state, "SELECT total(wall_ns) FROM looked") == 30);
}

static void the_basis(void **state)
{
	static const struct place place = {1, 2, "python", NULL, NULL};
	sqlite3 *db = *state;
	struct err e = {0};
	bool is_basis = true;
	assert_int_equal(threads_are_basis(db, &is_basis, &e), ERR_OK);
	assert_false(is_basis); /* no sample at all */
	put(db, &place, 1);
	assert_int_equal(threads_are_basis(db, &is_basis, &e), ERR_OK);
	assert_false(is_basis); /* the agent's: units will be known */
	put(db, &place, 2);
	assert_int_equal(threads_are_basis(db, &is_basis, &e), ERR_OK);
	assert_true(is_basis);
	assert_int_equal(query_script(db,
				      "INSERT INTO unit(id, process_id, kind, start_ns, wall_ns) "
				      "VALUES (1, 1, 'request', 0, 10)",
				      &e),
			 ERR_OK);
	assert_int_equal(threads_are_basis(db, &is_basis, &e), ERR_OK);
	assert_false(is_basis);
}

/* With units, rules look at their samples, whoever took them. */
static void samples_of_units(void **state)
{
	static const struct place place = {1, 2, "python", NULL, NULL};
	sqlite3 *db = *state;
	struct err e = {0};
	put(db, &place, 1);
	assert_int_equal(threads_prepare(db, false, &e), ERR_OK);
	assert_true(ask(db, "SELECT count(*) FROM looked") == 0);
	assert_int_equal(query_script(db, "UPDATE sample_10s SET in_unit = 1", &e), ERR_OK);
	assert_int_equal(threads_prepare(db, false, &e), ERR_OK);
	assert_true(ask(db, "SELECT count(*) FROM looked") == 1);
	assert_true(ask(db, "SELECT count(*) FROM thread_time") == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(where_time_goes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_sample_without_a_stack_is_busy, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(the_basis, set_up, tear_down),
		cmocka_unit_test_setup_teardown(samples_of_units, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
