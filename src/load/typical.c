#include "load/typical.h"

#include <math.h>

#include "base/hash.h"
#include "base/vec.h"
#include "load/histogram.h"
#include "load/run.h"

/* Of more arrivals fewer seeds: chance evens out in them. */
enum { SEEDS_MOST = 64, SEEDS_LEAST = 4, ARRIVALS_MOST = 500000 };

/* All threads' arrivals in the order of time. */
struct merged {
	struct arrivals schedules[LOAD_THREADS_MAX];
	uint64_t next_ns[LOAD_THREADS_MAX];
	uint32_t threads;
};

static void advance(struct merged *m, uint32_t thread)
{
	if (!arrivals_next(&m->schedules[thread], &m->next_ns[thread]))
		m->next_ns[thread] = UINT64_MAX;
}

static void begin(struct merged *m, const struct arrivals_spec *spec, uint32_t threads,
		  uint64_t seed)
{
	struct arrivals_spec seeded = *spec;
	seeded.seed = seed;
	m->threads = threads;
	for (uint32_t i = 0; i < threads; i++) {
		arrivals_begin(&m->schedules[i], &seeded, i, threads);
		advance(m, i);
	}
}

/* UINT64_MAX: there is none. */
static uint64_t next(struct merged *m)
{
	uint32_t first = 0;
	for (uint32_t i = 1; i < m->threads; i++)
		if (m->next_ns[i] < m->next_ns[first])
			first = i;
	const uint64_t at_ns = m->next_ns[first];
	advance(m, first);
	return at_ns;
}

struct waits {
	VEC(uint64_t) ns;            /* of all seeds, one behind the other */
	size_t ends[SEEDS_MOST + 1]; /* one's waits end where the next one's begin */
};

/* The waits behind the warm-up, at the end of `waits`. */
static void queue_up(struct waits *waits, const struct arrivals_spec *spec, uint32_t threads,
		     double capacity, uint64_t seed)
{
	struct merged arrivals = {0};
	const double service_ns = 1e9 / capacity;
	double free_ns = 0;
	begin(&arrivals, spec, threads, seed);
	for (uint64_t at = next(&arrivals); at != UINT64_MAX; at = next(&arrivals)) {
		const double begin_ns = fmax((double)at, free_ns);
		free_ns = begin_ns + service_ns;
		if (at >= spec->warm_up_ns)
			*vec_push(&waits->ns) = (uint64_t)(begin_ns - (double)at);
	}
}

static uint64_t wait_at(const struct waits *waits, double quantile)
{
	struct histogram *all = histogram_new();
	for (size_t i = 0; i < waits->ns.count; i++)
		histogram_record(all, waits->ns.items[i]);
	const uint64_t ns = histogram_at(all, quantile);
	histogram_free(all);
	return ns;
}

struct luck {
	double longer; /* waits longer than the limit */
	double count;  /* arrivals */
};

static struct luck luck_of(const struct waits *waits, size_t begin, size_t end, uint64_t limit_ns)
{
	struct luck luck = {.count = (double)(end - begin)};
	for (size_t i = begin; i < end; i++)
		luck.longer += waits->ns.items[i] > limit_ns;
	return luck;
}

/* A hundredth more arrivals than is usual is as bad as a twentieth more long waits. */
#define COUNT_WEIGHT 5.0

static double far_from(const struct luck *one, const struct luck *mean)
{
	const double longer = mean->longer > 0 ? one->longer / mean->longer - 1 : 0;
	const double count = mean->count > 0 ? one->count / mean->count - 1 : 0;
	return fabs(longer) + COUNT_WEIGHT * fabs(count);
}

uint64_t typical_seed(const struct arrivals_spec *spec, uint32_t threads, double capacity,
		      double quantile, uint64_t seed)
{
	const uint64_t expected = arrivals_expected(spec) + 1;
	const uint64_t affordable = ARRIVALS_MOST / expected;
	const uint64_t seeds = affordable > SEEDS_MOST    ? SEEDS_MOST
			       : affordable < SEEDS_LEAST ? SEEDS_LEAST
							  : affordable;
	struct waits waits = {0};
	for (uint64_t i = 0; i < seeds; i++) {
		queue_up(&waits, spec, threads, capacity, hash_mix64(seed + i));
		waits.ends[i + 1] = waits.ns.count;
	}
	const uint64_t limit_ns = wait_at(&waits, quantile);
	struct luck mean = luck_of(&waits, 0, waits.ns.count, limit_ns);
	mean.longer /= (double)seeds;
	mean.count /= (double)seeds;
	double least = INFINITY;
	uint64_t nearest = 0;
	for (uint64_t i = 0; i < seeds; i++) {
		const struct luck luck =
			luck_of(&waits, waits.ends[i], waits.ends[i + 1], limit_ns);
		if (far_from(&luck, &mean) < least) {
			least = far_from(&luck, &mean);
			nearest = i;
		}
	}
	vec_free(&waits.ns);
	return hash_mix64(seed + nearest);
}
