#include "load/threshold.h"

#include <math.h>

#define THRESHOLD_MIDDLE ((double)(THRESHOLD_PLACES >> 1))
#define STEP 0.005 /* of ln rate */
#define LAPSE 0.03
#define PRIOR_WIDTH 0.25 /* of ln rate: e-fold less likely that far from the centre */

/* Of ln rate: from a wall, as evenly spaced arrivals meet, to a slow server's few requests. */
static const double widths[THRESHOLD_WIDTHS] = {0.003, 0.01, 0.03, 0.1};

static double log_rate(const struct threshold *t, double place)
{
	return log(t->centre) + (place - THRESHOLD_MIDDLE) * STEP;
}

static void normalise(struct threshold *t)
{
	double sum = 0;
	for (int place = 0; place < THRESHOLD_PLACES; place++)
		for (int width = 0; width < THRESHOLD_WIDTHS; width++)
			sum += t->weight[place][width];
	for (int place = 0; place < THRESHOLD_PLACES; place++)
		for (int width = 0; width < THRESHOLD_WIDTHS; width++)
			t->weight[place][width] /= sum;
}

void threshold_begin(struct threshold *t, double centre)
{
	t->centre = centre;
	for (int place = 0; place < THRESHOLD_PLACES; place++) {
		const double far = fabs(place - THRESHOLD_PLACES / 2.0) * STEP / PRIOR_WIDTH;
		for (int width = 0; width < THRESHOLD_WIDTHS; width++)
			t->weight[place][width] = exp(-far);
	}
	normalise(t);
}

void threshold_add(struct threshold *t, double rate, bool is_bad)
{
	for (int place = 0; place < THRESHOLD_PLACES; place++) {
		const double above = log(rate) - log_rate(t, place);
		for (int width = 0; width < THRESHOLD_WIDTHS; width++) {
			const double curve = 1 / (1 + exp(-above / widths[width]));
			const double bad = LAPSE + (1 - 2 * LAPSE) * curve;
			t->weight[place][width] *= is_bad ? bad : 1 - bad;
		}
	}
	normalise(t);
}

double threshold_at(const struct threshold *t, double probability)
{
	double below = 0;
	for (int place = 0; place < THRESHOLD_PLACES; place++) {
		double here = 0;
		for (int width = 0; width < THRESHOLD_WIDTHS; width++)
			here += t->weight[place][width];
		if (below + here >= probability && here > 0)
			return exp(log_rate(t, place - 0.5 + (probability - below) / here));
		below += here;
	}
	return exp(log_rate(t, THRESHOLD_PLACES - 1));
}
