/* Slots and SQLite: this program's own calls to libsqlite3 (bound lazily) and the library's calls
 * of itself (read-only slots) are patched, and become the records that agent/channel.h promises. */
#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "agent/agent.h"
#include "agent/dlopen.h"
#include "agent/slots.h"
#include "agent/values.h"
#include "agent_fakes.h"

const struct slot_hook slot_hooks_tls[] = {{.name = NULL}};

void tls_after_scan(void)
{
}

void heap_slots_after_scan(void)
{
}

static int set_up(void **state)
{
	(void)state;
	slots_scan();
	fake_reset();
	fake_tick_ns = 1000;
	return 0;
}

static const struct slot_hook *hook_named(const char *name)
{
	for (const struct slot_hook *h = slot_hooks_sqlite; h->name; h++)
		if (strcmp(h->name, name) == 0)
			return h;
	return NULL;
}

static sqlite3 *open_database(const char *name)
{
	sqlite3 *db = NULL;
	assert_int_equal(
		sqlite3_open_v2(name, &db,
				SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI, NULL),
		SQLITE_OK);
	return db;
}

static void one_original_is_kept_for_one_library(void **state)
{
	(void)state;
	const struct slot_hook *step = hook_named("sqlite3_step");
	assert_non_null(step);
	assert_ptr_equal(
		step->originals[0],
		dlsym(dlopen_real("libsqlite3.so.0", RTLD_NOLOAD | RTLD_LAZY), "sqlite3_step"));
	assert_null(step->originals[1]);
	slots_scan(); /* again: nothing new, nothing patched twice */
	assert_null(step->originals[1]);
	assert_int_equal(fake_losses[LOSS_HOOK_INSTANCES], 0);
	assert_string_equal(fake_part_off, "");
}

static void a_connection_is_opened_and_closed(void **state)
{
	(void)state;
	fake_unit = 5;
	sqlite3 *db = open_database("file::memory:?cache=shared");
	const struct channel_record *opened = fake_record(RECORD_SQLITE_OPEN, 0);
	assert_non_null(opened);
	assert_int_equal(opened->flags, RECORD_OPENS);
	assert_int_equal(opened->unit, 5);
	assert_int_equal(dict_text_id(":memory:", 8), dict_text_id(":memory:", 8));
	fake_unit = 0;
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	const struct channel_record *closed = fake_record(RECORD_SQLITE_CLOSE, 0);
	assert_non_null(closed);
	assert_int_equal(closed->flags, RECORD_CLOSES);
	assert_int_equal(closed->subject, opened->subject);
	assert_int_equal(closed->aux, 5);
	assert_int_equal(closed->unit, 0);
}

static void a_close_refused_leaves_it_open(void **state)
{
	(void)state;
	sqlite3 *db = open_database(":memory:");
	sqlite3_stmt *stmt = NULL;
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT 1", -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_BUSY);
	assert_int_equal(fake_record(RECORD_SQLITE_CLOSE, 0)->flags, RECORD_FAILED);
	sqlite3_finalize(stmt);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	assert_int_equal(fake_record(RECORD_SQLITE_CLOSE, 1)->flags, RECORD_CLOSES);
	assert_int_equal(fake_record(RECORD_SQLITE_CLOSE, 1)->subject,
			 fake_record(RECORD_SQLITE_OPEN, 0)->subject);
}

static void an_execution_is_one_statement(void **state)
{
	(void)state;
	sqlite3 *db = open_database(":memory:");
	sqlite3_stmt *stmt = NULL;
	fake_reset();
	fake_unit = 9;
	const char *sql = "SELECT value FROM (SELECT 1 AS value UNION SELECT 2); SELECT 3";
	const char *tail = NULL;
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, &tail), SQLITE_OK);
	assert_string_equal(tail, " SELECT 3");
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	assert_int_equal(fake_count(RECORD_STATEMENT), 0);
	assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
	const struct channel_record *s = fake_record(RECORD_STATEMENT, 0);
	assert_non_null(s);
	assert_string_equal(fake_text(s->subject),
			    "SELECT value FROM (SELECT ? AS value UNION SELECT ?)");
	assert_int_equal(s->count, 2);
	assert_int_equal(s->cpu_ns, 2);
	assert_int_equal(s->result, 1);
	assert_int_equal(s->unit, 9);
	assert_int_equal(s->flags, 0);
	assert_true(s->bytes > 0 && s->bytes < s->dur_ns);
	/* The three short steps are one record. */
	assert_int_equal(fake_count(RECORD_SQLITE_STEP), 1);
	assert_int_equal(fake_record(RECORD_SQLITE_STEP, 0)->dur_ns + s->bytes, s->dur_ns);

	/* Again from the cache: not prepared, given up after one row. */
	sqlite3_reset(stmt);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	sqlite3_reset(stmt);
	s = fake_record(RECORD_STATEMENT, 1);
	assert_non_null(s);
	assert_int_equal(s->count, 1);
	assert_int_equal(s->bytes, 0);
	assert_int_equal(s->result, 2);
	assert_int_equal(s->aux, fake_record(RECORD_STATEMENT, 0)->aux);
	sqlite3_reset(stmt);
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	assert_int_equal(fake_count(RECORD_STATEMENT), 2);
	assert_int_equal(sqlite3_close_v2(db), SQLITE_OK);
}

/* What is bound now, executed: its hash, 0: none is known. */
static uint64_t values_of_run(sqlite3_stmt *stmt)
{
	fake_reset();
	fake_unit = 4;
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	sqlite3_reset(stmt);
	const struct channel_record *s = fake_record(RECORD_STATEMENT, 0);
	const struct channel_record *v = fake_record(RECORD_VALUES, 0);
	assert_non_null(s);
	if (!v)
		return 0;
	assert_int_equal(v->t_start_ns, s->t_start_ns);
	assert_int_equal(v->object, s->object);
	assert_int_equal(v->unit, 4);
	return v->aux;
}

static void what_is_bound_has_one_hash(void **state)
{
	(void)state;
	sqlite3 *db = open_database(":memory:");
	sqlite3_stmt *stmt = NULL;
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT ?, ?", -1, &stmt, NULL), SQLITE_OK);
	assert_true(values_of_run(stmt) == 0); /* nothing */
	sqlite3_bind_int64(stmt, 1, 5);
	sqlite3_bind_text(stmt, 2, "ab", -1, SQLITE_STATIC);
	const uint64_t first = values_of_run(stmt);
	assert_true(first != 0);
	assert_true(values_of_run(stmt) == first); /* bindings stay */
	sqlite3_bind_int64(stmt, 1, 5);
	sqlite3_bind_text(stmt, 2, "abc", 2, SQLITE_TRANSIENT);
	assert_true(values_of_run(stmt) == first);
	sqlite3_bind_double(stmt, 1, 5);
	sqlite3_bind_text(stmt, 2, "ab", 2, SQLITE_TRANSIENT);
	const uint64_t real = values_of_run(stmt);
	assert_true(real != 0 && real != first);
	sqlite3_bind_int64(stmt, 1, 5);
	sqlite3_bind_blob(stmt, 2, "ab", 2, SQLITE_TRANSIENT);
	assert_true(values_of_run(stmt) != first);
	sqlite3_bind_int64(stmt, 1, 5);
	sqlite3_bind_null(stmt, 2);
	const uint64_t null = values_of_run(stmt);
	assert_true(null != 0 && null != first);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
}

static void what_is_bound_in_part_is_not_known(void **state)
{
	(void)state;
	static char long_text[VALUES_BYTES_MAX + 1];
	sqlite3 *db = open_database(":memory:");
	sqlite3_stmt *stmt = NULL;
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT ?, ?", -1, &stmt, NULL), SQLITE_OK);
	sqlite3_bind_int64(stmt, 1, 5);
	sqlite3_bind_int64(stmt, 2, 6);
	assert_true(values_of_run(stmt) != 0);
	sqlite3_bind_int64(stmt, 1, 5); /* the second has its old value, or any */
	assert_true(values_of_run(stmt) == 0);
	sqlite3_bind_int64(stmt, 2, 6);
	assert_true(values_of_run(stmt) == 0);
	sqlite3_bind_int64(stmt, 1, 5);
	assert_int_equal(sqlite3_bind_int64(stmt, 3, 6), SQLITE_RANGE);
	assert_true(values_of_run(stmt) == 0);
	sqlite3_bind_int64(stmt, 1, 5);
	sqlite3_bind_text(stmt, 2, long_text, sizeof long_text, SQLITE_STATIC);
	assert_true(values_of_run(stmt) == 0);
	atomic_store(&agent_awake, false);
	sqlite3_bind_int64(stmt, 1, 5);
	sqlite3_bind_int64(stmt, 2, 7);
	atomic_store(&agent_awake, true);
	assert_true(values_of_run(stmt) == 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
}

static void rows_read_in_vain_are_counted(void **state)
{
	(void)state;
	sqlite3 *db = open_database(":memory:");
	sqlite3_stmt *stmt = NULL;
	assert_int_equal(
		sqlite3_exec(db,
			     "CREATE TABLE t (a INTEGER PRIMARY KEY, b);"
			     "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
			     "WHERE i < 500) INSERT INTO t SELECT i, i FROM n",
			     NULL, NULL, NULL),
		SQLITE_OK);
	const struct {
		const char *sql;
		uint32_t least, most;
	} cases[] = {
		{"SELECT a FROM t WHERE b = 7", 468, 532}, /* to a sixteenth */
		{"SELECT b FROM t WHERE a = 7", 0, 0},
	};
	for (size_t i = 0; i < 2; i++) {
		fake_reset();
		sqlite3_prepare_v2(db, cases[i].sql, -1, &stmt, NULL);
		for (size_t run = 0; run < 2; run++) { /* each run counts its own */
			while (sqlite3_step(stmt) == SQLITE_ROW) {
			}
			sqlite3_reset(stmt);
			const struct channel_record *s = fake_record(RECORD_STATEMENT, run);
			const uint32_t count =
				s->depth ? record_scan_count(s->depth) : UINT32_MAX; /* not known */
			assert_in_range(count, cases[i].least, cases[i].most);
		}
		sqlite3_finalize(stmt);
	}
	sqlite3_close(db);
	const uint32_t counts[] = {0, 1, 7, 8, 15, 16, 17, 1000, 123456, UINT32_MAX};
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		const double back = record_scan_count(record_scan_code(counts[i]));
		assert_true(back <= counts[i] * 1.0625 && back >= counts[i] * 0.9375);
	}
}

static void long_steps_have_their_own_record(void **state)
{
	(void)state;
	sqlite3 *db = open_database(":memory:");
	sqlite3_stmt *stmt = NULL;
	assert_int_equal(sqlite3_prepare_v2(db, "BEGIN", -1, &stmt, NULL), SQLITE_OK);
	fake_reset();
	fake_tick_ns = CALL_LONG_NS;
	assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
	fake_tick_ns = 1000;
	assert_int_equal(fake_count(RECORD_SQLITE_STEP), 1);
	assert_int_equal(fake_record(RECORD_STATEMENT, 0)->flags, RECORD_TRANSACTION);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
}

static void a_failed_step_fails_its_statement(void **state)
{
	(void)state;
	sqlite3 *db = open_database(":memory:");
	sqlite3_stmt *stmt = NULL;
	assert_int_equal(sqlite3_exec(db, "CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES (1)",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	assert_int_equal(fake_records[fake_record_count - 2].kind, RECORD_SQLITE_EXEC);
	assert_int_equal(fake_records[fake_record_count - 2].flags, 0);
	assert_int_equal(fake_count(RECORD_STATEMENT), 1); /* its parts are nested */
	assert_int_equal(sqlite3_prepare_v2(db, "INSERT INTO t VALUES (1)", -1, &stmt, NULL),
			 SQLITE_OK);
	fake_reset();
	assert_int_equal(sqlite3_step(stmt), SQLITE_CONSTRAINT);
	assert_int_equal(fake_count(RECORD_STATEMENT), 0);
	sqlite3_reset(stmt);
	assert_int_equal(fake_record(RECORD_STATEMENT, 0)->flags, RECORD_FAILED);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	fake_reset();
	assert_int_equal(sqlite3_open("/no/such/folder/x.db", &db), SQLITE_CANTOPEN);
	assert_int_equal(fake_record(RECORD_SQLITE_OPEN, 0)->flags, RECORD_FAILED | RECORD_OPENS);
	sqlite3_close(db);
}

static void the_schema_load_is_seen_inside_the_first_prepare(void **state)
{
	(void)state;
	char path[] = "/tmp/unslow-test-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	sqlite3 *db = open_database(path);
	assert_int_equal(sqlite3_exec(db, "CREATE TABLE t (a)", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	db = open_database(path);
	sqlite3_stmt *stmt = NULL;
	fake_reset();
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT a FROM t", -1, &stmt, NULL), SQLITE_OK);
	const struct channel_record *first = NULL;
	size_t nested = 0;
	for (size_t i = 0; i < fake_record_count; i++) {
		if (fake_records[i].flags & RECORD_NESTED)
			nested++;
		else if (fake_records[i].kind == RECORD_SQLITE_PREPARE)
			first = &fake_records[i];
	}
	assert_true(nested >= 3);
	assert_non_null(first);
	assert_true(first->aux > 0 && first->aux < first->dur_ns);
	assert_int_equal(fake_count(RECORD_STATEMENT), 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	unlink(path);
}

static void asleep_nothing_is_recorded_and_nothing_stale_is_kept(void **state)
{
	(void)state;
	sqlite3 *db = open_database(":memory:");
	sqlite3_stmt *stmt = NULL;
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT 1", -1, &stmt, NULL), SQLITE_OK);
	fake_reset();
	atomic_store(&agent_awake, false);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	sqlite3_stmt *other = NULL;
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT 2, 3", -1, &other, NULL), SQLITE_OK);
	assert_int_equal(fake_record_count, 0);
	atomic_store(&agent_awake, true);
	assert_int_equal(sqlite3_step(other), SQLITE_ROW);
	assert_int_equal(fake_losses[LOSS_STATEMENT_STATE], 1);
	assert_int_equal(fake_count(RECORD_STATEMENT), 0);
	sqlite3_finalize(other);
	sqlite3_close(db);
}

static void dlopen_works_by_path_and_by_name(void **state)
{
	(void)state;
	assert_non_null(dlopen(NULL, RTLD_LAZY));
	assert_non_null(dlopen("libsqlite3.so.0", RTLD_LAZY));
	assert_null(dlopen("/no/such/library.so", RTLD_LAZY));
	assert_non_null(strstr(dlerror(), "/no/such/library.so"));
	Dl_info info;
	assert_true(dladdr(hook_named("sqlite3_step")->originals[0], &info));
	assert_non_null(dlopen(info.dli_fname, RTLD_LAZY));
	slots_scan_if_pending();
	assert_null(hook_named("sqlite3_step")->originals[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(one_original_is_kept_for_one_library, set_up),
		cmocka_unit_test_setup(a_connection_is_opened_and_closed, set_up),
		cmocka_unit_test_setup(a_close_refused_leaves_it_open, set_up),
		cmocka_unit_test_setup(an_execution_is_one_statement, set_up),
		cmocka_unit_test_setup(what_is_bound_has_one_hash, set_up),
		cmocka_unit_test_setup(what_is_bound_in_part_is_not_known, set_up),
		cmocka_unit_test_setup(rows_read_in_vain_are_counted, set_up),
		cmocka_unit_test_setup(long_steps_have_their_own_record, set_up),
		cmocka_unit_test_setup(a_failed_step_fails_its_statement, set_up),
		cmocka_unit_test_setup(the_schema_load_is_seen_inside_the_first_prepare, set_up),
		cmocka_unit_test_setup(asleep_nothing_is_recorded_and_nothing_stale_is_kept,
				       set_up),
		cmocka_unit_test_setup(dlopen_works_by_path_and_by_name, set_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
