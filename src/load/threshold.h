/* Where does "good" turn into "bad", when single trials may mislead? A posterior over the place.
 *
 * As psychophysics measures thresholds (Kontsevich, Tyler 1999, "Bayesian adaptive estimation of
 * psychometric slope and threshold"): a trial at rate r is bad with a chance that goes from LAPSE
 * to 1 - LAPSE around the threshold, as a logistic curve of ln r, whose width is unknown and is
 * part of the posterior. LAPSE is the trial that something else decided: a neighbour on the
 * machine, a collection of garbage. No single trial can therefore decide, and bisection becomes:
 * try the median next.
 *
 * Plain data, deterministic. Rates are requests a second.
 */
#ifndef UNSLOW_LOAD_THRESHOLD_H
#define UNSLOW_LOAD_THRESHOLD_H

#include <stdbool.h>

enum {
	THRESHOLD_PLACES = 1680, /* each 0.5 % further: from 1/66 to 66 times the centre */
	THRESHOLD_WIDTHS = 4,
};

struct threshold {
	double centre;                                     /* rate of the middle place */
	double weight[THRESHOLD_PLACES][THRESHOLD_WIDTHS]; /* adds up to 1 */
};

/* Nothing known but that it is likelier near `centre` (> 0) than far from it. */
void threshold_begin(struct threshold *t, double centre);
void threshold_add(struct threshold *t, double rate, bool is_bad);
/* The rate below which the threshold lies with this probability (0 to 1). */
double threshold_at(const struct threshold *t, double probability);

#endif
