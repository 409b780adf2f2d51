/* Arena: zeroed, aligned, disjoint; freed as one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

static void test_blocks_are_zeroed_aligned_and_apart(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	unsigned char *last = NULL;
	size_t last_size = 0;
	for (size_t size = 0; size < 5000; size += 7) {
		unsigned char *bytes = arena_alloc(arena, size);
		assert_int_equal((uintptr_t)bytes % 16, 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(bytes[i], 0);
		memset(bytes, 0xff, size);
		assert_true(bytes != last);
		if (last > bytes)
			assert_true(bytes + size <= last);
		else if (last)
			assert_true(last + last_size <= bytes);
		last = bytes;
		last_size = size;
	}
	arena_free(arena);
}

static void test_large_block_keeps_rest_of_the_small_one(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	char *first = arena_alloc(arena, 16);
	char *large = arena_alloc(arena, 1 << 20);
	char *second = arena_alloc(arena, 16);
	memset(large, 1, 1 << 20);
	assert_ptr_equal(second, first + 16);
	assert_int_equal(arena_used_bytes(arena), (1 << 20) + 32);
	arena_free(arena);
}

static void test_large_block_first(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	memset(arena_alloc(arena, 1 << 20), 1, 1 << 20);
	memset(arena_alloc(arena, 100), 1, 100);
	assert_int_equal(arena_used_bytes(arena), (1 << 20) + 112);
	arena_free(arena);
}

static void test_texts(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	assert_string_equal(arena_string(arena, "route"), "route");
	assert_string_equal(arena_copy(arena, "abcdef", 3), "abc");
	assert_string_equal(arena_copy(arena, NULL, 0), "");
	assert_string_equal(arena_printf(arena, "%s:%d", "app.py", 41), "app.py:41");
	char *text = arena_printf(arena, "%090000d", 7);
	assert_int_equal(strlen(text), 90000);
	arena_free(arena);
	arena_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks_are_zeroed_aligned_and_apart),
		cmocka_unit_test(test_large_block_keeps_rest_of_the_small_one),
		cmocka_unit_test(test_large_block_first),
		cmocka_unit_test(test_texts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
