/* A recording made, left behind by a killed writer, cut, flipped, of the future. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "recording/live.h"
#include "recording/recording.h"
#include "recording/rows.h"

static char directory[] = "/tmp/unslow-test-XXXXXX";
static char path[128];

static int make_directory(void **state)
{
	(void)state;
	return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **state)
{
	char command[160];
	(void)state;
	snprintf(command, sizeof command, "rm -r %s", directory);
	return system(command); /* NOLINT: a name of our own */
}

static struct recording *make(const char *name, uint64_t max_bytes)
{
	struct recording *r = NULL;
	struct err e = {0};
	snprintf(path, sizeof path, "%s/%s", directory, name);
	unlink(path);
	if (recording_create(&r, path, max_bytes, &e) != ERR_OK)
		fail_msg("%s", e.text);
	return r;
}

static void add_texts(struct recording *r, int count)
{
	for (int i = 1; i <= count; i++) {
		char value[64];
		snprintf(value, sizeof value, "text number %d", i);
		struct row row = row_begin(r, ROW_TEXT);
		row_int(&row, i);
		row_string(&row, value);
		row_end(&row);
	}
}

static void add_event(struct recording *r, int64_t start_ns)
{
	struct row row = row_begin(r, ROW_EVENT);
	row_int(&row, start_ns);
	for (int i = 0; i < 3; i++)
		row_int(&row, INT64_MAX);
	row_string(&row, "recv");
	for (int i = 0; i < 10; i++)
		row_int(&row, INT64_MAX);
	row_end(&row);
}

static void close_it(struct recording *r)
{
	struct err e = {0};
	if (recording_close(r, &e) != ERR_OK)
		fail_msg("%s", e.text);
}

static int64_t query(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	int64_t value = INT64_MIN;
	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	if (sqlite3_step(statement) == SQLITE_ROW)
		value = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return value;
}

static void assert_refused(const char *part_of_message)
{
	sqlite3 *db = NULL;
	struct err e = {0};
	if (recording_open(&db, path, &e) == ERR_OK)
		fail_msg("%s was opened", path);
	assert_int_equal(e.kind, ERR_RECORDING);
	if (!strstr(e.text, part_of_message))
		fail_msg("'%s' is not in: %s", part_of_message, e.text);
}

static void assert_opens(int64_t texts)
{
	sqlite3 *db = NULL;
	struct err e = {0};
	if (recording_open(&db, path, &e) != ERR_OK)
		fail_msg("%s", e.text);
	assert_int_equal(query(db, "SELECT count(*) FROM text"), texts);
	sqlite3_close(db);
}

static void test_closed_is_one_private_file_with_all_rows(void **state)
{
	struct stat st;
	char wal[160];
	(void)state;
	struct recording *r = make("one.rec", RECORDING_DEFAULT_MAX_BYTES);
	add_texts(r, 1000);
	close_it(r);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	snprintf(wal, sizeof wal, "%s-wal", path);
	assert_int_equal(access(wal, F_OK), -1);
	assert_opens(1000);
	sqlite3 *db = NULL;
	struct err e;
	assert_int_equal(recording_open(&db, path, &e), ERR_OK);
	assert_int_equal(query(db, "SELECT value FROM meta WHERE key = 'closed'"), 1);
	assert_true(query(db, "SELECT count(*) FROM clock_pair") >= 2);
	assert_int_equal(query(db, "SELECT count(*) FROM v1_unit"), 0);
	assert_int_equal(sqlite3_exec(db, "DELETE FROM text", NULL, NULL, NULL), SQLITE_READONLY);
	sqlite3_close(db);
}

static void test_existing_file_is_not_overwritten(void **state)
{
	struct recording *r = NULL;
	struct err e = {0};
	(void)state;
	close_it(make("there.rec", RECORDING_DEFAULT_MAX_BYTES));
	assert_int_equal(recording_create(&r, path, RECORDING_DEFAULT_MAX_BYTES, &e), ERR_USAGE);
	assert_opens(0);
}

/* SIGKILL: what was committed is there, and it is said that it was not closed. */
static void test_recording_of_a_killed_writer_opens(void **state)
{
	struct err e;
	int status;
	(void)state;
	snprintf(path, sizeof path, "%s/killed.rec", directory);
	const pid_t child = fork();
	if (child == 0) {
		struct recording *r = NULL;
		if (recording_create(&r, path, RECORDING_DEFAULT_MAX_BYTES, &e) == ERR_OK) {
			add_texts(r, 500);
			if (recording_commit(r, 1, &e) == ERR_OK)
				add_texts(r, 400); /* not committed */
		}
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_opens(500);
	sqlite3 *db = NULL;
	assert_int_equal(recording_open(&db, path, &e), ERR_OK);
	assert_int_equal(query(db, "SELECT count(*) FROM meta WHERE key = 'closed'"), 0);
	sqlite3_close(db);
}

static void test_newer_format_is_refused_by_its_number(void **state)
{
	sqlite3 *db = NULL;
	(void)state;
	close_it(make("future.rec", RECORDING_DEFAULT_MAX_BYTES));
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA user_version=7", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	assert_refused("format 7");
}

static void test_other_files_are_refused(void **state)
{
	sqlite3 *db = NULL;
	(void)state;
	snprintf(path, sizeof path, "%s/none.rec", directory);
	assert_refused("there is no recording");
	FILE *file = fopen(path, "w");
	for (int i = 0; i < 1000; i++)
		fputs("no database ", file);
	fclose(file);
	assert_refused("is not an unslow recording");
	unlink(path);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_exec(db, "CREATE TABLE t (a)", NULL, NULL, NULL);
	sqlite3_close(db);
	assert_refused("is an SQLite file, but not");
	snprintf(path, sizeof path, "%s", directory);
	assert_refused("is not an unslow recording");
}

static void test_truncated_copy_is_refused(void **state)
{
	struct stat st;
	(void)state;
	struct recording *r = make("cut.rec", RECORDING_DEFAULT_MAX_BYTES);
	add_texts(r, 5000);
	close_it(r);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(truncate(path, st.st_size - 1), 0);
	assert_refused(".recover");
	assert_int_equal(truncate(path, st.st_size / 2), 0);
	assert_refused("cut short");
	assert_int_equal(truncate(path, 60), 0);
	assert_refused("is not an unslow recording");
}

/* Any flipped bit, in a value or a tree, is found; none gives a wrong answer. */
static void test_flipped_bits_are_found(void **state)
{
	struct stat st;
	(void)state;
	struct recording *r = make("flipped.rec", RECORDING_DEFAULT_MAX_BYTES);
	add_texts(r, 3000);
	close_it(r);
	assert_int_equal(stat(path, &st), 0);
	const int fd = open(path, O_RDWR);
	uint32_t random = 1;
	for (int i = 0; i < 300; i++) {
		unsigned char byte, flipped;
		random = random * 1664525u + 1013904223u;
		/* past the first page's header, whose flips may be settings of no meaning */
		const off_t at = 100 + (off_t)(random % (uint32_t)(st.st_size - 100));
		assert_int_equal(pread(fd, &byte, 1, at), 1);
		flipped = byte ^ (unsigned char)(1u << (random >> 29));
		assert_int_equal(pwrite(fd, &flipped, 1, at), 1);
		sqlite3 *db = NULL;
		struct err e = {0};
		if (recording_open(&db, path, &e) == ERR_OK) {
			/* the only bytes that may differ are the seal's own place */
			assert_int_equal(query(db, "SELECT count(*) FROM text"), 3000);
			assert_int_equal(query(db, "SELECT sum(length(value)) FROM text"), 46893);
			sqlite3_close(db);
		} else {
			assert_int_equal(e.kind, ERR_RECORDING);
		}
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	}
	close(fd);
	assert_opens(3000);
}

/* An index made with the stock shell is no damage. */
static void test_change_in_order_is_no_damage(void **state)
{
	sqlite3 *db = NULL;
	(void)state;
	struct recording *r = make("changed.rec", RECORDING_DEFAULT_MAX_BYTES);
	add_texts(r, 2000);
	close_it(r);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(db, "CREATE INDEX i ON text (value); VACUUM", NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(db);
	assert_opens(2000);
}

/* A recording of an older unslow has older views; the columns that rules ask for must be there. */
static void test_views_are_those_of_this_program(void **state)
{
	struct err e = {0};
	sqlite3 *db = NULL;
	(void)state;
	close_it(make("old-views.rec", RECORDING_DEFAULT_MAX_BYTES));
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(db,
			     "DROP VIEW v1_statement; DROP VIEW v1_loss; DROP VIEW v1_meta;"
			     "DROP TABLE sample_10s; DROP TABLE engine;"
			     "CREATE VIEW v1_statement AS SELECT 1 AS start_ns;"
			     "CREATE VIEW v1_meta AS SELECT 'closed' AS key, 7 AS value",
			     NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(db);
	if (recording_open(&db, path, &e) != ERR_OK)
		fail_msg("%s", e.text);
	assert_int_equal(query(db, "SELECT count(app_text) FROM v1_statement"), 0);
	assert_int_equal(query(db, "SELECT count(*) FROM v1_loss"), 0);
	assert_int_equal(query(db, "SELECT count(*) + count(ticks) FROM v1_sample"), 0);
	assert_int_equal(query(db, "SELECT count(*) + count(rate_hz) FROM v1_engine"), 0);
	assert_int_equal(query(db, "SELECT value FROM v1_meta WHERE key = 'closed'"), 1);
	sqlite3_close(db);
}

static void change(const char *sql)
{
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(db));
	sqlite3_close(db);
}

/* What format 1 has got since it was first read by others; each view must be there without it. */
static void test_tables_and_columns_of_later_are_read_as_empty(void **state)
{
	static const char *const without[] = {
		"DROP TABLE sample_10s",
		"DROP TABLE engine",
		"DROP TABLE peer_second",
		"DROP TABLE unit_sample",
		"DROP TABLE client_request",
		"DROP TABLE statement_values",
		"DROP TABLE task_look",
		"DROP TABLE cpu_use",
		"DROP TABLE cgroup_second",
		"DROP TABLE fault_second",
		"DROP TABLE call_process",
		"DROP TABLE call_window",
		"DROP TABLE call_node",
		"DROP TABLE call_histogram",
		"DROP TABLE call_line",
		"DROP TABLE call_arguments",
		"DROP TABLE call_event",
		"DROP TABLE listener_second",
		"DROP TABLE heap_process",
		"DROP TABLE heap_site",
		"DROP TABLE heap_snapshot",
		"DROP TABLE heap_live",
		"DROP TABLE heap_second",
		"DROP TABLE heap_unit_peak",
		"DROP TABLE walk",
		"DROP TABLE walk_type",
		"DROP TABLE walk_holder",
		"ALTER TABLE unit RENAME COLUMN bytes_in TO gone",
		"ALTER TABLE unit RENAME COLUMN trace TO gone",
		"ALTER TABLE handle RENAME COLUMN tls_ns TO gone",
		"ALTER TABLE call_process RENAME COLUMN far_inside_ns TO gone",
		"ALTER TABLE call_process RENAME COLUMN repeats_code_id TO gone",
		"ALTER TABLE call_process RENAME COLUMN lost_line_ns TO gone",
		"ALTER TABLE call_process RENAME COLUMN await_inside_ns TO gone",
		"ALTER TABLE call_node RENAME COLUMN far_events TO gone",
		"ALTER TABLE call_node RENAME COLUMN nested_ns TO gone",
		"ALTER TABLE call_line RENAME COLUMN memory_parts TO gone",
		"ALTER TABLE call_line RENAME COLUMN own_cost_ns TO gone",
		"ALTER TABLE walk RENAME COLUMN trim_bytes TO gone",
		"ALTER TABLE walk RENAME COLUMN how TO gone",
		"ALTER TABLE walk_type RENAME COLUMN garbage_count TO gone",
		"ALTER TABLE walk_holder RENAME COLUMN site_id TO gone",
	};
	(void)state;
	for (size_t i = 0; i < sizeof without / sizeof *without; i++) {
		struct err e = {0};
		sqlite3 *db = NULL;
		sqlite3_stmt *views = NULL;
		close_it(make("older.rec", RECORDING_DEFAULT_MAX_BYTES));
		change("PRAGMA writable_schema = ON; DELETE FROM sqlite_master WHERE type = "
		       "'view'");
		change(without[i]);
		if (recording_open(&db, path, &e) != ERR_OK)
			fail_msg("%s: %s", without[i], e.text);
		assert_int_equal(
			sqlite3_prepare_v2(db,
					   "SELECT 'SELECT count(*) FROM ' || name "
					   "FROM temp.sqlite_master WHERE name GLOB 'v1_*'",
					   -1, &views, NULL),
			SQLITE_OK);
		int count = 0;
		for (; sqlite3_step(views) == SQLITE_ROW; count++)
			assert_true(query(db, (const char *)sqlite3_column_text(views, 0)) >= 0);
		assert_true(count > 20);
		sqlite3_finalize(views);
		sqlite3_close(db);
	}
}

/* Made so that a reader would never come to an end. */
static void test_what_unslow_would_not_write_is_refused(void **state)
{
	(void)state;
	close_it(make("hostile.rec", RECORDING_DEFAULT_MAX_BYTES));
	change("INSERT INTO stack VALUES (1, 0, 1, 0, 1, 1, 0), (2, 1, 1, 0, 1, 2, 0)");
	assert_opens(0);
	change("UPDATE stack SET parent_id = id WHERE id = 2");
	assert_refused("stack 2 comes before its caller");
	change("UPDATE stack SET parent_id = id - 1;"
	       "CREATE TRIGGER t AFTER INSERT ON unit BEGIN DELETE FROM unit; END");
	assert_refused("its table `unit`");
	change("DROP TRIGGER t; DROP TABLE fault_second; CREATE VIEW Fault_Second AS "
	       "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
	       "SELECT i AS at_ns, 1 AS process_id, 1 AS faults FROM n");
	assert_refused("its table `fault_second`");
}

/* The cap: raw rows give way, the file stays below it, what went is counted. */
static void test_size_cap_drops_raw_rows_first(void **state)
{
	const uint64_t cap = 2 << 20;
	struct stat st;
	struct err e = {0};
	enum err_kind kind = ERR_OK;
	int64_t taken = 0;
	(void)state;
	struct recording *r = make("cap.rec", cap);
	for (int second = 0; second < 30 && kind == ERR_OK; second++) {
		for (int i = 0; i < 2000; i++)
			if (recording_take_raw(r)) {
				add_event(r, second);
				taken++;
			}
		add_texts(r, 10);
		kind = recording_commit(r, 1, &e);
	}
	assert_int_equal(kind, ERR_OK);
	const int64_t left = query(recording_db(r), "SELECT count(*) FROM event");
	assert_true(left > 0 && left < taken);
	assert_int_equal(recording_raw_dropped(r), 60000 - left);
	assert_int_equal(query(recording_db(r), "SELECT max(start_ns) FROM event"), 29);
	assert_int_equal(query(recording_db(r), "SELECT count(*) FROM text"), 10);
	assert_int_equal(stat(path, &st), 0);
	assert_true((uint64_t)st.st_size <= cap);
	close_it(r);
}

static void test_newest_recording_is_found(void **state)
{
	char found[256] = "", here[256];
	struct err e = {0};
	(void)state;
	assert_non_null(getcwd(here, sizeof here));
	assert_int_equal(chdir(directory), 0);
	assert_int_equal(mkdir("empty", 0700), 0); /* the others' recordings are in this one */
	assert_int_equal(chdir("empty"), 0);
	setenv("XDG_STATE_HOME", ".", 1);
	assert_int_equal(recording_find_last(found, sizeof found, &e), ERR_RECORDING);
	close_it(make("empty/unslow-a-1.rec", RECORDING_DEFAULT_MAX_BYTES));
	close_it(make("empty/unslow-b-2.rec", RECORDING_DEFAULT_MAX_BYTES));
	const struct timespec old[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
	assert_int_equal(utimensat(AT_FDCWD, "unslow-b-2.rec", old, 0), 0);
	assert_int_equal(recording_find_last(found, sizeof found, &e), ERR_OK);
	assert_string_equal(found, "./unslow-a-1.rec");
	/* any name will do, and another newer file is no recording */
	assert_int_equal(rename("unslow-a-1.rec", "before the fix"), 0);
	FILE *other = fopen("unslow-z-9.rec", "w");
	assert_non_null(other);
	assert_int_equal(fclose(other), 0);
	assert_int_equal(recording_find_last(found, sizeof found, &e), ERR_OK);
	assert_string_equal(found, "./before the fix");
	assert_int_equal(chdir(here), 0);
}

/* Another process, which does something to the recording `name` when it is let, and stays. Made
 * before this process opens the recording: SQLite's locks are no child's. */
struct other {
	pid_t pid;
	int go[2], done[2];
};

static struct other other_process(void (*act)(const char *name), const char *name)
{
	struct other other;
	char byte;
	assert_int_equal(pipe(other.go), 0);
	assert_int_equal(pipe(other.done), 0);
	other.pid = fork();
	if (other.pid == 0) {
		if (read(other.go[0], &byte, 1) != 1)
			_exit(1);
		act(name);
		_exit(write(other.done[1], "", 1) == 1 ? pause() : 1);
	}
	assert_true(other.pid > 0);
	return other;
}

static void let(const struct other *other)
{
	char byte;
	assert_int_equal(write(other->go[1], "", 1), 1);
	assert_int_equal(read(other->done[0], &byte, 1), 1);
}

static void end_other(const struct other *other)
{
	assert_int_equal(kill(other->pid, SIGKILL), 0);
	assert_int_equal(waitpid(other->pid, NULL, 0), other->pid);
	for (int i = 0; i < 2; i++) {
		close(other->go[i]);
		close(other->done[i]);
	}
}

static void write_it(const char *name)
{
	struct err e;
	struct recording *r = make(name, RECORDING_DEFAULT_MAX_BYTES);
	add_texts(r, 10);
	assert_int_equal(recording_commit(r, 1, &e), ERR_OK);
}

static void read_it(const char *name)
{
	sqlite3 *db;
	struct err e;
	snprintf(path, sizeof path, "%s/%s", directory, name);
	assert_int_equal(recording_open(&db, path, &e), ERR_OK);
	assert_int_equal(sqlite3_exec(db, "BEGIN; SELECT count(*) FROM text", NULL, NULL, NULL),
			 SQLITE_OK);
}

/* As long as its writer lives; readers write nothing. */
static void test_one_that_is_being_written_is_known(void **state)
{
	char last[256], here[256];
	struct err e;
	(void)state;
	snprintf(path, sizeof path, "%s/live.rec", directory);
	assert_false(recording_is_live(path));
	const struct other writer = other_process(write_it, "live.rec");
	const struct other reader = other_process(read_it, "live.rec");
	let(&writer);
	assert_true(recording_is_live(path));
	assert_opens(10);
	assert_non_null(getcwd(here, sizeof here));
	assert_int_equal(chdir(directory), 0);
	assert_int_equal(recording_find_last(last, sizeof last, &e), ERR_OK);
	assert_int_equal(chdir(here), 0);
	assert_string_equal(last, "./live.rec");
	end_other(&writer);
	let(&reader);
	assert_false(recording_is_live(path));
	end_other(&reader);
	assert_opens(10);
	unlink(path);
}

/* Who reads does not make the recording fail: it stays two files. */
static void test_closed_while_it_is_read(void **state)
{
	sqlite3 *db = NULL;
	struct err e;
	(void)state;
	const struct other reader = other_process(read_it, "read.rec");
	struct recording *r = make("read.rec", RECORDING_DEFAULT_MAX_BYTES);
	add_texts(r, 10);
	assert_int_equal(recording_commit(r, 1, &e), ERR_OK);
	let(&reader);
	add_event(r, 1);
	close_it(r);
	end_other(&reader);
	assert_false(recording_is_live(path));
	assert_int_equal(recording_open(&db, path, &e), ERR_OK);
	assert_int_equal(query(db, "SELECT count(*) FROM event"), 1);
	assert_int_equal(query(db, "SELECT value FROM v1_meta WHERE key = 'closed'"), 1);
	sqlite3_close(db);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_closed_is_one_private_file_with_all_rows),
		cmocka_unit_test(test_existing_file_is_not_overwritten),
		cmocka_unit_test(test_recording_of_a_killed_writer_opens),
		cmocka_unit_test(test_newer_format_is_refused_by_its_number),
		cmocka_unit_test(test_other_files_are_refused),
		cmocka_unit_test(test_truncated_copy_is_refused),
		cmocka_unit_test(test_flipped_bits_are_found),
		cmocka_unit_test(test_change_in_order_is_no_damage),
		cmocka_unit_test(test_views_are_those_of_this_program),
		cmocka_unit_test(test_tables_and_columns_of_later_are_read_as_empty),
		cmocka_unit_test(test_what_unslow_would_not_write_is_refused),
		cmocka_unit_test(test_size_cap_drops_raw_rows_first),
		cmocka_unit_test(test_newest_recording_is_found),
		cmocka_unit_test(test_one_that_is_being_written_is_known),
		cmocka_unit_test(test_closed_while_it_is_read),
	};
	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
