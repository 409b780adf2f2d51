/* The sampled heap by place: sums, moments, routes, growth over processes; and of recordings that
 * somebody else made. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "model/collector.h"
#include "model/heap.h"
#include "model/heap_diff.h"
#include "model/heap_finding.h"
#include "model/heap_ledger.h"
#include "model/heap_peaks.h"
#include "model/heap_tracebacks.h"
#include "recording/sql.h"

/* Processes 1 and 2 from 0 to 40 s, a snapshot a second, ten units in each; process 3 ended after
 * 10 s. a.py:3 keeps 1,000 bytes of each unit, b.py:7 (called by a.py:5) has 5,000 bytes all the
 * time, half of them of /b. As the server ends it frees all. */
static const char rows[] =
	"INSERT INTO meta VALUES ('started_ns', 1000000000);"
	"INSERT INTO text VALUES (1, '/a'), (2, '/b');"
	"INSERT INTO code VALUES (1, '/srv/a.py', 'f', 1, 'app', 1, x''), (2, '/lib/b.py', 'g', 2, "
	"'library', 1, x'');"
	"INSERT INTO stack VALUES (1, 0, 1, 0, 3, 1, 1), (2, 0, 1, 0, 5, 1, 2), (3, 2, 2, 0, 7, 2, "
	"2), (4, 1, 1, 0, 3, 2, 4);"
	"WITH p(i) AS (VALUES (1), (2), (3)) INSERT INTO process SELECT i, 100 + i, 1, 0, NULL, "
	"'3.12.1', 'on', NULL, 1, 1 FROM p;"
	"WITH p(i) AS (VALUES (1), (2), (3)) INSERT INTO heap_process SELECT i, 'malloc', NULL, 1, "
	"100, 0, NULL, 0, NULL, 10, 0, 0, 0, 0, 0, NULL, 0, NULL FROM p;"
	/* two stacks of a.py:3, one of b.py:7 */
	"WITH p(i) AS (VALUES (1), (2), (3)) INSERT INTO heap_site SELECT 10 * i + s.id, i, "
	"'object', "
	"s.stack, NULL, 1000000, 1000, 0, 0, 500000, 10, 7000 * s.id, NULL FROM p, (SELECT 1 AS "
	"id, "
	"1 AS stack UNION ALL SELECT 2, 4 UNION ALL SELECT 3, 3) s;"
	"WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40), p(p) AS (VALUES (1), "
	"(2), (3)) INSERT INTO heap_snapshot SELECT 100 * p + i, p, i * 1000000000 + 1000000000, "
	"10 "
	"* i, 0, 0, 0 FROM n, p WHERE p < 3 OR i <= 10;"
	"INSERT INTO heap_live SELECT s.id, 10 * s.process_id + 1, 5, 1, 600 * s.units, s.units, "
	"s.units, 60000.0 * s.units, 0 FROM heap_snapshot s UNION ALL SELECT s.id, 10 * "
	"s.process_id "
	"+ 2, 5, 1, 400 * s.units, s.units, s.units, 40000.0 * s.units, 0 FROM heap_snapshot s "
	"UNION "
	"ALL SELECT s.id, 10 * s.process_id + 3, 7, r.r, 2500, 5, 5, 250000.0, 0 FROM "
	"heap_snapshot "
	"s, (SELECT 1 AS r UNION ALL SELECT 2) r;"
	"INSERT INTO heap_second(process_id, at_ns, rss_bytes, anonymous_bytes, live_bytes, "
	"live_malloc_bytes, arena_bytes) SELECT process_id, at_ns, 1000000, 600000, 405000, 5000, "
	"500000 FROM heap_snapshot;"
	"INSERT INTO heap_snapshot SELECT id + 50, process_id, at_ns + 500000000, units, 0, 0, 0 "
	"FROM heap_snapshot WHERE id % 100 = 40;";

static sqlite3 *recording(const char *more)
{
	sqlite3 *db;
	char *message = NULL;
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	const char *const parts[] = {sql_schema, sql_views, rows, more};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (sqlite3_exec(db, parts[i], NULL, NULL, &message) != SQLITE_OK)
			fail_msg("%s: %s", parts[i], message);
	return db;
}

static double number(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *row = NULL;
	if (sqlite3_prepare_v2(db, sql, -1, &row, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	const double value = sqlite3_step(row) == SQLITE_ROW ? sqlite3_column_double(row, 0) : -1;
	sqlite3_finalize(row);
	return value;
}

static void look(sqlite3 *db, const struct heap_filter *filter)
{
	struct err e = {0};
	if (heap_to_tables(db, filter, &e) != ERR_OK)
		fail_msg("%s", e.text);
}

static void assert_line(sqlite3 *db, const char *where)
{
	char sql[600];
	snprintf(sql, sizeof sql,
		 "SELECT count(*) FROM heap_line l JOIN heap_place p ON p.id = l.place WHERE %s",
		 where);
	if (number(db, sql) != 1)
		fail_msg("%s: %.0f rows", where, number(db, sql));
}

static void test_by_line(void **state)
{
	(void)state;
	sqlite3 *db = recording("");
	look(db, &(struct heap_filter){0});
	/* what ended long before is not live; two stacks and two processes are one line */
	assert_line(db,
		    "file = '/srv/a.py' AND line = 3 AND live_bytes = 800000 AND live_blocks = "
		    "1600 AND abs(live_error - sqrt(80000000)) < 1 AND made_bytes = 6000000 AND "
		    "short_bytes = 3000000 AND peak_bytes = 800000 AND caller IS NULL");
	assert_line(db, "file = '/lib/b.py' AND line = 7 AND live_bytes = 10000 AND caller = "
			"'/srv/a.py:5' AND peak_bytes = 21000");
	assert_line(db, "line = 3 AND verdict = 'grows' AND abs(slope - 1000) < 1 AND slope_low <= "
			"slope AND slope_high >= slope");
	assert_line(db, "line = 7 AND verdict = 'flat'");
	struct heap_outlook outlook;
	struct err e = {0};
	assert_int_equal(heap_findings_make(db, &(struct heap_filter){0}, &e), ERR_OK);
	assert_int_equal(heap_outlook_read(db, &outlook, &e), ERR_OK);
	assert_true(outlook.of_units && outlook.limit_bytes != outlook.limit_bytes);
	/* 870 units in 39 s, with those of the process that ended */
	assert_true(outlook.rate > 22 && outlook.rate < 23);
	assert_true(outlook.day_bytes > 1000 * 22 * 86400.0 * 0.99);
	sqlite3_close(db);
}

static void test_other_ways_to_look(void **state)
{
	(void)state;
	sqlite3 *db = recording("");
	look(db, &(struct heap_filter){.app_only = true});
	assert_line(db, "file = '/srv/a.py' AND line = 5 AND live_bytes = 10000 AND kind = 'app'");
	look(db, &(struct heap_filter){.by = HEAP_BY_FILE, .app_only = true});
	assert_line(db, "file = '/srv/a.py' AND live_bytes = 810000");
	look(db, &(struct heap_filter){.by = HEAP_BY_TRACEBACK});
	assert_line(db, "stack_id = 4 AND live_bytes = 320000");
	look(db, &(struct heap_filter){.by = HEAP_BY_ROUTE});
	assert_line(db, "route = '/b' AND live_bytes = 5000 AND made_bytes IS NULL");
	assert_line(db, "route = '/a' AND live_bytes = 805000 AND verdict = 'grows'");
	look(db, &(struct heap_filter){.route = "/b"});
	assert_line(db, "line = 7 AND live_bytes = 5000 AND made_bytes IS NULL");
	assert_line(db, "line = 3 AND live_bytes = 0");
	/* five seconds after the start all three lived */
	look(db, &(struct heap_filter){.at_ns = 5000000000});
	assert_line(db, "line = 3 AND live_bytes = 150000");
	assert_line(db, "line = 7 AND live_bytes = 15000 AND verdict = 'too-few'");
	sqlite3_close(db);
}

/* Hooks that came in again begin with nothing; sums of several sites are of none. */
/* /a: 100 requests, 60 of which have a peak, of 1,000 bytes and more, and one of 5 MB at another
 * line. A route whose requests keep nothing has peaks, too; what ran before them is none. */
static void test_what_units_need(void **state)
{
	(void)state;
	sqlite3 *db = recording(
		"INSERT INTO text VALUES (3, '/c'), (4, 'gunicorn');"
		"WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) INSERT INTO "
		"unit(id, process_id, kind, route_id, start_ns, wall_ns) SELECT (1 << 40) | i, 1, "
		"'request', 1, i, 10 FROM n;"
		"INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns) VALUES (1 << "
		"40, 1, 'run', 4, 1, 10), ((1 << 40) | 200, 1, 'request', 3, 1, 10);"
		"WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) INSERT INTO "
		"heap_unit_peak SELECT 1, (1 << 40) | i, 1, i, i * 1000, 4.0 * i, 13, i * 900, 3, "
		"1 "
		"FROM "
		"n;"
		"INSERT INTO heap_unit_peak VALUES (1, (1 << 40) | 61, NULL, 5, 5000000, 1e6, 11, "
		"1000000, 3, 1), (1, 1 << 40, NULL, 5, 9000000000, 0, 11, 1, 1, 1), (1, (1 << 40) "
		"| 200, 3, 6, 700, 0, NULL, 0, 1, 4);");
	struct err e = {0};
	look(db, &(struct heap_filter){.by = HEAP_BY_ROUTE});
	assert_int_equal(heap_peaks_to_table(db, &e), ERR_OK);
	assert_int_equal(heap_peaks_join_places(db, &e), ERR_OK);
	assert_int_equal(number(db, "SELECT count(*) FROM heap_route_peak"), 2);
	assert_int_equal(
		number(db, "SELECT count(*) FROM heap_route_peak WHERE route = '/a' AND units = "
			   "100 AND seen = 61 AND p50_bytes = 11000 AND p99_bytes = 60000 AND "
			   "most_bytes = 5000000 AND most_error = 1000 AND most_unit = ((1 << 40) "
			   "| 61) AND file = '/srv/a.py' AND line = 5 AND abs(place_share - "
			   "1647000.0 / 6830000) < 1e-6"),
		1);
	assert_int_equal(number(db, "SELECT count(*) FROM heap_route_peak WHERE route = '/c' AND "
				    "units = 4 AND p50_bytes = 700 AND line IS NULL"),
			 1);
	assert_line(db, "route = '/c' AND live_bytes = 0 AND peak_bytes = 700");
	assert_line(db, "route = '/a' AND live_bytes = 805000 AND peak_bytes = 5000000");
	assert_int_equal(heap_peaks_no_table(db, &e), ERR_OK);
	assert_int_equal(number(db, "SELECT count(*) FROM heap_route_peak"), 0);
	sqlite3_close(db);
}

static void test_what_is_of_no_site_or_before(void **state)
{
	(void)state;
	sqlite3 *db =
		recording("UPDATE heap_process SET began_ns = 31000000000;"
			  "UPDATE heap_live SET site_id = NULL, route_id = NULL WHERE site_id % "
			  "10 = 3");
	look(db, &(struct heap_filter){0});
	assert_line(db, "p.id = 0 AND live_bytes = 10000");
	assert_line(db, "line = 3 AND live_bytes = 800000 AND abs(slope - 1000) < 1");
	assert_line(db, "line = 7 AND live_bytes = 0");
	sqlite3_close(db);
}

static void test_of_few_units_growth_is_by_seconds(void **state)
{
	(void)state;
	sqlite3 *db = recording("UPDATE heap_snapshot SET units = 1 WHERE id % 100 = 40");
	assert_int_equal(sqlite3_exec(db, "UPDATE heap_snapshot SET units = 0 WHERE units <> 1",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	look(db, &(struct heap_filter){0});
	assert_line(db, "line = 3 AND verdict = 'grows' AND abs(slope - 10000) < 10");
	sqlite3_close(db);
}

static void make_ledger(sqlite3 *db)
{
	struct err e = {0};
	look(db, &(struct heap_filter){0});
	if (heap_ledger_make(db, &e) != ERR_OK)
		fail_msg("%s", e.text);
}

static double part(sqlite3 *db, const char *name, const char *column, const char *process)
{
	char sql[300];
	snprintf(sql, sizeof sql, "SELECT %s FROM heap_part WHERE part = '%s' AND process_id IS %s",
		 column, name, process);
	return number(db, sql);
}

static void test_the_ledger_adds_up(void **state)
{
	(void)state;
	sqlite3 *db = recording("");
	make_ledger(db);
	assert_true(number(db, "SELECT processes FROM heap_resident WHERE process_id IS NULL") ==
		    2);
	assert_true(number(db, "SELECT at_s FROM heap_resident WHERE process_id IS NULL") == 40);
	assert_true(number(db, "SELECT pid FROM heap_resident WHERE process_id = 2") == 102);
	assert_true(part(db, "resident", "bytes", "NULL") == 2000000);
	assert_true(part(db, "live_objects", "bytes", "NULL") == 800000);
	assert_true(part(db, "pymalloc_free", "bytes", "NULL") == 200000);
	assert_true(part(db, "pymalloc_free", "bytes", "1") == 100000);
	assert_true(part(db, "stacks", "count(*)", "NULL") == 0); /* not known */
	assert_true(part(db, "rest", "bytes", "NULL") ==
		    2000000 - 800000 - 10000 - 200000 - 800000);
	assert_true(part(db, "resident", "verdict = 'too-few'", "NULL") == 1);
	assert_true(number(db,
			   "SELECT count(DISTINCT total) FROM (SELECT sum(iif(part = 'resident', "
			   "0, bytes)) - max(iif(part = 'resident', bytes, 0)) AS total FROM "
			   "heap_part GROUP BY process_id)") == 1);
	sqlite3_close(db);
}

/* Mappings are live, too, but no objects; malloc's books know of blocks that no sample stands for.
 */
static void test_the_ledger_knows_mappings_and_books(void **state)
{
	(void)state;
	sqlite3 *db = recording(
		"UPDATE heap_site SET domain = 'mapped' WHERE id % 10 = 3;"
		"UPDATE heap_second SET malloc_used_bytes = 25000, malloc_mapped_bytes = 10000, "
		"malloc_free_bytes = 7000, stack_bytes = 3000;");
	make_ledger(db);
	assert_true(part(db, "live_mapped", "bytes", "1") == 5000);
	assert_true(part(db, "live_mapped", "error > 700 AND error < 710", "1") == 1);
	assert_true(part(db, "live_objects", "bytes", "1") == 395000);
	assert_true(part(db, "malloc_other", "bytes", "1") == 30000);
	assert_true(part(db, "rest", "bytes", "1") ==
		    1000000 - 395000 - 5000 - 5000 - 105000 - 7000 - 30000 - 3000 - 400000);
	sqlite3_close(db);
}

/* Estimates may pass what is there: no part is below zero, and how much they pass it by is said. */
static void test_no_part_is_below_zero(void **state)
{
	(void)state;
	sqlite3 *db = recording("UPDATE heap_second SET malloc_used_bytes = 1000, "
				"malloc_free_bytes = 7000, anonymous_bytes = 300000, "
				"rss_bytes = 200000;");
	make_ledger(db);
	assert_true(number(db, "SELECT min(bytes) FROM heap_part") == 0);
	assert_true(part(db, "malloc_other", "bytes", "1") == 0);
	assert_true(part(db, "files", "bytes", "1") == 0);
	assert_true(part(db, "rest", "bytes", "1") == 0);
	assert_true(number(db,
			   "SELECT max(abs(200000 * processes + beyond_bytes - (SELECT sum(bytes) "
			   "FROM heap_part p WHERE p.process_id IS r.process_id AND part <> "
			   "'resident'))) FROM heap_resident r") == 0);
	assert_true(number(db, "SELECT min(beyond_bytes > 0) FROM heap_resident") == 1);
	sqlite3_close(db);
	db = recording("");
	make_ledger(db);
	assert_true(number(db, "SELECT max(beyond_bytes) FROM heap_resident") == 0);
	sqlite3_close(db);
}

/* By units, of both processes; what was there before the hooks came in again is none of it. */
static void test_parts_that_grow(void **state)
{
	(void)state;
	sqlite3 *db = recording(
		"UPDATE heap_second SET units = (at_ns - 1000000000) / 100000000, rss_bytes = "
		"1000000 + 700 * (at_ns - 1000000000) / 100000000, malloc_free_bytes = iif(at_ns < "
		"21000000000, 9000, 5000);"
		"INSERT INTO heap_second(process_id, at_ns, rss_bytes, units) VALUES (1, 1, "
		"9000000, "
		"0);"
		"UPDATE heap_process SET began_ns = 2000000000;");
	make_ledger(db);
	assert_true(part(db, "resident", "verdict = 'grows'", "NULL") == 1);
	assert_true(part(db, "resident", "abs(slope - 700) < 1", "NULL") == 1);
	assert_true(part(db, "resident", "abs(slope_low - 700) < 1 AND abs(slope_high - 700) < 1",
			 "2") == 1);
	assert_true(part(db, "live_objects", "verdict = 'flat'", "NULL") == 1);
	assert_true(part(db, "malloc_free", "steady_bytes", "NULL") == 10000);
	assert_true(part(db, "malloc_free", "most_bytes", "2") == 5000);
	assert_true(part(db, "resident", "most_bytes", "1") < 2000000);
	sqlite3_close(db);
}

static void test_two_recordings_compared(void **state)
{
	(void)state;
	sqlite3 *const dbs[2] = {
		recording(""),
		recording("UPDATE heap_live SET bytes = bytes / 2 WHERE site_id % 10 "
			  "< 3")};
	const char *const names[2] = {"a.rec", "b.rec"};
	const struct heap_filter filters[2] = {{0}};
	struct arena *arena = arena_new();
	struct heap_diff diff;
	struct err e = {0};
	assert_int_equal(heap_diff_read(dbs, filters, names, NULL, arena, &diff, &e), ERR_OK);
	assert_int_equal(diff.count, 2);
	assert_string_equal(diff.lines[0].file, "/srv/a.py");
	assert_true(diff.lines[0].line == 3 && diff.lines[0].bytes[0] == 800000 &&
		    diff.lines[0].bytes[1] == 400000 && diff.lines[0].blocks[1] == 1600);
	assert_true(diff.lines[1].bytes[0] == diff.lines[1].bytes[1]);
	assert_int_equal(sqlite3_exec(dbs[1], "DELETE FROM heap_process", NULL, NULL, NULL),
			 SQLITE_OK);
	assert_int_equal(heap_diff_read(dbs, filters, names, NULL, arena, &diff, &e), ERR_INVALID);
	assert_non_null(strstr(e.text, "b.rec"));
	arena_free(arena);
	sqlite3_close(dbs[0]);
	sqlite3_close(dbs[1]);
}

static const char *as_it_is(const char *path)
{
	return path;
}

/* Where frames cannot be read there are no tracebacks, not shorter ones. */
static void test_a_stack_that_cannot_be_read_is_an_error(void **state)
{
	sqlite3 *db = recording("");
	struct err e = {0};
	(void)state;
	look(db, &(struct heap_filter){.by = HEAP_BY_TRACEBACK});
	assert_int_equal(heap_tracebacks(db, "heap_line", as_it_is, &e), ERR_OK);
	assert_true(number(db, "SELECT count(*) FROM heap_traceback") == 3);
	assert_int_equal(sqlite3_exec(db,
				      "CREATE TEMP VIEW v1_frame AS SELECT id, parent_id, "
				      "json('{') AS function, file, line FROM main.v1_frame",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	assert_int_equal(heap_tracebacks(db, "heap_line", as_it_is, &e), ERR_RECORDING);
	assert_non_null(strstr(e.text, "JSON"));
	sqlite3_close(db);
}

/* Durations of which the sum does not fit: what a process writes is its own. */
static void test_collections_that_do_not_fit(void **state)
{
	sqlite3 *db = recording("WITH n(i) AS (VALUES (1), (2), (3)) INSERT INTO event SELECT i, "
				"6000000000000000000, NULL, 1, 'gc', NULL, NULL, NULL, 0, 0, 2, "
				"128, 9223372036854775807, 0, 1 FROM n;");
	struct err e = {0};
	(void)state;
	if (collector_to_tables(db, &e) != ERR_OK)
		fail_msg("%s", e.text);
	assert_true(number(db, "SELECT count FROM gc_row") == 3);
	assert_true(number(db, "SELECT total_ns FROM gc_row") == 1.8e19);
	sqlite3_close(db);
}

static void test_hostile_recordings(void **state)
{
	static const char *const hostile[] = {
		"DELETE FROM heap_snapshot",
		"DELETE FROM heap_process",
		"DELETE FROM process; DELETE FROM meta; DELETE FROM stack; DELETE FROM code",
		"UPDATE heap_live SET snapshot_id = 9999, site_id = -5",
		"UPDATE heap_live SET bytes = -9223372036854775807, samples = 0, variance = -1e300",
		"UPDATE heap_live SET bytes = 1e300, blocks = 'x', variance = 9e999",
		"UPDATE heap_snapshot SET units = -units, at_ns = 5",
		"UPDATE heap_snapshot SET units = 'many', process_id = 77",
		"UPDATE stack SET parent_id = id + 1",
		"UPDATE heap_second SET live_bytes = -1e300, rss_bytes = 'x'",
		"UPDATE heap_second SET units = at_ns, rss_bytes = 9e999, arena_bytes = -9e999",
		"UPDATE heap_site SET native = '///', peak_bytes = 9223372036854775807, domain = 5;"
		"INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, "
		"pause_ns, held_ns, took_ns, cpu_ns, anonymous_bytes, room_bytes, objects, "
		"tracked, object_references, bytes, garbage_objects, garbage_bytes, trim_bytes) "
		"SELECT i, 1, i, 'done', 0, 0, 10 * i, 0, 0, 0, 0, m, m, m, m, 0, 0, m, m, m FROM "
		"(SELECT 1 AS i UNION SELECT 2), (SELECT 9223372036854775807 AS m);"
		"INSERT INTO walk_holder(walk_id, bytes, site_id, root, expression, "
		"cache_entries, cache_limit, object_references, found, maybe_recycled) VALUES (1, "
		"1, 11, 'cache', "
		"'[', -1, 9223372036854775807, 1, 1, 1), (2, 1, 11, 'module', '', 0, 0, 1, 1, "
		"'x'), (2, 1, "
		"12, 7, '→', 0, 0, 1, 1, 0)",
	};
	(void)state;
	for (size_t h = 0; h < sizeof hostile / sizeof *hostile; h++) {
		sqlite3 *db = recording(hostile[h]);
		for (int by = 0; heap_by_names[by]; by++) {
			struct heap_outlook outlook;
			struct err e = {0};
			const struct heap_filter filter = {.by = (enum heap_by)by};
			/* a sum that SQLite refuses is said */
			if (heap_to_tables(db, &filter, &e) != ERR_OK ||
			    heap_findings_make(db, &(struct heap_filter){0}, &e) != ERR_OK ||
			    heap_outlook_read(db, &outlook, &e) != ERR_OK)
				assert_true(*e.text);
		}
		sqlite3_close(db);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_line),
		cmocka_unit_test(test_other_ways_to_look),
		cmocka_unit_test(test_what_units_need),
		cmocka_unit_test(test_what_is_of_no_site_or_before),
		cmocka_unit_test(test_of_few_units_growth_is_by_seconds),
		cmocka_unit_test(test_the_ledger_adds_up),
		cmocka_unit_test(test_the_ledger_knows_mappings_and_books),
		cmocka_unit_test(test_no_part_is_below_zero),
		cmocka_unit_test(test_parts_that_grow),
		cmocka_unit_test(test_two_recordings_compared),
		cmocka_unit_test(test_a_stack_that_cannot_be_read_is_an_error),
		cmocka_unit_test(test_collections_that_do_not_fit),
		cmocka_unit_test(test_hostile_recordings),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
