/* Whether B differs from A: the decision rule of `unslow diff`, pure.
 *
 * What is compared are series: one value a block for A and for B, the i-th of each taken close
 * together (turns.h), so that what drifts is in both and cancels in the pair. Of each pair the
 * change is looked at: log(b / a), or b - a. Three questions are asked of the changes:
 *
 *   how large      of ratios the median, of differences (shares, mostly of few events) the mean
 *                  without the outer fifths, with an interval (stats.h)
 *   noise floor    what A against itself would show: the same of as many changes between
 *                  neighbouring blocks of A, signs at random, 19 in 20 of them below it
 *   by chance      A and B swapped in each pair at random: how often would this look as extreme,
 *                  by signed ranks (Wilcoxon 1945), by signs, or by the signs of the three quarters
 *                  that changed least, whichever says most
 *
 * On a machine that is shared, noise is a mixture: most pairs are alike to one in a hundred, some
 * are off by a multiple. Means are then ruled by the few, ranks half so; signs give each the same
 * say, and what changed least is mostly what was left alone. Ranks are sharper where noise is even.
 * The most extreme of the three is compared with the most extreme of each swap, so that asking
 * three times raises no alarm; sizes are the same in all swaps, so they may choose who is asked.
 *
 * B differs where the interval leaves "no change" out, the change is larger than the floor, and
 * chance would do so seldom enough; if only chance is against it, that cannot be told. Else "no
 * difference" is said if the interval leaves out a change of `wanted`, or again "cannot tell". No
 * randomness but of fixed seeds.
 *
 * How seldom: asking of six metrics must raise no more alarms than 1 in 50 comparisons of A with A,
 * but a bar for whichever of six is the most extreme is set by the noisiest of them, and hid most
 * slow-downs of 10 % that the median of ten blocks showed. So one series decides, named before
 * anything is measured, and has nearly all of the 1 in 50 to itself; the others share what is
 * left (of them all the most extreme counts: Westfall and Young 1993), and inherit the rest where
 * the one that decides was called different (fallback procedure, Wiens 2003: both together stay
 * below the sum).
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
 * than COMPARE_CHANCE_DECIDES. */
#define COMPARE_PAIRS_LEAST 8
#define COMPARE_PAIRS_MOST 200
#define COMPARE_CHANCE_DECIDES 0.015
#define COMPARE_CHANCE_OTHERS 0.005 /* and of the series that decides, if it was called */
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
	double chance_most;           /* from here on it is none: the bar of this series */
	double assumed; /* one run each: noise between runs, a change; NaN: measured, see floor */
	enum compare_verdict verdict;
};

/* One row a series; pairs at most COMPARE_PAIRS_MOST. `decides`: the series that does; if there is
 * none such, or it is not measured, the others have no more for that. */
void compare(const struct compare_series *series, size_t count, size_t pairs, size_t decides,
	     struct compare_row *rows);
/* The verdict of a row whose other fields stand; compare() has set it already. */
enum compare_verdict compare_judge(const struct compare_row *row, double wanted);
/* The row as one of one run each: its verdict by its interval and this noise between runs. */
void compare_assume(struct compare_row *row, enum compare_scale scale, double assumed,
		    double wanted);

#endif
