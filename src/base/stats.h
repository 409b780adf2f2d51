/* Robust centres, intervals and slopes over small arrays of measurements.
 *
 * Pure functions; NaN means "cannot be computed". Arrays marked sorted must be
 * in ascending order. Randomness is a fixed-seed generator, so that the same
 * recording always gives the same interval.
 */
#ifndef UNSLOW_BASE_STATS_H
#define UNSLOW_BASE_STATS_H

#include <stddef.h>
#include <stdint.h>

struct stats_interval {
	double low, mid, high;
};

void stats_sort(double *values, size_t count);
/* Linear between ranks (Hyndman and Fan 1996, type 7). */
double stats_quantile(const double *sorted, size_t count, double q);
/* Mean of the middle half: as robust as needed against preempted requests, and steadier than
 * the median. Below 8 values the mean of the lower half, as disturbance only ever adds time. */
double stats_midmean(const double *sorted, size_t count);
/* 95 % bootstrap percentile interval of the midmean, 400 resamples (Efron and Tibshirani 1993,
 * chapter 13). One value: the interval is that value. */
struct stats_interval stats_bootstrap(const double *sorted, size_t count);
/* Mean without the lowest and the highest fifth: what one disturbed run in five cannot move, to
 * either side (Tukey and McLaughlin 1963). NaN without values. */
double stats_trimmed_mean(const double *sorted, size_t count);
/* 95 % bootstrap percentile interval of the trimmed mean, 2,000 resamples, with the levels that
 * make few values honest (Hesterberg 2015, "expanded percentile interval"). Below 4 values low and
 * high are NaN. */
struct stats_interval stats_bootstrap_trimmed(const double *sorted, size_t count);
/* The median, and an interval that holds that of the distribution in 95 of 100 samples at least,
 * whatever the distribution is: between two of the values (Thompson 1936). Below 6 values low and
 * high are NaN. */
struct stats_interval stats_median_interval(const double *sorted, size_t count);
/* A uniform number of 64 bits from a state that the caller seeds: SplitMix64. */
uint64_t stats_random(uint64_t *state);
/* The t that Student's distribution of `freedom` degrees exceeds, to either side, with this chance.
 */
double stats_student_quantile(double chance, double freedom);
/* Least squares y = a + b·x. Slope with 95 % interval by Student's t; NaN below 3 points or when
 * all x are equal. */
struct stats_interval stats_slope(const double *x, const double *y, size_t count);
/* Intercept of the same line; NaN as above. */
double stats_intercept(const double *x, const double *y, size_t count);
#define STATS_Z_90 1.644854 /* 95 % of a normal distribution lie below */
#define STATS_Z_95 1.959964 /* 97.5 % */
/* A share of which `hits` of `count` looks found it: its interval (Wilson 1927), which stays
 * between 0 and 1 and is right for few hits, too. NaN without looks. */
struct stats_interval stats_wilson(double hits, double count, double z);

#endif
