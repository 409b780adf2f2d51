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
#include "export/gzip_stored.h"
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
	"100000000, 90000000, 0 FROM stack WHERE id IN (5, 100, 700);"
	"INSERT INTO heap_process VALUES (7, 'malloc', NULL, 1, 100, 0, NULL, 0, NULL, 9, 0, 0, 0, "
	"0, 0, NULL, 0, NULL);"
	"INSERT INTO heap_site SELECT id, 7, 'object', id, NULL, 5000, 50, 0, 0, 400, 9, 3000, "
	"NULL "
	"FROM stack WHERE id IN (5, 100, 700) UNION ALL SELECT 999, 7, 'malloc', NULL, NULL, 1, 1, "
	"1, 1, 1, 1, 1, NULL;"
	"INSERT INTO heap_snapshot VALUES (1, 7, 1000000000, 1, 0, 0, 0);"
	"INSERT INTO heap_live SELECT 1, id, 3, NULL, 2000, 20, 3, 1e5, 0 FROM heap_site;"
	"INSERT INTO heap_second(process_id, at_ns, rss_bytes, live_bytes) VALUES (7, 1000000000, "
	"9000, 5000), (7, 2000000000, 9500, 5100);";

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
		("UPDATE heap_site SET made_bytes = -1, peak_bytes = 1e300, stack_id = 9999, "
		 "native = "
		 "char(27); UPDATE heap_live SET bytes = -5"),
		("UPDATE heap_second SET at_ns = -9223372036854775807, rss_bytes = 1e308 WHERE "
		 "at_ns = 1000000000; UPDATE heap_live SET site_id = NULL, snapshot_id = 3"),
		"UPDATE sample_10s SET stack_id = NULL, thread_id = 99",
		"DELETE FROM process; DELETE FROM thread; DELETE FROM meta",
	};
	const struct profile_filter filters[] = {
		{.clock = PROFILE_WALL},
		{.clock = PROFILE_CPU, .app_only = true, .all_time = true},
		{.memory = PROFILE_LIVE},
		{.memory = PROFILE_PEAK, .app_only = true},
		{.memory = PROFILE_TEMPORARY}};
	enum { FILTERS = sizeof filters / sizeof *filters };
	(void)state;
	for (size_t h = 0; h < sizeof hostile / sizeof *hostile; h++) {
		sqlite3 *db = recording(hostile[h]);
		for (const struct export_format *f = export_formats; f->name; f++)
			for (int i = 0; i < FILTERS; i++) {
				const struct export_source source = {.db = db,
								     .filter = &filters[i]};
				const bool is_of_heap = f->write == export_find("pprof")->write ||
							f->write == export_find("memory")->write;
				if (filters[i].memory ? !f->takes_memory
						      : !f->of_samples && !is_of_heap)
					continue;
				struct err e = {0};
				char *text = NULL;
				size_t size = 0;
				FILE *out = open_memstream(&text, &size);
				const enum err_kind kind = f->write(&source, out, &e);
				fclose(out);
				if (kind != ERR_OK && kind != ERR_INVALID && kind != ERR_NOTHING)
					fail_msg("%s, %zu: %s", f->name, h, e.text);
				if (f->write != export_find("pprof")->write) /* it is binary */
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
			 ERR_NOTHING);
	assert_string_equal(e.text,
			    "no samples were taken: no tick was made; once that is changed, "
			    "record again with: unslow run -- gunicorn <app>&");
	sqlite3_close(db);
}

static void test_gzip(void **state)
{
	unsigned char bytes[70000] = {0};
	char *text = NULL;
	size_t size = 0;
	(void)state;
	/* the check value of CRC-32/ISO-HDLC */
	assert_int_equal(gzip_crc32((const unsigned char *)"123456789", 9), 0xcbf43926);
	FILE *out = open_memstream(&text, &size);
	gzip_stored_write(bytes, sizeof bytes, out);
	fclose(out);
	/* head, two blocks with five bytes each, sum and length */
	assert_int_equal(size, 10 + 2 * 5 + sizeof bytes + 8);
	assert_int_equal(text[10], 0);
	assert_int_equal(text[10 + 5 + 65535], 1);
	free(text);
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
		cmocka_unit_test(test_gzip),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
