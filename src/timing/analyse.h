/* What the blocks say: what a run costs, and whether a snippet differs from A.
 *
 * Blocks of one round were next to each other, so B is divided by A in each; of a process counts
 * the median of its rounds, which a few disturbed ones do not move. The processes are the sample:
 * each has its own hash seed and its own places in memory, and what varies from one to the next is
 * larger than what varies within. Its centre is the mean without the outer fifths, its interval
 * the bootstrap's (stats.h). With fewer than seven processes the rounds have to stand for them;
 * what varies between processes is then not in the interval.
 *
 * Three things are asked before a difference is called: the interval leaves no change out; the
 * change is larger than the noise floor, what A against itself, in the same turns, would show in 19
 * of 20 cases (centres of resamples with signs at random); and A and B swapped in each value at
 * random would hardly ever look as extreme, by signed ranks, which takes seven values at least.
 */
#ifndef UNSLOW_TIMING_ANALYSE_H
#define UNSLOW_TIMING_ANALYSE_H

#include "timing/timing.h"

#define ANALYSE_LEAST 4     /* values that an interval needs */
#define ANALYSE_CHANCE 0.02 /* of swaps that are as extreme, at most: 2 of 2^7 are less */
#define ANALYSE_VALUES \
	7                   /* below which nothing is called different, or processes do not stand \
			       for themselves */
#define ANALYSE_BUSY 0.1    /* share of interrupted blocks: the machine is busy */
#define ANALYSE_WANTED 0.01 /* a change as small as this is to be seen */

void timing_analyse(const struct timing_data *data, struct timing_result *result);

#endif
