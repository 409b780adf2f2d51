/* Do outstanding requests grow? A line through how many there were over time, with its noise.
 *
 * Near saturation a queue of random arrivals wanders like a random walk, which looks like growth.
 * Of a walk over a time T the fitted line rises by 6/5 of its variance and leaves 1/15 of it
 * around the line (Durlauf, Phillips 1988, "Trends versus random walks"), so the noise of a rise is
 * sqrt(18) times what is left around the line. What grows in truth leaves little around it.
 */
#ifndef UNSLOW_LOAD_BACKLOG_H
#define UNSLOW_LOAD_BACKLOG_H

#include <stddef.h>
#include <stdint.h>

enum { BACKLOG_SAMPLES_MAX = 256 };

struct backlog {
	struct {
		double at_s, outstanding;
	} samples[BACKLOG_SAMPLES_MAX];
	size_t count;
};

struct backlog_line {
	double slope_per_s; /* requests a second */
	double noise_per_s; /* one standard deviation of it, were it a random walk */
	double around;      /* standard deviation of outstanding requests around the line, but no
			     * less than that of a count: the root of its mean */
};

/* Past BACKLOG_SAMPLES_MAX each second sample is given up. `at_ns` goes up. */
void backlog_add(struct backlog *b, uint64_t at_ns, uint64_t outstanding);
/* Fewer than 3 samples: all 0. */
struct backlog_line backlog_fit(const struct backlog *b);

#endif
