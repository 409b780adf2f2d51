/* Map and interned strings, against a plain array as the model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/map.h"

#define KEYS 4096

static void test_against_model(void **state)
{
	(void)state;
	struct map m = {0};
	static bool present[KEYS];
	static uint64_t value[KEYS];
	size_t count = 0;
	uint64_t random = 88172645463325252u;
	for (int i = 0; i < 200000; i++) {
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		const uint64_t key = random % KEYS;
		const uint64_t real_key = key * 0x100000000u; /* low bits all equal */
		if (random >> 40 & 1) {
			bool is_new;
			uint64_t *slot = map_put(&m, real_key, &is_new);
			assert_int_equal(is_new, !present[key]);
			assert_int_equal(*slot, present[key] ? value[key] : 0);
			*slot = value[key] = random;
			count += !present[key];
			present[key] = true;
		} else {
			assert_int_equal(map_remove(&m, real_key), present[key]);
			count -= present[key];
			present[key] = false;
		}
		assert_int_equal(m.count, count);
	}
	for (uint64_t key = 0; key < KEYS; key++) {
		const uint64_t *found = map_find(&m, key * 0x100000000u);
		assert_int_equal(found != NULL, present[key]);
		if (found)
			assert_int_equal(*found, value[key]);
	}
	size_t cursor = 0;
	size_t seen = 0;
	uint64_t key;
	uint64_t got;
	while (map_next(&m, &cursor, &key, &got)) {
		assert_true(present[key / 0x100000000u]);
		assert_int_equal(got, value[key / 0x100000000u]);
		seen++;
	}
	assert_int_equal(seen, count);
	map_free(&m);
}

static void test_empty_map(void **state)
{
	(void)state;
	struct map m = {0};
	size_t cursor = 0;
	uint64_t key;
	uint64_t value;
	assert_null(map_find(&m, 0));
	assert_false(map_remove(&m, 0));
	assert_false(map_next(&m, &cursor, &key, &value));
	*map_put(&m, 0, NULL) = 1;
	*map_put(&m, UINT64_MAX, NULL) = 2;
	assert_int_equal(*map_find(&m, 0), 1);
	assert_int_equal(*map_find(&m, UINT64_MAX), 2);
	map_free(&m);
}

static void test_intern_numbers_in_order_of_first_sight(void **state)
{
	(void)state;
	struct intern *in = intern_new();
	bool is_new;
	size_t length;
	char text[16];
	for (uint32_t round = 0; round < 2; round++)
		for (uint32_t i = 1; i <= 5000; i++) {
			const int n = snprintf(text, sizeof text, "route-%u", i);
			assert_int_equal(intern_id(in, text, (size_t)n, &is_new), i);
			assert_int_equal(is_new, round == 0);
		}
	assert_int_equal(intern_count(in), 5000);
	assert_string_equal(intern_text(in, 42, &length), "route-42");
	assert_int_equal(length, 8);
	assert_null(intern_text(in, 0, NULL));
	assert_null(intern_text(in, 5001, NULL));
	intern_free(in);
}

static void test_intern_bytes_and_empty(void **state)
{
	(void)state;
	struct intern *in = intern_new();
	const uint32_t empty = intern_id(in, "", 0, NULL);
	const uint32_t one = intern_id(in, "a\0b", 3, NULL);
	assert_int_not_equal(one, intern_id(in, "a\0c", 3, NULL));
	assert_int_equal(one, intern_id(in, "a\0b", 3, NULL));
	assert_int_equal(empty, intern_id(in, NULL, 0, NULL));
	intern_free(in);
	intern_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_model),
		cmocka_unit_test(test_empty_map),
		cmocka_unit_test(test_intern_numbers_in_order_of_first_sight),
		cmocka_unit_test(test_intern_bytes_and_empty),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
