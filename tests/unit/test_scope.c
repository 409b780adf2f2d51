/* A diagnosis narrowed to one route: what becomes the route's, what stays the process's, and that
 * the next route is not narrowed from the last. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "rules/evaluate.h"
#include "rules/scope.h"
#include "rules_world.h"

static sqlite3 *db;
static const struct catalogue no_rules;

static void narrow(const char *route, bool (*is_asked)(const struct rule *))
{
	struct err e = {0};
	if (scope_narrow(db, route, &no_rules, is_asked, &e) != ERR_OK)
		fail_msg("%s", e.text);
}

/* 90 requests of a route and 10 of another; a statement, a call and a sample in each. */
static int set_up(void **state)
{
	struct err e = {0};
	(void)state;
	db = rules_world();
	if (!db)
		return -1;
	rules_world_run(
		db,
		"INSERT INTO text VALUES (1, '/many'), (2, '/o''few'), (3, 'select 1');"
		"INSERT INTO process(id, pid, parent_pid, start_ns, agent_state) "
		"  VALUES (1, 10, 9, 0, 'on');"
		"INSERT INTO handle(id, process_id, kind, peer_kind) VALUES (1, 1, 'sqlite', "
		"'sqlite');"
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) "
		"INSERT INTO unit(id, process_id, kind, route_id, status, start_ns, wall_ns, "
		"flags) "
		"SELECT i, 1, 'request', iif(i > 90, 2, 1), 200, i * 1000, iif(i > 90, 70, 5), 0 "
		"FROM n;"
		"INSERT INTO event(start_ns, dur_ns, unit_id, kind, bytes, result, flags, count, "
		"aux, "
		"  source) SELECT start_ns, 9, id, 'recv', 0, 0, 0, 0, 0, 1 FROM unit;"
		"INSERT INTO statement(start_ns, dur_ns, unit_id, handle_id, nth, fingerprint_id, "
		"  raw_hash, literals, prepare_ns, bytes, flags) "
		"  SELECT start_ns, 9, id, 1, id, 3, 0, 0, 0, 0, 0 FROM unit;"
		"INSERT INTO unit_sample SELECT id, 1, start_ns, 5, 'python', 5, NULL FROM unit;"
		"INSERT INTO code(id, filename, qualname, first_line, kind, line_format, "
		"line_table) "
		"  VALUES (1, '/srv/app.py', 'view', 1, 'app', 1, x''), "
		"  (2, '/x/jinja2/environment.py', 'Environment.compile', 1, 'library', 1, x'');"
		"INSERT INTO stack VALUES (1, 0, 1, 0, 3, 1, 1), (5, 1, 2, 0, 9, 2, 1);"
		"INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 5, 'python', NULL, NULL, 1, 90, 0, "
		"  450, 450, 0), (0, 1, 1, 2, 1, 5, 'python', NULL, NULL, 1, 10, 0, 50, 50, 0);");
	/* some are views of the connection's own, as recording_open() makes them */
	rules_world_run(db, "CREATE TEMP VIEW v1_usage AS SELECT * FROM main.v1_usage;"
			    "CREATE TEMP VIEW v1_event AS SELECT * FROM main.v1_event;");
	return evaluate_prepare(db, &e) == ERR_OK ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	sqlite3_close(db);
	return 0;
}

static void units_and_what_is_made_of_them_are_the_route_s(void **state)
{
	(void)state;
	narrow("/o'few", NULL);
	assert_int_equal(rules_world_number(db, "SELECT count(*) FROM basis"), 10);
	assert_int_equal(rules_world_number(db, "SELECT units FROM basis_total"), 10);
	assert_int_equal(rules_world_number(db, "SELECT wall_ns FROM basis_total"), 700);
	assert_int_equal(rules_world_number(db, "SELECT count(*) FROM rounds"), 10);
	assert_int_equal(rules_world_number(db, "SELECT count(*) FROM route_units"), 1);
	assert_int_equal(rules_world_number(db, "SELECT count(*) FROM v1_unit"), 10);
	assert_int_equal(rules_world_number(db, "SELECT count(*) FROM v1_event"), 10);
	assert_int_equal(rules_world_number(db, "SELECT count(*) FROM v1_unit_sample"), 10);
	assert_int_equal(rules_world_number(db, "SELECT count(*) FROM v1_statement"), 10);
}

/* Who used a connection before and after, and what a statement takes elsewhere. */
static void connections_stay_whole(void **state)
{
	(void)state;
	narrow("/o'few", NULL);
	assert_int_equal(rules_world_number(db, "SELECT count(*) FROM told"), 100);
	assert_int_equal(rules_world_number(db, "SELECT count(*) FROM v1_handle"), 1);
}

static void the_next_is_of_the_whole(void **state)
{
	(void)state;
	narrow("/o'few", NULL);
	narrow("/many", NULL);
	assert_int_equal(rules_world_number(db, "SELECT units FROM basis_total"), 90);
	assert_int_equal(rules_world_number(db, "SELECT count(*) FROM rounds"), 90);
	assert_int_equal(rules_world_number(db, "SELECT count(*) FROM v1_event"), 90);
	narrow("/nobody", NULL);
	assert_int_equal(rules_world_number(db, "SELECT units FROM basis_total"), 0);
	assert_int_equal(rules_world_number(db, "SELECT count(*) FROM reads"), 0);
}

/* Rows of each temporary table, in one text. */
static void count_tables(char *out, size_t room)
{
	sqlite3_stmt *table;
	size_t used = 0;
	assert_int_equal(sqlite3_prepare_v2(db,
					    "SELECT name FROM temp.sqlite_master WHERE type = "
					    "'table' ORDER BY name",
					    -1, &table, NULL),
			 SQLITE_OK);
	while (sqlite3_step(table) == SQLITE_ROW) {
		char *sql = sqlite3_mprintf("SELECT count(*) FROM temp.%s",
					    sqlite3_column_text(table, 0));
		used += (size_t)snprintf(out + used, room - used, "%s %.0f\n",
					 (const char *)sqlite3_column_text(table, 0),
					 rules_world_number(db, sql));
		sqlite3_free(sql);
		assert_true(used < room);
	}
	sqlite3_finalize(table);
}

/* What is asked of each sample, call or statement is that of the next route's. */
static void every_table_is_that_of_the_route_alone(void **state)
{
	static char after_another[16384], alone[16384];
	narrow("/o'few", NULL);
	narrow("/many", NULL);
	count_tables(after_another, sizeof after_another);
	assert_true(rules_world_number(db, "SELECT units FROM work_seen") == 90);
	sqlite3_close(db);
	assert_int_equal(set_up(state), 0);
	narrow("/many", NULL);
	count_tables(alone, sizeof alone);
	assert_string_equal(after_another, alone);
}

static bool never(const struct rule *rule)
{
	(void)rule;
	return false;
}

/* Nobody asks: shared tables are left as they were. */
static void what_no_rule_needs_is_not_made_again(void **state)
{
	(void)state;
	narrow("/o'few", never);
	assert_int_equal(rules_world_number(db, "SELECT count(*) FROM basis"), 10);
	assert_int_equal(rules_world_number(db, "SELECT count(*) FROM rounds"), 100);
}

static void names_are_words_outside_of_comments(void **state)
{
	(void)state;
	assert_true(scope_names("SELECT * FROM basis b", "basis"));
	assert_true(scope_names("basis", "basis"));
	assert_false(scope_names("SELECT * FROM basis_total", "basis"));
	assert_false(scope_names("SELECT * FROM my_basis", "basis"));
	assert_false(scope_names("SELECT 1 -- of the basis\n", "basis"));
	assert_true(scope_names("-- of it\nSELECT * FROM basis", "basis"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(units_and_what_is_made_of_them_are_the_route_s,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(connections_stay_whole, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_next_is_of_the_whole, set_up, tear_down),
		cmocka_unit_test_setup_teardown(every_table_is_that_of_the_route_alone, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(what_no_rule_needs_is_not_made_again, set_up,
						tear_down),
		cmocka_unit_test(names_are_words_outside_of_comments),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
