/* How well a mean a unit is known from one run: by its stretches, pure.
 *
 * Ticks of one request are not independent of one another (a request that is slow is slow in all
 * of its ticks), nor are requests that ran at the same time. So not ticks are counted but what a
 * unit took, and neighbouring units are put together to a score of stretches: what is alike within
 * a stretch, for whatever reason, does not make the mean look surer than it is (batch means,
 * Schmeiser 1982; a ratio of sums over clusters: Cochran 1977, chapter 6).
 *
 * Two runs differ where their means do by more than error says, which is wide enough for all means
 * that are looked at together (Bonferroni) and for few stretches (Student's t, Welch 1947).
 */
#ifndef UNSLOW_MODEL_STRETCHES_H
#define UNSLOW_MODEL_STRETCHES_H

#include <stddef.h>

#define STRETCHES_MOST 20     /* more would be too short to be independent */
#define STRETCHES_LEAST 4     /* fewer tell nothing */
#define STRETCHES_CHANCE 0.01 /* of any of the means called different in two runs of the same */

struct stretches {
	size_t count;
	double units[STRETCHES_MOST]; /* of each: how many, or what they stand for */
};

/* Variance of sum(sums) / sum(units), where sums[i] is of stretch i; NaN below STRETCHES_LEAST. */
double stretches_variance(const struct stretches *s, const double *sums);
/* By so much may the means of two runs of the same differ, if `means` of them are looked at:
 * STRETCHES_CHANCE. variance and count (of stretches) of each run. NaN where one is not known. */
double stretches_error(const double variance[2], const size_t count[2], size_t means);

#endif
