/* Is it a leak? What one line keeps, over the work that was done: a slope with its interval, and
 * whether it went on to the end. Pure.
 *
 * A series is what is live of a line in one process (of old generations only: what survived some
 * units of work) against the units that had ended there, or against seconds in a process without
 * any. The first fifth is warm-up and left out; the rest is cut into HEAP_WINDOWS windows of equal
 * work, of each the last point counts; below HEAP_WINDOWS_LEAST of them a process says nothing.
 *
 *     slope     the median of the slopes between any two points of a process, over all processes:
 *               Theil (1950) and Sen (1968), strata as Hirsch, Slack and Smith (1982) take
 *               seasons; its 95 % interval by the variance of Kendall's S (Gilbert 1987, §16.4)
 *     drift     the mean step between neighbouring points has a 95 % interval (Student) above 0. A
 *               step that was made once, teeth of a saw and a walk at random have none: their steps
 *               cancel, or are one. The interval that is given is the wider of the two: the first
 *               takes points for independent, which sums are not (alone it held the true slope in
 *               half of 200 synthetic leaks)
 *     halves    in the second half of the work it grew at STEADY_LEAST of the rate of the first:
 *               what fills up (a bounded cache) slows down
 *     quarter   in the last quarter it grew at QUARTER_LEAST of the mean rate
 *
 * Where that cannot be told, one step may be why: a table that is made anew, twice as large, among
 * what comes steadily. It is looked at once more with the greatest step as the middle one is, if it
 * is several times as large and no chance of sampling; what is left is what is told.
 *
 * What is sampled is known by counts, each sample being some bytes: that it slowed down is said
 * only if counts so low would come by chance once in 40 (Poisson: of the last quarter by Byar's
 * upper end, Breslow and Day 1987; of the halves by the normal one), that it goes on only if the
 * last quarter would have had QUARTER_SAMPLES at a constant rate, and the drift is known to
 * SURE_LEAST of itself. In between it cannot be told yet; `more_work` is about what would tell.
 */
#ifndef UNSLOW_MODEL_HEAP_GROWTH_H
#define UNSLOW_MODEL_HEAP_GROWTH_H

#include <stddef.h>

#include "base/stats.h"

#define HEAP_WINDOWS 16
#define HEAP_WINDOWS_LEAST 8

struct heap_point {
	double work;     /* units, or seconds; grows */
	double bytes;    /* live */
	double variance; /* of bytes, by sampling; 0: it was counted, or is not known */
};

struct heap_series {
	const struct heap_point *points; /* in order */
	size_t count;
};

enum heap_verdict {
	HEAP_TOO_FEW,  /* no process has enough points */
	HEAP_FLAT,     /* no growth that could not be chance */
	HEAP_SETTLES,  /* it grew, and slowed down or stopped: a cache that fills, a step */
	HEAP_MAY_GROW, /* it grew, but of too few samples to tell one from the other yet */
	HEAP_GROWS,    /* a leak, or a cache far larger than what was seen of it */
	HEAP_VERDICTS
};
extern const char *const heap_verdict_names[HEAP_VERDICTS]; /* as in JSON */

struct heap_growth {
	enum heap_verdict verdict;
	struct stats_interval slope; /* bytes a unit of work; NaN: HEAP_TOO_FEW */
	double work;                 /* units looked at, without the warm-up */
	double grown_bytes;          /* in them */
	double grown_samples;        /* likewise, at least; NaN: nothing is sampled */
	double more_work;            /* HEAP_MAY_GROW: so much more would about tell; else NaN */
	size_t windows;              /* points looked at */
};

/* `sample_bytes`: what a sample of this line stands for, the mean at least; 0: it was counted.
 * Where the variance of what grew after the warm-up is known, and samples stood for more before
 * that, it is what one stood for in what grew, `least_bytes` at least. */
void heap_growth_judge(const struct heap_series *series, size_t count, double sample_bytes,
		       double least_bytes, struct heap_growth *out);

#endif
