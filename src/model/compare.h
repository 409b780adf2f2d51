/* Whether B differs from A: the decision rule of `unslow diff`, pure.
 *
 * What is compared are series: one value a block for A and for B, the i-th of each taken close
 * together (A B B A A B …), so that what drifts is in both and cancels in the pair. Of each pair
 * the change is looked at: log(b / a), or b - a. Three questions are asked of the changes:
 *
 *   how large      their mean without the outer fifths, with its bootstrap interval (stats.h)
 *   noise floor    what A against itself would show: the same mean of as many changes between
 *                  neighbouring blocks of A, signs at random, 19 in 20 of them below it
 *   by chance      A and B swapped in each pair at random: how often would the most extreme of all
 *                  series look as extreme as this one (signed ranks, Wilcoxon 1945; the largest of
 *                  all series, Westfall and Young 1993, so that asking of six metrics raises no
 *                  more alarms than asking of one)
 *
 * B differs where the interval leaves "no change" out, the change is larger than the floor, and
 * chance would do so in less than one of 50 comparisons (COMPARE_CHANCE). Where it does not, "no
 * difference" is said only if the interval leaves out a change of `wanted`, else "cannot tell". No
 * randomness but of fixed seeds.
 *
 * One run each: stretches of a run know nothing of noise between runs, so neither floor nor chance
 * is known (of repeats on a shared machine, the furthest were 31 % below and 44 % above the rest).
 * A noise is assumed instead, larger than any that was seen: a factor of 2, and of the share of
 * errors a point. B differs where the whole interval is beyond it; "no difference" needs an
 * assumed noise that is no larger than `wanted`.
 */
#ifndef UNSLOW_MODEL_COMPARE_H
#define UNSLOW_MODEL_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/stats.h"

/* Pairs below which nothing is called different: of 2^7 swaps the most extreme two are no rarer
 * than COMPARE_CHANCE. */
#define COMPARE_PAIRS_LEAST 8
#define COMPARE_PAIRS_MOST 200
/* Below the 1 in 50 that is promised, as drift makes the swaps not quite equal. */
#define COMPARE_CHANCE 0.015
/* Between two runs of the same, assumed where one run each shows none: changes. */
#define COMPARE_ASSUMED_RATIO 1.0  /* B is twice A, or half of it */
#define COMPARE_ASSUMED_SHARE 0.01 /* a point */

enum compare_scale {
	COMPARE_RATIO,      /* change is b / a - 1; values are positive */
	COMPARE_DIFFERENCE, /* change is b - a */
};

enum compare_verdict { COMPARE_CANNOT_TELL, COMPARE_SAME, COMPARE_MORE, COMPARE_LESS };

struct compare_series {
	enum compare_scale scale;
	double wanted;       /* a change as small as this is to be seen, in the unit of change */
	const double *a, *b; /* `pairs` values each */
};

struct compare_row {
	bool measured; /* false: a value was missing, or not positive; the rest is NaN */
	double a, b;   /* centres over the blocks */
	struct stats_interval change; /* low and high NaN: too few pairs */
	double floor;                 /* of |change|, A against itself; NaN: not known */
	double chance;                /* 0 … 1; NaN: not known */
	double assumed; /* one run each: noise between runs, a change; NaN: measured, see floor */
	enum compare_verdict verdict;
};

/* One row a series; pairs at most COMPARE_PAIRS_MOST. */
void compare(const struct compare_series *series, size_t count, size_t pairs,
	     struct compare_row *rows);
/* The verdict of a row whose other fields stand; compare() has set it already. */
enum compare_verdict compare_judge(const struct compare_row *row, double wanted);
/* The row as one of one run each: its verdict by its interval and this noise between runs. */
void compare_assume(struct compare_row *row, enum compare_scale scale, double assumed,
		    double wanted);

#endif
