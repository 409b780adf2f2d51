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
 * The last two need samples, and little noise: what would have come in the last quarter at a
 * constant rate must be QUARTER_SAMPLES at least, and the drift be known to SURE_LEAST of itself,
 * or a cache that has filled cannot be told from chance.
 */
#ifndef UNSLOW_MODEL_HEAP_GROWTH_H
#define UNSLOW_MODEL_HEAP_GROWTH_H

#include <stddef.h>

#include "base/stats.h"

#define HEAP_WINDOWS 16
#define HEAP_WINDOWS_LEAST 8

struct heap_point {
	double work;  /* units, or seconds; grows */
	double bytes; /* live */
};

struct heap_series {
	const struct heap_point *points; /* in order */
	size_t count;
};

enum heap_verdict {
	HEAP_TOO_FEW,  /* no process has enough points */
	HEAP_FLAT,     /* no growth that could not be chance */
	HEAP_SETTLES,  /* it grew, and slowed down or stopped: a cache that fills, a step */
	HEAP_MAY_GROW, /* it grew steadily, but of too few samples to know that it goes on */
	HEAP_GROWS,    /* a leak, or a cache far larger than what was seen of it */
	HEAP_VERDICTS
};
extern const char *const heap_verdict_names[HEAP_VERDICTS]; /* as in JSON */

struct heap_growth {
	enum heap_verdict verdict;
	struct stats_interval slope; /* bytes a unit of work; NaN: HEAP_TOO_FEW */
	double work;                 /* units looked at, without the warm-up */
	double grown_bytes;          /* in them */
	size_t windows;              /* points looked at */
};

/* `sample_bytes`: what a sample of this line stands for, mean. */
void heap_growth_judge(const struct heap_series *series, size_t count, double sample_bytes,
		       struct heap_growth *out);

#endif
