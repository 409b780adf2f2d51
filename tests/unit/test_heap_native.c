/* Ways of C code to the allocator: as text by site and place, as the innermost frames of a profile;
 * and of a recording that somebody else made. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "model/heap_native.h"
#include "model/profile.h"
#include "recording/sql.h"

/* a.py:3 has site 1: inner called by outer in three samples of four, by other in one. Site 2 is of
 * no Python frame: a library without names, and it is not known who called it. Site 3 is Python's
 * own. */
static const char rows[] =
	"INSERT INTO meta VALUES ('started_ns', 1000000000);"
	"INSERT INTO code VALUES (1, '/srv/a.py', 'f', 1, 'app', 1, x'');"
	"INSERT INTO stack VALUES (1, 0, 1, 0, 3, 1, 1);"
	"INSERT INTO process VALUES (1, 101, 1, 0, NULL, '3.12.1', 'on', NULL, 1, 1);"
	"INSERT INTO heap_site VALUES (1, 1, 'malloc', 1, 'x', 8000, 8, 4000, 4, 0, 8, 4000, "
	"NULL), "
	"(2, 1, 'malloc', NULL, 'y', 1000, 1, 1000, 1, 0, 1, 1000, NULL), (3, 1, 'malloc', 1, 'z', "
	"500, 1, 500, 1, 0, 1, 500, NULL);"
	"INSERT INTO heap_native VALUES (1, 1, 3, 3000, 'python'), (2, 1, 1, 1000, 'python'), (3, "
	"2, "
	"1, 1000, 'unknown'), (4, 3, 1, 500, 'python');"
	"INSERT INTO heap_native_frame VALUES (1, 0, '/lib/libx.so.1', 'inner', 9), (1, 1, "
	"'/lib/libx.so.1', 'outer', 9), (1, 2, '/py/_fast.so', 'call', 9), (1, 3, "
	"'/usr/bin/python3.12', 'PyObject_Call', 9), (2, 0, '/lib/libx.so.1', 'inner', 9), (2, 1, "
	"'/lib/liby.so', 'other', 9), (3, 0, '/lib/libz.so', NULL, 6699), (4, 0, "
	"'/lib/libpython3.12.so.1.0', 'PyMem_RawMalloc', 4);"
	"CREATE TEMP TABLE heap_site_place AS SELECT id, id AS place FROM heap_site;"
	"CREATE TEMP TABLE heap_site_live AS SELECT id, live_bytes AS bytes FROM heap_site;";

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

/* The one text, "" for NULL. */
static void assert_text(sqlite3 *db, const char *sql, const char *wanted)
{
	sqlite3_stmt *row = NULL;
	if (sqlite3_prepare_v2(db, sql, -1, &row, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	assert_int_equal(sqlite3_step(row), SQLITE_ROW);
	const char *text = (const char *)sqlite3_column_text(row, 0);
	assert_string_equal(text ? text : "", wanted);
	sqlite3_finalize(row);
}

static void test_ways_as_text(void **state)
{
	sqlite3 *db = recording("");
	struct err e;
	(void)state;
	assert_int_equal(heap_native_of_places(db, true, &e), ERR_OK);
	assert_text(db, "SELECT text FROM heap_native_way WHERE native_id = 1",
		    "inner < outer (libx.so.1) < call (_fast.so)");
	assert_text(db, "SELECT share FROM heap_native_way WHERE native_id = 1", "0.75");
	assert_text(db, "SELECT text FROM heap_native_way WHERE native_id = 3",
		    "libz.so+0x1a2b < ?");
	assert_text(db, "SELECT text FROM heap_native_way WHERE native_id = 4", "");
	assert_text(db, "SELECT text FROM heap_place_native WHERE place = 1",
		    "inner < outer (libx.so.1) < call (_fast.so), and 1 other way");
	assert_text(db, "SELECT share FROM heap_place_native WHERE place = 1", "0.75");
	assert_text(db, "SELECT count(*) FROM heap_place_native", "2");
	/* places that are no sites' have none */
	assert_int_equal(heap_native_of_places(db, false, &e), ERR_OK);
	assert_text(db, "SELECT count(*) FROM heap_place_native", "0");
	sqlite3_close(db);
}

/* By what Python called it is left out, unless nothing else is left. */
static void test_bridges(void **state)
{
	sqlite3 *db = recording(
		"INSERT INTO heap_native_frame VALUES (2, 2, '/l/libffi.so.8', NULL, 1), (2, 3, "
		"'/l/_ctypes.cpython-313.so', 'callproc', 1), (2, 4, '/usr/bin/python3', 'x', 1);"
		"UPDATE heap_native_frame SET library = '/l/_cffi_backend.so', function = 'b_new' "
		"WHERE native_id = 3");
	struct err e;
	(void)state;
	assert_int_equal(heap_native_to_tables(db, &e), ERR_OK);
	assert_text(db, "SELECT text FROM heap_native_way WHERE native_id = 2",
		    "inner (libx.so.1) < other (liby.so)");
	assert_text(db, "SELECT text FROM heap_native_way WHERE native_id = 3",
		    "b_new (_cffi_backend.so) < ?");
	sqlite3_close(db);
}

static void test_long_ways_are_cut(void **state)
{
	sqlite3 *db = recording("DELETE FROM heap_native_frame;"
				"WITH n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9) "
				"INSERT INTO heap_native_frame SELECT 1, i, '/lib/libx.so', 'f' || "
				"i, 0 FROM n;");
	struct err e;
	(void)state;
	assert_int_equal(heap_native_to_tables(db, &e), ERR_OK);
	assert_text(db, "SELECT text FROM heap_native_way WHERE native_id = 1",
		    "f0 < f1 < f2 < f3 < f4 < f5 < …");
	sqlite3_close(db);
}

static double total_of(const struct profile *p, const char *name, const char *caller)
{
	for (size_t i = 1; i < p->node_count; i++) {
		const struct profile_node *node = &p->nodes[i];
		const struct profile_node *parent = &p->nodes[node->parent];
		if (strcmp(p->functions[node->function].name, name) == 0 &&
		    (!*caller ? node->parent == 0
			      : node->parent &&
					strcmp(p->functions[parent->function].name, caller) == 0))
			return node->total.wall_ns;
	}
	return -1;
}

static void test_they_are_the_innermost_of_a_stack(void **state)
{
	sqlite3 *db = recording("");
	const struct profile_filter filter = {.memory = PROFILE_MADE};
	const struct profile_filter of_app = {.memory = PROFILE_MADE, .app_only = true};
	struct arena *arena = arena_new();
	struct profile p;
	struct err e;
	(void)state;
	assert_int_equal(profile_read(db, &filter, arena, &p, &e), ERR_OK);
	assert_true(total_of(&p, "f", "") == 8500);
	assert_true(total_of(&p, "call", "f") == 6000);
	assert_true(total_of(&p, "outer", "call") == 6000);
	assert_true(total_of(&p, "inner", "outer") == 6000);
	assert_true(total_of(&p, "other", "f") == 2000);
	assert_true(total_of(&p, "inner", "other") == 2000);
	assert_true(total_of(&p, "libz.so+0x1a2b", "") == 1000);
	assert_true(p.nodes[0].total.wall_ns == 9500);
	/* of the application's frames they are none */
	assert_int_equal(profile_read(db, &of_app, arena, &p, &e), ERR_OK);
	assert_true(total_of(&p, "f", "") == 8500 && total_of(&p, "call", "f") < 0);
	arena_free(arena);
	sqlite3_close(db);
}

static void test_rows_of_somebody_elses_making(void **state)
{
	sqlite3 *db = recording("UPDATE heap_native SET captures = -1 WHERE id = 1; UPDATE "
				"heap_native SET captures = "
				"9223372036854775807, ended = x'00' WHERE id = 2; INSERT INTO "
				"heap_native VALUES (9, "
				"77, 1, 1, ''), (-5, 1, 1, 1, 'python'); INSERT INTO "
				"heap_native_frame VALUES (-5, -1, "
				"'', '', -9), (-5, -1, '///', x'ff', 1), (9, 0, 'a', 'b', 1);");
	const struct profile_filter filter = {.memory = PROFILE_MADE};
	struct arena *arena = arena_new();
	struct profile p;
	struct err e;
	(void)state;
	assert_int_equal(heap_native_of_places(db, true, &e), ERR_OK);
	assert_int_equal(profile_read(db, &filter, arena, &p, &e), ERR_OK);
	assert_true(p.nodes[0].total.wall_ns > 9499 && p.nodes[0].total.wall_ns < 9501);
	arena_free(arena);
	sqlite3_close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ways_as_text),
		cmocka_unit_test(test_bridges),
		cmocka_unit_test(test_long_ways_are_cut),
		cmocka_unit_test(test_they_are_the_innermost_of_a_stack),
		cmocka_unit_test(test_rows_of_somebody_elses_making),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
