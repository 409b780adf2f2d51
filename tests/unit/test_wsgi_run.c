/* Runs of a WSGI application's code: what its server does between them is the unit's or not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "agent/calls_roots.h"
#include "agent/steps.h"
#include "agent/wsgi_run.h"

/* Exact calls are not what is tested here. */
void calls_unit_enter(struct unit *unit)
{
	(void)unit;
}

void calls_unit_leave(struct unit *unit)
{
	(void)unit;
}

#define SERVER_FRAME 0x5000

static struct agent_thread thread;
static bool no_slot;
static unsigned steps_open, contexts_left;

static void fetch(py_object *type, py_object *value, py_object *traceback)
{
	*type = *value = *traceback = NULL;
}

static void restore(py_object type, py_object value, py_object traceback)
{
	(void)type, (void)value, (void)traceback;
}

struct python_api py = {.PyErr_Fetch = fetch, .PyErr_Restore = restore};

struct agent_thread *agent_thread_self(void)
{
	return no_slot ? NULL : &thread;
}

uintptr_t context_frame(void)
{
	return SERVER_FRAME;
}

void unit_leave_context(struct unit *unit)
{
	(void)unit;
	contexts_left++;
}

void step_enter(struct unit *unit, struct agent_thread *at, uint64_t now_ns)
{
	assert_ptr_equal(at, &thread);
	assert_int_equal(now_ns, 0);
	unit->entered++;
	steps_open++;
}

void step_leave(struct unit *unit, struct agent_thread *at, uint64_t now_ns)
{
	assert_ptr_equal(at, &thread);
	assert_int_equal(now_ns, 0);
	unit->entered--;
	steps_open--;
}

static int start(void **state)
{
	(void)state;
	thread = (struct agent_thread){.unit_base_frame = 0x1000, .lingers = true};
	no_slot = false;
	steps_open = contexts_left = 0;
	return 0;
}

static void test_what_the_server_does_between_is_the_units(void **state)
{
	(void)state;
	struct unit unit = {.id = 1};
	struct wsgi_run run = wsgi_run_enter(&unit);
	assert_int_equal(unit.entered, 1);
	assert_int_equal(thread.unit_base_frame, SERVER_FRAME);
	assert_false(thread.lingers); /* there is a response again */
	wsgi_run_leave(&unit, run);
	assert_int_equal(unit.entered, 0);
	assert_int_equal(thread.unit_base_frame, 0x1000);
	assert_int_equal(contexts_left, 0);
}

static void test_in_turns_each_run_is_a_step_and_then_no_unit_is_current(void **state)
{
	(void)state;
	struct unit unit = {.id = 1, .in_turns = true};
	struct wsgi_run run = wsgi_run_enter(&unit);
	assert_int_equal(steps_open, 1);
	wsgi_run_leave(&unit, run);
	assert_int_equal(steps_open, 0);
	assert_int_equal(contexts_left, 1);
	assert_int_equal(thread.unit_base_frame, 0x1000);
}

static void test_a_run_inside_another_leaves_the_unit_current(void **state)
{
	(void)state;
	struct unit unit = {.id = 1, .in_turns = true};
	struct wsgi_run outer = wsgi_run_enter(&unit);
	struct wsgi_run inner = wsgi_run_enter(&unit);
	wsgi_run_leave(&unit, inner);
	assert_int_equal(contexts_left, 0);
	wsgi_run_leave(&unit, outer);
	assert_int_equal(contexts_left, 1);
}

static void test_a_thread_without_slot_counts_no_steps(void **state)
{
	(void)state;
	struct unit unit = {.id = 1, .in_turns = true};
	no_slot = true;
	struct wsgi_run run = wsgi_run_enter(&unit);
	assert_int_equal(unit.entered, 1);
	no_slot = false; /* whatever it has later: the run is left as it was entered */
	wsgi_run_leave(&unit, run);
	assert_int_equal(unit.entered, 0);
	assert_int_equal(steps_open, 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup(name, start)
	const struct CMUnitTest tests[] = {
		T(test_what_the_server_does_between_is_the_units),
		T(test_in_turns_each_run_is_a_step_and_then_no_unit_is_current),
		T(test_a_run_inside_another_leaves_the_unit_current),
		T(test_a_thread_without_slot_counts_no_steps),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
