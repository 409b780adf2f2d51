/* How long threads may be stopped: a bucket that starts empty. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/clock.h"
#include "probe/stop_budget.h"

#define SHARE 0.005
#define START_NS (5 * NS_PER_S)

struct run {
	struct stop_budget budget;
	uint64_t now_ns, stopped_ns, looks, skipped;
	double most; /* share of the time that stops took, at the end of any look */
};

static struct run begin(void)
{
	struct run r = {.now_ns = START_NS};
	stop_budget_begin(&r.budget, SHARE, START_NS);
	return r;
}

/* Looks of `cost_ns` are due every `period_ns` for `length_ns`. */
static void go_on(struct run *r, uint64_t period_ns, uint64_t cost_ns, uint64_t length_ns)
{
	for (const uint64_t end_ns = r->now_ns + length_ns; r->now_ns < end_ns;) {
		r->now_ns += period_ns;
		if (!stop_budget_allows(&r->budget, r->now_ns)) {
			r->skipped++;
			continue;
		}
		r->looks++;
		r->stopped_ns += cost_ns;
		stop_budget_look(&r->budget, r->stopped_ns);
		const double share = (double)r->stopped_ns / (double)(r->now_ns - START_NS);
		r->most = share > r->most ? share : r->most;
	}
}

static void test_it_holds_from_the_first_look_on(void **state)
{
	(void)state;
	struct run r = begin();
	assert_false(stop_budget_allows(&r.budget, START_NS));
	/* 1,000 looks a second of 80 us would be 8 % */
	go_on(&r, 1000000, 80000, NS_PER_S / 4);
	assert_in_range(r.looks, 12, 15); /* 250 ms x 0.5 % / 80 us = 15.6 */
	assert_int_equal(r.looks + r.skipped, 250);
	assert_true(r.most <= SHARE);
	go_on(&r, 1000000, 80000, 4 * NS_PER_S);
	assert_true(r.most <= SHARE);
	assert_true((double)r.stopped_ns > 0.95 * SHARE * 4.25 * (double)NS_PER_S);
}

static void test_the_first_look_is_made_soon(void **state)
{
	(void)state;
	struct run r = begin();
	assert_false(stop_budget_allows(&r.budget, START_NS + 19000000));
	assert_true(stop_budget_allows(&r.budget, START_NS + 21000000));
}

static void test_what_one_look_took_too_much_is_saved_before_the_next(void **state)
{
	(void)state;
	struct run r = begin();
	go_on(&r, 20000000, 10000, 200000000);
	const uint64_t stopped_ns = r.stopped_ns;
	r.stopped_ns += 4000000; /* the tracer lost its CPU */
	stop_budget_look(&r.budget, r.stopped_ns);
	/* allowed at a time at which the share of all of it is kept */
	while (!stop_budget_allows(&r.budget, r.now_ns))
		r.now_ns += 1000000;
	assert_true((double)r.stopped_ns <= SHARE * (double)(r.now_ns - START_NS));
	assert_true(stopped_ns < r.stopped_ns);
}

/* Of a stop of 250 ms, which only a machine that stood still makes, 50 ms are saved. */
static void test_no_more_than_ten_seconds_are_owed(void **state)
{
	(void)state;
	struct run r = begin();
	stop_budget_pay(&r.budget, 250000000);
	assert_false(stop_budget_allows(&r.budget, START_NS + 10 * NS_PER_S));
	assert_true(stop_budget_allows(&r.budget, START_NS + 10 * NS_PER_S + 21000000));
}

static void test_stops_that_were_no_looks_are_paid_too(void **state)
{
	(void)state;
	struct run r = begin();
	stop_budget_pay(&r.budget, 1000000); /* 200 ms */
	assert_false(stop_budget_allows(&r.budget, START_NS + 219000000));
	assert_true(stop_budget_allows(&r.budget, START_NS + 221000000));
	/* once */
	stop_budget_pay(&r.budget, 1000000);
	assert_true(stop_budget_allows(&r.budget, START_NS + 221000000));
	/* and are not what a look costs */
	assert_true(stop_budget_over(&r.budget, 1000) == 0);
}

static void test_what_is_kept_is_a_seconds_share(void **state)
{
	(void)state;
	struct run r = begin();
	r.now_ns += 3600 * NS_PER_S; /* nothing had to be stopped */
	/* 5 ms, and what comes to it in the 60 ms that they last: of looks of 80 us every ms */
	go_on(&r, 1000000, 80000, NS_PER_S);
	assert_in_range(r.looks, 120, 126);
}

static void test_looks_dearer_than_all_that_is_kept(void **state)
{
	(void)state;
	struct run r = begin();
	/* of 20 ms: one each four seconds */
	go_on(&r, 10000000, 20000000, 400 * NS_PER_S);
	assert_in_range(r.looks, 90, 100);
	assert_true(r.stopped_ns <= (uint64_t)(SHARE * 400 * (double)NS_PER_S) + 20000000);
}

/* What a look costs is saved before it is made. */
static void test_dear_looks_are_expected(void **state)
{
	(void)state;
	struct run r = begin();
	go_on(&r, 1000000, 1000000, 20 * NS_PER_S); /* of 1 ms: 100 in all */
	r.most = 0;
	go_on(&r, 1000000, 1000000, 20 * NS_PER_S);
	assert_true(r.most > 0 && r.most <= SHARE);
}

static void test_the_rate_follows_from_what_a_look_costs(void **state)
{
	(void)state;
	struct run r = begin();
	go_on(&r, 1000000, 80000, NS_PER_S);
	/* however few were made: 1,000 x 80 us of 0.9 x 0.5 % */
	const double over = stop_budget_over(&r.budget, 1000);
	assert_true(over > 17.7 && over < 17.9);
	assert_true(stop_budget_over(&r.budget, 1000) == 0); /* since then none was */
	/* at that rate hardly any is late, and looks that cost half of it make room again */
	const uint64_t period_ns = (uint64_t)(1e6 * over);
	go_on(&r, period_ns, 80000, 10 * NS_PER_S);
	r.skipped = 0;
	go_on(&r, period_ns, 80000, 10 * NS_PER_S);
	assert_int_equal(r.skipped, 0);
	(void)stop_budget_over(&r.budget, 1);
	go_on(&r, period_ns, 40000, NS_PER_S);
	const double later = stop_budget_over(&r.budget, 1000 / over);
	assert_true(later > 0.49 && later < 0.51);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_holds_from_the_first_look_on),
		cmocka_unit_test(test_the_first_look_is_made_soon),
		cmocka_unit_test(test_what_one_look_took_too_much_is_saved_before_the_next),
		cmocka_unit_test(test_no_more_than_ten_seconds_are_owed),
		cmocka_unit_test(test_stops_that_were_no_looks_are_paid_too),
		cmocka_unit_test(test_what_is_kept_is_a_seconds_share),
		cmocka_unit_test(test_looks_dearer_than_all_that_is_kept),
		cmocka_unit_test(test_dear_looks_are_expected),
		cmocka_unit_test(test_the_rate_follows_from_what_a_look_costs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
