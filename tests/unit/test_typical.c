#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "load/typical.h"

static const struct arrivals_spec spec = {
	.rate = 450 * ARRIVALS_RATE_UNIT,
	.rate_at_end = 450 * ARRIVALS_RATE_UNIT,
	.poisson = true,
	.duration_ns = 4 * NS_PER_S,
};

/* The wait that one in a hundred exceeds in a queue of 500 a second, by a plain recursion. */
static double longest_hundredth_ms(uint64_t seed)
{
	struct arrivals_spec seeded = spec;
	struct arrivals arrivals;
	uint64_t at_ns;
	int counts[2000] = {0}, total = 0, beyond = 0;
	double free_ns = 0;
	seeded.seed = seed;
	arrivals_begin(&arrivals, &seeded, 0, 1);
	while (arrivals_next(&arrivals, &at_ns)) {
		const double begin_ns = fmax((double)at_ns, free_ns);
		const int wait_ms = (int)((begin_ns - (double)at_ns) / 1e6);
		free_ns = begin_ns + 2e6;
		counts[wait_ms < 1999 ? wait_ms : 1999]++;
		total++;
	}
	for (int ms = 1999; ms >= 0; ms--) {
		beyond += counts[ms];
		if (beyond * 100 > total)
			return ms;
	}
	return 0;
}

static double spread(uint64_t (*pick)(uint64_t))
{
	enum { DRAWS = 40 };
	double sum = 0, squares = 0;
	for (uint64_t i = 0; i < DRAWS; i++) {
		const double ms = log(longest_hundredth_ms(pick(1000 * i)) + 1);
		sum += ms;
		squares += ms * ms;
	}
	return sqrt(squares / DRAWS - sum * sum / DRAWS / DRAWS);
}

static uint64_t any(uint64_t seed)
{
	return seed;
}

static uint64_t typical(uint64_t seed)
{
	return typical_seed(&spec, 1, 500, 0.99, seed);
}

static void test_less_is_left_to_chance(void **state)
{
	(void)state;
	assert_true(spread(typical) < spread(any) / 2);
}

static void test_it_is_repeated_by_its_seed(void **state)
{
	(void)state;
	assert_int_equal(typical(7), typical(7));
	assert_int_not_equal(typical(7), typical(1007));
}

/* Far below and far above the capacity, and with one arrival, there is a seed all the same. */
static void test_extremes(void **state)
{
	struct arrivals_spec few = spec;
	(void)state;
	few.rate = few.rate_at_end = 100; /* 0.1 a second */
	(void)typical_seed(&few, 4, 500, 0.99, 1);
	assert_int_not_equal(typical_seed(&spec, 3, 1, 0.999, 1), 0);
	assert_int_not_equal(typical_seed(&spec, 3, 1e6, 0.5, 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_less_is_left_to_chance),
		cmocka_unit_test(test_it_is_repeated_by_its_seed),
		cmocka_unit_test(test_extremes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
