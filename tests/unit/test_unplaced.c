/* CPU given to looks: the sums are the clock's, a wait gets none, and a place gets its own on
 * average, however short its bursts are. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/schedule.h"
#include "base/unplaced.h"

#define MS UINT64_C(1000000)
#define PERIOD (10 * MS)

static void test_one_off_the_cpu_gets_none(void **state)
{
	struct unplaced left = {5 * MS, 2 * MS};
	(void)state;
	const struct unplaced given = unplaced_take(&left, FOUND_OFF_CPU, PERIOD);
	assert_int_equal(given.cpu_ns, 0);
	assert_int_equal(given.queue_ns, 0);
	assert_int_equal(left.cpu_ns, 5 * MS);
	assert_int_equal(left.queue_ns, 2 * MS);
}

static void test_one_on_it_gets_its_period(void **state)
{
	struct unplaced left = {25 * MS, 2 * MS};
	struct unplaced given;
	(void)state;
	given = unplaced_take(&left, FOUND_ON_CPU, PERIOD);
	assert_int_equal(given.cpu_ns, PERIOD);
	assert_int_equal(given.queue_ns, 0); /* no time is left for it */
	left.cpu_ns = 9 * MS;
	given = unplaced_take(&left, FOUND_ON_CPU, PERIOD);
	assert_int_equal(given.cpu_ns, 9 * MS); /* no more than the clock counted */
	assert_int_equal(given.queue_ns, MS);
	assert_int_equal(left.cpu_ns, 0);
	assert_int_equal(left.queue_ns, MS);
}

static void test_one_without_a_cpu_waited_for_one(void **state)
{
	struct unplaced left = {25 * MS, 12 * MS};
	(void)state;
	const struct unplaced given = unplaced_take(&left, FOUND_QUEUED, PERIOD);
	assert_int_equal(given.cpu_ns, 0);
	assert_int_equal(given.queue_ns, PERIOD);
	assert_int_equal(left.queue_ns, 2 * MS);
}

/* Every 7 ms: `a` for 0.5 ms, `b` for 1 ms, then it waits. */
enum place { A, B, WAIT };
static const uint64_t every_ns = 7 * MS, a_ns = MS / 2, b_ns = MS;

static enum place place_at(uint64_t now_ns)
{
	const uint64_t at = now_ns % every_ns;
	return at < a_ns ? A : at < a_ns + b_ns ? B : WAIT;
}

static uint64_t cpu_at(uint64_t now_ns)
{
	const uint64_t at = now_ns % every_ns, both = a_ns + b_ns;
	return now_ns / every_ns * both + (at < both ? at : both);
}

static void test_bursts_between_looks(void **state)
{
	const uint64_t start_ns = 1000 * every_ns;
	struct schedule s;
	struct unplaced left = {0, 0};
	uint64_t given_ns[WAIT + 1] = {0}, before_ns = cpu_at(start_ns), now_ns = start_ns;
	(void)state;
	schedule_begin(&s, 7, start_ns, PERIOD);
	for (int i = 0; i < 20000; i++) {
		now_ns = s.due_ns;
		const struct schedule_look look = schedule_take(&s, now_ns);
		const enum place place = place_at(now_ns);
		left.cpu_ns += cpu_at(now_ns) - before_ns;
		before_ns = cpu_at(now_ns);
		given_ns[place] +=
			unplaced_take(&left, place == WAIT ? FOUND_OFF_CPU : FOUND_ON_CPU,
				      look.stands_for_ns)
				.cpu_ns;
		schedule_next(&s, 1);
	}
	const uint64_t all_ns = before_ns - cpu_at(start_ns);
	assert_int_equal(given_ns[WAIT], 0);
	assert_int_equal(given_ns[A] + given_ns[B] + left.cpu_ns, all_ns);
	/* 4,300 looks on a CPU: a standard error of 2 % for `a`, and this seed is no unlucky one */
	assert_true(fabs((double)given_ns[A] / (double)all_ns - 1.0 / 3) < 0.02);
	assert_true((double)left.cpu_ns / (double)all_ns < 0.04);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_off_the_cpu_gets_none),
		cmocka_unit_test(test_one_on_it_gets_its_period),
		cmocka_unit_test(test_one_without_a_cpu_waited_for_one),
		cmocka_unit_test(test_bursts_between_looks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
