/* What an event cost, from requests with hooks and without. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "model/calls_cost.h"

enum { SECONDS = 30, UNITS = 10, EVENTS = 1000 };
#define WORK_NS 500000.0

/* Requests of WORK_NS; an event costs `event_ns`; each second is `noise` better or worse. */
static void make(struct calls_stretch *s, size_t count, double event_ns, double noise)
{
	for (size_t i = 0; i < count; i++) {
		const double work = WORK_NS * (1 + noise * ((double)(i * 7 % 5) - 2) / 2);
		const double other = WORK_NS * (1 + noise * ((double)(i * 3 % 5) - 2) / 2);
		s[i] = (struct calls_stretch){
			.on_units = UNITS,
			.on_events = UNITS * EVENTS,
			.on_cpu_ns = UNITS * (work + EVENTS * event_ns),
			.off_units = UNITS,
			.off_cpu_ns = UNITS * other,
		};
	}
}

static void test_the_run_says_what_an_event_costs(void **state)
{
	struct calls_stretch s[SECONDS];
	(void)state;
	make(s, SECONDS, 30, 0.01);
	const struct calls_cost cost = calls_cost_of(s, SECONDS, 20);
	assert_true(cost.known && cost.from_run);
	assert_true(cost.low < 30 && 30 < cost.high);
	assert_true(cost.high - cost.low < 10);
	assert_true(fabs(cost.factor - 1.5) < 0.1);
	assert_true(cost.checked && fabs(cost.check_share) < 0.01);
}

/* An interval is there to be wide where the seconds differ. */
static void test_noise_makes_the_interval_wider(void **state)
{
	struct calls_stretch quiet[SECONDS], loud[SECONDS];
	(void)state;
	make(quiet, SECONDS, 30, 0.001);
	make(loud, SECONDS, 30, 0.02);
	const struct calls_cost a = calls_cost_of(quiet, SECONDS, 20);
	const struct calls_cost b = calls_cost_of(loud, SECONDS, 20);
	assert_true(b.high - b.low > 5 * (a.high - a.low));
	assert_true(b.low < 30 && 30 < b.high);
}

/* A check that cannot fail is none: what changes in the middle of a run is seen by it. */
static void test_the_check_can_fail(void **state)
{
	struct calls_stretch s[SECONDS];
	(void)state;
	make(s, SECONDS, 30, 0.001);
	for (size_t i = 0; i < SECONDS; i += 2)
		s[i].on_cpu_ns += UNITS * 100000.0;
	const struct calls_cost cost = calls_cost_of(s, SECONDS, 20);
	assert_true(cost.checked && fabs(cost.check_share) > 0.1);
}

static void test_what_says_nothing_leaves_the_start(void **state)
{
	struct calls_stretch s[SECONDS];
	(void)state;
	/* none, few, or only with hooks */
	assert_false(calls_cost_of(NULL, 0, 20).from_run);
	make(s, SECONDS, 30, 0.01);
	assert_false(calls_cost_of(s, 3, 20).from_run);
	for (size_t i = 0; i < SECONDS; i++)
		s[i].off_units = s[i].off_cpu_ns = 0;
	assert_false(calls_cost_of(s, SECONDS, 20).from_run);
	/* lost in noise */
	make(s, SECONDS, 1, 0.5);
	const struct calls_cost cost = calls_cost_of(s, SECONDS, 20);
	assert_false(cost.from_run);
	assert_true(cost.known && cost.event_ns == 20 && cost.factor == 1);
	assert_true(cost.tried && cost.run_low < 1 && cost.run_high > 1);
	/* other things than hooks */
	make(s, SECONDS, 5000, 0.01);
	assert_false(calls_cost_of(s, SECONDS, 20).from_run);
	/* nothing was measured at start */
	assert_false(calls_cost_of(s, SECONDS, 0).known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_run_says_what_an_event_costs),
		cmocka_unit_test(test_noise_makes_the_interval_wider),
		cmocka_unit_test(test_the_check_can_fail),
		cmocka_unit_test(test_what_says_nothing_leaves_the_start),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
