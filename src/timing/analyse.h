/* What the blocks say: what a run costs, and whether a snippet differs from A.
 *
 * Blocks of one round were next to each other, so B is divided by A in each; of a process counts
 * the median of its rounds, which a few disturbed ones do not move. The processes are the sample:
 * each has its own hash seed and its own places in memory, and what varies from one to the next is
 * larger than what varies within. Its centre is the mean without the outer fifths, its interval
 * the bootstrap's (stats.h). With fewer than four processes the rounds have to stand for them; what
 * varies between processes is then not in the interval.
 *
 * Noise floor: what A against itself, in the same turns, would show in 19 of 20 cases: centres of
 * resamples with signs at random. B differs where the interval leaves no change out and the change
 * is larger than the floor.
 */
#ifndef UNSLOW_TIMING_ANALYSE_H
#define UNSLOW_TIMING_ANALYSE_H

#include "timing/timing.h"

#define ANALYSE_LEAST 4     /* values that an interval needs */
#define ANALYSE_WANTED 0.01 /* a change as small as this is to be seen */

void timing_analyse(const struct timing_data *data, struct timing_result *result);

#endif
