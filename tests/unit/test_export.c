/* Formats of samples from recordings that somebody else made: text stays text. What a sound one
 * gives is in tests/cli/cases/export-*.sh. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/utf8.h"
#include "export/export.h"
#include "export/frame.h"
#include "recording/sql.h"

/* A stack of 700 calls, more than an SVG draws, and one that divides. */
static const char rows[] =
	"INSERT INTO meta VALUES ('command', 'gunicorn <app>&'), ('started_ns', 0);"
	"INSERT INTO thread VALUES (1, 7, 100, 'MainThread');"
	"INSERT INTO code VALUES (1, '/srv/a.py', 'f', 1, 'app', 1, x''), (2, '/l/b.py', 'g', 2, "
	"'library', 1, x'');"
	"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 700) "
	"INSERT INTO stack SELECT i, i - 1, 1 + i % 2, 0, i, i, i FROM n;"
	"INSERT INTO sample_10s SELECT 0, 7, 1, NULL, 1, id, 'python', NULL, NULL, 2, 10, 0, "
	"100000000, 90000000, 0 FROM stack WHERE id IN (5, 100, 700);";

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

static void check_text(const char *format, const char *text, size_t size)
{
	for (size_t at = 0; at < size;) {
		const unsigned char *c = (const unsigned char *)text + at;
		const size_t length = utf8_length(c, size - at);
		if (length == 0 || (*c < 0x20 && *c != '\n' && *c != '\t') || *c == 0x7f)
			fail_msg("%s: byte %d at %zu", format, *c, at);
		at += length;
	}
}

static void test_hostile_recordings(void **state)
{
	static const char *const hostile[] = {
		"",
		("UPDATE code SET qualname = char(27) || ']0;x' || char(7) || char(10) || "
		 "char(155), filename = CAST(x'ff2fc39b1b' AS TEXT)"),
		"UPDATE code SET qualname = '', filename = ''",
		"UPDATE code SET qualname = CAST(zeroblob(5000) AS TEXT) || hex(zeroblob(40000))",
		"UPDATE stack SET parent_id = id + 1",
		("UPDATE sample_10s SET wall_ns = 9223372036854775807, cpu_ns = -1, ticks = -5; "
		 "UPDATE sample_10s SET wall_ns = -9223372036854775807 WHERE stack_id = 5"),
		"UPDATE sample_10s SET stack_id = NULL, thread_id = 99",
		"DELETE FROM process; DELETE FROM thread; DELETE FROM meta",
	};
	const struct profile_filter filters[] = {
		{.clock = PROFILE_WALL},
		{.clock = PROFILE_CPU, .app_only = true, .all_time = true}};
	(void)state;
	for (size_t h = 0; h < sizeof hostile / sizeof *hostile; h++) {
		sqlite3 *db = recording(hostile[h]);
		for (const struct export_format *f = export_formats; f->name; f++)
			for (int i = 0; f->of_samples && i < 2; i++) {
				const struct export_source source = {.db = db,
								     .filter = &filters[i]};
				struct err e = {0};
				char *text = NULL;
				size_t size = 0;
				FILE *out = open_memstream(&text, &size);
				const enum err_kind kind = f->write(&source, out, &e);
				fclose(out);
				if (kind != ERR_OK && kind != ERR_INVALID)
					fail_msg("%s, %zu: %s", f->name, h, e.text);
				check_text(f->name, text, size);
				free(text);
			}
		sqlite3_close(db);
	}
}

static void test_without_samples_there_is_a_reason(void **state)
{
	(void)state;
	sqlite3 *db = recording("DELETE FROM sample_10s; INSERT INTO engine VALUES (7, 'none', 'no "
				"tick was made', 0, 0, 0, 0, 0, 0, 0, NULL, 0, 0)");
	const struct profile_filter filter = {0};
	const struct export_source source = {.db = db, .filter = &filter};
	struct err e = {0};
	export_write write;
	assert_int_equal(export_choose(export_find("svg"), &source, false, &write, &e),
			 ERR_INVALID);
	assert_string_equal(e.text,
			    "no samples were taken: no tick was made; once that is changed, "
			    "record again with: unslow run -- gunicorn <app>&");
	sqlite3_close(db);
}

static void test_frame_text(void **state)
{
	char out[FRAME_TEXT_SIZE], small[8];
	(void)state;
	const struct profile_function f = {.name = "a\x1b", .file = "/x/y/z.py", .first_line = 3};
	assert_string_equal(frame_text(&f, out), "a? (y/z.py:3)");
	assert_string_equal(frame_clean("\xc2\x9b\xff\xef\xbf\xbf.", out, sizeof out), "???.");
	assert_string_equal(frame_clean("ab\xc3\xa9\xc3\xa9\xc3\xa9", small, sizeof small),
			    "ab\xc3\xa9\xc3\xa9"); /* no half character */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hostile_recordings),
		cmocka_unit_test(test_without_samples_there_is_a_reason),
		cmocka_unit_test(test_frame_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
