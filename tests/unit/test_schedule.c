/* A schedule of looks: what it reads of loads that have a rhythm, and of looks that came late. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/schedule.h"

#define PERIOD UINT64_C(5000000)
#define START UINT64_C(1234567890123)

enum { LOOKS = 20000 };

/* Busy in the first `busy` of each `every`, from `phase` on. */
struct load {
	uint64_t every_ns, busy_ns, phase_ns;
};

static bool is_busy(const struct load *load, uint64_t now_ns)
{
	return (now_ns + load->phase_ns) % load->every_ns < load->busy_ns;
}

/* The share of time that looks at it read, each `late_ns` after it was due. */
static double share_read(const struct load *load, uint64_t seed, uint64_t late_ns)
{
	struct schedule s;
	uint64_t busy_ns = 0, all_ns = 0;
	schedule_begin(&s, seed, START, PERIOD);
	for (int i = 0; i < LOOKS; i++) {
		const uint64_t now_ns = s.due_ns + late_ns;
		const struct schedule_look look = schedule_take(&s, now_ns);
		busy_ns += is_busy(load, now_ns) ? look.stands_for_ns : 0;
		all_ns += look.stands_for_ns;
		schedule_next(&s, 1);
	}
	return (double)busy_ns / (double)all_ns;
}

static double share_of_grid(const struct load *load)
{
	int busy = 0;
	for (uint64_t i = 0; i < LOOKS; i++)
		busy += is_busy(load, START + i * PERIOD);
	return (double)busy / LOOKS;
}

/* Loads in step with the looks; every quarter of the phase. */
static void test_a_rhythm_is_read_as_it_is(void **state)
{
	static const uint64_t every[] = {
		PERIOD,         /* one request a look */
		PERIOD / 4,     /* four */
		PERIOD * 5 / 3, /* 120 requests, 200 looks */
		PERIOD * 2,
	};
	double worst_of_grid = 0;
	(void)state;
	for (size_t i = 0; i < sizeof every / sizeof *every; i++)
		for (uint64_t quarter = 0; quarter < 4; quarter++) {
			const struct load load = {every[i], every[i] / 5, every[i] * quarter / 4};
			const double read = share_read(&load, 1 + quarter, 0);
			assert_true(fabs(read / 0.2 - 1) < 0.05);
			/* a sleep that always ends late */
			assert_true(fabs(share_read(&load, 9, PERIOD / 20) / 0.2 - 1) < 0.05);
			worst_of_grid = fmax(worst_of_grid, fabs(share_of_grid(&load) / 0.2 - 1));
		}
	assert_true(worst_of_grid > 1); /* what looks at equal distances make of the same */
}

/* One look in each period, each as likely anywhere in it. */
static void test_one_look_a_period(void **state)
{
	struct schedule s;
	double sum = 0;
	(void)state;
	schedule_begin(&s, 3, START, PERIOD);
	for (uint64_t i = 0; i < LOOKS; i++) {
		assert_true(s.due_ns >= START + i * PERIOD && s.due_ns < START + (i + 1) * PERIOD);
		sum += (double)(s.due_ns - START - i * PERIOD) / PERIOD;
		const struct schedule_look look = schedule_take(&s, s.due_ns);
		assert_int_equal(look.missed, 0);
		assert_int_equal(look.stands_for_ns, PERIOD);
		schedule_next(&s, 1);
	}
	assert_true(fabs(sum / LOOKS - 0.5) < 0.01);
}

/* Whenever they come: each period is one look's, taken or missed, and stood for once. */
static void test_late_looks_are_counted_and_stood_for(void **state)
{
	struct schedule s;
	struct random delays;
	uint64_t now_ns = START, taken = 0, missed = 0, stood_for_ns = 0;
	(void)state;
	random_begin(&delays, 5);
	schedule_begin(&s, 4, START, PERIOD);
	for (int i = 0; i < LOOKS; i++) {
		const uint64_t delay_ns =
			(uint64_t)(random_uniform(&delays) * 4 * (i % 100 ? 1 : 100) * PERIOD);
		now_ns = (now_ns > s.due_ns ? now_ns : s.due_ns) + delay_ns;
		const struct schedule_look look = schedule_take(&s, now_ns);
		taken++;
		missed += look.missed;
		stood_for_ns += look.stands_for_ns;
		schedule_next(&s, 1);
		assert_int_equal(stood_for_ns, s.start_ns - START);
		assert_int_equal((taken + missed) * PERIOD, stood_for_ns);
		assert_true(s.due_ns > now_ns);
	}
	assert_true(missed > LOOKS);
}

static void test_a_longer_period_and_another_rate(void **state)
{
	struct schedule s;
	(void)state;
	schedule_begin(&s, 6, START, PERIOD);
	(void)schedule_take(&s, s.due_ns);
	schedule_next(&s, 4);
	assert_true(s.due_ns >= START + PERIOD && s.due_ns < START + 5 * PERIOD);
	s.period_ns = 2 * PERIOD;
	/* what was drawn stays; what comes is of the new rate */
	const struct schedule_look look = schedule_take(&s, START + 5 * PERIOD + 6 * PERIOD + 1);
	assert_true(look.missed == 3 || look.missed == 4);
	assert_int_equal(look.stands_for_ns, 4 * PERIOD + look.missed * 2 * PERIOD);
	schedule_next(&s, 1);
	assert_int_equal(s.length_ns, 2 * PERIOD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_rhythm_is_read_as_it_is),
		cmocka_unit_test(test_one_look_a_period),
		cmocka_unit_test(test_late_looks_are_counted_and_stood_for),
		cmocka_unit_test(test_a_longer_period_and_another_rate),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
