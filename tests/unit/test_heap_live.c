/* Live samples by address, their filter, and sites: what is put in is found until it is taken out,
 * by any number of threads. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "agent/heap_filter.h"
#include "agent/heap_live.h"
#include "agent/heap_sites.h"
#include "base/random.h"

static struct heap_live_table table;
static struct heap_live entries[HEAP_LIVE_CAPACITY];

static int set_up(void **state)
{
	(void)state;
	memset((void *)entries, 0, sizeof entries);
	heap_live_reset(&table, entries);
	heap_filter_clear();
	return 0;
}

static bool put(uintptr_t address, uint64_t size)
{
	struct heap_live sample = {.address = address, .size = size};

	return heap_live_put(&table, &sample);
}

static uint64_t take(uintptr_t address)
{
	struct heap_live taken;

	return heap_live_take(&table, address, &taken) ? taken.size : 0;
}

static void what_is_put_is_taken_once(void **state)
{
	(void)state;
	assert_true(put(0x1000, 7));
	assert_true(put(0x2000, 8));
	assert_int_equal(table.count, 2);
	assert_int_equal(take(0x3000), 0);
	assert_int_equal(take(0x1000), 7);
	assert_int_equal(take(0x1000), 0);
	assert_int_equal(take(0x2000), 8);
	assert_int_equal(table.count, 0);
}

/* Addresses as an allocator gives them, to 7/8 of the capacity and back, in another order. */
static void a_full_table_loses_nothing(void **state)
{
	const uint32_t many = HEAP_LIVE_CAPACITY / 8 * 7;
	(void)state;

	for (int round = 0; round < 3; round++) {
		for (uintptr_t i = 0; i < many; i++) {
			assert_true(put(0x7f0000000000 + i * 48, i + 1));
			assert_true(heap_live_may_have(&table, 0x7f0000000000 + i * 48));
		}
		for (uintptr_t i = 0; i < many; i++) {
			uintptr_t at = i * 7919 % many; /* a prime that does not divide it */

			assert_int_equal(take(0x7f0000000000 + at * 48), at + 1);
		}
		assert_int_equal(table.count, 0);
		for (uint32_t i = 0; i < HEAP_LIVE_BUCKETS; i++)
			assert_int_equal(table.passed[i], 0);
	}
}

static void no_room_is_said(void **state)
{
	uint32_t refused = 0;
	(void)state;

	for (uintptr_t i = 0; i < HEAP_LIVE_CAPACITY + 1000; i++)
		refused += !put(0x7f0000000000 + i * 16, 1);
	assert_int_equal(table.count + refused, HEAP_LIVE_CAPACITY + 1000);
	assert_true(refused >= 1000);
}

static void a_free_while_held_is_left_to_the_holder(void **state)
{
	struct heap_live taken;
	uint32_t index;
	(void)state;

	assert_true(put(0x1000, 7));
	assert_true(heap_live_find(&table, 0x1000, &index));
	assert_int_equal(heap_live_hold(&table, index), 0); /* it is held */
	assert_false(heap_live_take(&table, 0x1000, &taken));
	assert_true(put(0x1000, 8)); /* the block is somebody else's already */
	assert_false(heap_live_let_go(&table, index, true));
	assert_int_equal(table.count, 1);
	assert_int_equal(take(0x1000), 8);
}

static void what_is_held_can_be_kept_or_dropped(void **state)
{
	uint32_t index;
	(void)state;

	assert_true(put(0x1000, 7));
	assert_true(heap_live_find(&table, 0x1000, &index));
	assert_true(heap_live_let_go(&table, index, true));
	assert_int_equal(heap_live_hold(&table, index), 0x1000);
	assert_false(heap_live_let_go(&table, index, false));
	assert_int_equal(take(0x1000), 0);
	assert_int_equal(heap_live_hold(&table, index), 0);
	assert_int_equal(table.count, 0);
}

static void a_site_is_seen_without_holding(void **state)
{
	uint32_t site = 0, index;
	(void)state;

	for (uintptr_t i = 1; i <= 3000; i++)
		assert_true(put(i << 12, i));
	for (uint32_t i = 0; i < HEAP_LIVE_CAPACITY; i++)
		entries[i].site = (uint32_t)entries[i].size;
	for (uintptr_t i = 1; i <= 3000; i++) {
		assert_true(heap_live_site(&table, i << 12, &site));
		assert_int_equal(site, i);
	}
	assert_false(heap_live_site(&table, 3001 << 12, &site));
	assert_true(heap_live_find(&table, 7 << 12, &index));
	assert_true(heap_live_site(&table, 7 << 12, &site)); /* who holds it keeps it */
	assert_false(heap_live_let_go(&table, index, false));
	assert_false(heap_live_site(&table, 7 << 12, &site));
	assert_int_equal(take(8 << 12), 8);
}

static void entries_move_by_their_tags(void **state)
{
	static struct heap_live moved[HEAP_LIVE_CAPACITY];
	struct heap_live copy;
	(void)state;

	memset((void *)moved, 0, sizeof moved);
	for (uintptr_t i = 1; i <= 1000; i++)
		assert_true(put(i << 12, i));
	/* another process changed some of them meanwhile */
	for (uint32_t i = 0; i < HEAP_LIVE_CAPACITY; i++)
		if (entries[i].size % 10 == 3)
			entries[i].address += 16;
	table.entries = moved;
	for (uint32_t i = 0; i < HEAP_LIVE_CAPACITY; i++) {
		if (table.tags[i] == 0)
			continue;
		memcpy((void *)&copy, (const void *)&entries[i], sizeof copy);
		if (heap_live_fits(&table, i, &copy))
			heap_live_write(&table, i, &copy);
		else
			heap_live_drop(&table, i);
	}
	for (uintptr_t i = 1; i <= 1000; i++)
		assert_int_equal(take(i << 12), i % 10 == 3 ? 0 : i);
	assert_int_equal(table.count, 0);
}

/* --- threads ------------------------------------------------------------------------ */

#define THREADS 4
#define ROUNDS 30000

/* Each has its own addresses, as threads of a program do; one thread thins meanwhile. */
static void *uses(void *number)
{
	const uintptr_t mine = (uintptr_t)number << 32;
	uintptr_t wrong = 0;

	for (uintptr_t i = 0; i < ROUNDS; i++) {
		uintptr_t at = mine + i % 512 * 16;

		wrong += !put(at, at);
		heap_filter_add(at);
		wrong += !heap_filter_has((const void *)at);
		wrong += take(at) != at;
		heap_filter_drop(at);
	}
	return (void *)wrong;
}

static void threads_do_not_disturb_each_other(void **state)
{
	pthread_t threads[THREADS];
	(void)state;

	for (uintptr_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, uses, (void *)(i + 1)), 0);
	for (int i = 0; i < THREADS; i++) {
		void *wrong;

		assert_int_equal(pthread_join(threads[i], &wrong), 0);
		assert_int_equal((uintptr_t)wrong, 0);
	}
	assert_int_equal(table.count, 0);
}

static _Atomic bool ends;
static _Atomic uint64_t held_gone;

static void *thins(void *nothing)
{
	(void)nothing;
	while (!ends)
		for (uint32_t i = 0; i < HEAP_LIVE_CAPACITY; i++) {
			if (heap_live_hold(&table, i) == 0)
				continue;
			entries[i].weight_bytes++;
			if (!heap_live_let_go(&table, i, true))
				held_gone++;
		}
	return NULL;
}

static void *frees(void *number)
{
	const uintptr_t mine = (uintptr_t)number << 32;
	uintptr_t gone = 0;

	for (uintptr_t i = 0; i < ROUNDS; i++) {
		uintptr_t at = mine + i % 64 * 16;

		put(at, at);
		gone += take(at) == at;
	}
	return (void *)gone;
}

static void each_sample_goes_once_while_another_thins(void **state)
{
	pthread_t thinner, threads[THREADS];
	uintptr_t gone = 0;
	(void)state;

	ends = false;
	held_gone = 0;
	assert_int_equal(pthread_create(&thinner, NULL, thins, NULL), 0);
	for (uintptr_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, frees, (void *)(i + 1)), 0);
	for (int i = 0; i < THREADS; i++) {
		void *mine;

		assert_int_equal(pthread_join(threads[i], &mine), 0);
		gone += (uintptr_t)mine;
	}
	ends = true;
	assert_int_equal(pthread_join(thinner, NULL), 0);
	assert_int_equal(gone + held_gone, (uint64_t)THREADS * ROUNDS);
	assert_int_equal(table.count, 0);
}

/* --- filter and sites ------------------------------------------------------------------ */

static void the_filter_forgets_nothing_that_is_there(void **state)
{
	(void)state;
	for (uintptr_t i = 0; i < 5000; i++)
		heap_filter_add(0x7f1234000000 + i * 64);
	for (uintptr_t i = 0; i < 5000; i += 2)
		heap_filter_drop(0x7f1234000000 + i * 64);
	for (uintptr_t i = 1; i < 5000; i += 2)
		assert_true(heap_filter_has((const void *)(0x7f1234000000 + i * 64)));
	for (uintptr_t i = 1; i < 5000; i += 2)
		heap_filter_drop(0x7f1234000000 + i * 64);
	for (size_t i = 0; i < sizeof heap_filter / sizeof heap_filter[0]; i++)
		assert_int_equal(heap_filter[i], 0);
}

static void few_samples_let_few_frees_through(void **state)
{
	struct random r;
	uint32_t hits = 0;
	(void)state;

	random_begin(&r, 5);
	for (uintptr_t i = 0; i < 800; i++)
		heap_filter_add(0x7f0000000000 + (random_bits(&r) % (1 << 28)) * 16);
	for (uintptr_t i = 0; i < 100000; i++)
		hits += heap_filter_has(
			(const void *)(0x7e0000000000 + (random_bits(&r) % (1 << 28)) * 16));
	assert_in_range(hits, 1000, 1500);
}

/* 255 and more at one place: the bit stays for good rather than to go too early. */
static void a_count_that_is_full_stays(void **state)
{
	(void)state;
	for (int i = 0; i < 300; i++)
		heap_filter_add(0x4000);
	for (int i = 0; i < 299; i++)
		heap_filter_drop(0x4000);
	assert_true(heap_filter_has((const void *)0x4000));
}

static struct heap_file file;
static struct heap_site sites[HEAP_SITE_CAPACITY];

static void a_site_is_found_again(void **state)
{
	struct heap_site_name a = {.stack = 5, .domain = HEAP_MALLOC, .serial = 1};
	struct heap_site_name b = a;
	(void)state;

	heap_sites_reset(&file);
	b.domain = HEAP_OBJECT;
	uint32_t first = heap_site_of(&file, sites, a), second = heap_site_of(&file, sites, b);
	assert_int_equal(first, 1);
	assert_int_equal(second, 2);
	assert_int_equal(heap_site_of(&file, sites, a), first);
	assert_int_equal(sites[first].stack, 5);
	assert_int_equal(sites[second].domain, HEAP_OBJECT);
	b.serial = 2; /* the same number in a child's dictionary */
	assert_int_equal(heap_site_of(&file, sites, b), 3);
	assert_int_equal(file.site_count, 4);
}

static void what_has_no_room_is_site_0(void **state)
{
	struct heap_site_name name = {.domain = HEAP_MALLOC, .serial = 1};
	(void)state;

	heap_sites_reset(&file);
	for (name.stack = 1; name.stack < HEAP_SITE_CAPACITY; name.stack++)
		assert_int_equal(heap_site_of(&file, sites, name), name.stack);
	for (; name.stack < 3 * HEAP_SITE_CAPACITY; name.stack++)
		assert_int_equal(heap_site_of(&file, sites, name), 0);
	assert_int_equal(file.site_count, HEAP_SITE_CAPACITY);
	name.stack = 77;
	assert_int_equal(heap_site_of(&file, sites, name), 77);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(what_is_put_is_taken_once, set_up),
		cmocka_unit_test_setup(a_full_table_loses_nothing, set_up),
		cmocka_unit_test_setup(no_room_is_said, set_up),
		cmocka_unit_test_setup(a_free_while_held_is_left_to_the_holder, set_up),
		cmocka_unit_test_setup(what_is_held_can_be_kept_or_dropped, set_up),
		cmocka_unit_test_setup(a_site_is_seen_without_holding, set_up),
		cmocka_unit_test_setup(entries_move_by_their_tags, set_up),
		cmocka_unit_test_setup(threads_do_not_disturb_each_other, set_up),
		cmocka_unit_test_setup(each_sample_goes_once_while_another_thins, set_up),
		cmocka_unit_test_setup(the_filter_forgets_nothing_that_is_there, set_up),
		cmocka_unit_test_setup(few_samples_let_few_frees_through, set_up),
		cmocka_unit_test_setup(a_count_that_is_full_stays, set_up),
		cmocka_unit_test(a_site_is_found_again),
		cmocka_unit_test(what_has_no_room_is_site_0),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
