/* The rate of the ticks, by what those of all processes together took. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/clock.h"
#include "probe/rate.h"
#include "probe/tick_budget.h"

enum { PROCESSES = 4 };

struct tree {
	struct channel_control control;
	struct tick_budget budget;
	uint64_t noted_ns[PROCESSES], last_ns[PROCESSES], now_ns;
};

static struct tree begin(uint32_t asked_hz, uint32_t permille)
{
	struct tree t = {.now_ns = NS_PER_S};
	t.control.tick_asked_hz = asked_hz;
	t.control.tick_hz = asked_hz;
	t.control.tick_budget_permille = permille;
	tick_budget_keep(&t.budget, &t.control, t.now_ns);
	return t;
}

/* A second in which each process ticks at the control's rate. */
static uint32_t second(struct tree *t, uint64_t tick_ns)
{
	t->now_ns += NS_PER_S;
	for (int i = 0; i < PROCESSES; i++) {
		t->noted_ns[i] += tick_ns * t->control.tick_hz;
		tick_budget_add(&t->budget, t->noted_ns[i], &t->last_ns[i]);
	}
	tick_budget_keep(&t->budget, &t->control, t->now_ns);
	return t->control.tick_hz;
}

static void test_all_processes_share_one_budget(void **state)
{
	(void)state;
	struct tree t = begin(200, 20);
	/* 4 x 200 x 33 us = 2.64 % of a core */
	const uint32_t hz = second(&t, 33000);
	assert_in_range(hz, 145, 152);
	for (int i = 0; i < 20; i++)
		assert_int_equal(second(&t, 33000), hz); /* and stays */
}

static void test_cheap_ticks_are_made_as_asked(void **state)
{
	(void)state;
	struct tree t = begin(200, 20);
	for (int i = 0; i < 5; i++)
		assert_int_equal(second(&t, 20000), 200);
}

static void test_a_costly_second_is_forgotten_by_steps(void **state)
{
	(void)state;
	struct tree t = begin(200, 20);
	const uint32_t low = second(&t, 200000);
	assert_in_range(low, 20, 40);
	const uint32_t next = second(&t, 20000);
	assert_in_range(next, low + 1, low * 3 / 2 + 1);
	for (int i = 0; i < 10; i++)
		second(&t, 20000);
	assert_int_equal(t.control.tick_hz, 200);
}

static void test_a_rate_that_was_asked_for_is_kept(void **state)
{
	(void)state;
	struct tree t = begin(1000, 0);
	assert_int_equal(second(&t, 500000), 1000);
}

static void test_it_never_ends(void **state)
{
	(void)state;
	struct tree t = begin(200, 20);
	for (int i = 0; i < 10; i++)
		second(&t, NS_PER_S);
	assert_int_equal(t.control.tick_hz, 10);
	struct tree slow = begin(4, 20);
	second(&slow, NS_PER_S);
	assert_int_equal(slow.control.tick_hz, 4);
}

/* What a process notes is its own to write: nonsense lowers the rate of one second, no more. */
static void test_nonsense_is_bounded(void **state)
{
	(void)state;
	struct tree t = begin(200, 20);
	tick_budget_add(&t.budget, UINT64_MAX, &t.last_ns[0]);
	tick_budget_add(&t.budget, 5, &t.last_ns[0]);
	assert_int_equal(t.budget.cost_ns, 2 * NS_PER_S);
	t.now_ns += NS_PER_S;
	tick_budget_keep(&t.budget, &t.control, t.now_ns);
	assert_int_equal(t.control.tick_hz, 10);
	for (int i = 0; i < 12; i++) {
		t.now_ns += NS_PER_S;
		tick_budget_keep(&t.budget, &t.control, t.now_ns);
	}
	assert_int_equal(t.control.tick_hz, 200);
}

static void test_rates(void **state)
{
	(void)state;
	assert_true(rate_next(100, 100, 0.2) == 100);
	assert_true(rate_next(100, 100, 4) == 25);
	assert_true(rate_next(20, 100, 0.1) == 30);
	assert_true(rate_next(20, 100, 100) == RATE_SLOWEST_HZ);
	assert_true(rate_next(2, 2, 100) == 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_processes_share_one_budget),
		cmocka_unit_test(test_cheap_ticks_are_made_as_asked),
		cmocka_unit_test(test_a_costly_second_is_forgotten_by_steps),
		cmocka_unit_test(test_a_rate_that_was_asked_for_is_kept),
		cmocka_unit_test(test_it_never_ends),
		cmocka_unit_test(test_nonsense_is_bounded),
		cmocka_unit_test(test_rates),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
