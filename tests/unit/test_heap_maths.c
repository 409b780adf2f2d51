/* The heap's sampling: distances are exponential, and what samples stand for is unbiased. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agent/heap_maths.h"
#include "base/random.h"

static void distances_are_exponential(void **state)
{
	struct random r;
	double sum = 0, beyond = 0;
	(void)state;

	random_begin(&r, 1);
	for (int i = 0; i < 1000000; i++) {
		uint64_t d = heap_distance(random_bits(&r), 1000);

		assert_true(d >= 1);
		sum += (double)d;
		beyond += d > 1000;
	}
	/* rounded up: half a byte more on the average */
	assert_true(fabs(sum / 1e6 - 1000.5) < 4);
	assert_true(fabs(beyond / 1e6 - exp(-1)) < 0.002);
}

static void the_ends_of_the_random_range(void **state)
{
	(void)state;
	assert_int_equal(heap_distance(UINT64_MAX, 1u << 20), 1); /* log 1 */
	uint64_t longest = heap_distance(0, 1u << 20);            /* log 2^-53 */
	assert_true(fabs((double)longest - 53 * log(2) * (1 << 20)) <= 1);
}

static void weights_are_what_the_formula_says(void **state)
{
	static const uint64_t sizes[] = {1, 16, 512, 4096, 131072, 1 << 20, 1 << 24};
	(void)state;

	for (uint32_t interval = 4096; interval <= 1 << 24; interval *= 4)
		for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
			double p = -expm1(-(double)sizes[i] / interval);
			struct heap_weight w = heap_weigh(sizes[i], interval);
			double blocks = fmin(1000 / p, (double)UINT32_MAX);

			assert_true(fabs((double)w.bytes - (double)sizes[i] / p) <=
				    0.6 + 1e-9 * (double)sizes[i] / p);
			assert_true(fabs((double)w.blocks_1k - blocks) <= 0.6 + 1e-9 * blocks);
		}
}

static void interval_one_is_exact(void **state)
{
	(void)state;
	struct heap_weight w = heap_weigh(48, 1);
	assert_int_equal(w.bytes, 48);
	assert_int_equal(w.blocks_1k, 1000);
	w = heap_weigh(0, 1);
	assert_int_equal(w.bytes, 0);
	assert_int_equal(w.blocks_1k, 1000);
}

/* As the hooks do it: what is left counts down, the block in which it ends is a sample. */
struct stream {
	struct random random, sizes;
	uint64_t left;
	uint32_t interval;
	double true_bytes, true_blocks, bytes, blocks;
};

static void allocate(struct stream *s, uint64_t size)
{
	s->true_bytes += (double)size;
	s->true_blocks += 1;
	if (s->left > size) {
		s->left -= size;
		return;
	}
	struct heap_weight w = heap_weigh(size, s->interval);
	s->bytes += (double)w.bytes;
	s->blocks += w.blocks_1k / 1000.;
	s->left = heap_distance(random_bits(&s->random), s->interval);
}

static void sums_are_unbiased(void **state)
{
	static const uint32_t intervals[] = {16 << 10, 64 << 10, 128 << 10, 512 << 10};
	(void)state;

	for (size_t i = 0; i < sizeof intervals / sizeof *intervals; i++) {
		double bytes = 0, blocks = 0;

		for (uint64_t seed = 1; seed <= 16; seed++) {
			struct stream s = {.interval = intervals[i]};

			random_begin(&s.random, seed * 7919);
			random_begin(&s.sizes, seed);
			s.left = heap_distance(random_bits(&s.random), s.interval);
			/* small blocks, and some that are larger than the interval */
			while (s.true_bytes < 12000. * intervals[i]) {
				uint64_t bits = random_bits(&s.sizes);

				allocate(&s, bits % 1000 == 0 ? 1 << 20 : 1024 + bits % 4096);
			}
			bytes += s.bytes / s.true_bytes / 16;
			blocks += s.blocks / s.true_blocks / 16;
		}
		assert_true(fabs(bytes - 1) < 0.01);
		assert_true(fabs(blocks - 1) < 0.02);
	}
}

/* 16 KiB samples thinned step by step to 1 MiB stand for as much as before. */
static void thinning_keeps_sums(void **state)
{
	double before = 0, after = 0;
	struct random r;
	(void)state;

	random_begin(&r, 3);
	for (int i = 0; i < 400000; i++) {
		uint64_t size = 64 + random_bits(&r) % 20000, bytes;
		bool stays = true;

		bytes = heap_weigh(size, 16 << 10).bytes;
		before += (double)bytes;
		for (uint32_t interval = 32 << 10; stays && interval <= 1 << 20; interval *= 2) {
			stays = heap_stays(size, bytes, interval, random_bits(&r));
			bytes = heap_weigh(size, interval).bytes;
		}
		after += stays ? (double)bytes : 0;
	}
	assert_true(fabs(after / before - 1) < 0.03);
}

static void exact_samples_thin_as_well(void **state)
{
	double after = 0;
	struct random r;
	(void)state;

	random_begin(&r, 4);
	for (int i = 0; i < 1000000; i++)
		if (heap_stays(1000, 1000, 16 << 10, random_bits(&r)))
			after += (double)heap_weigh(1000, 16 << 10).bytes;
	assert_true(fabs(after / 1e9 - 1) < 0.02);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distances_are_exponential),
		cmocka_unit_test(the_ends_of_the_random_range),
		cmocka_unit_test(weights_are_what_the_formula_says),
		cmocka_unit_test(interval_one_is_exact),
		cmocka_unit_test(sums_are_unbiased),
		cmocka_unit_test(thinning_keeps_sums),
		cmocka_unit_test(exact_samples_thin_as_well),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
