/* The function whose calls are the units of work of a program without requests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "agent/calls_control.h"
#include "agent/calls_pattern.h"
#include "agent/calls_repeats.h"
#include "agent/calls_windows.h"
#include "calls_tree_fakes.h"

enum { CALLS = 2 * CALLS_REPEATS_LOOK };
#define MS UINT64_C(1000000)

static uint32_t turn;
static struct {
	unsigned units;
	uint64_t wall_ns, cpu_ns, events;
} seen;

uint32_t calls_windows_enter(void)
{
	return turn;
}

void calls_windows_leave(uint32_t of, uint64_t wall_ns, uint64_t cpu_ns, uint64_t events)
{
	assert_int_equal(of, turn);
	seen.units++;
	seen.wall_ns += wall_ns;
	seen.cpu_ns += cpu_ns;
	seen.events += events;
}

static bool overdue; /* no call of it has come for long */

void calls_windows_await_repeats(void)
{
	overdue = false;
}

void calls_windows_end_overdue(void)
{
	if (overdue)
		calls_repeats_begin();
	overdue = false;
}

bool calls_code_repeats(uintptr_t code)
{
	return code != E; /* an import, say */
}

static int start(void **state)
{
	turn = 1;
	memset(&seen, 0, sizeof seen);
	calls_repeats_begin();
	return fake_tree_start(state);
}

/* As an engine does it. */
static void call(uint64_t function, uint64_t ns)
{
	struct calls_thread *t = calls_thread_now();

	if (function == calls_repeats_key)
		(void)calls_repeats_enter();
	enter(function);
	(void)calls_repeats_is_found(t, function);
	work_ns(ns);
	leave(function);
	if (function == calls_repeats_key)
		calls_repeats_leave();
}

static void what_is_called_again_and_again_is_found(void **state)
{
	(void)state;
	enter(A);
	for (unsigned i = 0; i < CALLS; i++) {
		call(B, 10 * MS);
		call(C, 100);
	}
	assert_int_equal(calls_repeats_key, B);
	leave(A);
}

/* Too short, too long, less than half of the time, an import, calls itself. */
static void others_are_not(void **state)
{
	(void)state;
	enter(A);
	for (unsigned i = 0; i < CALLS; i++)
		call(B, 1000);
	assert_int_equal(calls_repeats_key, 0);
	for (unsigned i = 0; i < CALLS; i++)
		call(C, 1000 * MS);
	assert_int_equal(calls_repeats_key, 0);
	for (unsigned i = 0; i < CALLS; i++)
		call(D, 10 * MS);
	assert_int_equal(calls_repeats_key, 0);
	leave(A);
	assert_int_equal(fake_tree_stop(state), 0);
	assert_int_equal(start(state), 0);
	for (unsigned i = 0; i < CALLS; i++)
		call(E, 10 * MS);
	assert_int_equal(calls_repeats_key, 0);
	assert_int_equal(fake_tree_stop(state), 0);
	assert_int_equal(start(state), 0);
	for (unsigned i = 0; i < CALLS; i++) {
		enter(A);
		(void)calls_repeats_is_found(calls_self, A);
		enter(A), work_ns(10 * MS), leave(A);
		leave(A);
	}
	assert_int_equal(calls_repeats_key, 0);
}

static void what_is_not_called_any_more_is_given_up(void **state)
{
	(void)state;
	enter(A);
	for (unsigned i = 0; i < CALLS; i++)
		call(B, 10 * MS);
	assert_int_equal(calls_repeats_key, B);
	overdue = true;
	for (unsigned i = 0; i < 4 * CALLS; i++)
		call(C, 20 * MS);
	assert_int_equal(calls_repeats_key, C);
	leave(A);
}

static void its_calls_are_units(void **state)
{
	(void)state;
	for (unsigned i = 0; i <= CALLS_REPEATS_LOOK; i++)
		call(B, 10 * MS);
	assert_int_equal(calls_repeats_key, B);
	memset(&seen, 0, sizeof seen);
	calls_repeats_enter();
	enter(B);
	call(C, 2 * MS);
	sleep_ns(3 * MS);
	leave(B);
	calls_repeats_leave();
	assert_int_equal(seen.units, 1);
	assert_int_equal(seen.wall_ns, 5 * MS);
	assert_int_equal(seen.cpu_ns, 2 * MS);
	assert_int_equal(seen.events, 4);
	/* an end without a begin */
	calls_repeats_leave();
	assert_int_equal(seen.units, 1);
	calls_repeats_end();
	assert_int_equal(calls_repeats_key, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, fake_tree_stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_called_again_and_again_is_found),
		TEST(others_are_not),
		TEST(what_is_not_called_any_more_is_given_up),
		TEST(its_calls_are_units),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
