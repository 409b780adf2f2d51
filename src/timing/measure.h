/* Runs a plan: starts interpreters, finds out how many runs make a block, lets the blocks take
 * turns until the time is over. */
#ifndef UNSLOW_TIMING_MEASURE_H
#define UNSLOW_TIMING_MEASURE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "timing/timing.h"

/* ERR_INVALID: a snippet failed; `said` is what Python says of that. ERR_NO_TARGET: no such Python.
 * ERR_LIMIT: a snippet did not end, or plan->stop came before there was a whole round. Nothing is
 * left running in any case. */
MUST_CHECK enum err_kind timing_measure(const struct timing_plan *plan, struct arena *arena,
					struct timing_data *data, struct str *said, struct err *e);

#endif
