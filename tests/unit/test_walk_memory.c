/* Tables of the child that walks: they grow, keep what is in them, and end at their limit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "agent/walk_memory.h"

#define PLENTY (256u << 20)

static void test_a_set_has_each_address_once(void **state)
{
	struct walk_set set = {0};
	(void)state;
	walk_memory_begin(PLENTY);
	for (uintptr_t i = 1; i <= 100000; i++)
		assert_true(walk_set_add(&set, i * 16));
	for (uintptr_t i = 1; i <= 100000; i++)
		assert_false(walk_set_add(&set, i * 16));
	assert_int_equal(set.count, 100000);
	assert_false(set.full);
	assert_true(walk_set_has(&set, 16));
	assert_false(walk_set_has(&set, 8));
	walk_set_free(&set);
	assert_false(walk_set_has(&set, 16));
	assert_int_equal(set.count, 0);
}

static void test_a_full_set_takes_nothing_new(void **state)
{
	struct walk_set set = {0};
	size_t added = 0;
	(void)state;
	walk_memory_begin(1u << 20);
	for (uintptr_t i = 1; i <= 1000000; i++)
		added += walk_set_add(&set, i * 16);
	assert_true(set.full);
	assert_int_equal(added, set.count);
	assert_true(added > 10000 && added < 131072);
	assert_false(walk_set_add(&set, 16)); /* is in it */
	walk_set_free(&set);
}

/* Less than the child may take: the limit on address space, say. */
static void test_what_the_kernel_refuses_is_no_room(void **state)
{
	struct walk_set set = {0};
	struct walk_map map = {0};
	struct walk_row row = {0};
	struct rlimit before, none;
	bool added;
	void *put, *item;
	(void)state;
	walk_memory_begin(PLENTY);
	assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
	none = (struct rlimit){.rlim_cur = 4096, .rlim_max = before.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_AS, &none), 0);
	added = walk_set_add(&set, 16);
	put = walk_map_put(&map, 16);
	item = walk_row_add(&row, 16);
	assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
	assert_false(added);
	assert_null(put);
	assert_null(item);
	assert_true(set.full && map.full);
}

static void test_a_map_keeps_numbers(void **state)
{
	struct walk_map map = {0};
	(void)state;
	walk_memory_begin(PLENTY);
	assert_null(walk_map_find(&map, 16));
	for (uintptr_t i = 1; i <= 50000; i++) {
		uint64_t *value = walk_map_put(&map, i * 16);
		assert_non_null(value);
		assert_int_equal(*value, 0);
		*value = i;
	}
	for (uintptr_t i = 1; i <= 50000; i++)
		assert_int_equal(*walk_map_find(&map, i * 16), i);
	assert_null(walk_map_find(&map, 8));
	walk_map_free(&map);
	assert_null(walk_map_find(&map, 16));
}

static void test_a_row_grows(void **state)
{
	struct item {
		uint64_t number, square, zero;
	};
	struct walk_row row = {0};
	(void)state;
	walk_memory_begin(PLENTY);
	for (uint64_t i = 0; i < 20000; i++) {
		struct item *item = walk_row_add(&row, sizeof *item);
		assert_non_null(item);
		assert_int_equal(item->zero, 0);
		*item = (struct item){i, i * i, 0};
	}
	for (uint64_t i = 0; i < 20000; i++)
		assert_int_equal(((struct item *)(void *)row.items)[i].square, i * i);
	walk_row_free(&row, sizeof(struct item));
	assert_int_equal(row.count, 0);
}

static void test_no_more_than_the_limit(void **state)
{
	(void)state;
	walk_memory_begin(8192);
	void *first = walk_pages(4097);
	assert_non_null(first);
	assert_null(walk_pages(1));
	walk_pages_free(first, 4097);
	first = walk_pages(1);
	assert_non_null(first);
	walk_pages_free(first, 1);
}

static void test_what_tables_had_can_be_taken_again(void **state)
{
	struct walk_set set = {0};
	struct walk_map map = {0};
	struct walk_row row = {0};
	(void)state;
	walk_memory_begin(4u << 20);
	for (uintptr_t i = 1; i <= 20000; i++) {
		assert_true(walk_set_add(&set, i * 16));
		assert_non_null(walk_map_put(&map, i * 16));
		assert_non_null(walk_row_add(&row, 24));
	}
	assert_null(walk_pages(4u << 20));
	walk_set_free(&set);
	walk_map_free(&map);
	walk_row_free(&row, 24);
	void *all = walk_pages(4u << 20);
	assert_non_null(all);
	walk_pages_free(all, 4u << 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_set_has_each_address_once),
		cmocka_unit_test(test_a_full_set_takes_nothing_new),
		cmocka_unit_test(test_what_the_kernel_refuses_is_no_room),
		cmocka_unit_test(test_a_map_keeps_numbers),
		cmocka_unit_test(test_a_row_grows),
		cmocka_unit_test(test_no_more_than_the_limit),
		cmocka_unit_test(test_what_tables_had_can_be_taken_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
