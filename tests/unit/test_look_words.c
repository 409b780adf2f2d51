/* Words that tell whether a thread came or went or a GIL changed hands: of this process, laid out
 * as CPython 3.8 has them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "probe/look_words.h"

enum { WORDS = 512, THREADS = 2 };

static struct {
	struct python_process process;
	struct look look;
	uintptr_t runtime[WORDS], interpreter[WORDS], other[WORDS]; /* interpreters */
	struct look_change change;
} w;

static const struct py_layout *layout(void)
{
	return &w.process.remote.layout;
}

static uintptr_t gil(void)
{
	return (uintptr_t)w.runtime + layout()->runtime_gil;
}

static void put(uintptr_t address, uintptr_t value)
{
	memcpy((void *)address, &value, sizeof value);
}

static int begin(void **state)
{
	static struct still still;
	(void)state;
	memset(&w, 0, sizeof w);
	w.process.pid = getpid();
	w.process.remote = (struct remote){
		.read = memory_read,
		.context = &w.process.memory,
		.symbols = {.runtime = (uintptr_t)w.runtime},
		.layout = *py_layout_for(0x03080000),
	};
	memory_open(&w.process.memory, getpid());
	look_begin(&w.look, &w.process, &still);
	for (size_t i = 0; i < THREADS; i++) {
		w.look.room[i] = (struct remote_thread){.tstate = 0x1000 * (i + 1),
							.interpreter = (uintptr_t)w.interpreter,
							.gil = {.address = gil()}};
		*vec_push(&w.look.threads) =
			(struct look_thread){.python = w.look.room[i], .is_listed = true};
	}
	put(gil() + layout()->gil_last_holder, 0x1000);
	put(gil() + layout()->gil_locked, 1);
	put(gil() + layout()->gil_locked + 8, 7);
	return 0;
}

static int end(void **state)
{
	(void)state;
	look_end(&w.look);
	memory_close(&w.process.memory);
	return 0;
}

/* Nothing may be built on words that were not read before what they are to show. */
static void test_they_are_known_before_they_hold(void **state)
{
	(void)state;
	assert_false(look_words_read(&w.look, &w.change));
	assert_int_equal(look_words_cover(&w.look, THREADS, NULL), ERR_INVALID);
	assert_true(look_words_read(&w.look, &w.change));
	assert_true(w.change.of_gils); /* as they were not known */
	assert_int_equal(look_words_cover(&w.look, THREADS, NULL), ERR_OK);
	assert_true(look_words_unchanged(&w.look)); /* which keeps what was read */
}

static void know(void)
{
	assert_int_equal(look_words_cover(&w.look, THREADS, NULL), ERR_INVALID);
	assert_true(look_words_read(&w.look, &w.change));
}

static void test_each_word_tells(void **state)
{
	(void)state;
	know();
	const uintptr_t of_gil[] = {layout()->gil_last_holder, layout()->gil_locked,
				    layout()->gil_locked + 8};
	for (size_t i = 0; i < sizeof of_gil / sizeof *of_gil; i++) {
		*(uint8_t *)(gil() + of_gil[i]) ^= 1;
		assert_true(look_words_read(&w.look, &w.change));
		assert_true(w.change.of_gils && !w.change.of_lists);
		assert_true(look_words_unchanged(&w.look)); /* told once */
		*(uint8_t *)(gil() + of_gil[i]) ^= 1;
		assert_false(look_words_unchanged(&w.look));
	}
	/* four bytes of `locked`, what follows is no part of it */
	*(uint8_t *)(gil() + layout()->gil_locked + 4) ^= 1;
	assert_true(look_words_unchanged(&w.look));
	*(uint8_t *)((uintptr_t)w.interpreter + layout()->interp_threads_head) ^= 1;
	assert_true(look_words_read(&w.look, &w.change));
	assert_true(w.change.of_lists && !w.change.of_gils);
	*(uint8_t *)((uintptr_t)w.runtime + layout()->runtime_interpreters_head) ^= 1;
	assert_true(look_words_read(&w.look, &w.change));
	assert_true(w.change.of_lists && !w.change.of_gils);
}

static void test_the_gil_is_as_the_words_say(void **state)
{
	struct remote_gil *of_first = &w.look.threads.items[0].python.gil;
	(void)state;
	know();
	of_first->last_holder = 0x2000; /* from a page of another time */
	of_first->locked = false;
	look_words_set_gils(&w.look);
	assert_int_equal(of_first->last_holder, 0x1000);
	assert_true(of_first->locked);
	put(gil() + layout()->gil_last_holder, 0x2000);
	put(gil() + layout()->gil_locked, 0);
	look_words_set_gils(&w.look);
	assert_int_equal(of_first->last_holder, 0x1000); /* not read since */
	assert_true(look_words_read(&w.look, &w.change));
	look_words_set_gils(&w.look);
	assert_int_equal(of_first->last_holder, 0x2000);
	assert_false(of_first->locked);
}

static void test_interpreters_that_come_and_go(void **state)
{
	(void)state;
	know();
	const size_t count = w.look.words.count;
	w.look.room[1].interpreter = (uintptr_t)w.other;
	assert_int_equal(look_words_cover(&w.look, THREADS, NULL), ERR_INVALID);
	assert_int_equal(w.look.words.count, count + 1);
	assert_int_equal(look_words_cover(&w.look, THREADS, NULL), ERR_OK);
	/* one that is gone is not read any more */
	assert_int_equal(look_words_cover(&w.look, 1, NULL), ERR_INVALID);
	assert_int_equal(w.look.words.count, count);
	assert_int_equal(look_words_cover(&w.look, 1, NULL), ERR_OK);
}

static void test_words_that_cannot_be_read(void **state)
{
	(void)state;
	know();
	w.look.room[1].gil.address = 0x10;
	w.look.room[1].interpreter = (uintptr_t)w.other;
	assert_int_equal(look_words_cover(&w.look, THREADS, NULL), ERR_INVALID);
	assert_false(look_words_read(&w.look, &w.change));
	assert_false(look_words_unchanged(&w.look));
}

/* Where a word ends past the last address, none before it has room for it. */
static void test_words_at_the_end_of_all_addresses(void **state)
{
	(void)state;
	w.look.room[1].interpreter = UINTPTR_MAX - 3 - layout()->interp_threads_head;
	w.look.room[1].gil.address = UINTPTR_MAX - 300 - layout()->gil_last_holder;
	assert_int_equal(look_words_cover(&w.look, THREADS, NULL), ERR_INVALID);
	for (size_t i = 0; i < w.look.words.count; i++)
		assert_in_range(w.look.words.items[i].offset, 0, LOOK_SPAN_BYTES - 8);
	assert_false(look_words_read(&w.look, &w.change));
}

static void test_more_interpreters_than_there_is_room_for(void **state)
{
	enum { INTERPRETERS = 600 };
	struct err why = {0};
	(void)state;
	for (size_t i = 0; i < INTERPRETERS; i++)
		w.look.room[i] =
			(struct remote_thread){.interpreter = 0x1000000 * (i + 1),
					       .gil = {.address = 0x1000000 * (i + 1) + 0x100000}};
	for (int times = 0; times < 2; times++) {
		assert_int_equal(look_words_cover(&w.look, INTERPRETERS, &why), ERR_LIMIT);
		assert_non_null(strstr(why.text, "more interpreters"));
	}
	assert_int_equal(look_words_cover(&w.look, 100, NULL), ERR_INVALID);
	assert_int_equal(look_words_cover(&w.look, 100, NULL), ERR_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_they_are_known_before_they_hold, begin, end),
		cmocka_unit_test_setup_teardown(test_each_word_tells, begin, end),
		cmocka_unit_test_setup_teardown(test_the_gil_is_as_the_words_say, begin, end),
		cmocka_unit_test_setup_teardown(test_interpreters_that_come_and_go, begin, end),
		cmocka_unit_test_setup_teardown(test_words_that_cannot_be_read, begin, end),
		cmocka_unit_test_setup_teardown(test_words_at_the_end_of_all_addresses, begin, end),
		cmocka_unit_test_setup_teardown(test_more_interpreters_than_there_is_room_for,
						begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
