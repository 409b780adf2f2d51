/* When each request is due: a pure function of its number.
 *
 * Arrival i of a constant rate is due i·num/den after the start, in 128 bits, never the last one's
 * time plus a rounded gap: 3 a second are due at 0, 333333333, 666666666, 1000000000 ns, and an
 * hour later still at whole seconds. A ramp inverts the area under its line. Poisson arrivals
 * replace the number i by a sum of exponential gaps, so a random ramp needs nothing more.
 *
 * A warm-up comes first, at the first rate; the ramp begins behind it. Threads share one schedule:
 * thread t of T takes arrivals t, t+T, …; Poisson arrivals are cut into T streams of a T-th of the
 * rate, which together are Poisson again.
 *
 * Plain data: a copy is a second cursor over the same arrivals. Times are nanoseconds from the
 * start of the warm-up. It knows no clock and never sleeps.
 */
#ifndef UNSLOW_LOAD_ARRIVALS_H
#define UNSLOW_LOAD_ARRIVALS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/random.h"

/* Rates are whole arrivals in 1,000 seconds: 0.001 to 10 million a second. */
#define ARRIVALS_RATE_UNIT 1000
#define ARRIVALS_RATE_MAX (UINT64_C(10000000) * ARRIVALS_RATE_UNIT)

struct arrivals_spec {
	uint64_t rate;        /* arrivals in 1,000 s, not 0 */
	uint64_t rate_at_end; /* the same where there is no ramp; may be 0 */
	bool poisson;
	uint64_t warm_up_ns;
	uint64_t duration_ns; /* behind the warm-up; arrivals are due before its end */
	uint64_t count;       /* at most so many behind the warm-up; 0: no limit */
	uint64_t seed;        /* of Poisson gaps */
};

struct arrivals {
	struct arrivals_spec spec;
	uint32_t thread, threads;
	uint64_t number;   /* of the next arrival, in this thread's share of a regular schedule */
	double position;   /* of the last arrival of a random one, in arrivals */
	uint64_t measured; /* arrivals behind the warm-up that were given out */
	struct random random;
};

/* Thread `thread` of `threads` (>= 1), numbered from 0. */
void arrivals_begin(struct arrivals *s, const struct arrivals_spec *spec, uint32_t thread,
		    uint32_t threads);
/* The next arrival; offsets never go back. False: there is none, *offset_ns is as it was. */
bool arrivals_next(struct arrivals *s, uint64_t *offset_ns);
/* Arrivals behind the warm-up that the plan has over all threads: exact for a regular schedule,
 * the mean for a random one. */
uint64_t arrivals_expected(const struct arrivals_spec *spec);

#endif
