/* Growing arrays: new items are zero, old ones survive growth. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/vec.h"

static void test_push_zeroes_even_reused_room(void **state)
{
	(void)state;
	VEC(uint64_t) v = {0};
	for (uint64_t i = 0; i < 1000; i++) {
		uint64_t *item = vec_push(&v);
		assert_int_equal(*item, 0);
		*item = i;
	}
	for (uint64_t i = 0; i < 1000; i++)
		assert_int_equal(v.items[i], i);
	vec_clear(&v);
	assert_int_equal(v.count, 0);
	assert_int_equal(*vec_push(&v), 0);
	vec_free(&v);
	assert_null(v.items);
	assert_int_equal(v.count + v.capacity, 0);
	vec_free(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_push_zeroes_even_reused_room)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
