/* A thread's CPU time: what waits adds nothing, what works adds its time, with and
 * without the mark. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "agent/cpu_clock.h"
#include "agent_core_fakes.h"
#include "base/clock.h"

static unsigned cpu_clocks_read;

/* The C library's, counted: cpu_clock.c and base/clock.h call this one. */
int clock_gettime(clockid_t clock, struct timespec *time)
{
	cpu_clocks_read += clock == CLOCK_THREAD_CPUTIME_ID;
	return (int)syscall(SYS_clock_gettime, clock, time);
}

static int start(void **state)
{
	(void)state;
	fake_core_start();
	return 0;
}

static int stop(void **state)
{
	(void)state;
	fake_core_stop();
	return 0;
}

static void wait_ns(long ns)
{
	struct timespec wanted = {.tv_nsec = ns};
	clock_nanosleep(CLOCK_MONOTONIC, 0, &wanted, NULL);
}

static void work_ns(uint64_t ns)
{
	uint64_t end_ns = clock_thread_cpu_ns() + ns;
	while (clock_thread_cpu_ns() < end_ns)
		;
}

/* Against the system call: the difference is what passes between two readings of clocks. */
static void check_agrees(struct agent_thread *thread)
{
	uint64_t before_ns = clock_thread_cpu_ns();
	cpu_clock_sync(thread, clock_now_ns());
	uint64_t after_ns = clock_thread_cpu_ns();
	/* the pair's wall time is read first: a little earlier than its CPU time */
	assert_in_range(thread->sync_cpu_ns, before_ns > 50000 ? before_ns - 50000 : 0,
			after_ns + 50000);
}

static void check_waits_and_work(void)
{
	struct agent_thread *thread = agent_thread_self();
	for (int i = 0; i < 50; i++) {
		cpu_clock_sync(thread, clock_now_ns());
		wait_ns(200000); /* four times what check_agrees() lets pass */
		check_agrees(thread);
		work_ns(100000);
		check_agrees(thread);
	}
}

static void test_by_system_call(void **state)
{
	(void)state;
	check_waits_and_work();
}

static void test_with_the_mark_where_there_is_one(void **state)
{
	(void)state;
	struct agent_thread *thread = agent_thread_self();
	cpu_clock_prepare();
	assert_true(strncmp(fake_fact, "agent.cpu_clock=", 16) == 0);
	check_waits_and_work();
	if (strcmp(fake_fact, "agent.cpu_clock=rseq") != 0)
		return; /* its reason is the fact */
	/* Sent away between two readings now and then, but not a hundred times in a row. */
	unsigned asked = 0;
	for (int i = 0; i < 100; i++) {
		cpu_clock_sync(thread, clock_now_ns());
		unsigned before = cpu_clocks_read;
		cpu_clock_sync(thread, clock_now_ns());
		asked += cpu_clocks_read != before;
	}
	assert_true(asked < 100);
	unsigned before = cpu_clocks_read;
	wait_ns(200000);
	cpu_clock_sync(thread, clock_now_ns());
	assert_int_equal(cpu_clocks_read, before + 1);
}

static void test_a_stay_ends_with_a_wait(void **state)
{
	(void)state;
	struct agent_thread *thread = agent_thread_self();
	cpu_clock_prepare();
	cpu_clock_read(thread);
	uint64_t stay = cpu_clock_stay(thread);
	wait_ns(200000);
	assert_int_equal(cpu_clock_stay(thread), 0);
	cpu_clock_sync(thread, clock_now_ns());
	uint64_t next = cpu_clock_stay(thread); /* 0: sent away again, or there is no mark */
	assert_true(next == 0 || next > stay);
}

/* Extrapolated by the wall clock it may be ahead of the system call, by interrupts. */
static void test_it_never_goes_back(void **state)
{
	(void)state;
	struct agent_thread *thread = agent_thread_self();
	cpu_clock_sync(thread, clock_now_ns());
	thread->sync_cpu_ns += 50000000;
	uint64_t ahead_ns = thread->sync_cpu_ns;
	wait_ns(100000);
	cpu_clock_sync(thread, clock_now_ns());
	assert_int_equal(thread->sync_cpu_ns, ahead_ns);
}

static void test_a_forked_child_begins_anew(void **state)
{
	(void)state;
	struct agent_thread *thread = agent_thread_self();
	cpu_clock_prepare();
	work_ns(3000000);
	cpu_clock_sync(thread, clock_now_ns());
	uint64_t parents_ns = thread->sync_cpu_ns;
	assert_true(parents_ns > 3000000);
	pid_t child = fork();
	if (child == 0) {
		cpu_clock_after_fork(thread);
		unsigned before = cpu_clocks_read;
		cpu_clock_sync(thread, clock_now_ns());
		_exit(thread->sync_cpu_ns < parents_ns && cpu_clocks_read == before + 1 ? 0 : 1);
	}
	int status = 1;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, start, stop)
	const struct CMUnitTest tests[] = {
		T(test_by_system_call),
		T(test_with_the_mark_where_there_is_one),
		T(test_a_stay_ends_with_a_wait),
		T(test_it_never_goes_back),
		T(test_a_forked_child_begins_anew),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
