/* Views of samples on terminals of any width, and of recordings that somebody else made. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "recording/sql.h"
#include "view/text.h"
#include "view/view.h"

/* A path that divides at every third call, forty calls deep, with names of any length. */
static const char rows[] =
	"INSERT INTO meta VALUES ('started_ns', 0), ('ended_ns', 10000000000);"
	"INSERT INTO thread VALUES (1, 7, 100, 'MainThread');"
	"INSERT INTO engine VALUES (7, 'stop', 'greenlet is loaded, and its frames move', 99.5, "
	"1000, "
	"980, 10, 5, 5, 7000000, 140000, 0, 90000000);"
	"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 80) "
	"INSERT INTO code SELECT i, '/srv/a/folder/of/some/depth/module' || i || '.py', "
	"substr('Class.a_method_with_é_in_a_name_that_goes_on_and_on', 1, 3 + i % 48) || i, i, "
	"'app', "
	"1, x'' FROM n;"
	"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40) "
	"INSERT INTO stack SELECT i, i - 1, i, 0, i, i, i FROM n UNION ALL "
	"SELECT 40 + i, i, 40 + i, 0, i, i + 1, 40 + i FROM n WHERE i % 3 = 0;"
	"INSERT INTO sample_10s SELECT 0, 7, 1, NULL, 1, id, 'python', NULL, NULL, 2, 10, 0, "
	"100000000, 90000000, 0 FROM stack WHERE id >= 40;"
	"INSERT INTO sample_10s SELECT 0, 7, 1, NULL, 1, id, 'gil', NULL, 40, 2, 1, 0, 1000000, 0, "
	"0 "
	"FROM stack WHERE id < 40;";

static sqlite3 *recording(const char *more)
{
	sqlite3 *db;
	char *message = NULL;
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	const char *const parts[] = {sql_schema, sql_views, rows, more};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (sqlite3_exec(db, parts[i], NULL, NULL, &message) != SQLITE_OK)
			fail_msg("%s", message);
	return db;
}

/* What is printed, or why there is nothing; the caller frees it. */
static char *show(sqlite3 *db, const char *view, struct view_options options)
{
	char *text = NULL;
	size_t size = 0;
	struct err e = {0};
	FILE *out = open_memstream(&text, &size);
	const enum err_kind kind = view_show(db, view, &options, out, &e);
	if (kind == ERR_NOTHING)
		fprintf(out, "%s\n", e.text);
	else if (kind != ERR_OK)
		fail_msg("%s: %s", view, e.text);
	fclose(out);
	return text;
}

static void test_a_text_is_cut_at_a_character(void **state)
{
	static const struct {
		const char *text, *cut;
	} cases[] = {{"", ""},
		     {"0123456", "0123456"},
		     {"01234567", "0123…"},
		     {"é123456", "é12…"},
		     {"abcéfgh", "abc…"},
		     {"abcd\u20acefg", "abcd…"},
		     {"\033[m\302\233", "?[m?"}};
	char out[8];
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(text_cut(cases[i].text, out, sizeof out), cases[i].cut);
}

static void test_bytes_have_a_unit_that_fits(void **state)
{
	static const struct {
		double bytes;
		const char *text;
	} cases[] = {{0, "0 B"},
		     {1023, "1023 B"},
		     {1024, "1.00 KiB"},
		     {-1536, "-1.50 KiB"},
		     {1048570, "1.00 MiB"},
		     {160e6, "152.6 MiB"},
		     {1e30, "999999.0 TiB"},
		     {-0.2, "0 B"}};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char out[TEXT_BYTES_SIZE];
		assert_string_equal(text_bytes(cases[i].bytes, out), cases[i].text);
	}
}

static void test_flame_fits_the_terminal(void **state)
{
	(void)state;
	sqlite3 *db = recording("");
	for (int width = 40; width <= 100; width++) {
		char *text = show(db, "flame", (struct view_options){.width = width}), *rest;
		int lines = 0;
		for (char *line = strtok_r(text, "\n", &rest); line;
		     line = strtok_r(NULL, "\n", &rest), lines++)
			if ((int)text_columns(line) > width)
				fail_msg("%d columns of %d: %s", (int)text_columns(line), width,
					 line);
		assert_true(lines > 50);
		free(text);
	}
	sqlite3_close(db);
}

/* All parts of 1 % are there, or are said to be left out together. */
static void test_flame_says_what_is_cut(void **state)
{
	(void)state;
	sqlite3 *db =
		recording("INSERT INTO code SELECT 1000 + id, 'x.py', 'small' || id, 1, 'app', "
			  "1, x'' FROM code WHERE id <= 40;"
			  "INSERT INTO stack SELECT 1000 + id, 1, 1000 + id, 0, 1, 2, 0 FROM "
			  "code WHERE id <= 40;"
			  "INSERT INTO sample_10s SELECT 0, 7, 1, NULL, 1, id, 'python', NULL, "
			  "NULL, 2, 1, 0, 5000000, 5000000, 0 FROM stack WHERE id > 1000");
	char *text = show(db, "flame", (struct view_options){.width = 100});
	assert_non_null(strstr(text, "smaller parts"));
	assert_null(strstr(text, "small1"));
	free(text);
	sqlite3_close(db);
}

static void test_engine_line_says_what_it_cost(void **state)
{
	(void)state;
	sqlite3 *db = recording("");
	char *text = show(db, "funcs", (struct view_options){.width = 400});
	assert_non_null(strstr(text,
			       "engine stop 99.5 Hz: 1,000 ticks = 980 verified + 10 caught + 5 "
			       "torn + 5 late; threads stopped 7.00 ms in all, 99 of 100 stops "
			       "below 0.14 ms; cost 90.0 ms of CPU, 0.90 % of a core "
			       "(greenlet is loaded, and its frames move)"));
	free(text);
	sqlite3_close(db);
}

static void test_reasons_of_one_engine_are_apart(void **state)
{
	(void)state;
	sqlite3 *db =
		recording("INSERT INTO engine SELECT process_id + 1, name, 'at 50 Hz', rate_hz, "
			  "scheduled, verified, caught, torn, late, stopped_ns, stop_p99_ns, "
			  "interrupted, cpu_ns FROM engine");
	char *text = show(db, "funcs", (struct view_options){.width = 400});
	assert_non_null(strstr(text, "(greenlet is loaded, and its frames move; at 50 Hz)"));
	free(text);
	sqlite3_close(db);
}

/* No view may fail, hang or print a control character, whatever the rows hold. */
static void test_recordings_of_somebody_elses_making(void **state)
{
	static const char *const views[] = {"io",    "requests", "funcs", "lines",
					    "flame", "threads",  "calls"};
	static const char *const hostile[] = {
		"UPDATE code SET qualname = char(27) || '[31m' || qualname || char(10), filename = "
		"CAST(x'ff2fc39b1b' AS TEXT)",
		"UPDATE stack SET parent_id = id + 1",
		"UPDATE code SET kind = 'stdlib'; UPDATE stack SET parent_id = id; INSERT INTO "
		"usage_10s SELECT 0, 1, 'read', id, NULL, NULL, 0, 0, 1, 1, 0, 1, 0, 1, 0, 0, 0 "
		"FROM stack",
		"UPDATE sample_10s SET wall_ns = 9223372036854775807, cpu_ns = -1, ticks = -5",
		"UPDATE sample_10s SET wall_ns = 0, cpu_ns = 0",
		"UPDATE sample_10s SET stack_id = NULL, state = 'nothing known', thread_id = 99",
		"UPDATE engine SET name = char(27), reason = char(7), rate_hz = -1e300, scheduled "
		"= "
		"9223372036854775807; INSERT INTO engine SELECT * FROM engine",
		"INSERT INTO call_node(id, parent_id, process_id, kind, code_id, from_id, calls, "
		"resumes, "
		"raised, own_wall_ns, own_cpu_ns, total_wall_ns, total_cpu_ns, waiting_ns, "
		"ready_ns, "
		"folded, demoted, open) SELECT id, id - 1, 7, 1 + id % 5, id, 81 - id, "
		"9223372036854775807, -5, 9223372036854775807, 9223372036854775807, -1, "
		"9223372036854775807, 0, 9223372036854775807, 1, id % 3 = 0, 1, 7 FROM code; "
		"UPDATE "
		"code SET qualname = char(27) || char(10) || qualname; INSERT INTO call_line "
		"SELECT 7, "
		"1, id, -5, 9223372036854775807, -1, 9223372036854775807, 1, 1, 1, 1, "
		"-9223372036854775807, 9223372036854775807, -1, 9223372036854775807, "
		"9223372036854775807, -1 FROM "
		"code; "
		"INSERT "
		"INTO call_process VALUES (7, 'eval', char(27), char(7), 'x', -1, char(10), '', "
		"'tsc', "
		"'', -1, -1, -1e300, -1, 9223372036854775807, 1e300, -1, 0, 0, -1, "
		"9223372036854775807, 0, 0, 0, 1e300, -1, -1, 1e300, 3, 9223372036854775807, -1, "
		"-1e300, 1e300, -1)",
		/* work that is asked for by what it does */
		"INSERT INTO call_node(id, parent_id, process_id, kind, code_id, from_id, calls, "
		"resumes, "
		"raised, own_wall_ns, own_cpu_ns, total_wall_ns, total_cpu_ns, waiting_ns, "
		"ready_ns, "
		"folded, demoted, open) SELECT id, iif(id % 2, 0, id - 1), 7, iif(id % 2, 4, 2), "
		"id, "
		"iif(id < 70, id + 3, 2), 1, 0, 0, 1000, 1000, 1000, 1000, 0, 0, 0, 0, 0 FROM code",
		"UPDATE meta SET value = 'text'; UPDATE thread SET name = NULL, tid = NULL WHERE 0",
	};
	(void)state;
	for (size_t h = 0; h < sizeof hostile / sizeof *hostile; h++) {
		sqlite3 *db = recording(hostile[h]);
		for (size_t v = 0; v < sizeof views / sizeof *views; v++)
			for (int json = 0; json <= 1; json++) {
				char *text = show(db, views[v],
						  (struct view_options){.json = json, .width = 80});
				for (const char *c = text; *c; c++)
					if ((unsigned char)*c < 0x20 && *c != '\n')
						fail_msg("%s, %zu: byte %d", views[v], h, *c);
				free(text);
			}
		sqlite3_close(db);
	}
}

/* What an import reads is no line's own, and start-up is no part of the requests. */
static void test_imports_are_a_row_of_their_own(void **state)
{
	(void)state;
	sqlite3 *db = recording(
		"INSERT INTO text VALUES (1, '/'), (2, 'uvicorn');"
		"INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns) "
		"VALUES (1, 7, 'request', 1, 0, 1000000), (2, 7, 'request', 1, 0, 1000000);"
		"INSERT INTO code VALUES (900, '<frozen importlib._bootstrap_external>', "
		"'FileLoader.get_data', 1, 'stdlib', 1, x''), (901, '/usr/lib/pathlib.py', 'read', "
		"1, "
		"'stdlib', 1, x'');"
		"INSERT INTO stack VALUES (900, 5, 900, 0, 9, 6, 5), (901, 5, 901, 0, 9, 6, 5);"
		"INSERT INTO usage_10s VALUES "
		"(0, 1, 'read', 900, 'unknown', NULL, 0, 0, 2, 20, 0, 900000, 0, 90000, 0, 0, 0), "
		"(0, 1, 'open', 900, 'unknown', NULL, 0, 0, 2, 2, 0, 100000, 0, 90000, 0, 0, 0), "
		"(0, 2, 'read', 900, 'unknown', NULL, 0, 0, 1, 50, 0, 9000000, 0, 90000, 0, 0, 0), "
		"(0, 1, 'read', 901, 'unknown', NULL, 0, 0, 2, 2, 0, 400000, 0, 90000, 0, 0, 0)");
	char *text = show(db, "io", (struct view_options){.json = true});
	assert_non_null(strstr(text,
			       "module5.py:5\",\n      \"read\",\n      \"unknown\",\n      2,"
			       "\n      1,\n      0.4,"));
	assert_non_null(strstr(text, "\"imports\",\n      \"import\",\n      null,\n      72,\n"
				     "      11,\n      10,\n      10,\n      0.09,\n      50,"));
	assert_true(strstr(text, "\"imports\"") > strstr(text, "module5.py:5"));
	free(text);
	text = show(db, "io", (struct view_options){.width = 100});
	assert_non_null(strstr(text, "blocked: the part of"));
	assert_null(strstr(text, " \n"));
	free(text);
	sqlite3_close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_text_is_cut_at_a_character),
		cmocka_unit_test(test_bytes_have_a_unit_that_fits),
		cmocka_unit_test(test_flame_fits_the_terminal),
		cmocka_unit_test(test_flame_says_what_is_cut),
		cmocka_unit_test(test_engine_line_says_what_it_cost),
		cmocka_unit_test(test_reasons_of_one_engine_are_apart),
		cmocka_unit_test(test_reasons_of_one_engine_are_apart),
		cmocka_unit_test(test_imports_are_a_row_of_their_own),
		cmocka_unit_test(test_recordings_of_somebody_elses_making),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
