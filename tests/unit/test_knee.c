#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "load/knee.h"
#include "queue_world.h"

enum { RUNS = 200, FEWER = 50, ENOUGH_PERCENT = 95, INTERVAL_PERCENT = 90 };
#define BUDGET_NS (60 * NS_PER_S)
#define NEAR 0.03

/* A quarter of them says the same with less certainty, and `make test` runs often. */
static int often(void)
{
	return getenv("UNSLOW_TEST_ALL") ? RUNS : RUNS / 4;
}

static struct knee knee;
static struct knee_answer answer;

/* The whole search on a server of arithmetic. */
static void search(struct queue_world *world)
{
	const struct knee_spec spec = {.budget_ns = BUDGET_NS, .rate_max = 1e6};
	struct knee_step step;
	knee_begin(&knee, &spec);
	while (knee_next(&knee, (uint64_t)(world->elapsed_s * 1e9), &step)) {
		world->capacity_seen = knee_capacity(&knee);
		const struct knee_seen seen = queue_run(world, &step);
		knee_take(&knee, &seen);
	}
	assert_true(world->elapsed_s <= 60);
	knee_answer(&knee, &answer);
}

/* Searches with other arrivals, noise and disturbances each that come near the truth; and how
 * many of their intervals hold it. */
static void assert_finds(const struct queue_world *world, int runs)
{
	const double truth = queue_truth(world, 2e6);
	int near = 0, holding = 0;
	for (int run = 0; run < runs; run++) {
		struct queue_world copy = *world;
		random_begin(&copy.random, (uint64_t)run);
		search(&copy);
		near += answer.found == KNEE_FOUND && fabs(answer.rate / truth - 1) <= NEAR;
		holding += answer.low <= truth && truth <= answer.high;
	}
	print_message("truth %.1f/s: %d of %d within 3 %%, %d intervals hold it\n", truth, near,
		      runs, holding);
	assert_true(near * 100 >= runs * ENOUGH_PERCENT);
	assert_true(holding * 100 >= runs * INTERVAL_PERCENT);
}

static void test_one_worker(void **state)
{
	(void)state;
	assert_finds(
		&(struct queue_world){
			.servers = 1, .service_s = 0.002, .limit_s = 0.05, .quantile = 0.99},
		FEWER);
}

static void test_one_worker_disturbed(void **state)
{
	(void)state;
	assert_finds(&(struct queue_world){.servers = 1,
					   .service_s = 0.002,
					   .jitter = 0.1,
					   .limit_s = 0.05,
					   .quantile = 0.99,
					   .stall_share = 0.05,
					   .stall_s = 0.3,
					   .spoilt_share = 0.1},
		     often());
}

static void test_four_workers_disturbed(void **state)
{
	(void)state;
	assert_finds(&(struct queue_world){.servers = 4,
					   .service_s = 0.005,
					   .jitter = 0.1,
					   .limit_s = 0.05,
					   .quantile = 0.99,
					   .stall_share = 0.05,
					   .stall_s = 0.3,
					   .spoilt_share = 0.1},
		     often());
}

static void test_evenly_spaced(void **state)
{
	(void)state;
	assert_finds(&(struct queue_world){.servers = 1,
					   .service_s = 0.002,
					   .is_even = true,
					   .limit_s = 0.05,
					   .quantile = 0.99,
					   .stall_share = 0.05,
					   .stall_s = 0.3,
					   .spoilt_share = 0.1},
		     FEWER);
}

/* The p99 may be 5 s: no trial is long enough to break that, but the backlog grows. */
static void test_capacity_limits(void **state)
{
	struct queue_world world = {
		.servers = 1, .service_s = 0.002, .limit_s = 5, .quantile = 0.99};
	(void)state;
	random_begin(&world.random, 1);
	search(&world);
	assert_int_equal(answer.found, KNEE_FOUND);
	assert_true(fabs(answer.rate / 500 - 1) <= NEAR);
	assert_true(answer.limit->verdict == KNEE_BAD_ANSWERS ||
		    answer.limit->verdict == KNEE_BAD_BACKLOG);
}

static void test_client_limits(void **state)
{
	struct queue_world world = {.servers = 4,
				    .service_s = 0.002,
				    .limit_s = 0.05,
				    .quantile = 0.99,
				    .client_max = 1200};
	(void)state;
	random_begin(&world.random, 1);
	search(&world);
	assert_int_equal(answer.found, KNEE_AT_LEAST);
	assert_true(answer.rate < 1200 && answer.rate > 1200 / 1.1);
	assert_int_equal(answer.limit->verdict, KNEE_SPOILT);
	assert_true(knee.count < 15); /* it is not tried for ever */
}

static void test_errors_limit(void **state)
{
	struct queue_world world = {.servers = 1,
				    .service_s = 0.002,
				    .limit_s = 0.05,
				    .quantile = 0.99,
				    .error_from = 300};
	(void)state;
	random_begin(&world.random, 1);
	search(&world);
	assert_int_equal(answer.found, KNEE_FOUND);
	assert_true(fabs(answer.rate / 300 - 1) <= NEAR);
	assert_int_equal(answer.limit->verdict, KNEE_BAD_ANSWERS);
}

static void test_objective_that_no_rate_holds(void **state)
{
	struct queue_world world = {
		.servers = 1, .service_s = 0.002, .limit_s = 0.001, .quantile = 0.99};
	(void)state;
	random_begin(&world.random, 1);
	search(&world);
	assert_int_equal(answer.found, KNEE_NONE);
	assert_int_equal(answer.limit->verdict, KNEE_BAD_OBJECTIVE);
	assert_true(answer.rate < 20);
	assert_true(world.elapsed_s < 30);
}

static void test_a_probe_without_an_answer_ends_it(void **state)
{
	const struct knee_spec spec = {.budget_ns = BUDGET_NS, .rate_max = 1e6};
	const struct knee_seen nothing = {.window_s = 2};
	struct knee_step step;
	(void)state;
	knee_begin(&knee, &spec);
	assert_true(knee_next(&knee, 0, &step));
	assert_int_equal(step.kind, KNEE_PROBE);
	knee_take(&knee, &nothing);
	assert_false(knee_next(&knee, NS_PER_S, &step));
	knee_answer(&knee, &answer);
	assert_int_equal(answer.found, KNEE_UNKNOWN);
	assert_null(answer.limit);
}

/* Each step is of the table's kind and rate when the trials before it came out as written. */
static void test_steps(void **state)
{
	static const struct {
		double rate;
		enum knee_kind kind;
		double ratio; /* of the objective */
	} rows[] = {
		{500, KNEE_RAMP, 0},   /* half of the probe's 1000 */
		{500, KNEE_RAMP, 0},   /* spoilt (see below): once more */
		{707.1, KNEE_RAMP, 0}, /* good: up by sqrt(2) */
		{1000, KNEE_RAMP, 3},  /* bad: the edge from now on */
	};
	const struct knee_spec spec = {.budget_ns = BUDGET_NS, .rate_max = 1e6};
	const struct knee_seen most = {.window_s = 1, .answered = 1000};
	struct knee_step step;
	(void)state;
	knee_begin(&knee, &spec);
	assert_true(knee_next(&knee, 0, &step));
	knee_take(&knee, &most);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct knee_seen seen = {.window_s = 1,
					       .due = 100,
					       .answered = 100,
					       .objective_ratio = rows[i].ratio,
					       .is_spoilt = i == 0};
		assert_true(knee_next(&knee, NS_PER_S, &step));
		assert_int_equal(step.kind, rows[i].kind);
		assert_true(fabs(step.rate - rows[i].rate) < 0.5);
		knee_take(&knee, &seen);
	}
	assert_true(knee_next(&knee, NS_PER_S, &step));
	assert_int_equal(step.kind, KNEE_EDGE);
	assert_true(step.rate > 707 && step.rate < 1000);
	assert_false(knee_next(&knee, BUDGET_NS - 5 * NS_PER_S, &step)); /* it would not fit */
}

static void test_judge(void **state)
{
	static const struct {
		struct knee_seen seen;
		enum knee_verdict verdict;
	} rows[] = {
		{{.due = 1000, .answered = 1000, .objective_ratio = 1}, KNEE_GOOD},
		{{.due = 1000, .answered = 1000, .objective_ratio = 1.01}, KNEE_BAD_OBJECTIVE},
		{{.due = 1000, .answered = 990}, KNEE_GOOD},
		{{.due = 1000, .answered = 989}, KNEE_BAD_ANSWERS},
		{{.due = 1000, .answered = 989, .backlog.around = 1}, KNEE_GOOD}, /* under way */
		{{.due = 1000, .answered = 995, .backlog = {11, 5, 0}}, KNEE_BAD_BACKLOG},
		{{.due = 1000, .answered = 995, .backlog = {11, 12, 0}}, KNEE_GOOD}, /* noise */
		{{.due = 1000, .answered = 995, .backlog = {9, 1, 0}}, KNEE_GOOD},   /* < 1 % */
		{{.due = 1000, .answered = 10, .is_spoilt = true}, KNEE_SPOILT},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct knee_seen seen = rows[i].seen;
		seen.window_s = 1;
		assert_int_equal(knee_judge(&seen), rows[i].verdict);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_judge),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_a_probe_without_an_answer_ends_it),
		cmocka_unit_test(test_objective_that_no_rate_holds),
		cmocka_unit_test(test_errors_limit),
		cmocka_unit_test(test_client_limits),
		cmocka_unit_test(test_capacity_limits),
		cmocka_unit_test(test_evenly_spaced),
		cmocka_unit_test(test_one_worker),
		cmocka_unit_test(test_one_worker_disturbed),
		cmocka_unit_test(test_four_workers_disturbed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
