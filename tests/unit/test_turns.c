/* Who runs first: mirrored in every two pairs, by lot between them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/turns.h"

static void test_two_pairs_are_mirrored(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 50; seed++)
		for (size_t at = 0; at < 20; at += 2) {
			const int first = turns_first(at, seed);
			assert_true(first == 0 || first == 1);
			assert_int_equal(turns_first(at + 1, seed), !first);
		}
}

/* Of 4,000 lots 2,000 ± 4 · √1,000 are B, and as many are as the one before. */
static void test_lots_are_fair(void **state)
{
	(void)state;
	int second = 0, like_the_last = 0;
	for (uint64_t seed = 0; seed < 200; seed++)
		for (size_t at = 0; at < 40; at += 2) {
			const int first = turns_first(at, seed << 32);
			second += first;
			like_the_last += first == turns_first(at + 2, seed << 32);
		}
	assert_in_range(second, 1870, 2130);
	assert_in_range(like_the_last, 1870, 2130);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_pairs_are_mirrored),
		cmocka_unit_test(test_lots_are_fair),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
