/* Which routes are diagnosed by themselves, and what is told of one: shares and savings are of all
 * units, and what claims no saving is not told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "rules/by_route.h"
#include "rules_world.h"

#define SAYS(mid, high) \
	"SELECT 1 AS fires, 'all' AS subject, 'It is slow.' AS title, " \
	"'[[\"/srv/app.py\", 7, \"rare\"]]' AS places, units, 0.5 * wall_ns AS share_ns, " mid \
	" AS saving_low_ns, " mid " AS saving_mid_ns, " high " AS saving_high_ns, " \
	"'[]' AS evidence, '[]' AS excluded, '' AS because, '' AS ruled_out FROM basis_total"

static const char gains[] = SAYS("4e7", "9e9");
static const char waits[] = SAYS("NULL", "4e7");

static sqlite3 *db;
static struct arena *arena;

static int record(const char *units)
{
	struct err e = {0};
	arena = arena_new();
	db = rules_world();
	if (!db)
		return -1;
	rules_world_run(db, "INSERT INTO process(id, pid, parent_pid, start_ns, agent_state) "
			    "  VALUES (1, 10, 9, 0, 'on');");
	rules_world_run(db, units);
	rules_world_run(db, "CREATE TEMP VIEW v1_usage AS SELECT * FROM main.v1_usage;"
			    "CREATE TEMP VIEW v1_event AS SELECT * FROM main.v1_event;");
	return evaluate_prepare(db, &e) == ERR_OK ? 0 : -1;
}

/* 180 requests of 1 ms, 20 of a route that take 50 ms, and five of one that take 90. */
static int set_up(void **state)
{
	(void)state;
	return record(
		"INSERT INTO text VALUES (1, '/page'), (2, '/rare'), (3, '/seldom');"
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 205) "
		"INSERT INTO unit(id, process_id, kind, route_id, status, start_ns, wall_ns, "
		"  cpu_ns, flags) SELECT i, 1, 'request', 1 + (i > 180) + (i > 200), 200, "
		"  i * 1000000000, CASE WHEN i > 200 THEN 90000000 WHEN i > 180 THEN 50000000 "
		"  ELSE 1000000 END, 0, 0 FROM n;");
}

/* Five routes with 100 requests of 8 ms each, and ten of 60 ms of another. */
static int set_up_late(void **state)
{
	(void)state;
	return record(
		"INSERT INTO text VALUES (1, '/a'), (2, '/b'), (3, '/c'), (4, '/d'), (5, '/e'), "
		"  (6, '/late');"
		"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 509) "
		"INSERT INTO unit(id, process_id, kind, route_id, status, start_ns, wall_ns, "
		"  cpu_ns, flags) SELECT i + 1, 1, 'request', 1 + i / 100, 200, i * 1000000000, "
		"  iif(i >= 500, 60000000, 8000000), 0, 0 FROM n;");
}

static int tear_down(void **state)
{
	(void)state;
	sqlite3_close(db);
	arena_free(arena);
	return 0;
}

static void look(const char *sql, struct route_parts *out)
{
	struct rule rule = {.path = "test",
			    .id = "slow",
			    .group = "db",
			    .needs = "v1_unit",
			    .level = CONFIDENCE_LIKELY,
			    .saving = "S1",
			    .fix = "",
			    .units = 1,
			    .sql = sql};
	const struct catalogue one = {.rules = &rule, .count = 1};
	const struct rules_options options = {.uncalibrated = true};
	const struct candidates whole = {0};
	struct ledger ledger;
	struct err e = {0};
	if (ledger_read(db, NULL, arena, &ledger, &e) ||
	    by_route_find(db, &one, &options, &whole, &ledger, arena, out, &e))
		fail_msg("%s", e.text);
}

static void find(const char *sql, struct route_parts *out)
{
	look(sql, out);
	/* of a route with five units nothing is asked, nor of that which answers quickly */
	assert_int_equal(out->count, 1);
	assert_string_equal(out->items[0].route, "/rare");
	assert_int_equal(out->items[0].found.list.count, 1);
}

static void what_is_found_is_in_terms_of_all_units(void **state)
{
	struct route_parts parts;
	(void)state;
	find(gains, &parts);
	const struct route_part *part = &parts.items[0];
	const struct candidate *c = &part->found.list.items[0];
	assert_true(c->fires);
	assert_float_equal(part->units, 20.0 / 205, 1e-6);
	assert_float_equal(part->time, 1000.0 / 1630, 1e-6);
	assert_float_equal(c->share, 500.0 / 1630, 1e-6);
	assert_float_equal(c->mid_ns, 4e7 * 20 / 205, 1);
	/* no unit of it saves more than it takes */
	assert_float_equal(c->high_ns, 5e7 * 20 / 205, 1);
	by_route_free(&parts);
}

/* What is frequent is seen in the whole. */
static void a_late_one_comes_before_frequent_ones(void **state)
{
	struct route_parts parts;
	(void)state;
	look(gains, &parts);
	assert_int_equal(parts.count, ROUTES_MOST);
	assert_string_equal(parts.items[0].route, "/late");
	by_route_free(&parts);
}

static void what_claims_no_saving_is_not_told(void **state)
{
	struct route_parts parts;
	(void)state;
	find(waits, &parts);
	assert_false(parts.items[0].found.list.items[0].fires);
	by_route_free(&parts);
}

static void a_part_in_words(void **state)
{
	(void)state;
	arena = arena_new();
	assert_string_equal(by_route_percent(1, arena), "100 %");
	assert_string_equal(by_route_percent(0.996, arena), "100 %");
	assert_string_equal(by_route_percent(0.0997, arena), "10 %");
	assert_string_equal(by_route_percent(0.034, arena), "3.4 %");
	assert_string_equal(by_route_percent(0.0031, arena), "0.31 %");
	arena_free(arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_found_is_in_terms_of_all_units, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_late_one_comes_before_frequent_ones, set_up_late,
						tear_down),
		cmocka_unit_test_setup_teardown(what_claims_no_saving_is_not_told, set_up,
						tear_down),
		cmocka_unit_test(a_part_in_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
