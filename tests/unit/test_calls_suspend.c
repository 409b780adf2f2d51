/* Calls that are suspended, as coroutines, generators and greenlets are: how long they waited. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "agent/calls_greenlets.h"
#include "calls_tree_fakes.h"

static void suspended_time_is_waiting_then_ready(void **state)
{
	(void)state;
	enter(A);
	work_ns(5);
	calls_suspend(calls_thread_now(), A, 0xf00);
	sleep_ns(1000);
	calls_polled = agent_now_ns(); /* the loop's poll returns … */
	enter(B);
	work_ns(300); /* … and something else goes first */
	leave(B);
	calls_resume(calls_thread_now(), A, A, 0xf00);
	work_ns(20);
	leave(A);
	assert_int_equal(NODE(A)->calls, 1);
	assert_int_equal(NODE(A)->resumes, 1);
	assert_int_equal(NODE(A)->own_wall, 25);
	assert_int_equal(NODE(A)->total_wall, 25);
	assert_int_equal(NODE(A)->waiting, 1000);
	assert_int_equal(NODE(A)->ready, 300);
	calls_polled = 0;
}

/* A awaits B, which awaits A again: all of them are suspended at once, each function once. */
static void a_function_that_awaits_itself_waits_once(void **state)
{
	static const uint64_t path[] = {A, B, A, B};
	struct calls_thread *t = calls_thread_now();

	(void)state;
	for (unsigned i = 0; i < 4; i++)
		enter(path[i]);
	for (unsigned i = 4; i-- > 0;)
		calls_suspend(t, path[i], 0xf00 + i);
	sleep_ns(1000);
	for (unsigned i = 0; i < 4; i++)
		calls_resume(t, path[i], path[i], 0xf00 + i);
	for (unsigned i = 4; i-- > 0;)
		leave(path[i]);
	assert_int_equal(NODE(A)->ready + NODE(A)->waiting, 1000);
	assert_int_equal(NODE(A)->nested, 0);
	assert_int_equal(NODE(A, B)->ready + NODE(A, B)->waiting, 1000);
	assert_int_equal(NODE(A, B)->nested, 1000);
	assert_int_equal(NODE(A, B, A)->ready + NODE(A, B, A)->waiting, 0);
	assert_int_equal(NODE(A, B, A)->nested, 1000);
}

/* Events were not told for a while: another one may be suspended at its address by now. */
static void a_wait_over_a_pause_is_not_known(void **state)
{
	(void)state;
	enter(A), calls_suspend(calls_thread_now(), A, 0xf00);
	sleep_ns(1000);
	calls_tree_reset();
	sleep_ns(10);
	calls_resume(calls_thread_now(), B, B, 0xf00), leave(B);
	assert_int_equal(NODE(B)->waiting + NODE(B)->ready, 0);
	enter(A), calls_suspend(calls_thread_now(), A, 0xf00);
	sleep_ns(5);
	calls_resume(calls_thread_now(), A, A, 0xf00), leave(A);
	assert_int_equal(NODE(A)->waiting + NODE(A)->ready, 5);
}

/* The consumer's time between two values of a generator is nobody's wait. */
static void generators_do_not_wait(void **state)
{
	(void)state;
	enter(B);
	enter(A);
	for (int i = 0; i < 10; i++) {
		calls_suspend(calls_thread_now(), A, 0);
		work_ns(100);
		calls_resume(calls_thread_now(), A, A, 0);
	}
	leave(A);
	leave(B);
	assert_int_equal(NODE(B, A)->calls, 1);
	assert_int_equal(NODE(B, A)->resumes, 10);
	assert_int_equal(NODE(B, A)->waiting, 0);
	assert_int_equal(NODE(B)->own_wall, 1000);
}

/* Two greenlets, each in the middle of calls of its own. */
static void greenlets_take_turns(void **state)
{
	enum { MAIN = 0x10, ONE = 0x20, OTHER = 0x30 };
	struct calls_thread *t = calls_thread_now();

	(void)state;
	enter(A);
	calls_greenlets_switch(t, MAIN, ONE);
	for (int i = 0; i < 100; i++)
		enter(B + i % 2);
	work_ns(10);
	calls_greenlets_switch(t, ONE, OTHER);
	enter(D);
	work_ns(1000);
	calls_greenlets_switch(t, OTHER, ONE);
	work_ns(5);
	for (int i = 99; i >= 0; i--)
		leave(B + i % 2);
	calls_greenlets_switch(t, ONE, OTHER);
	leave(D);
	calls_greenlets_switch(t, OTHER, MAIN);
	leave(A);
	assert_int_equal(t->depth, 1);
	assert_int_equal(NODE(A)->waiting, 1015);
	assert_int_equal(NODE(A)->total_wall, 0);
	assert_int_equal(NODE(B)->calls, 1);
	assert_int_equal(total_of(B), 15);
	assert_int_equal(NODE(B)->waiting, 1000);
	assert_int_equal(NODE(D)->own_wall, 1000);
	assert_int_equal(NODE(D)->waiting, 5);
}

/* A coroutine that dies suspended leaves its frame's address to another one. */
static void a_frame_that_died_is_not_waited_for(void **state)
{
	(void)state;
	enter(A), calls_suspend(calls_thread_now(), A, 0xf00);
	work_ns(1000);
	enter(B), calls_suspend(calls_thread_now(), B, 0xf00);
	work_ns(10);
	calls_resume(calls_thread_now(), B, B, 0xf00), leave(B);
	assert_int_equal(NODE(B)->waiting, 10);
	assert_int_equal(NODE(A)->waiting, 0);
}

static void many_may_be_suspended_at_once(void **state)
{
	enum { MANY = 5000 };

	(void)state;
	for (uintptr_t i = 1; i <= MANY; i++)
		enter(A), calls_suspend(calls_thread_now(), A, i * 64);
	work_ns(10);
	for (uintptr_t i = 1; i <= MANY; i++)
		calls_resume(calls_thread_now(), A, A, i * 64), leave(A);
	assert_int_equal(NODE(A)->calls, MANY);
	assert_int_equal(NODE(A)->waiting, 10 * MANY);
	assert_int_equal(calls_process->lost_suspended, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fake_tree_start, fake_tree_stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(suspended_time_is_waiting_then_ready),
		TEST(a_function_that_awaits_itself_waits_once),
		TEST(a_wait_over_a_pause_is_not_known),
		TEST(generators_do_not_wait),
		TEST(greenlets_take_turns),
		TEST(a_frame_that_died_is_not_waited_for),
		TEST(many_may_be_suspended_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
