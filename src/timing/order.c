#include "timing/order.h"

#include "base/random.h"

static void swap(size_t *a, size_t *b)
{
	const size_t kept = *a;
	*a = *b;
	*b = kept;
}

/* Fisher and Yates 1938, as Durstenfeld 1964 has it. The bias of % is 2^-60. */
void timing_order(size_t round, uint64_t seed, size_t slots, size_t *order)
{
	struct random random;
	random_begin(&random, seed + round / 2);
	for (size_t i = 0; i < slots; i++)
		order[i] = i;
	for (size_t i = slots; i > 1; i--)
		swap(&order[i - 1], &order[random_bits(&random) % i]);
	for (size_t i = 0; round % 2 && i < slots / 2; i++)
		swap(&order[i], &order[slots - 1 - i]);
}
