/* `unslow time` without a Python: the order of blocks, their size, what is made of what they took.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "timing/analyse.h"
#include "timing/order.h"
#include "timing/ranging.h"

static void test_a_round_is_a_permutation_and_the_next_its_mirror(void **state)
{
	(void)state;
	bool differs = false;
	for (size_t round = 0; round < 40; round += 2) {
		size_t there[5], back[5], first[5], seen = 0;
		timing_order(0, 7, 5, first);
		timing_order(round, 7, 5, there);
		timing_order(round + 1, 7, 5, back);
		for (size_t i = 0; i < 5; i++) {
			seen |= (size_t)1 << there[i];
			assert_int_equal(there[i], back[4 - i]);
		}
		assert_int_equal(seen, 31);
		differs |= memcmp(first, there, sizeof first) != 0;
	}
	assert_true(differs);
}

static void test_a_block_lasts_as_its_setup_but_no_hundredth_of_all(void **state)
{
	(void)state;
	assert_int_equal(ranging_block_ns(0, 5 * NS_PER_S), RANGING_BLOCK_NS);
	assert_int_equal(ranging_block_ns(20 * NS_PER_MS, 5 * NS_PER_S), 20 * NS_PER_MS);
	assert_int_equal(ranging_block_ns(NS_PER_S, 5 * NS_PER_S), 50 * NS_PER_MS);
	assert_int_equal(ranging_block_ns(NS_PER_S, 100 * NS_PER_MS), RANGING_BLOCK_NS);
}

/* How many questions a run of `run_ns` takes, and how long the block then is. */
static size_t questions(uint64_t run_ns, uint64_t target_ns, uint64_t *block_ns)
{
	uint64_t loops = 1;
	size_t asked = 1;
	while (!ranging_is_enough(&loops, loops * run_ns, target_ns))
		asked++;
	*block_ns = loops * run_ns;
	return asked;
}

static void test_ranging_is_quick_and_hits(void **state)
{
	(void)state;
	static const uint64_t runs[] = {1, 3, 20, 999, 40000, 4 * NS_PER_MS, 7 * NS_PER_S};
	for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
		uint64_t block_ns;
		assert_true(questions(runs[i], 5 * NS_PER_MS, &block_ns) <= 8);
		assert_true(block_ns >= 5 * NS_PER_MS);
		assert_true(block_ns <= 10 * NS_PER_MS || runs[i] > 5 * NS_PER_MS);
	}
	/* what takes no time at all comes to an end, too */
	uint64_t loops = 1;
	for (size_t i = 0; i < 20 && !ranging_is_enough(&loops, 0, NS_PER_MS); i++)
		;
	assert_true(ranging_is_enough(&loops, 0, NS_PER_MS));
}

static void test_blocks_are_equally_long(void **state)
{
	(void)state;
	assert_int_equal(ranging_loops(10, 5 * NS_PER_MS), 500000);
	assert_int_equal(ranging_loops(4e6, 5 * NS_PER_MS), 1);
	assert_int_equal(ranging_loops(3e6, 5 * NS_PER_MS), 2);
	assert_int_equal(ranging_loops(9e9, 5 * NS_PER_MS), 1);
	assert_true(ranging_loops(0, 5 * NS_PER_MS) <= 1000000000);
}

static void test_processes_fit_into_the_time(void **state)
{
	(void)state;
	assert_int_equal(ranging_processes(5 * NS_PER_S, 50 * NS_PER_MS, 15 * NS_PER_MS, 12), 12);
	assert_int_equal(ranging_processes(5 * NS_PER_S, NS_PER_S, 100 * NS_PER_MS, 12), 3);
	assert_int_equal(ranging_processes(5 * NS_PER_S, 0, 60 * NS_PER_S, 12), 1);
	assert_int_equal(ranging_processes(NS_PER_S, 0, 0, 12), 12);
}

enum { A, B, AGAIN, EMPTY, SLOTS };
#define ROUNDS 8

/* Two snippets; A takes 100 ns and varies by `process_noise` from process to process, in which B is
 * with it, and by `noise` from block to block. */
static void make(struct timing_data *data, size_t processes, double ratio, double process_noise,
		 double noise)
{
	*data = (struct timing_data){.snippets = 2, .slots = SLOTS, .process_count = processes};
	struct random random;
	random_begin(&random, 1);
	for (size_t p = 0; p < processes; p++) {
		const double a = 100 * (1 + process_noise * ((double)(p * 7 % 11) / 5 - 1));
		struct timing_process *process = &data->processes[p];
		process->rounds = ROUNDS;
		process->blocks = calloc(ROUNDS * SLOTS, sizeof *process->blocks);
		for (size_t i = 0; i < ROUNDS * SLOTS; i++) {
			const double run = i % SLOTS == EMPTY ? 0 : i % SLOTS == B ? a * ratio : a;
			const double by = 1 + noise * (2 * random_uniform(&random) - 1);
			process->blocks[i] =
				(struct timing_block){.value = {4 + run * by, 4 + run, NAN}};
		}
	}
}

static void clear(struct timing_data *data)
{
	for (size_t p = 0; p < data->process_count; p++)
		free(data->processes[p].blocks);
}

static void test_verdicts(void **state)
{
	(void)state;
	static const struct {
		size_t processes;
		double ratio, process_noise, noise;
		enum timing_verdict verdict;
	} rows[] = {
		{12, 1.05, 0.1, 0.01, TIMING_SLOWER},
		{12, 0.95, 0.1, 0.01, TIMING_FASTER},
		{12, 1.00, 0.1, 0.01, TIMING_SAME},
		{12, 1.00, 0.1, 0.20, TIMING_CANNOT_TELL},
		{12, 1.01, 0.1, 0.60, TIMING_CANNOT_TELL},
		{12, 3.00, 0.1, 0.20, TIMING_SLOWER},
		{7, 1.05, 0.1, 0.001, TIMING_SLOWER},
		{6, 1.05, 0.1, 0.001, TIMING_SLOWER},
		{1, 1.50, 0, 0.01, TIMING_SLOWER},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct timing_data data;
		struct timing_result r;
		make(&data, rows[i].processes, rows[i].ratio, rows[i].process_noise, rows[i].noise);
		timing_analyse(&data, &r);
		assert_int_equal(r.rows[B].against[TIMING_WALL].verdict, rows[i].verdict);
		assert_int_equal(r.basis,
				 rows[i].processes < 7 ? TIMING_BY_ROUND : TIMING_BY_PROCESS);
		assert_true(isnan(r.rows[A].against[TIMING_WALL].change.mid));
		clear(&data);
	}
}

/* How many of `times` comparisons call B other than A, where a block in ten takes up to three times
 * as long, and each process is off by up to `layout` for B alone. */
static size_t called(size_t times, double ratio, double layout)
{
	struct random random;
	size_t count = 0;
	random_begin(&random, 2);
	for (size_t t = 0; t < times; t++) {
		struct timing_data data;
		struct timing_result r;
		make(&data, 12, 1, 0, 0);
		for (size_t p = 0; p < 12; p++) {
			double place[SLOTS];
			for (size_t slot = 0; slot < SLOTS; slot++)
				place[slot] = 1 + layout * (2 * random_uniform(&random) - 1);
			for (size_t i = 0; i < ROUNDS * SLOTS; i++) {
				const double slow = random_uniform(&random) < 0.1
							    ? 1 + 2 * random_uniform(&random)
							    : 1 + 0.01 * random_uniform(&random);
				double *wall = &data.processes[p].blocks[i].value[TIMING_WALL];
				*wall = i % SLOTS == EMPTY ? *wall
							   : *wall * slow * place[i % SLOTS] *
								     (i % SLOTS == B ? ratio : 1);
			}
		}
		timing_analyse(&data, &r);
		const enum timing_verdict verdict = r.rows[B].against[TIMING_WALL].verdict;
		count += verdict == TIMING_SLOWER || verdict == TIMING_FASTER;
		clear(&data);
	}
	return count;
}

static void test_how_often_a_difference_is_called(void **state)
{
	(void)state;
	assert_true(called(100, 1, 0) <= 2);
	assert_true(called(100, 1, 0.03) <= 2);
	assert_true(called(30, 1.03, 0.01) >= 26);
	assert_true(called(30, 1.05, 0.03) >= 26);
}

static void test_the_empty_loop_is_taken_off(void **state)
{
	(void)state;
	struct timing_data data;
	struct timing_result r;
	make(&data, 7, 2, 0, 0);
	timing_analyse(&data, &r);
	assert_float_equal(r.empty[TIMING_WALL].mid, 4, 1e-9);
	assert_float_equal(r.rows[A].value[TIMING_WALL].mid, 100, 1e-9);
	assert_float_equal(r.rows[B].value[TIMING_CPU].mid, 200, 1e-9);
	assert_float_equal(r.rows[A].least_ns, 100, 1e-9);
	assert_float_equal(r.rows[B].against[TIMING_WALL].change.mid, 1, 1e-9);
	assert_float_equal(r.rows[A].by_process[6], 100, 1e-9);
	assert_int_equal(r.rounds, 7 * ROUNDS);
	assert_false(r.rows[A].is_nothing);
	clear(&data);
}

/* What drifts over the rounds of all processes is in both sides of each pair. */
static void test_pairs_cancel_what_drifts(void **state)
{
	(void)state;
	struct timing_data data;
	struct timing_result r;
	make(&data, 8, 1.02, 0, 0.001);
	for (size_t p = 0; p < 8; p++)
		for (size_t i = 0; i < ROUNDS * SLOTS; i++)
			if (i % SLOTS != EMPTY)
				data.processes[p].blocks[i].value[TIMING_WALL] *=
					1 + 0.2 * ((double)(p * ROUNDS) + floor((double)i / SLOTS));
	timing_analyse(&data, &r);
	assert_int_equal(r.rows[B].against[TIMING_WALL].verdict, TIMING_SLOWER);
	assert_true(r.rows[B].against[TIMING_WALL].change.high < 0.03);
	clear(&data);
}

/* Blocks that were interrupted are left out; where they are many, CPU time decides, unless a
 * snippet waits. */
static void test_others_take_the_cpu(void **state)
{
	(void)state;
	struct timing_data data;
	struct timing_result r;
	make(&data, 8, 1.05, 0, 0.001);
	for (size_t p = 0; p < 8; p++)
		for (size_t i = 0; i < ROUNDS * SLOTS; i++)
			if (i % SLOTS == A && i / SLOTS < 5) {
				data.processes[p].blocks[i].interrupted = true;
				data.processes[p].blocks[i].value[TIMING_WALL] *= 3;
			}
	timing_analyse(&data, &r);
	assert_int_equal(r.blocks, 8 * ROUNDS * 2);
	assert_int_equal(r.interrupted, 8 * 5);
	assert_int_equal(r.decides, TIMING_CPU);
	assert_int_equal(r.rows[B].against[TIMING_WALL].verdict, TIMING_SLOWER);
	assert_true(r.rows[A].value[TIMING_WALL].high < 102);
	for (size_t p = 0; p < 8; p++)
		for (size_t i = 0; i < ROUNDS * SLOTS; i++)
			data.processes[p].blocks[i].waited = i % SLOTS == B;
	timing_analyse(&data, &r);
	assert_int_equal(r.decides, TIMING_WALL);
	clear(&data);
}

static void test_what_is_not_known_has_no_verdict(void **state)
{
	(void)state;
	struct timing_data data;
	struct timing_result r;
	make(&data, 6, 1, 0, 0);
	for (size_t p = 0; p < 6; p++)
		for (size_t round = 0; round < ROUNDS; round++)
			data.processes[p].blocks[round * SLOTS + A].value[TIMING_WALL] = 3.9;
	timing_analyse(&data, &r);
	assert_true(r.rows[A].is_nothing);
	assert_true(isnan(r.rows[B].against[TIMING_WALL].change.mid));
	assert_int_equal(r.rows[B].against[TIMING_WALL].verdict, TIMING_CANNOT_TELL);
	assert_true(isnan(r.rows[A].value[TIMING_INSTRUCTIONS].mid));
	assert_int_equal(r.rows[B].against[TIMING_INSTRUCTIONS].verdict, TIMING_CANNOT_TELL);
	clear(&data);
	/* three rounds of one process */
	make(&data, 1, 2, 0, 0);
	data.processes[0].rounds = 3;
	timing_analyse(&data, &r);
	assert_true(isnan(r.rows[B].against[TIMING_WALL].change.low));
	assert_int_equal(r.rows[B].against[TIMING_WALL].verdict, TIMING_CANNOT_TELL);
	clear(&data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_round_is_a_permutation_and_the_next_its_mirror),
		cmocka_unit_test(test_a_block_lasts_as_its_setup_but_no_hundredth_of_all),
		cmocka_unit_test(test_ranging_is_quick_and_hits),
		cmocka_unit_test(test_blocks_are_equally_long),
		cmocka_unit_test(test_processes_fit_into_the_time),
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_how_often_a_difference_is_called),
		cmocka_unit_test(test_the_empty_loop_is_taken_off),
		cmocka_unit_test(test_pairs_cancel_what_drifts),
		cmocka_unit_test(test_others_take_the_cpu),
		cmocka_unit_test(test_what_is_not_known_has_no_verdict),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
