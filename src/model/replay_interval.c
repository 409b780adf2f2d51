#include "model/replay_interval.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"

enum { RESAMPLES = 400, BLOCKS_MAX = 50, BLOCK_LEAST = 10, SEED = 0x756e73 };

struct ranked {
	double value;
	uint32_t block;
};

static int larger_last(const void *a, const void *b)
{
	const double x = ((const struct ranked *)a)->value, y = ((const struct ranked *)b)->value;
	return (x > y) - (x < y);
}

/* Value at rank q of a resample in which block b, of size[b] values, is drawn[b] times (nearest
 * rank). */
static double quantile_of_draws(const struct ranked *sorted, size_t count, const uint64_t *size,
				const uint32_t *drawn, double q)
{
	uint64_t total = 0, seen = 0;
	for (size_t b = 0; b < BLOCKS_MAX; b++)
		total += drawn[b] * size[b];
	const double beyond = (1 - q) * (double)total; /* from the top: the tail is short */
	for (size_t i = count; i-- > 0;) {
		seen += drawn[sorted[i].block];
		if ((double)seen > beyond)
			return sorted[i].value;
	}
	return sorted[0].value;
}

struct stats_interval replay_quantile(const double *values, size_t count, double q)
{
	struct stats_interval result = {NAN, NAN, NAN};
	if (!count)
		return result;
	size_t blocks = count / BLOCK_LEAST;
	blocks = blocks > BLOCKS_MAX ? BLOCKS_MAX : blocks;
	struct ranked *sorted = mem_alloc(count * sizeof *sorted);
	uint64_t size[BLOCKS_MAX] = {0};
	uint32_t drawn[BLOCKS_MAX];
	for (size_t i = 0; i < count; i++) {
		const uint32_t block = (uint32_t)(i * blocks / count); /* 0 where there are none */
		sorted[i] = (struct ranked){values[i], block};
		size[block]++;
	}
	qsort(sorted, count, sizeof *sorted, larger_last);
	for (size_t b = 0; b < BLOCKS_MAX; b++)
		drawn[b] = 1;
	result.mid = quantile_of_draws(sorted, count, size, drawn, q);
	if (blocks >= 2) {
		double found[RESAMPLES];
		uint64_t state = SEED;
		for (int r = 0; r < RESAMPLES; r++) {
			for (size_t b = 0; b < BLOCKS_MAX; b++)
				drawn[b] = 0;
			for (size_t b = 0; b < blocks; b++)
				drawn[stats_random(&state) % blocks]++;
			found[r] = quantile_of_draws(sorted, count, size, drawn, q);
		}
		stats_sort(found, RESAMPLES);
		result.low = fmin(result.mid, stats_quantile(found, RESAMPLES, 0.05));
		result.high = fmax(result.mid, stats_quantile(found, RESAMPLES, 0.95));
	}
	free(sorted);
	return result;
}
