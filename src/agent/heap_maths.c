#include "agent/heap_maths.h"

#include <string.h>

#define LN2 0.693147180559945309417
#define CERTAIN 40.0    /* 1 − e^−40 is 1 to the last bit of a double */
#define SMALL (1. / 16) /* where six terms of the series are exact to 1e-11 */

/* Natural logarithm of 0 < x <= 1: exponent taken off, the rest by the series of atanh. */
static double log_of(double x)
{
	uint64_t bits;
	double s, s2, sum = 0;
	int exponent;

	memcpy(&bits, &x, sizeof bits);
	exponent = (int)(bits >> 52) - 1023;
	bits = (bits & ((UINT64_C(1) << 52) - 1)) | UINT64_C(1023) << 52;
	memcpy(&x, &bits, sizeof x); /* 1 <= x < 2 */
	if (x > 1.41421356237309505) {
		x /= 2;
		exponent++;
	}
	s = (x - 1) / (x + 1);
	s2 = s * s;
	for (int term = 17; term > 0; term -= 2)
		sum = sum * s2 + 1. / term;
	return 2 * s * sum + exponent * LN2;
}

/* 1 − e^−x, x >= 0: of x halved until it is small, then 1 − e^−2y = q (2 − q). */
static double chance(double x)
{
	int halvings = 0;
	double q = 1;

	if (x > CERTAIN)
		return 1;
	while (x > SMALL) {
		x /= 2;
		halvings++;
	}
	for (int term = 7; term > 1; term--)
		q = 1 - x / term * q;
	q *= x;
	for (; halvings > 0; halvings--)
		q *= 2 - q;
	return q;
}

uint64_t heap_distance(uint64_t random_bits, uint32_t interval)
{
	double uniform = (double)((random_bits >> 11) + 1) * 0x1p-53; /* (0, 1] */
	double distance = -log_of(uniform) * interval;
	uint64_t whole = (uint64_t)distance;

	return whole + ((double)whole < distance || whole == 0);
}

static double chance_of(uint64_t size, uint32_t interval)
{
	return interval <= 1 ? 1 : chance((double)size / interval);
}

struct heap_weight heap_weigh(uint64_t size, uint32_t interval)
{
	double p = chance_of(size, interval);
	struct heap_weight weight = {.bytes = size, .blocks_1k = 1000};
	double blocks_1k;

	if (p <= 0 || p >= 1)
		return weight;
	weight.bytes = (uint64_t)((double)size / p + 0.5);
	blocks_1k = 1000 / p + 0.5;
	weight.blocks_1k = blocks_1k >= UINT32_MAX ? UINT32_MAX : (uint32_t)blocks_1k;
	return weight;
}

bool heap_stays(uint64_t size, uint64_t bytes, uint32_t interval, uint64_t random_bits)
{
	double then = bytes == 0 ? 1 : (double)size / (double)bytes;

	return (double)(random_bits >> 11) * 0x1p-53 * then < chance_of(size, interval);
}
