/* Who has the CPUs: this process as the app, its child with it, and what no process accounts for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "probe/cpu_use.h"

static char directory[] = "/tmp/unslow-test-cpu-use-XXXXXX";
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

static void test_line_of_the_machine(void **state)
{
	uint64_t used = 0, stolen = 0;
	(void)state;
	assert_true(cpu_use_machine("cpu  10 20 30 4000 500 1 2 7 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n",
				    &used, &stolen));
	assert_int_equal(used, 63);
	assert_int_equal(stolen, 7);
	assert_false(cpu_use_machine("cpu  10 20 30 4000\ncpu0 1 1 1 1 1 1 1 1\n", &used, &stolen));
	assert_false(cpu_use_machine("cpu0 10 20 30 4000 500 1 2 7 0 0\n", &used, &stolen));
	assert_false(cpu_use_machine("", &used, &stolen));
}

/* More than a clock tick, so that it is seen. */
static void work(uint64_t least_ns)
{
	struct timespec used;
	do {
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	} while ((uint64_t)used.tv_sec * NS_PER_S + (uint64_t)used.tv_nsec < least_ns);
}

static void test_own_and_all(void **state)
{
	struct cpu_use *use;
	struct err e = {0};
	const int pids[] = {(int)getpid()};
	uint64_t now_ns = clock_now_ns();
	(void)state;
	assert_int_equal(cpu_use_start(&use, recording, &e), ERR_OK);
	assert_int_equal(cpu_use_look(use, pids, 1, now_ns, &e), ERR_OK);
	assert_int_equal(ask("SELECT count(*) FROM cpu_use"), 0); /* nothing to compare with */
	work(60 * NS_PER_MS);
	now_ns += 600 * NS_PER_S; /* later than it allows itself to look again */
	assert_int_equal(cpu_use_look(use, pids, 1, now_ns, &e), ERR_OK);
	assert_int_equal(ask("SELECT count(*) FROM cpu_use WHERE name IS NULL"), 4);
	assert_true(ask("SELECT cpu_ns FROM cpu_use WHERE who = 'own'") >= 20 * (int64_t)NS_PER_MS);
	assert_int_equal(ask("SELECT dur_ns FROM cpu_use WHERE who = 'other' AND name IS NULL"),
			 600 * (int64_t)NS_PER_S);
	/* too early: it would cost too much */
	assert_int_equal(cpu_use_look(use, pids, 1, now_ns, &e), ERR_OK);
	assert_int_equal(ask("SELECT count(DISTINCT at_ns) FROM cpu_use"), 1);
	cpu_use_free(use);
	cpu_use_free(NULL);
}

/* Looked at by nobody's name, this process is the watcher. */
static void test_the_watcher(void **state)
{
	struct cpu_use *use;
	struct err e = {0};
	uint64_t now_ns = clock_now_ns();
	(void)state;
	assert_int_equal(
		sqlite3_exec(recording_db(recording), "DELETE FROM cpu_use", NULL, NULL, NULL),
		SQLITE_OK);
	assert_int_equal(cpu_use_start(&use, recording, &e), ERR_OK);
	assert_int_equal(cpu_use_look(use, NULL, 0, now_ns, &e), ERR_OK);
	work(140 * NS_PER_MS);
	assert_int_equal(cpu_use_look(use, NULL, 0, now_ns + 600 * NS_PER_S, &e), ERR_OK);
	assert_int_equal(ask("SELECT cpu_ns FROM cpu_use WHERE who = 'own'"), 0);
	assert_true(ask("SELECT cpu_ns FROM cpu_use WHERE who = 'watcher'") >=
		    20 * (int64_t)NS_PER_MS);
	cpu_use_free(use);
}

/* A process that is no child of this one: waits for a byte, works, says so, and waits for the end
 * of the pipe. */
static void start_neighbour(const int asked[2], const int said[2])
{
	const pid_t child = fork();
	assert_true(child >= 0);
	if (child > 0) {
		assert_int_equal(waitpid(child, NULL, 0), child);
		return;
	}
	if (fork() != 0)
		_exit(0);
	char byte = 0;
	close(asked[1]);
	close(said[0]);
	prctl(PR_SET_NAME, "quiet-neighbour");
	if (read(asked[0], &byte, 1) == 1) {
		work(600 * NS_PER_MS);
		if (write(said[1], &byte, 1) == 1)
			(void)!read(asked[0], &byte, 1);
	}
	_exit(0);
}

#define LOOK_NS (2 * NS_PER_S)
#define LOOKS "SELECT count(DISTINCT at_ns) FROM cpu_use"
#define NAMED "SELECT total(cpu_ns) FROM cpu_use WHERE name = 'quiet-neighbour'"

/* Who slept, and is not read at each look any more, is seen when it works; no look is given more
 * than its part. */
static void test_a_neighbour_that_slept(void **state)
{
	struct cpu_use *use;
	struct err e = {0};
	uint64_t now_ns = clock_now_ns();
	int asked[2], said[2];
	char byte = 0;
	(void)state;
	assert_int_equal(
		sqlite3_exec(recording_db(recording), "DELETE FROM cpu_use", NULL, NULL, NULL),
		SQLITE_OK);
	assert_int_equal(pipe(asked), 0);
	assert_int_equal(pipe(said), 0);
	start_neighbour(asked, said);
	assert_int_equal(cpu_use_start(&use, recording, &e), ERR_OK);
	for (int i = 0; i < 100 && ask(LOOKS) < 8; i++)
		assert_int_equal(cpu_use_look(use, NULL, 0, now_ns += LOOK_NS, &e), ERR_OK);
	assert_int_equal(ask(NAMED), 0);
	assert_int_equal(write(asked[1], &byte, 1), 1);
	assert_int_equal(read(said[0], &byte, 1), 1);
	for (int i = 0; i < 100 && ask(NAMED) == 0; i++)
		assert_int_equal(cpu_use_look(use, NULL, 0, now_ns += LOOK_NS, &e), ERR_OK);
	assert_true(ask(NAMED) >= 100 * (int64_t)NS_PER_MS);
	assert_true(ask(NAMED) <= 2000 * (int64_t)NS_PER_MS);
	close(asked[1]);
	close(said[0]);
	cpu_use_free(use);
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
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line_of_the_machine),
		cmocka_unit_test(test_own_and_all),
		cmocka_unit_test(test_the_watcher),
		cmocka_unit_test(test_a_neighbour_that_slept),
	};
	return cmocka_run_group_tests(tests, make_recording, remove_recording);
}
