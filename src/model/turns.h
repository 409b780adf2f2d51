/* In which order A and B run: pairs next to each other, two pairs A B B A or B A A B, which of the
 * two by lot.
 *
 * Next to each other, so that what drifts is in both and cancels in the pair. Mirrored, so that
 * what rises steadily, or favours whoever comes second, cancels in two pairs. By lot, so that
 * nothing which comes and goes by itself keeps time with A or B: this is what makes the swaps of
 * compare.h equally likely (Fisher 1935). Every even number of pairs from the front is balanced,
 * wherever it is cut off.
 */
#ifndef UNSLOW_MODEL_TURNS_H
#define UNSLOW_MODEL_TURNS_H

#include <stddef.h>
#include <stdint.h>

/* Which side of the pair `at` runs first: 0 is A, 1 is B. */
int turns_first(size_t at, uint64_t seed);

#endif
