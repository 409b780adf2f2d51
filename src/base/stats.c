#include "base/stats.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"

#define FEW 8 /* values, below which one preempted request would move the middle half */
#define RESAMPLES 400
#define TRIMMED_RESAMPLES 2000
#define TRIMMED_LEAST 4 /* values, below which resamples are too few to tell */
#define BETA_TERMS_MOST 300
#define RESAMPLE_VALUES_MAX \
	50000 /* beyond, every k-th of the sorted values stands for its neighbours */

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

uint64_t stats_random(uint64_t *state)
{
	*state += UINT64_C(0x9e3779b97f4a7c15);
	return hash_mix64(*state);
}

void stats_sort(double *values, size_t count)
{
	if (count)
		qsort(values, count, sizeof *values, compare);
}

double stats_quantile(const double *sorted, size_t count, double q)
{
	if (!count)
		return NAN;
	double rank = q * (double)(count - 1);
	size_t below = (size_t)rank;
	if (below + 1 >= count)
		return sorted[count - 1];
	return sorted[below] + (rank - (double)below) * (sorted[below + 1] - sorted[below]);
}

double stats_midmean(const double *sorted, size_t count)
{
	if (!count)
		return NAN;
	size_t from = count < FEW ? 0 : count / 4;
	size_t to = count < FEW ? (count + 1) / 2 : count - count / 4;
	double sum = 0;
	for (size_t i = from; i < to; i++)
		sum += sorted[i];
	return sum / (double)(to - from);
}

/* Midmean of a resample, given how often each sorted value was drawn. Below FEW values the
 * resamples keep both sides: the interval then reaches over the slower ones as well. */
static double midmean_of_draws(const double *sorted, const uint32_t *draws, size_t count)
{
	size_t cut = count / 4, position = 0, taken = 0;
	double sum = 0;
	for (size_t i = 0; i < count; i++) {
		size_t from = position, to = position + draws[i];
		position = to;
		from = from < cut ? cut : from;
		to = to > count - cut ? count - cut : to;
		if (to > from) {
			sum += sorted[i] * (double)(to - from);
			taken += to - from;
		}
	}
	return sum / (double)taken;
}

struct stats_interval stats_bootstrap(const double *sorted, size_t count)
{
	struct stats_interval result = {NAN, stats_midmean(sorted, count), NAN};
	if (!count)
		return result;
	size_t step = (count + RESAMPLE_VALUES_MAX - 1) / RESAMPLE_VALUES_MAX;
	size_t used = count / step;
	double *values = mem_alloc(used * sizeof *values);
	for (size_t i = 0; i < used; i++)
		values[i] = sorted[i * step + step / 2];
	uint32_t *draws = mem_alloc(used * sizeof *draws);
	double means[RESAMPLES];
	uint64_t state = UINT64_C(0x756e736c6f77); /* fixed seed: same recording, same interval */
	for (int r = 0; r < RESAMPLES; r++) {
		for (size_t i = 0; i < used; i++)
			draws[i] = 0;
		for (size_t i = 0; i < used; i++)
			draws[stats_random(&state) % used]++;
		means[r] = midmean_of_draws(values, draws, used);
	}
	stats_sort(means, RESAMPLES);
	/* the thinned sample is `step` times smaller, so its spread is √step times too wide: kept,
	   as it errs to the safe side and only past 50,000 requests */
	result.low = fmin(result.mid, stats_quantile(means, RESAMPLES, 0.025));
	result.high = fmax(result.mid, stats_quantile(means, RESAMPLES, 0.975));
	free(values);
	free(draws);
	return result;
}

/* Student's t at 97.5 % by Hill's expansion (1970), first two terms; 4 % low at 1 degree of
 * freedom's neighbour 2, below 1 % from 4 on. */
static double student_t(double f)
{
	const double z = STATS_Z_95;
	return z + (z * z * z + z) / (4 * f) +
	       (5 * pow(z, 5) + 16 * z * z * z + 3 * z) / (96 * f * f);
}

/* Regularised incomplete beta function I_x(a, b) by its continued fraction (DLMF 8.17.22), which is
 * quick for x < (a + 1) / (a + b + 2); Lentz's method from the front. */
static double beta_fraction(double a, double b, double x)
{
	double c = 1, d = 1 - (a + b) * x / (a + 1), product;
	d = 1 / d;
	product = d;
	for (int m = 1; m < BETA_TERMS_MOST; m++) {
		const double k = m;
		const double even = k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k));
		d = 1 / (1 + even * d);
		c = 1 + even / c;
		product *= d * c;
		const double odd = -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1));
		d = 1 / (1 + odd * d);
		c = 1 + odd / c;
		product *= d * c;
		if (fabs(d * c - 1) < 1e-13)
			break;
	}
	return exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) * product /
	       a;
}

static double incomplete_beta(double a, double b, double x)
{
	if (x <= 0 || x >= 1)
		return x >= 1;
	return x < (a + 1) / (a + b + 2) ? beta_fraction(a, b, x) : 1 - beta_fraction(b, a, 1 - x);
}

/* P(|T| > t) = I_{f / (f + t²)}(f / 2, 1 / 2) falls with t: halved until a double holds it. */
double stats_student_quantile(double chance, double freedom)
{
	double low = 0, high = 1;
	if (!(chance > 0) || !(chance < 1) || !(freedom > 0))
		return NAN;
	while (incomplete_beta(freedom / 2, 0.5, freedom / (freedom + high * high)) > chance)
		high *= 2;
	for (int i = 0; i < 60; i++) {
		const double t = (low + high) / 2;
		if (incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t)) > chance)
			low = t;
		else
			high = t;
	}
	return high;
}

double stats_trimmed_mean(const double *sorted, size_t count)
{
	const size_t cut = count / 5;
	double sum = 0;
	for (size_t i = cut; i < count - cut; i++)
		sum += sorted[i];
	return sum / (double)(count - 2 * cut);
}

struct stats_interval stats_bootstrap_trimmed(const double *sorted, size_t count)
{
	struct stats_interval result = {NAN, stats_trimmed_mean(sorted, count), NAN};
	if (count < TRIMMED_LEAST)
		return result;
	double *resample = mem_alloc(count * sizeof *resample);
	double means[TRIMMED_RESAMPLES];
	uint64_t state = UINT64_C(0x756e736c6f77); /* fixed seed: same values, same interval */
	for (int r = 0; r < TRIMMED_RESAMPLES; r++) {
		for (size_t i = 0; i < count; i++)
			resample[i] = sorted[stats_random(&state) % count];
		stats_sort(resample, count);
		means[r] = stats_trimmed_mean(resample, count);
	}
	stats_sort(means, TRIMMED_RESAMPLES);
	const double n = (double)count;
	const double level = erfc(sqrt(n / (n - 1)) * student_t(n - 1) / sqrt(2)) / 2;
	result.low = fmin(result.mid, stats_quantile(means, TRIMMED_RESAMPLES, level));
	result.high = fmax(result.mid, stats_quantile(means, TRIMMED_RESAMPLES, 1 - level));
	free(resample);
	return result;
}

/* The median is below the k-th value where fewer than k values are below the median: P(Bin(n, ½) <
 * k), as often above the k-th from the end. */
struct stats_interval stats_median_interval(const double *sorted, size_t count)
{
	struct stats_interval result = {NAN, stats_quantile(sorted, count, 0.5), NAN};
	double term = exp2(-(double)count), below = 0;
	size_t k = 0;
	for (; k < count && below + term <= 0.025; k++) {
		below += term;
		term *= (double)(count - k) / (double)(k + 1);
	}
	if (k) {
		result.low = sorted[k - 1];
		result.high = sorted[count - k];
	}
	return result;
}

struct line {
	double slope, intercept, slope_error;
};

static struct line fit(const double *x, const double *y, size_t count)
{
	struct line line = {NAN, NAN, NAN};
	if (count < 3)
		return line;
	double n = (double)count, mean_x = 0, mean_y = 0, sxx = 0, sxy = 0, rest = 0;
	for (size_t i = 0; i < count; i++) {
		mean_x += x[i] / n;
		mean_y += y[i] / n;
	}
	for (size_t i = 0; i < count; i++) {
		sxx += (x[i] - mean_x) * (x[i] - mean_x);
		sxy += (x[i] - mean_x) * (y[i] - mean_y);
	}
	if (sxx <= 0)
		return line;
	line.slope = sxy / sxx;
	line.intercept = mean_y - line.slope * mean_x;
	for (size_t i = 0; i < count; i++) {
		double miss = y[i] - line.intercept - line.slope * x[i];
		rest += miss * miss;
	}
	line.slope_error = sqrt(rest / (n - 2) / sxx);
	return line;
}

struct stats_interval stats_slope(const double *x, const double *y, size_t count)
{
	struct line line = fit(x, y, count);
	const double t = student_t((double)count - 2);
	return (struct stats_interval){line.slope - t * line.slope_error, line.slope,
				       line.slope + t * line.slope_error};
}

double stats_intercept(const double *x, const double *y, size_t count)
{
	return fit(x, y, count).intercept;
}

struct stats_interval stats_wilson(double hits, double count, double z)
{
	if (!(count > 0))
		return (struct stats_interval){NAN, NAN, NAN};
	const double p = fmin(1, fmax(0, hits / count)), whole = 1 + z * z / count;
	const double middle = (p + z * z / (2 * count)) / whole;
	const double half = z * sqrt(p * (1 - p) / count + z * z / (4 * count * count)) / whole;
	return (struct stats_interval){fmax(0, middle - half), p, fmin(1, middle + half)};
}
