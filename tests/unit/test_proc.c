/* Readers of /proc, tried on this very process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "target/proc.h"

static void test_stat_survives_a_hostile_name(void **state)
{
	(void)state;
	struct proc_stat now;
	struct err e = {0};
	prctl(PR_SET_NAME, ") R 1 (x", 0, 0, 0);
	assert_int_equal(proc_read_stat(getpid(), &now, &e), ERR_OK);
	assert_string_equal(now.name, ") R 1 (x");
	assert_int_equal(now.parent_pid, getppid());
	assert_int_equal(now.threads, 1);
	assert_int_equal(now.state, 'R');
	assert_true(now.start_ticks > 0);
}

static void test_no_such_process(void **state)
{
	(void)state;
	struct proc_stat now;
	struct err e = {0};
	assert_int_equal(proc_read_stat(0x7ffffff0, &now, &e), ERR_NO_TARGET);
	assert_string_equal(e.text, "no process has the id 2147483632");
	assert_int_equal(proc_rss_bytes(0x7ffffff0), -1);
	assert_int_equal(proc_count_fds(0x7ffffff0), -1);
	assert_int_equal(proc_read_threads(0x7ffffff0, NULL, 0), -1);
}

static void test_counts(void **state)
{
	(void)state;
	const int64_t before = proc_count_fds(getpid());
	const int fd = open("/dev/null", O_RDONLY);
	assert_int_equal(proc_count_fds(getpid()), before + 1);
	close(fd);
	assert_true(proc_rss_bytes(getpid()) > 100000);
	struct proc_thread thread[4];
	assert_int_equal(proc_read_threads(getpid(), thread, 4), 1);
	assert_int_equal(thread[0].tid, getpid());
}

static void test_entries_that_are_processes(void **state)
{
	(void)state;
	assert_int_equal(proc_entry_id("4121"), 4121);
	assert_int_equal(proc_entry_id("self"), 0);
	assert_int_equal(proc_entry_id("."), 0);
	assert_int_equal(proc_entry_id("12x"), 0);
	assert_int_equal(proc_entry_id("4294967297"), 0);
}

static void test_tree_and_maps(void **state)
{
	(void)state;
	int pids[8];
	const pid_t child = fork();
	if (child == 0) {
		pause();
		_exit(0);
	}
	const int count = proc_tree(getpid(), pids, 8);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	assert_int_equal(count, 2);
	assert_int_equal(pids[0], getpid());
	assert_int_equal(pids[1], child);
	assert_true(proc_maps_contain(getpid(), "libcmocka"));
	assert_false(proc_maps_contain(getpid(), "libnothing-of-the-kind"));
}

/* Here a process is known by one number; tests/cli/test_run.py has one of two. */
static void test_a_process_is_found_by_its_inner_number(void **state)
{
	struct proc_stat self;
	struct err e;
	(void)state;
	assert_int_equal(proc_read_stat(getpid(), &self, &e), ERR_OK);
	assert_int_equal(proc_find_inner(getpid(), getpid(), self.start_ticks), getpid());
	assert_int_equal(proc_find_inner(getpid(), getpid(), 0), getpid());
	assert_int_equal(proc_find_inner(getpid(), getpid(), self.start_ticks + 1), 0);
	assert_int_equal(proc_find_inner(getpid(), 1 << 28, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stat_survives_a_hostile_name),
		cmocka_unit_test(test_no_such_process),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_entries_that_are_processes),
		cmocka_unit_test(test_tree_and_maps),
		cmocka_unit_test(test_a_process_is_found_by_its_inner_number),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
