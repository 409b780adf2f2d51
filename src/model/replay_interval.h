/* How sure a percentile of a replay is: bootstrap over its units, in blocks.
 *
 * Neighbours share a queue, so resampling unit by unit would be too sure of itself; blocks of
 * consecutive units keep what they share (Künsch 1989; non-overlapping blocks, Carlstein 1986).
 */
#ifndef UNSLOW_MODEL_REPLAY_INTERVAL_H
#define UNSLOW_MODEL_REPLAY_INTERVAL_H

#include <stddef.h>

#include "base/stats.h"

/* The q-quantile of values in the order of arrival, with its 90 % interval (400 resamples, fixed
 * seed). Below 2 blocks of units low and high are NaN; without values all are. */
struct stats_interval replay_quantile(const double *values, size_t count, double q);

#endif
