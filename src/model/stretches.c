#include "model/stretches.h"

#include <math.h>

#include "base/stats.h"

double stretches_variance(const struct stretches *s, const double *sums)
{
	double sum = 0, units = 0, squares = 0;
	if (s->count < STRETCHES_LEAST)
		return NAN;
	for (size_t i = 0; i < s->count; i++) {
		sum += sums[i];
		units += s->units[i];
	}
	const double mean = sum / units, count = (double)s->count;
	for (size_t i = 0; i < s->count; i++) {
		const double off = sums[i] - mean * s->units[i];
		squares += off * off;
	}
	return squares * count / (count - 1) / (units * units);
}

double stretches_error(const double variance[2], const size_t count[2], size_t means)
{
	const double both = variance[0] + variance[1];
	if (!(both > 0))
		return both;
	double parts = 0;
	for (int i = 0; i < 2; i++)
		parts += variance[i] * variance[i] / ((double)count[i] - 1);
	return stats_student_quantile(STRETCHES_CHANCE / (double)(means ? means : 1),
				      both * both / parts) *
	       sqrt(both);
}
