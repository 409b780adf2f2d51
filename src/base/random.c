#include "base/random.h"

#include <sys/random.h>

#include "base/clock.h"
#include "base/hash.h"

#define GAMMA UINT64_C(0x9e3779b97f4a7c15) /* 2^64 / golden ratio, odd */

uint64_t random_seed(void)
{
	uint64_t seed;
	if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) != (ssize_t)sizeof seed)
		seed = clock_now_ns(); /* early at boot */
	return seed;
}

/* Seeds that are near each other must not begin near each other. */
void random_begin(struct random *r, uint64_t seed)
{
	r->state = hash_mix64(seed + GAMMA);
}

uint64_t random_bits(struct random *r)
{
	r->state += GAMMA;
	return hash_mix64(r->state);
}

double random_uniform(struct random *r)
{
	return (double)(random_bits(r) >> 11) * 0x1p-53;
}
