/* How many runs make a block, and how many interpreters a time has room for.
 *
 * A block must last so long that reading the clock and the kernel's timer interrupt are lost in
 * it, and so short that what drifts from one block to the next is in both. Times in nanoseconds.
 */
#ifndef UNSLOW_TIMING_RANGING_H
#define UNSLOW_TIMING_RANGING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

#define RANGING_BLOCK_NS (2 * NS_PER_MS)

/* How long a block should last where its setup, which runs before each, takes `setup_ns`: not less
 * than that, or most of the time would not be measured; but a hundredth of it all at most. */
uint64_t ranging_block_ns(uint64_t setup_ns, uint64_t budget_ns);
/* After `loops` runs that took wall_ns: whether this is long enough for a block of target_ns; else
 * *loops is what to try next. */
bool ranging_is_enough(uint64_t *loops, uint64_t wall_ns, uint64_t target_ns);
/* Runs that last target_ns, one at least: blocks of all snippets are to be equally long, so that
 * what each block costs besides its runs is the same share of all. */
uint64_t ranging_loops(double run_ns, uint64_t target_ns);
/* Interpreters that fit, at least one: each needs start_ns, a round of warm-up and two that
 * count. */
size_t ranging_processes(uint64_t budget_ns, uint64_t start_ns, uint64_t round_ns, size_t most);

#endif
