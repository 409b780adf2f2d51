/* What a unit takes more when its server had nothing to do before it.
 *
 * The CPU that stood still is woken, and caches and branch predictors have forgotten. A slow app at
 * a high rate is seldom without work; cured it is, before most requests, and each of them takes
 * that time then. It is in the recording: units that found their process with nothing to do, beside
 * those of the same route that did not. Theirs is taken out of their Python part, so that units are
 * as they would be one after another, and the replay gives it to whom it finds so (replay.h,
 * cold_ns).
 *
 * Less than twice its own error is chance: then nothing is moved.
 */
#ifndef UNSLOW_MODEL_WHAT_IF_COLD_H
#define UNSLOW_MODEL_WHAT_IF_COLD_H

#include "model/what_if.h"

#define COLD_LEAST 30 /* units of a route that found it so, and as many that did not */

/* Sets w->servers.cold_ns, and what the units of w have of it. */
void what_if_cold(struct what_if *w);

#endif
