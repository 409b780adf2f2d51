/* The replay against queues whose answer is known in closed form, against Lindley's recursion unit
 * by unit, and with times that no queue has. All seeds are fixed. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/arena.h"
#include "model/replay.h"
#include "model/replay_interval.h"

enum { MANY = 400000, FEW = 500 };
#define MS 1e6

static uint64_t random_state;

static double exponential(double mean)
{
	const double uniform = ((double)(stats_random(&random_state) >> 11) + 0.5) / 0x1p53;
	return -mean * log(uniform);
}

static const struct replay_servers one_worker = {
	.processes = 1, .slots = 1, .shared = true, .quantum_ns = INFINITY};

/* Random arrivals; work of 1 ms in the mean, exponential or always the same. */
static struct replay_unit *poisson(size_t count, double a_ms, bool same)
{
	struct replay_unit *units = mem_alloc(count * sizeof *units);
	double at_ns = 0;
	random_state = 7;
	for (size_t i = 0; i < count; i++) {
		at_ns += exponential(MS / a_ms);
		units[i] = (struct replay_unit){
			.arrival_ns = at_ns, .turn_ns = same ? MS : exponential(MS), .pieces = 1};
	}
	return units;
}

static double mean_ms(const double *values, size_t count)
{
	double sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += values[i];
	return sum / (double)count / MS;
}

static double replayed_mean_ms(const struct replay_servers *servers, struct replay_unit *units,
			       size_t count)
{
	double *response_ns = mem_alloc(count * sizeof *response_ns);
	replay_run(servers, units, count, response_ns);
	const double mean = mean_ms(response_ns, count);
	free(response_ns);
	free(units);
	return mean;
}

static void assert_near(double value, double wanted, double share)
{
	if (!(fabs(value / wanted - 1) <= share))
		fail_msg("%g is not within %g %% of %g", value, share * 100, wanted);
}

/* T = S / (1 - u); its 99 % quantile is T ln 100. */
static void as_m_m_1(void **state)
{
	(void)state;
	struct replay_unit *units = poisson(MANY, 0.8, false);
	double *response_ns = mem_alloc(MANY * sizeof *response_ns);
	replay_run(&one_worker, units, MANY, response_ns);
	assert_near(mean_ms(response_ns, MANY), 1 / (1 - 0.8), 0.05);
	assert_near(replay_quantile(response_ns, MANY, 0.99).mid / MS, 5 * log(100), 0.08);
	free(response_ns);
	free(units);
}

/* W = u / (2 (1 - u)) of a service (Pollaczek and Khinchine). */
static void as_m_d_1(void **state)
{
	(void)state;
	assert_near(replayed_mean_ms(&one_worker, poisson(MANY, 0.6, true), MANY),
		    1 + 0.6 / (2 * 0.4), 0.02);
	assert_near(replayed_mean_ms(&one_worker, poisson(MANY, 0.8, true), MANY),
		    1 + 0.8 / (2 * 0.2), 0.03);
}

/* Chance that all of k servers are busy, at an offered load of a. */
static double erlang_c(unsigned k, double a)
{
	double term = 1, sum = 0;
	for (unsigned i = 0; i < k; i++) {
		sum += term;
		term *= a / (i + 1);
	}
	const double full = term / (1 - a / k);
	return full / (sum + full);
}

static void as_m_m_k(void **state)
{
	(void)state;
	struct replay_servers servers = one_worker;
	for (servers.processes = 2; servers.processes <= 8; servers.processes *= 2) {
		const double a = 0.8 * servers.processes;
		const double wanted = 1 + erlang_c(servers.processes, a) / (servers.processes - a);
		assert_near(replayed_mean_ms(&servers, poisson(MANY, a, false), MANY), wanted,
			    0.05);
	}
}

/* Waits hold nobody up where slots are many: only the work queues, here as M/M/1. Where slots are
 * few, the wait holds one: k servers of work and wait together. */
static void waits_pass_by_themselves(void **state)
{
	(void)state;
	struct replay_unit *units = poisson(MANY, 0.5, false);
	for (size_t i = 0; i < MANY; i++)
		units[i].wait_ns = 20 * MS;
	const struct replay_servers loop = {.processes = 1, .quantum_ns = INFINITY};
	assert_near(replayed_mean_ms(&loop, units, MANY), 20 + 1 / (1 - 0.5), 0.05);
	units = poisson(MANY, 4 * 0.8, false);
	for (size_t i = 0; i < MANY; i++) {
		units[i].wait_ns = units[i].turn_ns;
		units[i].turn_ns = 0;
	}
	const struct replay_servers threads = {.processes = 1, .slots = 4, .quantum_ns = 5 * MS};
	assert_near(replayed_mean_ms(&threads, units, MANY), 1 + erlang_c(4, 3.2) / (4 - 3.2),
		    0.05);
}

static void as_lindley(void **state)
{
	(void)state;
	struct replay_unit *units = poisson(FEW, 0.9, false);
	double response_ns[FEW], waited_ns = 0;
	for (size_t i = 0; i < FEW; i++)
		units[i].beside_ns = 0.2 * MS;
	replay_run(&one_worker, units, FEW, response_ns);
	for (size_t i = 0; i < FEW; i++) {
		if (i > 0)
			waited_ns =
				fmax(0, waited_ns + units[i - 1].turn_ns + units[i - 1].beside_ns -
						(units[i].arrival_ns - units[i - 1].arrival_ns));
		assert_true(fabs(response_ns[i] - waited_ns - units[i].turn_ns) < 100);
	}
	free(units);
}

/* A long one lets the others of its process go first every 5 ms; a loop does not. */
static void turns_of_a_gil_and_of_a_loop(void **state)
{
	(void)state;
	const struct replay_unit units[] = {
		{.arrival_ns = 0, .turn_ns = 100 * MS, .pieces = 1},
		{.arrival_ns = 10 * MS, .turn_ns = 1 * MS, .pieces = 1},
		{.arrival_ns = 10 * MS, .turn_ns = 12 * MS, .pieces = 1},
	};
	struct replay_servers servers = {.processes = 1, .slots = 0, .quantum_ns = 5 * MS};
	double response_ns[3];
	replay_run(&servers, units, 3, response_ns);
	assert_true(fabs(response_ns[1] - 6 * MS) < 1);
	/* asked at 10, had it from 16 to 21, 26 to 31 and for the last 2 from 36 on */
	assert_true(fabs(response_ns[2] - 28 * MS) < 1);
	assert_true(fabs(response_ns[0] - 113 * MS) < 1);
	servers.quantum_ns = INFINITY;
	replay_run(&servers, units, 3, response_ns);
	assert_true(fabs(response_ns[0] - 100 * MS) < 1);
	assert_true(fabs(response_ns[1] - 91 * MS) < 1);
	assert_true(fabs(response_ns[2] - 103 * MS) < 1);
}

static void recorded_process_or_any(void **state)
{
	(void)state;
	const struct replay_unit units[] = {
		{.arrival_ns = 0, .turn_ns = 10 * MS, .process = 1, .pieces = 1},
		{.arrival_ns = 0, .turn_ns = 10 * MS, .process = 1, .pieces = 1},
		{.arrival_ns = 0, .turn_ns = 10 * MS, .process = 7, .pieces = 1}, /* 7 % 2 */
	};
	struct replay_servers servers = {.processes = 2, .slots = 1, .quantum_ns = INFINITY};
	double response_ns[3];
	replay_run(&servers, units, 3, response_ns);
	assert_true(response_ns[1] == 20 * MS && response_ns[2] == 30 * MS);
	servers.shared = true;
	replay_run(&servers, units, 3, response_ns);
	assert_true(response_ns[1] == 10 * MS && response_ns[2] == 20 * MS);
}

static void times_of_nobody(void **state)
{
	(void)state;
	double response_ns[4];
	replay_run(&one_worker, NULL, 0, response_ns);
	const struct replay_unit units[] = {
		{.arrival_ns = -9e18, .turn_ns = -5, .wait_ns = -1e18, .pieces = 0},
		{.arrival_ns = 0, .turn_ns = NAN, .wait_ns = INFINITY, .pieces = UINT32_MAX},
		{.arrival_ns = 0, .turn_ns = 9e18, .process = UINT32_MAX, .pieces = 1},
		{.arrival_ns = 0, .turn_ns = 9e18, .pieces = 3},
	};
	/* as many turns as 9e18 ns have quanta would be years */
	const struct replay_servers servers = {.processes = UINT32_MAX, .quantum_ns = 1};
	replay_run(&servers, units, 4, response_ns);
	for (int i = 0; i < 4; i++)
		assert_true(isfinite(response_ns[i]) && response_ns[i] >= 0);
	replay_run(&(struct replay_servers){0}, units, 4, response_ns);
	for (int i = 0; i < 4; i++)
		assert_true(isfinite(response_ns[i]) && response_ns[i] >= 0);
}

/* The first and the last find nothing to do, the second queues, the third comes while it is served.
 */
static void who_finds_a_server_idle_takes_longer(void **state)
{
	(void)state;
	struct replay_servers servers = one_worker;
	double response_ns[4];
	const struct replay_unit units[] = {
		{.arrival_ns = 0, .turn_ns = 2 * MS, .pieces = 1},
		{.arrival_ns = 1 * MS, .turn_ns = 2 * MS, .pieces = 1},
		{.arrival_ns = 4 * MS, .turn_ns = 2 * MS, .pieces = 1},
		{.arrival_ns = 20 * MS, .turn_ns = 2 * MS, .wait_ns = 3 * MS, .pieces = 2},
	};
	const double expected_ms[] = {2.5, 3.5, 2.5, 5.5};
	servers.cold_ns = 0.5 * MS;
	replay_run(&servers, units, 4, response_ns);
	for (int i = 0; i < 4; i++)
		assert_true(fabs(response_ns[i] / MS - expected_ms[i]) < 1e-9);
}

/* An overloaded queue of a million units: as much work as any other. */
static void past_capacity(void **state)
{
	(void)state;
	const size_t count = 1000000;
	assert_true(replayed_mean_ms(&one_worker, poisson(count, 2, true), count) > 200000);
}

static void interval_of_a_quantile(void **state)
{
	(void)state;
	double values[FEW];
	for (int i = 0; i < FEW; i++)
		values[i] = i % 100 + 1;
	const struct stats_interval even = replay_quantile(values, FEW, 0.99);
	assert_true(even.mid == 99 && even.low >= 90 && even.high <= 100);
	/* what all units of one stretch share is no more than one piece of evidence */
	for (int i = 0; i < FEW; i++)
		values[i] = i >= FEW / 2 && i < FEW / 2 + 10 ? 1000 : 1;
	const struct stats_interval burst = replay_quantile(values, FEW, 0.99);
	assert_true(burst.low == 1 && burst.high == 1000);
	assert_true(isnan(replay_quantile(values, 0, 0.5).mid));
	const struct stats_interval few = replay_quantile(values, 5, 0.5);
	assert_true(few.mid == 1 && isnan(few.low) && isnan(few.high));
}

/* 90 of 100 intervals hold the true quantile of a queue; units taken singly would be far too sure.
 */
static void interval_of_a_queue(void **state)
{
	(void)state;
	enum { TRIALS = 100, UNITS = 5000 };
	struct replay_unit *units = poisson(MANY + TRIALS * UNITS, 0.7, true);
	double *response_ns = mem_alloc((MANY + TRIALS * UNITS) * sizeof *response_ns);
	replay_run(&one_worker, units, MANY + TRIALS * UNITS, response_ns);
	const double truth = replay_quantile(response_ns, MANY + TRIALS * UNITS, 0.9).mid;
	int held = 0;
	for (int t = 0; t < TRIALS; t++) {
		const struct stats_interval found =
			replay_quantile(response_ns + t * UNITS, UNITS, 0.9);
		held += found.low <= truth && truth <= found.high;
	}
	assert_in_range(held, 80, 97);
	free(response_ns);
	free(units);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_m_m_1),
		cmocka_unit_test(as_m_d_1),
		cmocka_unit_test(as_m_m_k),
		cmocka_unit_test(waits_pass_by_themselves),
		cmocka_unit_test(as_lindley),
		cmocka_unit_test(turns_of_a_gil_and_of_a_loop),
		cmocka_unit_test(recorded_process_or_any),
		cmocka_unit_test(times_of_nobody),
		cmocka_unit_test(who_finds_a_server_idle_takes_longer),
		cmocka_unit_test(past_capacity),
		cmocka_unit_test(interval_of_a_quantile),
		cmocka_unit_test(interval_of_a_queue),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
