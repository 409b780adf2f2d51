/* Memory of lines of chosen code: whose blocks they are, which count, and when it ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "agent/calls_control.h"
#include "agent/calls_lines_memory.h"
#include "agent/calls_space.h"
#include "agent_core_fakes.h"

#define OUTER 0x1000 /* frames */
#define INNER 0x2000
#define CODE 7 /* code ids */
#define INNER_CODE 8
#define MIB (1 << 20)

static struct calls_process page;
struct calls_process *calls_process;
static struct lines_thread *t;

bool calls_control_page(void)
{
	calls_process = &page;
	return true;
}

void calls_control_line_reason(const char *format, ...)
{
	snprintf(page.line_reason, sizeof page.line_reason, "%s", format);
}

static bool limited;
bool calls_space_is_limited(void)
{
	return limited;
}

static int start(void **state)
{
	(void)state;
	fake_core_start();
	memset(&page, 0, sizeof page);
	fake_now_ns = 1000;
	assert_true(agent_need_channel());
	assert_true(heap_bytes_begin());
	t = lines_thread_now();
	assert_non_null(t);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	heap_bytes_end();
	lines_after_fork();
	fake_core_stop();
	return 0;
}

/* A block as an allocator would have it; nothing is read from there. */
static const void *block(uintptr_t number)
{
	return (const void *)(0x10000 + 16 * number);
}

static void make(uintptr_t number, size_t size)
{
	heap_bytes_made(block(number), size);
}

/* The four events, as engines tell of them. */
static void begin(uintptr_t frame, uint32_t code)
{
	lines_begin(t, frame, code);
	if (lines_memory_is_on())
		lines_memory_begin(t, frame, NULL);
}

static void at(uintptr_t frame, uint32_t code, uint32_t line, const void *number)
{
	if (lines_memory_is_on())
		lines_memory_event(t, frame, number);
	lines_at(t, frame, code, line);
}

static void suspend(uintptr_t frame)
{
	if (lines_memory_is_on())
		lines_memory_event(t, frame, NULL);
	lines_suspend(t, frame);
}

static void resume(uintptr_t frame, uint32_t code)
{
	lines_resume(t, frame, code);
	if (lines_memory_is_on())
		lines_memory_begin(t, frame, NULL);
}

static void end(uintptr_t frame)
{
	if (lines_memory_is_on())
		lines_memory_event(t, frame, NULL);
	lines_end(t, frame);
}

static const struct calls_line_memory *of(uint32_t code, uint32_t number)
{
	static const struct calls_line_memory none;
	const struct calls_line *lines = lines_of(t->area);

	for (uint32_t i = 0; i < t->area->count; i++)
		if (lines[i].code == code && lines[i].line == number)
			return t->area->memory_offset == 0 ? &none : &t->memory[i];
	fail_msg("line %u of code %u has no entry", number, code);
	return NULL;
}

/* a = [1] * (10 ** 6); b = [2] * (2 * 10 ** 7); del b; return a */
static void test_the_example_of_memory_profiler(void **state)
{
	(void)state;
	make(1, 5 * MIB); /* by others, before */
	begin(OUTER, CODE);
	at(OUTER, CODE, 3, NULL);
	make(2, 8000000);
	at(OUTER, CODE, 4, NULL);
	make(3, 160000000);
	at(OUTER, CODE, 5, NULL);
	assert_int_equal(heap_bytes_freed(block(3)), 160000000);
	at(OUTER, CODE, 6, NULL);
	end(OUTER);
	assert_int_equal(of(CODE, 3)->bytes, 8000000);
	assert_int_equal(of(CODE, 3)->most, 5 * MIB + 8000000);
	assert_int_equal(of(CODE, 4)->bytes, 160000000);
	assert_int_equal(of(CODE, 4)->most, 5 * MIB + 168000000);
	assert_int_equal(of(CODE, 5)->bytes, -160000000);
	assert_int_equal(of(CODE, 5)->most, 5 * MIB + 8000000);
	assert_int_equal(of(CODE, 6)->bytes, 0);
	assert_int_equal(of(CODE, 6)->parts, 1);
}

static void test_what_a_line_calls_is_in_it(void **state)
{
	(void)state;
	begin(OUTER, CODE);
	at(OUTER, CODE, 10, NULL);
	make(1, 100);
	begin(INNER, INNER_CODE);
	make(2, 10); /* before its first line: its caller's alone */
	at(INNER, INNER_CODE, 30, NULL);
	make(3, 1000);
	end(INNER);
	at(OUTER, CODE, 11, NULL);
	end(OUTER);
	assert_int_equal(of(CODE, 10)->bytes, 1110);
	assert_int_equal(of(INNER_CODE, 30)->bytes, 1000);
	assert_int_equal(of(CODE, 11)->bytes, 0);
}

/* What was there for a moment is seen of each frame that was on the stack. */
static void test_peaks_of_lines(void **state)
{
	(void)state;
	begin(OUTER, CODE);
	at(OUTER, CODE, 10, NULL);
	make(1, 100);
	begin(INNER, INNER_CODE);
	at(INNER, INNER_CODE, 30, NULL);
	make(2, 5000);
	heap_bytes_freed(block(2));
	at(INNER, INNER_CODE, 31, NULL);
	make(3, 20);
	end(INNER);
	at(OUTER, CODE, 11, NULL);
	heap_bytes_freed(block(1));
	make(90, 32); /* of the event alone */
	at(OUTER, CODE, 12, block(90));
	end(OUTER);
	assert_int_equal(of(CODE, 10)->bytes, 120);
	assert_int_equal(of(CODE, 10)->peak, 5100);
	assert_int_equal(of(INNER_CODE, 30)->bytes, 0);
	assert_int_equal(of(INNER_CODE, 30)->peak, 5000);
	assert_int_equal(of(INNER_CODE, 31)->peak, 20);
	assert_int_equal(of(CODE, 11)->bytes, -100);
	assert_int_equal(of(CODE, 11)->peak, 0);
}

/* Coroutines take turns: what one makes is not of the other's await. */
static void test_what_others_make_meanwhile_is_not_awaited(void **state)
{
	(void)state;
	begin(OUTER, CODE);
	at(OUTER, CODE, 10, NULL);
	make(1, 100);
	suspend(OUTER);
	begin(INNER, CODE);
	at(INNER, CODE, 20, NULL);
	make(2, 5000);
	end(INNER);
	make(3, 70000);
	resume(OUTER, CODE);
	make(4, 1);
	at(OUTER, CODE, 11, NULL);
	end(OUTER);
	assert_int_equal(of(CODE, 10)->bytes, 101);
	assert_int_equal(of(CODE, 10)->parts, 2);
	assert_int_equal(of(CODE, 20)->bytes, 5000);
}

/* CPython 3.12+ makes an int for an event whose line or place is past the small numbers. */
static void test_an_int_made_for_the_event_is_no_lines(void **state)
{
	(void)state;
	begin(OUTER, CODE);
	make(90, 32);
	at(OUTER, CODE, 300, block(90));
	heap_bytes_freed(block(90));
	make(1, 1000);
	make(91, 32);
	at(OUTER, CODE, 301, block(91));
	heap_bytes_freed(block(91));
	end(OUTER);
	assert_int_equal(of(CODE, 300)->bytes, 1000);
	assert_int_equal(of(CODE, 300)->most, 1000);
	assert_int_equal(of(CODE, 301)->bytes, 0);
}

static void *free_it(void *thing)
{
	heap_bytes_freed(thing);
	make(8, 77);
	return NULL;
}

static void test_threads_count_for_themselves(void **state)
{
	pthread_t other;

	(void)state;
	begin(OUTER, CODE);
	at(OUTER, CODE, 10, NULL);
	make(1, 1000);
	pthread_create(&other, NULL, free_it, (void *)(uintptr_t)block(1));
	pthread_join(other, NULL);
	end(OUTER);
	assert_int_equal(of(CODE, 10)->bytes, 1000);
	assert_int_equal(heap_bytes_all(), 77);
}

static void test_blocks_of_before_and_of_the_agent_count_neither_way(void **state)
{
	(void)state;
	begin(OUTER, CODE);
	at(OUTER, CODE, 10, NULL);
	assert_int_equal(heap_bytes_freed(block(55)), 0);
	t->thread->in_hook = true;
	make(2, 500);
	t->thread->in_hook = false;
	assert_int_equal(heap_bytes_freed(block(2)), 0);
	make(3, (size_t)3 << 30); /* past what a word holds in bytes */
	end(OUTER);
	assert_int_equal(of(CODE, 10)->bytes, (int64_t)3 << 30);
}

/* A frame that was pushed while nothing was counted, in the place of one that was counted. */
static void test_a_round_begins_with_the_frames_next_event(void **state)
{
	(void)state;
	begin(OUTER, CODE);
	at(OUTER, CODE, 10, NULL);
	make(1, 100);
	end(OUTER);
	heap_bytes_end();
	begin(OUTER, CODE);
	at(OUTER, CODE, 20, NULL);
	make(2, 1000);
	assert_true(heap_bytes_begin());
	make(3, 4000);
	at(OUTER, CODE, 21, NULL);
	make(4, 50000);
	end(OUTER);
	assert_int_equal(of(CODE, 10)->bytes, 100);
	assert_int_equal(of(CODE, 20)->parts, 0);
	assert_int_equal(of(CODE, 21)->bytes, 50000);
	assert_int_equal(heap_bytes_all(), 54000);
}

static void test_a_full_table_ends_it_and_says_so(void **state)
{
	uintptr_t i = 0;

	(void)state;
	begin(OUTER, CODE);
	at(OUTER, CODE, 10, NULL);
	for (; !heap_bytes_are_full() && i < 1 << 20; i++)
		make(i * 256, 16); /* one a page */
	assert_true(heap_bytes_are_full());
	assert_int_equal(heap_bytes_freed(block(0)), 0);
	at(OUTER, CODE, 11, NULL);
	assert_non_null(strstr(page.line_reason, "no room"));
	assert_false(lines_memory_is_on());
	end(OUTER);
	assert_int_equal(of(CODE, 10)->parts, 0);
}

static void test_a_full_channel_has_no_memory_of_lines(void **state)
{
	(void)state;
	fake_control.bytes_limit = fake_control.bytes_made;
	begin(OUTER, CODE);
	at(OUTER, CODE, 10, NULL);
	make(1, 100);
	end(OUTER);
	assert_int_equal(t->area->memory_offset, 0);
	assert_non_null(strstr(page.line_reason, "no room"));
	assert_int_equal(lines_of(t->area)[0].hits, 1);
}

/* What the tables of sizes reserve would be missing to the app. */
static void test_a_limited_address_space_is_left_to_the_app(void **state)
{
	(void)state;
	heap_bytes_end();
	limited = true;
	assert_false(heap_bytes_begin());
	limited = false;
	assert_true(heap_bytes_begin());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_the_example_of_memory_profiler, start, stop),
		cmocka_unit_test_setup_teardown(test_what_a_line_calls_is_in_it, start, stop),
		cmocka_unit_test_setup_teardown(test_peaks_of_lines, start, stop),
		cmocka_unit_test_setup_teardown(test_what_others_make_meanwhile_is_not_awaited,
						start, stop),
		cmocka_unit_test_setup_teardown(test_an_int_made_for_the_event_is_no_lines, start,
						stop),
		cmocka_unit_test_setup_teardown(test_threads_count_for_themselves, start, stop),
		cmocka_unit_test_setup_teardown(
			test_blocks_of_before_and_of_the_agent_count_neither_way, start, stop),
		cmocka_unit_test_setup_teardown(test_a_round_begins_with_the_frames_next_event,
						start, stop),
		cmocka_unit_test_setup_teardown(test_a_full_table_ends_it_and_says_so, start, stop),
		cmocka_unit_test_setup_teardown(test_a_limited_address_space_is_left_to_the_app,
						start, stop),
		cmocka_unit_test_setup_teardown(test_a_full_channel_has_no_memory_of_lines, start,
						stop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
