#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/random.h"
#include "load/backlog.h"

#define EVERY_NS (250 * NS_PER_MS)

static void test_growth_is_seen(void **state)
{
	struct backlog b = {0};
	(void)state;
	for (uint64_t i = 0; i < 20; i++)
		backlog_add(&b, i * EVERY_NS, 5 + 3 * i); /* 12 a second */
	const struct backlog_line line = backlog_fit(&b);
	assert_true(fabs(line.slope_per_s - 12) < 1e-9);
	assert_true(line.noise_per_s < 1e-6);
}

static void test_few_samples_say_nothing(void **state)
{
	struct backlog b = {0};
	(void)state;
	backlog_add(&b, 0, 0);
	backlog_add(&b, EVERY_NS, 100);
	assert_true(fabs(backlog_fit(&b).slope_per_s) <= 0);
}

/* A walk that goes nowhere on average rises by more than its noise about as often as a normal
 * variable by more than its standard deviation: in 32 of 100. */
static void test_noise_is_that_of_a_walk(void **state)
{
	enum { WALKS = 2000 };
	struct random random;
	int beyond = 0;
	(void)state;
	random_begin(&random, 1);
	for (int walk = 0; walk < WALKS; walk++) {
		struct backlog b = {0};
		uint64_t at = 100000;
		for (uint64_t i = 0; i < 64; i++) {
			backlog_add(&b, i * EVERY_NS, at);
			at += random_uniform(&random) < 0.5 ? 100 : -100;
		}
		const struct backlog_line line = backlog_fit(&b);
		beyond += fabs(line.slope_per_s) > line.noise_per_s;
	}
	assert_in_range(beyond, WALKS * 22 / 100, WALKS * 42 / 100);
}

static void test_a_count_is_as_noisy_as_counts_are(void **state)
{
	struct backlog b = {0};
	(void)state;
	for (uint64_t i = 0; i < 10; i++)
		backlog_add(&b, i * EVERY_NS, 16);
	assert_true(fabs(backlog_fit(&b).around - 4) < 1e-9);
}

static void test_long_runs_are_thinned(void **state)
{
	struct backlog b = {0};
	(void)state;
	for (uint64_t i = 0; i < 10 * BACKLOG_SAMPLES_MAX; i++)
		backlog_add(&b, i * EVERY_NS, i);
	assert_true(b.count <= BACKLOG_SAMPLES_MAX);
	assert_true(fabs(backlog_fit(&b).slope_per_s - 4) < 1e-6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_growth_is_seen),
		cmocka_unit_test(test_few_samples_say_nothing),
		cmocka_unit_test(test_noise_is_that_of_a_walk),
		cmocka_unit_test(test_a_count_is_as_noisy_as_counts_are),
		cmocka_unit_test(test_long_runs_are_thinned),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
