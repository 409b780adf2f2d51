/* How long single calls of chosen functions took, in a program that was not edited: `unslow time
 * MODULE:FUNCTION -- CMD`.
 *
 * Counts and sums are those of calls.h, corrected by what counting cost. The distribution comes
 * from the recording's histograms (sixteen buckets to a doubling, so a percentile is right to 3 %),
 * which hold each call from its begin to its end, suspended time included. What is inside a call
 * is not counted but sampled: own time of the functions below it on the stacks that were taken.
 *
 * Ownership: all memory is the arena's. Times are nanoseconds; what is not known is NaN.
 */
#ifndef UNSLOW_MODEL_CALL_TIMES_H
#define UNSLOW_MODEL_CALL_TIMES_H

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/calls.h"

#define CALL_TIMES_INSIDE 5 /* functions that are named as inside of one */

struct call_durations {
	double p50, p90, p99;
};

/* A function below a chosen one, or itself. */
struct call_inside {
	const char *name, *file;
	int line;
	double share; /* of the samples' time in the chosen one */
};

struct call_times_function {
	const struct calls_function *function;
	uint64_t timed;     /* calls in the distribution: those that ended */
	double least, most; /* wall, of a call */
	struct call_durations wall, cpu;
	uint32_t threads, processes;
	uint64_t looks;                               /* samples in which it was on the stack */
	struct call_inside inside[CALL_TIMES_INSIDE]; /* largest first */
	size_t inside_count;
};

struct call_times {
	const struct calls_profile *calls;     /* all that was counted */
	struct call_times_function *functions; /* most time first */
	size_t count;
	const char *engine; /* "monitoring", "eval", …; "none": nothing was counted */
	const char *reason; /* why not, or why a part of it was not; NULL */
};

MUST_CHECK enum err_kind call_times_read(sqlite3 *db, struct arena *arena, struct call_times *out,
					 struct err *e);
/* Of a call that is not inside another of the same function; suspended time included. */
double call_times_mean_wall(const struct call_times_function *f);
/* The duration that `share` of the calls are below: rows (least duration of a bucket, calls) in
 * ascending order. NaN without calls. */
double call_times_quantile(const uint64_t *at, const uint64_t *calls, size_t count, double share);

#endif
