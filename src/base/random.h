/* Random numbers for schedules and loads, not for secrets: SplitMix64 (Steele, Lea, Flood 2014),
 * whose finaliser is hash_mix64().
 *
 * The state is one word and the caller's: a thread keeps its own, so there is no lock; nothing is
 * allocated. Streams of different seeds may be taken for independent.
 */
#ifndef UNSLOW_BASE_RANDOM_H
#define UNSLOW_BASE_RANDOM_H

#include <stdint.h>

struct random {
	uint64_t state;
};

/* A seed of the kernel's (getrandom(2)), or of the time where it gives none. For the program: the
 * agent makes its own. */
uint64_t random_seed(void);
void random_begin(struct random *r, uint64_t seed);
uint64_t random_bits(struct random *r);
/* In [0, 1), a multiple of 2^-53. */
double random_uniform(struct random *r);

#endif
