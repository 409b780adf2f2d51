/* In which order the slots of a round run: by lot, and the next round is its mirror.
 *
 * What drifts (clock rate, heat, neighbours) is then in all slots alike, what favours the first or
 * the last cancels in two rounds, and nothing that comes and goes keeps time with a slot
 * (model/turns.h, for more than two).
 */
#ifndef UNSLOW_TIMING_ORDER_H
#define UNSLOW_TIMING_ORDER_H

#include <stddef.h>
#include <stdint.h>

/* Fills order[0 … slots - 1] with a permutation of 0 … slots - 1. */
void timing_order(size_t round, uint64_t seed, size_t slots, size_t *order);

#endif
