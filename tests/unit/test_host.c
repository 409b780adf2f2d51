/* Host rows: one for the machine and each living process, at most once a second. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "probe/host.h"

enum { MADE_UP_ID = 7, GONE_ID = 8 };

static char directory[] = "/tmp/unslow-test-host-XXXXXX";
static char path[64];
static struct recording *recording;

static int64_t ask(const char *sql)
{
	sqlite3_stmt *statement;
	assert_int_equal(sqlite3_prepare_v2(recording_db(recording), sql, -1, &statement, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	const int64_t value = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return value;
}

static void test_rows_of_machine_and_process(void **state)
{
	(void)state;
	char sql[300];
	struct host *host;
	struct err e = {0};
	/* This process under a serial of its own, and one that does not exist. */
	snprintf(sql, sizeof sql,
		 "INSERT INTO process (id, pid, parent_pid, start_ns, agent_state) VALUES "
		 "(%d, %d, 1, 0, 'on'), (%d, 2147483632, 1, 0, 'on')",
		 MADE_UP_ID, (int)getpid(), GONE_ID);
	assert_int_equal(sqlite3_exec(recording_db(recording), sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(host_start(&host, recording, &e), ERR_OK);

	const uint64_t start_ns = 1;
	assert_int_equal(host_sample(host, start_ns, &e), ERR_OK);
	assert_int_equal(ask("SELECT count(*) FROM host_second WHERE process_id = 0"), 0);
	assert_int_equal(host_sample(host, start_ns + HOST_PERIOD_NS - 1, &e), ERR_OK);
	assert_int_equal(ask("SELECT count(*) FROM host_second WHERE process_id = 7"), 1);
	assert_int_equal(host_sample(host, start_ns + HOST_PERIOD_NS, &e), ERR_OK);
	assert_int_equal(ask("SELECT count(*) FROM host_second WHERE process_id = 0"), 1);
	assert_int_equal(ask("SELECT count(*) FROM host_second WHERE process_id = 7"), 2);
	assert_int_equal(ask("SELECT count(*) FROM host_second WHERE process_id = 8"), 0);
	assert_int_equal(ask("SELECT min(threads) FROM host_second WHERE process_id = 7"), 1);
	assert_true(ask("SELECT min(rss_bytes) FROM host_second") > 100000);
	assert_true(ask("SELECT min(fds) FROM host_second WHERE process_id = 7") >= 3);
	assert_true(ask("SELECT min(cpu_ns) FROM host_second") >= 0);
	/* what limits it: counts from the second look on, a row for the machine and one a group */
	assert_int_equal(ask("SELECT count(*) FROM cgroup_second WHERE process_id = 0"), 1);
	assert_true(ask("SELECT max(memory_bytes) FROM cgroup_second WHERE process_id = 0") > 0);
	assert_true(ask("SELECT count(*) FROM cgroup_second WHERE process_id > 0") <= 1);
	assert_int_equal(ask("SELECT count(*) FROM cgroup_second WHERE process_id = 8"), 0);
	host_free(host);
	host_free(NULL);
}

static int make_recording(void **state)
{
	(void)state;
	struct err e = {0};
	if (!mkdtemp(directory))
		return -1;
	snprintf(path, sizeof path, "%s/a.rec", directory);
	return recording_create(&recording, path, RECORDING_DEFAULT_MAX_BYTES, &e) == ERR_OK ? 0
											     : -1;
}

static int remove_recording(void **state)
{
	(void)state;
	const enum err_kind kind = recording_close(recording, NULL);
	unlink(path);
	return kind == ERR_OK ? rmdir(directory) : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows_of_machine_and_process)};
	return cmocka_run_group_tests(tests, make_recording, remove_recording);
}
