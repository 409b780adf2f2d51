/* Sampling mathematics of the heap (heap_file.h): distances, and what a sample stands for.
 *
 * Points lie on the stream of allocated bytes, at exponential distances of mean R (Poisson); a
 * block is a sample if a point falls into it: with p = 1 − exp(−size/R), whatever came before. So
 * it stands for size/p bytes and 1/p blocks (tcmalloc, docs/sampling.md), and the next distance
 * may be counted from the block's end. Sizes and distances are bytes.
 *
 * Written here, because libm would be loaded into every process that inherits the agent.
 */
#ifndef UNSLOW_AGENT_HEAP_MATHS_H
#define UNSLOW_AGENT_HEAP_MATHS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct heap_weight {
	uint64_t bytes;
	uint32_t blocks_1k; /* saturating */
};

/* From 64 random bits: 1 or more, of mean `interval`. A point at distance d is in a block of d
 * bytes or more. */
uint64_t heap_distance(uint64_t random_bits, uint32_t interval);

/* Interval 1 is exact: each block stands for itself. */
struct heap_weight heap_weigh(uint64_t size, uint32_t interval);

/* A sample of `size` bytes, taken when it stood for `bytes`, is to be as one that was taken at
 * `interval`: it stays with p(interval) / p(then). False: it goes. */
bool heap_stays(uint64_t size, uint64_t bytes, uint32_t interval, uint64_t random_bits);

#endif
