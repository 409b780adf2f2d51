/* Stopping threads of a child: who hears what, and how long it took. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "target/freeze.h"
#include "target/proc.h"
#include "target/thread_watch.h"

static pid_t start_spinning(void)
{
	const pid_t pid = fork();
	if (pid == 0)
		for (;;)
			(void)getppid();
	assert_true(pid > 0);
	return pid;
}

static void test_it_stands_until_it_is_let_go(void **state)
{
	(void)state;
	struct proc_stat now;
	const pid_t pid = start_spinning();
	struct freeze freeze = {.pid = pid};
	assert_true(freeze_thread(&freeze, pid));
	assert_true(freeze_holds(&freeze, pid));
	assert_int_equal(proc_read_stat(pid, &now, NULL), ERR_OK);
	assert_int_equal(now.state, 't');
	freeze_thaw(&freeze);
	assert_false(freeze_holds(&freeze, pid));
	assert_int_equal(proc_read_stat(pid, &now, NULL), ERR_OK);
	assert_int_not_equal(now.state, 't');
	assert_int_equal(freeze.stops, 1);
	assert_true(freeze.stopped_ns == freeze.longest_ns && freeze.longest_ns > 0);
	assert_true(freeze_length_ns(&freeze, 0.99) == freeze.longest_ns);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* `run` is parent and tracer: the status of a child killed while it stands is still to be had. */
static void test_an_own_child_keeps_its_end(void **state)
{
	(void)state;
	int status = 0;
	const pid_t pid = start_spinning();
	struct freeze freeze = {.pid = pid};
	assert_true(freeze_thread(&freeze, pid));
	kill(pid, SIGKILL);
	freeze_thaw(&freeze);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	assert_false(freeze_thread(&freeze, pid));
}

static void test_lengths_by_share(void **state)
{
	(void)state;
	struct freeze freeze = {.stops = 100, .longest_ns = UINT64_MAX};
	assert_int_equal(freeze_length_ns(&freeze, 0.5), 0);
	freeze.lengths[80] = 98; /* up to 9 << 10 ns */
	freeze.lengths[160] = 2; /* up to 9 << 20 ns */
	assert_int_equal(freeze_length_ns(&freeze, 0.5), 9 << 10);
	assert_int_equal(freeze_length_ns(&freeze, 0.98), 9 << 10);
	assert_int_equal(freeze_length_ns(&freeze, 0.99), 9 << 20);
}

static void test_a_watched_thread(void **state)
{
	(void)state;
	struct thread_watch watch;
	struct thread_call call = {0};
	const pid_t pid = start_spinning();
	thread_watch_open(&watch, pid, pid);
	assert_true(thread_watch_motion(&watch, &call));
	assert_true(thread_watch_call(&watch, &call));
	kill(pid, SIGSTOP);
	waitpid(pid, NULL, WUNTRACED);
	assert_true(thread_watch_motion(&watch, &call));
	const uint64_t timeslices = call.timeslices;
	assert_true(thread_watch_call(&watch, &call));
	assert_false(call.is_running);
	assert_true(thread_watch_motion(&watch, &call));
	assert_true(call.timeslices == timeslices);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_false(thread_watch_motion(&watch, &call));
	assert_false(thread_watch_call(&watch, &call));
	thread_watch_close(&watch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_stands_until_it_is_let_go),
		cmocka_unit_test(test_an_own_child_keeps_its_end),
		cmocka_unit_test(test_lengths_by_share),
		cmocka_unit_test(test_a_watched_thread),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
