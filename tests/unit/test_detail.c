/* Which units of a large recording are looked at in detail, and what that leaves whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "model/ledger.h"
#include "rules/detail.h"
#include "rules_world.h"

static sqlite3 *db;

/* In 20 s 30 cold requests, 1,000 of a route, the last 300 of which failed, and 60 of another; each
 * with two calls, a statement and a sample; calls outside of units. */
static int set_up(void **state)
{
	(void)state;
	db = rules_world();
	if (!db)
		return -1;
	rules_world_run(
		db,
		"INSERT INTO text VALUES (1, '/many'), (2, '/few'), (3, 'select 1');"
		"INSERT INTO process(id, pid, parent_pid, start_ns, agent_state) "
		"  VALUES (1, 10, 9, 0, 'on');"
		"INSERT INTO handle(id, process_id, kind, peer_kind) VALUES (1, 1, 'sqlite', "
		"'sqlite');"
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1090) "
		"INSERT INTO unit(id, process_id, kind, route_id, status, start_ns, wall_ns, "
		"flags) "
		"SELECT i, 1, 'request', iif(i > 1030, 2, 1), iif(i > 730 AND i <= 1030, 500, "
		"200), "
		"  i * 18300000, 500, i <= 30 FROM n;"
		"INSERT INTO event(start_ns, dur_ns, unit_id, kind, bytes, result, flags, count, "
		"aux, "
		"  source) SELECT start_ns, 9, id, 'recv', 0, 0, 0, 0, 0, 1 FROM unit "
		"  UNION ALL SELECT start_ns, 9, id, 'send', 0, 0, 0, 0, 0, 1 FROM unit "
		"  UNION ALL SELECT start_ns, 9, NULL, 'close', 0, 0, 0, 0, 0, 1 FROM unit;"
		"INSERT INTO statement(start_ns, dur_ns, unit_id, handle_id, nth, fingerprint_id, "
		"  raw_hash, literals, prepare_ns, bytes, flags) "
		"  SELECT start_ns, 9, id, 1, id, 3, 0, 0, 0, 0, 0 FROM unit;"
		"INSERT INTO unit_sample SELECT id, 1, start_ns, 5, 'python', NULL, NULL FROM "
		"unit;");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	sqlite3_close(db);
	return 0;
}

static void look(uint64_t rows_most)
{
	struct err e = {0};
	assert_int_equal(detail_tables(db, &e), ERR_OK);
	assert_int_equal(ledger_choose_basis(db, &e), ERR_OK);
	assert_int_equal(detail_choose(db, rows_most, &e), ERR_OK);
}

static void a_small_one_is_read_whole(void **state)
{
	(void)state;
	look(10000);
	assert_int_equal(rules_world_number(db, "SELECT parts FROM detail"), 1);
	assert_int_equal(rules_world_number(db, "SELECT rows FROM detail"),
			 1090 * 5); /* and the units */
	assert_int_equal(rules_world_number(db, "SELECT count(*) FROM basis"), 1060);
	assert_int_equal(
		rules_world_number(db, "SELECT count(*) FROM basis_whole WHERE weight = 1"), 1060);
	assert_int_equal(rules_world_number(db, "SELECT count(*) FROM v1_event"), 3 * 1090);
}

/* Of each route, what failed apart, the units that are left stand for all; few stay whole. */
static void those_that_are_left_stand_for_all(void **state)
{
	(void)state;
	look(1000);
	assert_int_equal(rules_world_number(db, "SELECT parts FROM detail"), 6);
	assert_int_equal(rules_world_number(db, "SELECT sum(weight) FROM basis"), 1060);
	assert_int_equal(rules_world_number(db, "SELECT sum(weight) FROM basis WHERE failed"), 300);
	assert_int_equal(
		rules_world_number(db, "SELECT sum(weight) FROM basis WHERE route = '/few'"), 60);
	assert_int_equal(rules_world_number(db, "SELECT sum(weight) FROM v1_unit"), 1090);
	assert_int_equal(rules_world_number(db, "SELECT count(*) FROM basis WHERE route = '/few'"),
			 60);
	const double left = rules_world_number(db, "SELECT kept FROM detail") - 60;
	assert_true(left > 1000.0 / 9 && left < 1000.0 / 4); /* one in 6 */
}

/* Within the half seconds that are looked at nobody is missing. */
static void who_was_there_together_is_seen_together(void **state)
{
	(void)state;
	look(1000);
	rules_world_run(
		db,
		"CREATE TEMP TABLE placed AS SELECT (start_ns - 18300000) / 500000000 AS block, "
		"id IN (SELECT id FROM basis) AS kept, failed FROM basis_whole WHERE route = "
		"'/many'");
	assert_int_equal(
		rules_world_number(
			db, "SELECT count(*) FROM (SELECT 1 FROM placed GROUP BY block, failed "
			    "HAVING min(kept) <> max(kept))"),
		0);
	/* and they are not at every sixth place */
	assert_true(rules_world_number(
			    db, "SELECT count(DISTINCT block % 6) FROM placed WHERE kept") >= 3);
}

static void units_sums_and_first_units_stay_whole(void **state)
{
	(void)state;
	look(1000);
	assert_int_equal(
		rules_world_number(db, "SELECT count(*) FROM basis_whole WHERE weight = 1"), 1060);
	assert_int_equal(rules_world_number(db, "SELECT units FROM basis_total"), 1060);
	assert_int_equal(rules_world_number(db, "SELECT count(*) FROM v1_unit"), 1090);
	assert_int_equal(
		rules_world_number(db, "SELECT count(*) FROM v1_unit WHERE cold AND weight = 1"),
		30);
	assert_int_equal(rules_world_number(db, "SELECT count(*) FROM v1_handle"), 1);
}

static void rows_are_of_the_units_that_are_left(void **state)
{
	(void)state;
	look(1000);
	const double left = rules_world_number(db, "SELECT count(*) FROM v1_unit WHERE weight > 0");
	assert_int_equal(left, 30 + rules_world_number(db, "SELECT kept FROM detail"));
	assert_int_equal(
		rules_world_number(db, "SELECT count(*) FROM v1_event WHERE unit_id IS NULL"),
		1090);
	assert_int_equal(rules_world_number(db, "SELECT count(*) FROM v1_event WHERE unit_id > 0"),
			 2 * left);
	assert_int_equal(rules_world_number(db, "SELECT count(*) FROM v1_statement"), left);
	assert_int_equal(rules_world_number(db, "SELECT count(*) FROM v1_unit_sample"), left);
	assert_int_equal(
		rules_world_number(db, "SELECT count(*) FROM v1_event e JOIN v1_unit u ON u.id = "
				       "e.unit_id WHERE u.weight = 0"),
		0);
}

/* All within the half seconds that are not looked at: some of them are, all the same. */
static void a_burst_is_not_passed_over(void **state)
{
	(void)state;
	look(1000);
	rules_world_run(
		db,
		"CREATE TEMP TABLE empty AS SELECT start_ns / 500000000 AS block FROM basis_whole "
		"GROUP BY 1 HAVING total(id IN (SELECT id FROM basis)) = 0 LIMIT 1");
	char sql[160];
	snprintf(sql, sizeof sql,
		 "UPDATE unit SET start_ns = %.0f + id * 100000, status = 404 WHERE id BETWEEN 300 "
		 "AND 600",
		 rules_world_number(db, "SELECT block * 500000000 + 100000000 FROM empty"));
	tear_down(NULL);
	assert_int_equal(set_up(NULL), 0);
	rules_world_run(db, sql);
	rules_world_run(db, "UPDATE unit SET route_id = 3 WHERE status = 404");
	look(1000);
	assert_int_equal(rules_world_number(db, "SELECT sum(weight) FROM basis WHERE status = 404"),
			 301);
	const double left = rules_world_number(db, "SELECT count(*) FROM basis WHERE status = 404");
	assert_true(left > 301.0 / 15 && left < 301.0 / 3);
}

/* A recording that was thinned while it was made: weights go on. */
static void weights_go_on(void **state)
{
	(void)state;
	rules_world_run(db, "UPDATE unit SET weight = iif(id % 2, 0, 2) WHERE id > 30");
	look(1000);
	assert_int_equal(rules_world_number(db, "SELECT sum(weight) FROM basis"), 1060);
	assert_int_equal(rules_world_number(db, "SELECT count(*) FROM basis WHERE id % 2"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_small_one_is_read_whole),
		TEST(those_that_are_left_stand_for_all),
		TEST(who_was_there_together_is_seen_together),
		TEST(units_sums_and_first_units_stay_whole),
		TEST(rows_are_of_the_units_that_are_left),
		TEST(a_burst_is_not_passed_over),
		TEST(weights_go_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
