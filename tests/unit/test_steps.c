/* Steps: running, suspended and ready time of an asynchronous unit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "agent/calls_roots.h"
#include "agent/core.h"
#include "agent/cpu_clock.h"
#include "agent/run_queue.h"
#include "agent/steps.h"
#include "agent/work.h"

/* Exact calls are not what is tested here. */
void calls_unit_enter(struct unit *unit)
{
	(void)unit;
}

void calls_unit_leave(struct unit *unit)
{
	(void)unit;
}

static uint64_t now_ns, cpu_ns, queue_ns, resumed_ns;
static bool watched;

uint64_t agent_now_ns(void)
{
	return now_ns;
}

void cpu_clock_sync(struct agent_thread *thread, uint64_t at_ns)
{
	thread->sync_wall_ns = at_ns;
	thread->sync_cpu_ns = cpu_ns;
}

bool units_watch_queue(void)
{
	return watched;
}

uint64_t cpu_clock_stay(const struct agent_thread *thread)
{
	(void)thread;
	return 0;
}

uint64_t run_queue_in(uint64_t stay)
{
	(void)stay;
	return queue_ns;
}

uint64_t unit_missing_ns(const struct agent_thread *thread, uint64_t wall_ns, uint64_t cpu,
			 uint64_t blocked_from_ns)
{
	return wall_ns - cpu - (thread->blocked_ns - blocked_from_ns);
}

void work_resumed(struct unit *unit, uint64_t at_ns)
{
	resumed_ns = at_ns - unit->hop_end_ns;
	unit->hop_end_ns = 0;
}

/* Time passes; the thread runs for `cpu` of it. */
static void pass(uint64_t wall, uint64_t cpu)
{
	now_ns += wall;
	cpu_ns += cpu;
}

static int start(void **state)
{
	(void)state;
	now_ns = 1000000;
	cpu_ns = 500000;
	queue_ns = 1;
	watched = false;
	return 0;
}

static void test_two_steps_and_the_wait_between(void **state)
{
	(void)state;
	struct unit unit = {.id = 1};
	struct agent_thread thread = {.tid = 1};
	cpu_clock_sync(&thread, now_ns);
	step_enter(&unit, &thread, 0);
	pass(100000, 100000);
	step_leave(&unit, &thread, 0);
	pass(300000, 0); /* the loop polls … */
	thread.poll_end_ns = now_ns;
	pass(40000, 40000); /* … and runs another callback first */
	step_enter(&unit, &thread, 0);
	pass(60000, 60000);
	step_leave(&unit, &thread, 0);
	assert_int_equal(unit.steps, 2);
	assert_int_equal(unit.running_ns, 160000);
	assert_int_equal(unit.cpu_ns, 160000);
	assert_int_equal(unit.suspended_ns, 340000);
	assert_int_equal(unit.ready_ns, 40000);
}

static void test_without_a_poll_all_of_the_wait_was_the_loops(void **state)
{
	(void)state;
	struct unit unit = {.id = 1};
	struct agent_thread thread = {.tid = 1, .poll_end_ns = 900000};
	step_enter(&unit, &thread, 0);
	step_leave(&unit, &thread, 0);
	pass(70000, 70000);
	step_enter(&unit, &thread, 0);
	step_leave(&unit, &thread, 0);
	assert_int_equal(unit.ready_ns, 70000);
	assert_int_equal(unit.suspended_ns, 70000);
}

static void test_nested_steps_count_once(void **state)
{
	(void)state;
	struct unit unit = {.id = 1};
	struct agent_thread thread = {.tid = 1};
	step_enter(&unit, &thread, 0);
	pass(10000, 10000);
	step_enter(&unit, &thread, 0);
	pass(10000, 10000);
	step_leave(&unit, &thread, 0);
	assert_int_equal(unit.running_ns, 0);
	step_leave(&unit, &thread, 0);
	assert_int_equal(unit.running_ns, 20000);
	assert_int_equal(unit.steps, 1);
}

static void test_a_time_just_read_is_taken(void **state)
{
	(void)state;
	struct unit unit = {.id = 1};
	struct agent_thread thread = {.tid = 1};
	cpu_clock_sync(&thread, now_ns);
	const uint64_t began_ns = now_ns;
	pass(5000, 5000); /* what the hook itself does belongs to nobody's step */
	step_enter(&unit, &thread, began_ns);
	pass(60000, 60000);
	const uint64_t ended_ns = now_ns;
	pass(5000, 5000);
	step_leave(&unit, &thread, ended_ns);
	assert_int_equal(unit.running_ns, 65000);
	assert_int_equal(unit.left_ns, ended_ns);
}

static void test_a_call_that_waits_is_no_cpu(void **state)
{
	(void)state;
	struct unit unit = {.id = 1};
	struct agent_thread thread = {.tid = 1};
	cpu_clock_sync(&thread, now_ns);
	step_enter(&unit, &thread, 0);
	pass(200000, 50000);
	thread.blocked_ns += 150000;
	step_leave(&unit, &thread, 0);
	assert_int_equal(unit.running_ns, 200000);
	assert_int_equal(unit.cpu_ns, 50000);
	assert_int_equal(unit.missing_ns, 0);
}

static void test_the_run_queue_has_no_more_than_what_is_missing(void **state)
{
	(void)state;
	struct unit unit = {.id = 1};
	struct agent_thread thread = {.tid = 1};
	cpu_clock_sync(&thread, now_ns);
	step_enter(&unit, &thread, 0);
	pass(100000, 40000);
	step_leave(&unit, &thread, 0);
	assert_int_equal(unit.missing_ns, 60000);
	assert_false(unit.queue_read); /* nobody watched */
	watched = true;
	step_enter(&unit, &thread, 0);
	cpu_clock_sync(&thread, now_ns);
	pass(100000, 40000);
	queue_ns += 90000; /* part of it inside a call */
	step_leave(&unit, &thread, 0);
	assert_true(unit.queue_read);
	assert_int_equal(unit.missing_ns, 120000);
	assert_int_equal(unit.queued_ns, 60000);
}

static void test_the_end_inside_a_step_counts_it_once(void **state)
{
	(void)state;
	struct unit unit = {.id = 1};
	struct agent_thread thread = {.tid = 1};
	step_enter(&unit, &thread, 0);
	pass(5000, 5000);
	step_finish(&unit, &thread);
	unit.ended = true;
	pass(5000, 5000);
	step_leave(&unit, &thread, 0);
	assert_int_equal(unit.running_ns, 5000);
}

static void test_work_in_a_thread_is_back_with_the_next_step(void **state)
{
	(void)state;
	struct unit unit = {.id = 1};
	struct agent_thread thread = {.tid = 1};
	step_enter(&unit, &thread, 0);
	step_leave(&unit, &thread, 0);
	pass(50000, 0);
	unit.hop_end_ns = now_ns;
	pass(20000, 0);
	step_enter(&unit, &thread, 0);
	assert_int_equal(resumed_ns, 20000);
	resumed_ns = 0;
	step_leave(&unit, &thread, 0);
	step_enter(&unit, &thread, 0);
	assert_int_equal(resumed_ns, 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup(name, start)
	const struct CMUnitTest tests[] = {
		T(test_two_steps_and_the_wait_between),
		T(test_without_a_poll_all_of_the_wait_was_the_loops),
		T(test_nested_steps_count_once),
		T(test_a_time_just_read_is_taken),
		T(test_a_call_that_waits_is_no_cpu),
		T(test_the_run_queue_has_no_more_than_what_is_missing),
		T(test_the_end_inside_a_step_counts_it_once),
		T(test_work_in_a_thread_is_back_with_the_next_step),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
