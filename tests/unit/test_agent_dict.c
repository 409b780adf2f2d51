/* The dictionary: ids, publication, and what happens when it is full. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "agent/dict.h"
#include "agent_core_fakes.h"

static int start(void **state)
{
	(void)state;
	fake_core_start();
	return !agent_need_channel();
}

static int stop(void **state)
{
	(void)state;
	fake_core_stop();
	return 0;
}

static void test_one_text_has_one_id(void **state)
{
	(void)state;
	uint32_t first = dict_text_id("GET", 3);
	assert_int_equal(first, 1);
	assert_int_equal(dict_text_id("GETS", 4), 2);
	assert_int_equal(dict_text_id("GETTING", 3), first);
	assert_int_equal(dict_text_id("", 0), 0);
	const void *last;
	assert_int_equal(fake_dict_entries(DICT_TEXT, &last), 2);
	const struct dict_text *text = last;
	assert_int_equal(text->id, 2);
	assert_int_equal(text->length, 4);
	assert_memory_equal(text->bytes, "GETS", 4);
}

static void test_an_entry_is_seen_when_it_is_published(void **state)
{
	(void)state;
	const void *last;
	struct dict_thread *thread = dict_reserve(DICT_THREAD, sizeof *thread);
	assert_int_equal(fake_dict_entries(DICT_THREAD, &last), 0);
	/* a text written meanwhile waits behind it: the reader goes in order */
	dict_text_id("later", 5);
	assert_int_equal(fake_dict_entries(DICT_TEXT, &last), 0);
	*thread = (struct dict_thread){.tid = 5};
	dict_publish(thread);
	assert_int_equal(fake_dict_entries(DICT_THREAD, &last), 1);
	assert_ptr_equal(last, thread);
	assert_int_equal(fake_dict_entries(DICT_TEXT, &last), 1);
}

static void test_a_full_dictionary_counts_and_gives_no_id(void **state)
{
	(void)state;
	uint32_t known = dict_text_id("known", 5);
	while (dict_reserve(DICT_STACK, 65536))
		;
	assert_int_equal(fake_losses[LOSS_DICT_FULL], 1);
	/* even a small entry comes after the end now: the reader goes in order */
	assert_int_equal(dict_text_id("x", 1), 0);
	assert_int_equal(fake_losses[LOSS_DICT_FULL], 2);
	assert_int_equal(dict_text_id("known", 5), known);
	assert_int_equal(dict_fill_256(), 256);
}

static void test_a_table_full_of_texts_counts(void **state)
{
	(void)state;
	unsigned refused = 0;
	for (uint32_t i = 0; i < DICT_TEXTS + 100; i++)
		refused += dict_text_id((const char *)&i, sizeof i) == 0;
	assert_true(refused >= 100);
	assert_int_equal(fake_losses[LOSS_DICT_FULL], refused);
	uint32_t known = 0;
	assert_int_equal(dict_text_id((const char *)&known, sizeof known), 1);
}

#define THREADS 4
#define TEXTS 2000

static void *write_texts(void *ids)
{
	for (uint32_t i = 0; i < TEXTS; i++) {
		char text[16];
		int length = snprintf(text, sizeof text, "text %u", i);
		((uint32_t *)ids)[i] = dict_text_id(text, (size_t)length);
	}
	return NULL;
}

static void test_threads_write_at_once(void **state)
{
	(void)state;
	static uint32_t ids[THREADS][TEXTS];
	pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, write_texts, ids[i]), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	/* each id names its text; two ids of one text are allowed, none missing */
	const struct channel_header *channel = core_channel_now();
	static char texts[THREADS * TEXTS + 1][16];
	const char *base = (const char *)channel + channel->dict_offset;
	for (uint64_t at = 0; at < channel->dict_tail;) {
		const struct dict_entry *entry = (const struct dict_entry *)(base + at);
		const struct dict_text *text = (const struct dict_text *)(entry + 1);
		assert_int_equal(entry->ready, DICT_TEXT);
		assert_true(text->id > 0 && text->id <= THREADS * TEXTS);
		memcpy(texts[text->id], text->bytes, text->length);
		at += entry->size;
	}
	for (int t = 0; t < THREADS; t++)
		for (uint32_t i = 0; i < TEXTS; i++) {
			char text[16];
			snprintf(text, sizeof text, "text %u", i);
			assert_string_equal(texts[ids[t][i]], text);
		}
}

static void test_a_fact_is_two_texts(void **state)
{
	(void)state;
	dict_fact("server", "gunicorn");
	const void *last;
	assert_int_equal(fake_dict_entries(DICT_FACT, &last), 1);
	const struct dict_fact *fact = last;
	assert_int_equal(fact->key, dict_text_id("server", 6));
	assert_int_equal(fact->value, dict_text_id("gunicorn", 8));
}

static void test_a_fact_without_text_is_not_waited_for(void **state)
{
	(void)state;
	dict_fact("python.abiflags", "");
	const void *last;
	assert_int_equal(fake_dict_entries(DICT_FACT, &last), 1);
	assert_int_equal(((const struct dict_fact *)last)->value, dict_text_id("none", 4));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, start, stop)
	const struct CMUnitTest tests[] = {
		T(test_one_text_has_one_id),
		T(test_an_entry_is_seen_when_it_is_published),
		T(test_a_full_dictionary_counts_and_gives_no_id),
		T(test_a_table_full_of_texts_counts),
		T(test_threads_write_at_once),
		T(test_a_fact_is_two_texts),
		T(test_a_fact_without_text_is_not_waited_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
