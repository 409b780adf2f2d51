/* Random numbers: SplitMix64's own, spread evenly, and one stream a seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"

/* From state 0: java.util.SplittableRandom's algorithm as in Vigna's splitmix64.c. */
static void test_known_numbers(void **state)
{
	static const uint64_t known[] = {
		UINT64_C(0xe220a8397b1dcdaf),
		UINT64_C(0x6e789e6aa1b965f4),
		UINT64_C(0x06c45d188009454f),
		UINT64_C(0xf88bb8a8724c81ec),
	};
	struct random r = {0};
	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		assert_int_equal(random_bits(&r), known[i]);
}

/* Chi-squared of 64 classes, 63 degrees of freedom: 99.99 % are below 113.5. */
static void test_uniform_is_even(void **state)
{
	enum { CLASSES = 64, DRAWS = 64000 };
	uint32_t counts[CLASSES] = {0};
	struct random r;
	double sum = 0, chi = 0;
	(void)state;
	random_begin(&r, 1);
	for (int i = 0; i < DRAWS; i++) {
		const double x = random_uniform(&r);
		assert_true(x >= 0 && x < 1);
		sum += x;
		counts[(int)(x * CLASSES)]++;
	}
	for (int i = 0; i < CLASSES; i++) {
		const double off = counts[i] - (double)DRAWS / CLASSES;
		chi += off * off / ((double)DRAWS / CLASSES);
	}
	assert_true(chi < 113.5);
	assert_true(sum / DRAWS > 0.49 && sum / DRAWS < 0.51);
}

static void test_each_seed_has_its_stream(void **state)
{
	struct random a, b, again;
	(void)state;
	random_begin(&a, 7);
	random_begin(&b, 8);
	random_begin(&again, 7);
	const uint64_t first = random_bits(&a);
	assert_int_equal(first, random_bits(&again));
	for (int i = 0; i < 1000; i++)
		assert_int_not_equal(random_bits(&b), first);
	assert_int_not_equal(random_seed(), random_seed());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_numbers),
		cmocka_unit_test(test_uniform_is_even),
		cmocka_unit_test(test_each_seed_has_its_stream),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
