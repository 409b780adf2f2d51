/* Random arrivals that are neither lucky nor unlucky.
 *
 * Some seconds of Poisson arrivals near a server's capacity say little of its p99: the few crowds
 * in them make it, and it varies twofold from one seed to the next with the same server. A trial
 * of the knee therefore draws some seeds, puts each one's arrivals through a queue on paper (one
 * worker of the server's capacity, Lindley 1952, "The theory of queues with a single server") and
 * sends those of the seed whose long waits and number are nearest to the mean of all.
 * What is sent is Poisson; what is left out is chance.
 */
#ifndef UNSLOW_LOAD_TYPICAL_H
#define UNSLOW_LOAD_TYPICAL_H

#include <stdint.h>

#include "load/arrivals.h"

/* `spec` with each seed in turn, over `threads` threads; `capacity` in requests a second (> 0);
 * `quantile` of the waits that matters. The seeds tried follow from `seed`. */
uint64_t typical_seed(const struct arrivals_spec *spec, uint32_t threads, double capacity,
		      double quantile, uint64_t seed);

#endif
