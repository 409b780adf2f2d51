/* Runs of A and B, folded to the blocks that compare.h looks at.
 *
 * A run is one load result, one recording (or a route of it) or one command. Several a side: each
 * is a block, the i-th of A beside the i-th of B. One a side: stretches of the run take the place
 * of blocks (batch means, Schmeiser 1982), its interval is laid around the runs' own ratio and is
 * never narrower than what the number of requests leaves open (a Poisson bootstrap of the
 * histogram). That says nothing of noise between runs, so one is assumed (compare.h).
 *
 * Ownership: what a run points to is its maker's, mostly an arena's.
 */
#ifndef UNSLOW_MODEL_RUNS_H
#define UNSLOW_MODEL_RUNS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/comparison.h"

#define RUN_PARTS_MOST 20    /* stretches of one run; more would be too short to be independent */
#define RUN_PART_REQUESTS 10 /* fewer requests are no stretch */

/* Response times as a histogram: upwards by value. */
struct run_count {
	double value_ms;
	double count;
};

struct run_part {
	double value[RUN_METRICS]; /* NaN: not measured */
};

struct run {
	struct run_part whole;
	struct run_part *parts; /* in order of time; may be none */
	size_t part_count;
	struct run_count *counts; /* may be none */
	size_t count_count;
	uint64_t requests;
	double offered_per_s; /* by plan; 0: not known, or as the answers came */
	bool invalid;         /* by its own verdict */
};

/* All metrics NaN. */
void run_part_clear(struct run_part *part);
/* p50, p90, p99 and mean of a histogram, into *part. Nearest rank. */
void run_part_of_counts(struct run_part *part, const struct run_count *counts, size_t count);
/* Neighbouring parts put together until `wanted` are left: means of what is known of them. Returns
 * how many are left. */
size_t run_fold_parts(struct run_part *parts, size_t count, size_t wanted);

/* Fills basis, pairs, blocks, metrics and what the sides count; `interleaved` if the runs were made
 * in turns. Adds warnings. Sides' names are the caller's. Both sides hold a run at least. */
void runs_compare(struct run *const runs[2], const size_t counts[2], bool interleaved,
		  struct arena *arena, struct comparison *out);

/* The same for one run a side, without more than its rows: for a route. `pairs`: parts a side, 0
 * where there are too few. Returns how many rows were written. */
size_t runs_compare_parts(const struct run *a, const struct run *b, size_t pairs,
			  struct comparison_metric rows[RUN_METRICS]);

__attribute__((format(printf, 3, 4))) void
comparison_warn(struct comparison *c, struct arena *arena, const char *format, ...);

#endif
