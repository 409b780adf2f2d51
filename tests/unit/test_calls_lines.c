/* Lines of chosen code: whose time passes, with a clock that the test moves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

#include "agent/calls_clock.h"
#include "agent/calls_control.h"
#include "agent/calls_lines.h"
#include "agent_core_fakes.h"

#define OUTER 0x1000 /* frames */
#define INNER 0x2000
#define OTHER 0x3000
#define CODE 7 /* code ids */
#define INNER_CODE 8

static struct calls_process page;
struct calls_process *calls_process;
static struct lines_thread *t;

bool calls_control_page(void)
{
	calls_process = &page;
	return true;
}

static int start(void **state)
{
	(void)state;
	fake_core_start();
	memset(&page, 0, sizeof page);
	fake_now_ns = 1000;
	lines_cost = (struct lines_cost){0};
	assert_true(agent_need_channel());
	t = lines_thread_now();
	assert_non_null(t);
	assert_int_equal(page.line_areas, t->number);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	lines_after_fork();
	fake_core_stop();
	return 0;
}

static void pass(uint64_t ns)
{
	fake_now_ns += ns;
}

static const struct calls_line_waits *waits_of(const struct calls_line *line)
{
	return &lines_waits_of(t->area)[line - lines_of(t->area)];
}

static const struct calls_line *line_of(uint32_t code, uint32_t number)
{
	const struct calls_line *lines = lines_of(t->area);

	for (uint32_t i = 0; i < t->area->count; i++)
		if (lines[i].code == code && lines[i].line == number)
			return &lines[i];
	fail_msg("line %u of code %u has no entry", number, code);
	return NULL;
}

static void test_a_line_lasts_until_the_next_one(void **state)
{
	(void)state;
	lines_begin(t, OUTER, CODE);
	pass(3); /* before its first line: its caller's */
	lines_at(t, OUTER, CODE, 10);
	pass(20);
	lines_at(t, OUTER, CODE, 11);
	pass(7);
	lines_at(t, OUTER, CODE, 10);
	pass(5);
	lines_end(t, OUTER);
	assert_int_equal(line_of(CODE, 10)->hits, 2);
	assert_int_equal(line_of(CODE, 10)->wall, 25);
	assert_int_equal(line_of(CODE, 10)->own_wall, 25);
	assert_int_equal(line_of(CODE, 11)->wall, 7);
	assert_int_equal(t->depth, 0);
}

static void test_chosen_functions_called_are_no_own_time(void **state)
{
	(void)state;
	lines_begin(t, OUTER, CODE);
	lines_at(t, OUTER, CODE, 10);
	pass(1);
	lines_begin(t, INNER, INNER_CODE);
	pass(2);
	lines_at(t, INNER, INNER_CODE, 30);
	pass(40);
	lines_end(t, INNER);
	pass(4);
	lines_end(t, OUTER);
	assert_int_equal(line_of(CODE, 10)->wall, 47);
	assert_int_equal(line_of(CODE, 10)->own_wall, 7);
	assert_int_equal(line_of(INNER_CODE, 30)->own_wall, 40);
}

static void test_recursion_keeps_each_frames_line(void **state)
{
	(void)state;
	lines_begin(t, OUTER, CODE);
	lines_at(t, OUTER, CODE, 10);
	pass(1);
	lines_begin(t, INNER, CODE);
	lines_at(t, INNER, CODE, 10);
	pass(10);
	lines_end(t, INNER);
	pass(1);
	lines_end(t, OUTER);
	assert_int_equal(line_of(CODE, 10)->hits, 2);
	assert_int_equal(line_of(CODE, 10)->wall, 12 + 10); /* both frames, as they saw it */
	assert_int_equal(line_of(CODE, 10)->own_wall, 2 + 10);
}

static void test_other_functions_called_are_no_own_time_either(void **state)
{
	(void)state;
	lines_begin(t, OUTER, CODE);
	lines_at(t, OUTER, CODE, 10);
	lines_other_begin(t, OTHER);
	pass(10);
	lines_other_begin(t, OTHER + 16); /* called by the other one: within its time */
	pass(5);
	lines_other_end(t, OTHER + 16);
	lines_begin(t, INNER, INNER_CODE); /* so is chosen code called from there */
	lines_at(t, INNER, INNER_CODE, 30);
	pass(3);
	lines_other_begin(t, OTHER + 32);
	pass(2);
	lines_other_end(t, OTHER + 32);
	lines_end(t, INNER);
	pass(1);
	lines_other_end(t, OTHER);
	pass(4);
	lines_end(t, OUTER);
	assert_int_equal(line_of(CODE, 10)->wall, 25);
	assert_int_equal(line_of(CODE, 10)->own_wall, 4);
	assert_int_equal(line_of(INNER_CODE, 30)->wall, 5);
	assert_int_equal(line_of(INNER_CODE, 30)->own_wall, 3);
}

static void test_coroutines_that_take_turns_keep_apart(void **state)
{
	(void)state;
	for (uintptr_t frame = OUTER; frame <= INNER; frame += INNER - OUTER) {
		lines_begin(t, frame, CODE);
		lines_at(t, frame, CODE, 10);
		pass(1);
		lines_suspend(t, frame);
	}
	pass(100);
	lines_resume(t, INNER, CODE); /* began 1 later, waits 1 less */
	pass(2);
	lines_end(t, INNER);
	lines_resume(t, OUTER, CODE);
	pass(2);
	lines_at(t, OUTER, CODE, 11);
	lines_end(t, OUTER);
	assert_int_equal(line_of(CODE, 10)->hits, 2);
	assert_int_equal(line_of(CODE, 10)->wall, 2 * 3);
	assert_int_equal(line_of(CODE, 10)->awaited, 100 + 103);
	assert_int_equal(line_of(CODE, 11)->hits, 1);
}

static void test_a_resume_that_was_never_suspended_awaits_nothing(void **state)
{
	(void)state;
	lines_resume(t, OUTER, CODE);
	pass(5);
	lines_at(t, OUTER, CODE, 10);
	pass(1);
	/* its memory becomes a frame of other code, which is suspended there */
	lines_suspend(t, OUTER);
	pass(50);
	lines_resume(t, OUTER, INNER_CODE);
	lines_at(t, OUTER, INNER_CODE, 30);
	lines_end(t, OUTER);
	assert_int_equal(line_of(CODE, 10)->awaited, 0);
	assert_int_equal(line_of(INNER_CODE, 30)->awaited, 0);
}

static void test_a_frame_that_began_before_is_seen_from_its_line(void **state)
{
	(void)state;
	lines_end(t, INNER); /* not known: nothing */
	lines_at(t, OUTER, CODE, 10);
	pass(9);
	lines_end(t, OUTER);
	assert_int_equal(line_of(CODE, 10)->wall, 9);
	assert_int_equal(t->depth, 0);
}

/* Two stacks in turn on one thread. */
static void test_greenlets_find_their_frames(void **state)
{
	(void)state;
	lines_begin(t, OUTER, CODE);
	lines_at(t, OUTER, CODE, 10);
	lines_begin(t, INNER, INNER_CODE); /* of another greenlet */
	lines_at(t, INNER, INNER_CODE, 30);
	pass(5);
	lines_at(t, OUTER, CODE, 11);
	pass(1);
	lines_end(t, OUTER);
	pass(1);
	lines_end(t, INNER);
	assert_int_equal(line_of(CODE, 11)->hits, 1);
	assert_int_equal(line_of(CODE, 11)->wall, 1);
	assert_int_equal(line_of(INNER_CODE, 30)->hits, 1);
	assert_int_equal(line_of(INNER_CODE, 30)->wall, 7);
	assert_int_equal(t->depth, 0);
}

static void test_loops_on_one_line(void **state)
{
	(void)state;
	lines_begin(t, OUTER, CODE);
	lines_at(t, OUTER, CODE, 10); /* while: each jump is an iteration */
	lines_again(t, OUTER, false, 4);
	lines_again(t, OUTER, false, 4);
	assert_int_equal(line_of(CODE, 10)->hits, 3);
	lines_at(t, OUTER, CODE, 11); /* for: the last look ends it */
	for (int i = 0; i < 3; i++)
		lines_again(t, OUTER, true, 4);
	lines_at(t, OUTER, CODE, 12);
	assert_int_equal(line_of(CODE, 11)->hits, 3);
	lines_at(t, OUTER, CODE, 13); /* for: an exception from within */
	for (int i = 0; i < 3; i++)
		lines_again(t, OUTER, true, 4);
	lines_raised(t, OUTER, 8);
	lines_end(t, OUTER);
	assert_int_equal(line_of(CODE, 13)->hits, 4);
	lines_begin(t, OUTER, CODE);
	lines_at(t, OUTER, CODE, 14); /* for: an exception from the iterator */
	lines_again(t, OUTER, true, 4);
	lines_raised(t, OUTER, 4);
	lines_end(t, OUTER);
	assert_int_equal(line_of(CODE, 14)->hits, 1);
}

static void test_a_loop_goes_on_over_a_suspension(void **state)
{
	(void)state;
	lines_begin(t, OUTER, CODE);
	lines_at(t, OUTER, CODE, 10);
	lines_again(t, OUTER, true, LINE_NEVER_KNOWN);
	lines_suspend(t, OUTER);
	lines_resume(t, OUTER, CODE);
	lines_again(t, OUTER, true, LINE_NEVER_KNOWN);
	lines_raised(t, OUTER, 8); /* the end of `async for` is one */
	lines_end(t, OUTER);
	assert_int_equal(line_of(CODE, 10)->hits, 2);
}

static void test_waits_are_told_apart(void **state)
{
	(void)state;
	lines_begin(t, OUTER, CODE);
	lines_at(t, OUTER, CODE, 10);
	t->thread->blocked_ns += 30; /* 10 of it for the GIL */
	t->thread->gil_ns += 10;
	pass(50);
	lines_at(t, OUTER, CODE, 11);
	pass(1);
	lines_end(t, OUTER);
	assert_int_equal(waits_of(line_of(CODE, 10))->gil_ns, 10);
	assert_int_equal(waits_of(line_of(CODE, 10))->blocked_ns, 20);
	assert_int_equal(waits_of(line_of(CODE, 11))->blocked_ns, 0);
}

static void test_frames_past_the_room_are_lost_and_counted(void **state)
{
	(void)state;
	for (uintptr_t i = 0; i < LINE_FRAMES + 2; i++)
		lines_begin(t, OUTER + 16 * i, CODE);
	assert_int_equal(t->area->lost, 2);
	for (uintptr_t i = LINE_FRAMES + 2; i-- > 0;)
		lines_end(t, OUTER + 16 * i);
	assert_int_equal(t->depth, 0);
}

static void test_lines_past_the_room_are_lost_and_counted(void **state)
{
	(void)state;
	lines_begin(t, OUTER, CODE);
	for (uint32_t i = 1; i <= t->area->capacity + 3; i++) {
		lines_at(t, OUTER, CODE, i);
		pass(1);
	}
	for (int again = 0; again < 5; again++) {
		lines_at(t, OUTER, CODE, t->area->capacity + 1);
		pass(1);
		lines_begin(t, INNER, CODE); /* chosen code called from it: not its own */
		lines_at(t, INNER, CODE, 1);
		pass(100);
		lines_end(t, INNER);
	}
	lines_end(t, OUTER);
	assert_int_equal(t->area->count, t->area->capacity);
	assert_int_equal(t->area->lost, 3 + 5);
	assert_int_equal(t->area->lost_bits, 3);
	assert_int_equal(t->area->lost_wall, 3 + 5);
	assert_int_equal(line_of(CODE, 1)->hits, 1 + 5);
}

/* Where each kind of event costs a power of ten, a line's cost says which ones were in it. */
static const struct lines_cost by_kind = {
	.line = 1,
	.again = 10,
	.call = 100,
	.chosen = 1000,
	.resume = 1000000,
	.other_inside = 10000,
	.other_outside = 100000,
};

static void test_each_line_has_what_its_own_events_cost(void **state)
{
	(void)state;
	lines_cost = by_kind;
	lines_begin(t, OUTER, CODE);
	lines_at(t, OUTER, CODE, 10); /* a loop on it that calls … */
	lines_again(t, OUTER, false, 4);
	lines_calls(t); /* … a C function, */
	lines_calls(t);
	lines_begin(t, INNER, INNER_CODE); /* chosen code … */
	lines_at(t, INNER, INNER_CODE, 30);
	lines_at(t, INNER, INNER_CODE, 31);
	lines_again(t, INNER, false, 4);
	lines_end(t, INNER);
	lines_calls(t);
	lines_other_begin(t, OTHER); /* … and other code that calls more of it */
	lines_other_begin(t, OTHER + 16);
	lines_other_end(t, OTHER + 16);
	lines_other_end(t, OTHER);
	lines_at(t, OUTER, CODE, 11);
	lines_end(t, OUTER);
	assert_int_equal(line_of(INNER_CODE, 30)->own_cost, 1);
	assert_int_equal(line_of(INNER_CODE, 31)->own_cost, 11);
	assert_int_equal(line_of(CODE, 11)->own_cost, 1);
	assert_int_equal(line_of(CODE, 10)->own_cost, 1 + 10 + 3 * 100 + 1000 + 100000);
	/* and with what it called: two lines, an iteration, and both of the others */
	assert_int_equal(line_of(CODE, 10)->cost,
			 1 + 10 + 3 * 100 + 1000 + 12 + 2 * (100000 + 10000));
}

static void test_a_resume_costs_who_goes_on_with_it(void **state)
{
	(void)state;
	lines_cost = by_kind;
	lines_begin(t, INNER, INNER_CODE);
	lines_at(t, INNER, INNER_CODE, 30);
	lines_suspend(t, INNER);
	lines_begin(t, OUTER, CODE);
	lines_at(t, OUTER, CODE, 10);
	lines_resume(t, INNER, INNER_CODE);
	lines_end(t, INNER);
	lines_end(t, OUTER);
	assert_int_equal(line_of(INNER_CODE, 30)->own_cost, 2);
	assert_int_equal(line_of(CODE, 10)->own_cost, 1 + 1000000);
	assert_int_equal(line_of(CODE, 10)->cost, 1 + 1000000 + 1);
}

static void test_a_trial_leaves_no_line(void **state)
{
	struct lines_thread *kept = t, *scratch;
	uint32_t count = t->area->count;

	(void)state;
	scratch = lines_scratch_begin();
	assert_non_null(scratch);
	assert_ptr_equal(lines_thread_now(), scratch);
	lines_begin(scratch, OUTER, CODE);
	lines_at(scratch, OUTER, CODE, 10);
	lines_end(scratch, OUTER);
	assert_int_equal(scratch->area->count, 1);
	lines_scratch_end(scratch, kept);
	assert_ptr_equal(lines_thread_now(), kept);
	assert_int_equal(t->area->count, count);
	assert_int_equal(page.line_areas, t->number);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_a_line_lasts_until_the_next_one, start, stop),
		cmocka_unit_test_setup_teardown(test_chosen_functions_called_are_no_own_time, start,
						stop),
		cmocka_unit_test_setup_teardown(test_recursion_keeps_each_frames_line, start, stop),
		cmocka_unit_test_setup_teardown(test_other_functions_called_are_no_own_time_either,
						start, stop),
		cmocka_unit_test_setup_teardown(test_coroutines_that_take_turns_keep_apart, start,
						stop),
		cmocka_unit_test_setup_teardown(
			test_a_resume_that_was_never_suspended_awaits_nothing, start, stop),
		cmocka_unit_test_setup_teardown(
			test_a_frame_that_began_before_is_seen_from_its_line, start, stop),
		cmocka_unit_test_setup_teardown(test_greenlets_find_their_frames, start, stop),
		cmocka_unit_test_setup_teardown(test_loops_on_one_line, start, stop),
		cmocka_unit_test_setup_teardown(test_a_loop_goes_on_over_a_suspension, start, stop),
		cmocka_unit_test_setup_teardown(test_waits_are_told_apart, start, stop),
		cmocka_unit_test_setup_teardown(test_frames_past_the_room_are_lost_and_counted,
						start, stop),
		cmocka_unit_test_setup_teardown(test_lines_past_the_room_are_lost_and_counted,
						start, stop),
		cmocka_unit_test_setup_teardown(test_each_line_has_what_its_own_events_cost, start,
						stop),
		cmocka_unit_test_setup_teardown(test_a_resume_costs_who_goes_on_with_it, start,
						stop),
		cmocka_unit_test_setup_teardown(test_a_trial_leaves_no_line, start, stop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
