/* What is said of memory: each kind where it is, and not where it only looks like it; what cannot
 * be told is said with what would tell. What rules make of it is in src/rules/resource. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "model/heap_finding.h"
#include "recording/sql.h"

#define MIB "1048576"
/* Processes 1 and 2 of one parent, 40 snapshots and seconds, ten units in each; nothing grows.
 * Stacks 1 to 3 are lines of a.py. */
static const char rows[] =
	"INSERT INTO meta VALUES ('started_ns', 0);"
	"INSERT INTO text VALUES (1, '/a'), (2, 'app.render'), (3, 'dict');"
	"INSERT INTO code VALUES (1, '/srv/a.py', 'f', 1, 'app', 1, x'');"
	"INSERT INTO stack VALUES (1, 0, 1, 0, 3, 1, 1), (2, 0, 1, 0, 5, 1, 2), (3, 0, 1, 0, 7, 1, "
	"3);"
	"CREATE TEMP TABLE n AS WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40) "
	"SELECT i FROM n;"
	"CREATE TEMP TABLE p AS SELECT 1 AS p UNION SELECT 2;"
	"INSERT INTO process SELECT p, 100 + p, 99, 0, NULL, '3.12.1', 'on', NULL, 400, 400 FROM p;"
	"INSERT INTO heap_process SELECT p, 'malloc object', NULL, 1, 1000, 0, NULL, 0, NULL, 10, "
	"0, "
	"0, 0, 0, 0, NULL, 0, NULL FROM p;"
	"INSERT INTO heap_site(id, process_id, domain, stack_id, made_bytes, made_blocks, "
	"live_bytes, "
	"live_blocks, short_bytes, samples, peak_bytes) SELECT 10 * p + i, p, 'object', i, "
	"1000000, "
	"1000, 0, 0, 500000, 1000, 7000 FROM p, n WHERE i <= 3;"
	"INSERT INTO heap_snapshot SELECT 100 * p + i, p, i * 1000000000, 10 * i, 0, 0, 0 FROM n, "
	"p;"
	"INSERT INTO heap_second(process_id, at_ns, units, rss_bytes, anonymous_bytes, live_bytes, "
	"live_malloc_bytes, arena_bytes, malloc_used_bytes, malloc_free_bytes) SELECT p, i * "
	"1000000000, 10 * i, 40 * " MIB ", 30 * " MIB ", 9 * " MIB ", 3 * " MIB ", 7 * " MIB
	", 4 * " MIB ", " MIB " FROM n, p;";

static sqlite3 *found(const char *more)
{
	sqlite3 *db;
	char *message = NULL;
	struct err e = {0};
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	const char *const parts[] = {sql_schema, sql_views, rows, more};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (sqlite3_exec(db, parts[i], NULL, NULL, &message) != SQLITE_OK)
			fail_msg("%s: %s", parts[i], message);
	if (heap_findings_make(db, &(struct heap_filter){0}, &e) != ERR_OK)
		fail_msg("%s", e.text);
	return db;
}

/* "kind sure|…" of all, in order of their kinds. */
static void assert_kinds(const char *more, const char *expected)
{
	char got[400] = "";
	sqlite3_stmt *row = NULL;
	sqlite3 *db = found(more);
	assert_int_equal(
		sqlite3_prepare_v2(db,
				   "SELECT group_concat(k, '|') FROM (SELECT kind || ' ' || "
				   "sure || iif(sure = (settle IS NULL), '', ' ?') AS k FROM "
				   "heap_finding ORDER BY kind, sure)",
				   -1, &row, NULL),
		SQLITE_OK);
	if (sqlite3_step(row) == SQLITE_ROW && sqlite3_column_text(row, 0))
		snprintf(got, sizeof got, "%s", (const char *)sqlite3_column_text(row, 0));
	sqlite3_finalize(row);
	sqlite3_close(db);
	if (strcmp(got, expected))
		fail_msg("%s: %s, not %s", more, got, expected);
}

static void assert_row(sqlite3 *db, const char *from)
{
	char sql[600];
	sqlite3_stmt *row = NULL;
	snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", from);
	if (sqlite3_prepare_v2(db, sql, -1, &row, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	const int count = sqlite3_step(row) == SQLITE_ROW ? sqlite3_column_int(row, 0) : -1;
	sqlite3_finalize(row);
	if (count != 1)
		fail_msg("%s: %d rows", from, count);
}

#define GROWS(site, bytes) \
	"INSERT INTO heap_live SELECT 100 * p + i, 10 * p + " #site ", 5, 1, " #bytes \
	" * 10 * i, i, i, 1000.0 * i, 0 FROM n, p;"

static void test_nothing_grows(void **state)
{
	(void)state;
	assert_kinds("", "no-growth 1");
	assert_kinds("DELETE FROM heap_second WHERE at_ns > 5000000000", "cannot-tell 0");
	assert_kinds("DELETE FROM heap_second", "");
	/* a step that was made once */
	assert_kinds("UPDATE heap_second SET rss_bytes = rss_bytes + 20 * " MIB
		     " WHERE at_ns > 20000000000",
		     "no-growth 1");
}

static void test_leaks(void **state)
{
	(void)state;
	assert_kinds(GROWS(1, 2000), "leak 1");
	/* beside what keeps twenty times as much one is not told, beside one that keeps twice as
	 * much it is */
	assert_kinds(GROWS(1, 2000) GROWS(2, 100), "leak 0|leak 1");
	assert_kinds(GROWS(1, 2000) GROWS(2, 1000), "leak 1|leak 1");
	/* two samples in all may be chance */
	assert_kinds(
		"INSERT INTO heap_live SELECT 100 * p + i, 10 * p + 1, 5, 1, 900 * (i / 14), 1, "
		"1, 1000.0, 0 FROM n, p WHERE i >= 14;",
		"leak 0|no-growth 1");
}

static void test_growth_that_nobody_explains(void **state)
{
	(void)state;
	assert_kinds(
		"UPDATE heap_second SET rss_bytes = rss_bytes + at_ns / 1000, anonymous_bytes = "
		"anonymous_bytes + at_ns / 1000",
		"unexplained-growth 0");
	/* a fiftieth of what is resident */
	assert_kinds(
		"UPDATE heap_second SET rss_bytes = rss_bytes + at_ns / 50000, anonymous_bytes = "
		"anonymous_bytes + at_ns / 50000",
		"cannot-tell 0");
	/* of files: known */
	assert_kinds("UPDATE heap_second SET rss_bytes = rss_bytes + at_ns / 1000",
		     "cannot-tell 0");
}

/* Each has 15 of 40 MiB that the other one has, too. */
#define ALIKE \
	"INSERT INTO heap_live SELECT 100 * p + i, 10 * p + 1, 9, NULL, 15 * " MIB \
	", 900, 900, 0, 0 FROM n, p;"

static void test_workers_that_share_nothing(void **state)
{
	(void)state;
	sqlite3 *db = found("UPDATE heap_second SET rss_bytes = 25 * " MIB ";" ALIKE);
	assert_row(db, "heap_finding WHERE kind = 'not-shared' AND bytes = 15 * " MIB);
	sqlite3_close(db);
	assert_kinds(ALIKE, "no-growth 1");
	assert_kinds("UPDATE heap_second SET rss_bytes = 25 * " MIB ";" ALIKE,
		     "no-growth 1|not-shared 0");
	assert_kinds(
		"UPDATE process SET parent_pid = 100 + id; UPDATE heap_second SET rss_bytes = 25 "
		"* " MIB ";" ALIKE,
		"no-growth 1");
}

#define WALK \
	"INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, pause_ns, " \
	"held_ns, took_ns, cpu_ns, anonymous_bytes, room_bytes, objects, tracked, " \
	"object_references, bytes) SELECT p, p, 1, 'done', 0, 0, 39000000000, 0, 0, 0, 0, 30 " \
	"* " MIB ", 0, 900, 800, 0, 90000 FROM p;"
#define HELD(site, root, label, expression) \
	"INSERT INTO walk_holder(walk_id, bytes, site_id, root, label_id, expression, " \
	"in_type_id, " \
	"object_references, found, maybe_recycled) SELECT p, 56, 10 * p + " #site ", '" root \
	"', " #label ", '" expression "', 3, 1, 1, 0 FROM p;"

/* Three lines of which one alone is too little to be judged. */
static void test_what_one_cache_keeps_is_one_leak(void **state)
{
	(void)state;
	sqlite3 *db = found(GROWS(1, 2000) GROWS(2, 500) GROWS(3, 1000) WALK HELD(
		1, "cache", 2,
		"functools.lru_cache of app.render (maxsize=None, 9 entries, 0 "
		"hits)") HELD(2, "cache", 2,
			      "functools.lru_cache of app.render (maxsize=None, 7 entries, 0 "
			      "hits)[…][0], a key"));
	assert_row(db, "heap_finding WHERE kind = 'leak' AND sure AND holder IS NOT NULL AND "
		       "abs(bytes - 2500) < 1 AND low <= bytes AND high >= bytes");
	assert_row(db,
		   "heap_finding f JOIN heap_place p ON p.id = f.place WHERE f.kind = 'leak' AND "
		   "holder IS NOT NULL AND p.line = 3");
	assert_row(db,
		   "heap_finding f JOIN heap_place p ON p.id = f.place WHERE f.kind = 'leak' AND "
		   "holder IS NULL AND p.line = 7 AND abs(bytes - 1000) < 1");
	assert_row(db, "heap_holder WHERE name = 'functools.lru_cache of app.render' AND in_type = "
		       "'dict' AND live_bytes = 2 * 2500 * 390");
	sqlite3_close(db);
}

/* The cache's own table doubles: steps in which the sum of all that it keeps is not steady. */
#define DOUBLES(site) \
	"INSERT INTO heap_live SELECT 100 * p + i, 10 * p + " #site ", 5, 1, iif(i < 16, " \
	"400000, iif(i < 32, 800000, 1600000)), 1, 1, 1000.0, 0 FROM n, p;"

static void test_a_holder_whose_table_doubles(void **state)
{
	(void)state;
	sqlite3 *db = found(GROWS(1, 2000) DOUBLES(2) WALK HELD(1, "cache", 2,
								"functools.lru_cache of app.render")
				    HELD(2, "cache", 2, "functools.lru_cache of app.render"));
	assert_row(db, "heap_holder WHERE verdict <> 'grows'"); /* else this is no test */
	assert_row(db, "heap_finding WHERE kind = 'leak'");
	assert_row(db, "heap_finding WHERE kind = 'leak' AND sure AND holder IS NOT NULL AND low > "
		       "1900 AND bytes >= low AND high >= bytes");
	sqlite3_close(db);
}

/* A walk that was cut short found no holder of most: another one did. */
static void test_a_walk_that_was_cut_says_only_what_it_found(void **state)
{
	static const char cut[] =
		"INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, "
		"pause_ns, held_ns, took_ns, cpu_ns, anonymous_bytes, room_bytes, objects, "
		"tracked, object_references, bytes) SELECT 10 + p, p, 2, 'done', 0, %d, "
		"38000000000, 0, 0, 0, 0, 0, 0, 900, 800, 0, 90000 FROM p;"
		"INSERT INTO walk_holder(walk_id, bytes, site_id, root, expression, "
		"object_references, found, maybe_recycled) SELECT 10 + p, 56, 10 * p + 1, 'far', "
		"'(not followed further)', 1, 1, 0 FROM p, n WHERE i <= 6;";
	(void)state;
	for (int is_cut = 0; is_cut < 2; is_cut++) {
		char sql[6000];
		const int length = snprintf(sql, sizeof sql, "%s%s%s", GROWS(1, 2000), WALK,
					    HELD(1, "module", NULL, "app.CACHE[…]"));
		snprintf(sql + length, sizeof sql - (size_t)length, cut, is_cut);
		sqlite3 *db = found(sql);
		assert_row(db, is_cut ? "heap_finding WHERE kind = 'leak' AND holder IS NOT NULL"
				      : "heap_finding WHERE kind = 'leak' AND holder IS NULL");
		sqlite3_close(db);
	}
}

/* Other stacks that come to a line of which a walk was asked about one. */
#define MORE_STACKS \
	"INSERT INTO stack VALUES (4, 2, 1, 0, 3, 1, 4), (5, 3, 1, 0, 3, 1, 5);" \
	"INSERT INTO heap_site(id, process_id, domain, stack_id, made_bytes, made_blocks, " \
	"live_bytes, live_blocks, short_bytes, samples, peak_bytes) SELECT 10 * p + i, p, " \
	"'object', i, 1000000, 1000, 0, 0, 500000, 1000, 7000 FROM p, n WHERE i BETWEEN 4 AND 5;"

static void test_other_stacks_of_a_line(void **state)
{
	(void)state;
	sqlite3 *db = found(MORE_STACKS GROWS(1, 500) GROWS(4, 900) GROWS(5, 600)
				    WALK HELD(1, "module", NULL, "app.CACHE[…]"));
	assert_row(db, "heap_finding WHERE kind = 'leak' AND holder IS NOT NULL AND abs(bytes - "
		       "2000) < 1");
	sqlite3_close(db);
	/* one of which another holder was found keeps that */
	db = found(MORE_STACKS GROWS(1, 500) GROWS(4, 900) GROWS(5, 600) WALK HELD(
		1, "module", NULL, "app.CACHE[…]") HELD(4, "module", NULL, "app.OTHER[…]"));
	assert_row(db, "heap_holder WHERE name = 'app.CACHE' AND live_bytes = 2 * 500 * 390");
	assert_row(db, "heap_holder WHERE name = 'app.OTHER' AND live_bytes = 2 * 900 * 390");
	sqlite3_close(db);
}

static void test_names_of_holders(void **state)
{
	static const struct {
		const char *held, *name;
	} cases[] = {
		{HELD(1, "module", NULL, "app.views.CACHE[''k''][1204].rows"), "app.views.CACHE"},
		{HELD(1, "module", NULL, "app.POOL.items{…}"), "app.POOL.items"},
		{HELD(1, "class", NULL, "app.Model.seen, a key"), "app.Model.seen"},
		{HELD(1, "suspended", NULL, "worker(), suspended: queue[…]"),
		 "worker(), suspended: queue"},
		{HELD(1, "module", NULL, "app.LAST"), "app.LAST"},
		{HELD(1, "module", NULL, "app.inner.__closure__[''memo''][…]"),
		 "app.inner.__closure__[''memo'']"},
		/* all in one entry of the outer one: what grows is in it … */
		{HELD(1, "module", NULL, "logging.root.handlers[0].buffer[3]")
			 HELD(1, "module", NULL, "logging.root.handlers[0].buffer[9].args"),
		 "logging.root.handlers[0].buffer"},
		{HELD(1, "module", NULL, "app.STATE[''jobs''][…].a")
			 HELD(1, "module", NULL, "app.STATE[''jobs''][…].a"),
		 "app.STATE[''jobs'']"},
		/* … in several, or in what is not shown */
		{HELD(1, "module", NULL, "app.KEPT[41].rows[0]")
			 HELD(1, "module", NULL, "app.KEPT[7].rows[0]"),
		 "app.KEPT"},
		{HELD(1, "module", NULL, "app.SEEN[…].rows[0]")
			 HELD(1, "module", NULL, "app.SEEN[…].rows[0]"),
		 "app.SEEN"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char sql[4000], where[200];
		snprintf(sql, sizeof sql, "%s%s%s", GROWS(1, 2000), WALK, cases[i].held);
		snprintf(where, sizeof where, "heap_holder WHERE name = '%s' AND verdict = 'grows'",
			 cases[i].name);
		sqlite3 *db = found(sql);
		assert_row(db, where);
		sqlite3_close(db);
	}
}

/* Of one line, by two stacks: 1, and 4, which has twice as much. */
#define SECOND_STACK \
	"INSERT INTO stack VALUES (4, 0, 1, 4, 3, 1, 4);" \
	"INSERT INTO heap_site(id, process_id, domain, stack_id, made_bytes, made_blocks, " \
	"live_bytes, live_blocks, short_bytes, samples, peak_bytes) SELECT 10 * p + 4, p, " \
	"'object', 4, 1000000, 1000, 0, 0, 500000, 1000, 7000 FROM p;"

/* What walks were not asked about says nothing against it, if that is not nearly all. */
static void test_a_holder_of_what_was_looked_at(void **state)
{
	static const struct {
		const char *sql;
		bool is_named;
	} cases[] = {
		{GROWS(1, 500) GROWS(4, 1000), true},
		{GROWS(1, 500) GROWS(4, 1000) HELD(4, "far", NULL, "(not followed further)[…]"),
		 false},
		{GROWS(1, 500) GROWS(4, 4000), false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char sql[6000];
		snprintf(sql, sizeof sql, "%s%s%s%s", SECOND_STACK, WALK,
			 HELD(1, "module", NULL, "app.KEPT[…]"), cases[i].sql);
		sqlite3 *db = found(sql);
		assert_row(db, cases[i].is_named
				       ? "heap_place_holder k JOIN heap_holder h ON h.id = "
					 "k.holder WHERE h.name = 'app.KEPT'"
				       : "(SELECT 1) WHERE NOT EXISTS (SELECT 1 FROM "
					 "heap_place_holder)");
		sqlite3_close(db);
	}
}

/* Two samples of each process, which may be chance; three walks, 100 units apart, that found them
 * in app.KEPT, which has `length` entries of 500 bytes then. */
#define FEW \
	"INSERT INTO heap_live SELECT 100 * p + i, 10 * p + 1, 5, 1, 900 * (i / 14), 1, 1, " \
	"1000.0, 0 FROM n, p WHERE i >= 14;"
#define COUNTED(length) \
	FEW "INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, " \
	    "pause_ns, held_ns, took_ns, cpu_ns, anonymous_bytes, room_bytes, objects, tracked, " \
	    "object_references, bytes) SELECT 10 * p + i, p, i, 'done', 0, 0, i * 10000000000, " \
	    "0, 0, 0, 0, 30 * " MIB ", 0, 900, 800, 0, 90000 FROM n, p WHERE i <= 3;" \
	    "INSERT INTO walk_holder(walk_id, bytes, site_id, root, expression, in_type_id, " \
	    "in_length, object_references, found, maybe_recycled) SELECT 10 * p + i, 56, 10 * p " \
	    "+ 1, 'module', 'app.KEPT[…]', 3, " length ", 1, 1, 0 FROM n, p WHERE i <= 3;" \
	    "INSERT INTO walk_holder(walk_id, bytes, root, expression, length, deep_bytes, " \
	    "object_references, found, maybe_recycled) SELECT 10 * p + i, 56, 'module', " \
	    "'app.KEPT', " length ", 500 * (" length "), 1, 1, 0 FROM n, p WHERE i <= 3;"

static void test_entries_that_walks_counted(void **state)
{
	(void)state;
	assert_kinds(FEW, "leak 0|no-growth 1");
	sqlite3 *db = found(COUNTED("700 + 200 * i"));
	assert_row(db,
		   "heap_finding f JOIN heap_holder h ON h.id = f.holder WHERE f.kind = 'leak' "
		   "AND f.sure AND f.counted AND h.name = 'app.KEPT' AND abs(f.bytes - 1000) < "
		   "1 AND f.because GLOB 'len() of app.KEPT grew by 2 with each unit of work*'");
	assert_row(db, "heap_container WHERE steps = 4 AND entries = 2 AND entry_bytes = 500");
	sqlite3_close(db);
	/* it fills; it comes and goes; it is as it was; it is small, and may be full soon */
	assert_kinds(COUNTED("7000 - 2000 / i"), "leak 0|no-growth 1");
	assert_kinds(COUNTED("iif(i = 2, 4000, 2000)"), "leak 0|no-growth 1");
	assert_kinds(COUNTED("7000"), "leak 0|no-growth 1");
	assert_kinds(COUNTED("100 + 300 * i"), "leak 0|no-growth 1");
}

/* Blocks of a library, in process 2 alone. */
#define NATIVE \
	"UPDATE heap_site SET native = '/v/fast.so+0x1a', domain = 'malloc';" \
	"INSERT INTO heap_live SELECT 200 + i, 21, 5, 1, 2000 * 10 * i, i, i, 1000.0 * i, 0 FROM " \
	"n;"
#define TWICE(process) \
	"INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, pause_ns, " \
	"held_ns, took_ns, cpu_ns, anonymous_bytes, room_bytes, objects, tracked, " \
	"object_references, bytes) SELECT i, " #process ", i, 'done', 0, 0, i * 19000000000, 0, " \
	"0, 0, 0, 30 * " MIB ", 0, 900, 800, 0, 90000 FROM n WHERE i <= 2;"

/* That no type of objects grew is known of the processes that were walked twice. */
static void test_each_process_is_walked_twice_or_not(void **state)
{
	(void)state;
	assert_kinds(NATIVE, "native-leak 0");
	assert_kinds(NATIVE TWICE(1), "native-leak 0");
	assert_kinds(NATIVE TWICE(2), "native-leak 1");
}

/* What C code holds, or nobody does, is no holder; two that disagree are none. */
static void test_no_holder_is_guessed(void **state)
{
	static const char *const held[] = {
		HELD(1, "c", NULL, "(held by C code)"),
		HELD(1, "far", NULL, "(not followed further)[…]"),
		HELD(1, "module", NULL, "app.A[…]") HELD(1, "module", NULL, "app.B[…]"),
	};
	(void)state;
	for (size_t i = 0; i < sizeof held / sizeof *held; i++) {
		char sql[4000];
		snprintf(sql, sizeof sql, "%s%s%s", GROWS(1, 2000), WALK, held[i]);
		sqlite3 *db = found(sql);
		assert_row(db, "heap_finding WHERE kind = 'leak' AND holder IS NULL");
		assert_row(db, "(SELECT 1) WHERE NOT EXISTS (SELECT 1 FROM heap_holder)");
		sqlite3_close(db);
	}
}

#define WALK_OF(id, at, how) \
	"INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, pause_ns, " \
	"held_ns, took_ns, cpu_ns, anonymous_bytes, room_bytes, objects, tracked, " \
	"object_references, bytes, how) VALUES (" #id ", 1, " #id ", 'done', 0, 0, " #at \
	"000000000, 0, 0, 0, 0, 0, 0, 900, 800, 0, 90000, " how ");"

/* Of walks inside and outside those like the last one; a recording of before does not say. */
static void test_walks_are_compared_with_their_like(void **state)
{
	(void)state;
	sqlite3 *db = found(WALK_OF(51, 10, "'fork'") WALK_OF(52, 20, "'outside'")
				    WALK_OF(53, 30, "'fork'") WALK_OF(54, 35, "'outside'"));
	assert_row(db, "(SELECT group_concat(id) AS ids, sum(is_last) AS last, min(is_twice) AS "
		       "twice FROM heap_walked) WHERE ids = '52,54' AND last = 1 AND twice");
	sqlite3_close(db);
	db = found(WALK_OF(51, 10, "NULL") WALK_OF(52, 20, "'fork'"));
	assert_row(db, "(SELECT count(*) AS n FROM heap_walked) WHERE n = 2");
	sqlite3_close(db);
}

static void test_other_filters_are_refused(void **state)
{
	(void)state;
	sqlite3 *db = found("");
	struct err e = {0};
	assert_int_equal(heap_findings_make(db, &(struct heap_filter){.by = HEAP_BY_ROUTE}, &e),
			 ERR_INVALID);
	assert_int_equal(heap_findings_make(db, &(struct heap_filter){.route = "/a"}, &e),
			 ERR_INVALID);
	sqlite3_close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_grows),
		cmocka_unit_test(test_leaks),
		cmocka_unit_test(test_growth_that_nobody_explains),
		cmocka_unit_test(test_workers_that_share_nothing),
		cmocka_unit_test(test_what_one_cache_keeps_is_one_leak),
		cmocka_unit_test(test_a_holder_whose_table_doubles),
		cmocka_unit_test(test_a_walk_that_was_cut_says_only_what_it_found),
		cmocka_unit_test(test_other_stacks_of_a_line),
		cmocka_unit_test(test_names_of_holders),
		cmocka_unit_test(test_a_holder_of_what_was_looked_at),
		cmocka_unit_test(test_entries_that_walks_counted),
		cmocka_unit_test(test_each_process_is_walked_twice_or_not),
		cmocka_unit_test(test_no_holder_is_guessed),
		cmocka_unit_test(test_walks_are_compared_with_their_like),
		cmocka_unit_test(test_other_filters_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
