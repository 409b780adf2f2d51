#include "load/histogram.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum {
	SUB_BUCKETS = HISTOGRAM_SUB_BUCKETS,
	HALF_LOG2 = 10,
	HALF = SUB_BUCKETS / 2, /* new in each doubling: the lower half is the doubling before */
	COUNTERS = (HISTOGRAM_BUCKETS + 1) * HALF,
};

struct histogram {
	uint64_t count;
	uint64_t clipped;
	uint64_t min_ns; /* UINT64_MAX before the first */
	uint64_t max_ns;
	uint64_t counts[COUNTERS];
};

static size_t index_of(uint64_t value_ns)
{
	const unsigned top = 63U - (unsigned)__builtin_clzll(value_ns | (SUB_BUCKETS - 1));
	const unsigned doubling = top - HALF_LOG2;
	return ((size_t)doubling << HALF_LOG2) + (size_t)(value_ns >> doubling);
}

static struct histogram_bucket bucket_of(const struct histogram *h, size_t index)
{
	const unsigned doubling = index < SUB_BUCKETS ? 0 : (unsigned)(index >> HALF_LOG2) - 1;
	const uint64_t low_ns = (uint64_t)(index - ((size_t)doubling << HALF_LOG2)) << doubling;
	return (struct histogram_bucket){
		.low_ns = low_ns,
		.high_ns = low_ns + (UINT64_C(1) << doubling) - 1,
		.count = h->counts[index],
	};
}

static double middle_of(const struct histogram_bucket *bucket)
{
	const uint64_t half_ns = (bucket->high_ns - bucket->low_ns + 1) / 2;
	return (double)(bucket->low_ns + half_ns);
}

struct histogram *histogram_new(void)
{
	struct histogram *h = mem_alloc(sizeof *h);
	h->min_ns = UINT64_MAX;
	return h;
}

void histogram_free(struct histogram *h)
{
	free(h);
}

void histogram_reset(struct histogram *h)
{
	memset(h, 0, sizeof *h);
	h->min_ns = UINT64_MAX;
}

void histogram_record_many(struct histogram *h, uint64_t value_ns, uint64_t count)
{
	if (count == 0)
		return;
	if (value_ns > HISTOGRAM_MAX_NS) {
		value_ns = HISTOGRAM_MAX_NS;
		h->clipped += count;
	}
	h->counts[index_of(value_ns)] += count;
	h->count += count;
	if (value_ns < h->min_ns)
		h->min_ns = value_ns;
	if (value_ns > h->max_ns)
		h->max_ns = value_ns;
}

void histogram_record(struct histogram *h, uint64_t value_ns)
{
	histogram_record_many(h, value_ns, 1);
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
	for (size_t i = 0; i < COUNTERS; i++)
		into->counts[i] += from->counts[i];
	into->count += from->count;
	into->clipped += from->clipped;
	if (from->min_ns < into->min_ns)
		into->min_ns = from->min_ns;
	if (from->max_ns > into->max_ns)
		into->max_ns = from->max_ns;
}

/* The first number is 1. A quantile such as 0.9 is not exact in binary: of 10 values it means the
 * 9th, so it is taken a hair lower before it is rounded up (HdrHistogram's Java does the same). */
static uint64_t rank_of(const struct histogram *h, double quantile)
{
	const double share = nextafter(quantile, 0);
	const double rank = ceil(share * (double)h->count);
	if (!(rank >= 1)) /* also what is no number */
		return 1;
	return rank < (double)h->count ? (uint64_t)rank : h->count;
}

uint64_t histogram_at(const struct histogram *h, double quantile)
{
	const uint64_t rank = rank_of(h, quantile);
	struct histogram_bucket bucket;
	size_t cursor = 0;
	for (uint64_t below = 0; histogram_next(h, &cursor, &bucket);) {
		below += bucket.count;
		if (below >= rank)
			return bucket.high_ns < h->max_ns ? bucket.high_ns : h->max_ns;
	}
	return h->max_ns;
}

uint64_t histogram_count(const struct histogram *h)
{
	return h->count;
}

uint64_t histogram_clipped(const struct histogram *h)
{
	return h->clipped;
}

uint64_t histogram_min(const struct histogram *h)
{
	return h->count ? h->min_ns : 0;
}

uint64_t histogram_max(const struct histogram *h)
{
	return h->max_ns;
}

double histogram_mean(const struct histogram *h)
{
	double sum = 0;
	struct histogram_bucket bucket;
	for (size_t cursor = 0; histogram_next(h, &cursor, &bucket);)
		sum += middle_of(&bucket) * (double)bucket.count;
	return h->count ? sum / (double)h->count : 0;
}

double histogram_deviation(const struct histogram *h)
{
	const double mean = histogram_mean(h);
	double squares = 0;
	struct histogram_bucket bucket;
	for (size_t cursor = 0; histogram_next(h, &cursor, &bucket);) {
		const double distance = middle_of(&bucket) - mean;
		squares += distance * distance * (double)bucket.count;
	}
	return h->count ? sqrt(squares / (double)h->count) : 0;
}

bool histogram_next(const struct histogram *h, size_t *cursor, struct histogram_bucket *bucket)
{
	size_t i = *cursor;
	while (i < COUNTERS && h->counts[i] == 0)
		i++;
	if (i == COUNTERS) {
		*cursor = i;
		return false;
	}
	*bucket = bucket_of(h, i);
	*cursor = i + 1;
	return true;
}
