/* The live table gets full, or samples come too fast: they are to be fewer, and stand for more. Or
 * they cost little, and may be more (heap_rate.h).
 *
 * The interval doubles; live samples are thinned to what they would be had they been taken at the
 * new one, so that sums stay as they are on the average. Nothing is dropped without standing for
 * it. Where the interval is halved each sample keeps what it stands for: the mix of them is as
 * unbiased. Inside the gate.
 */
#ifndef UNSLOW_AGENT_HEAP_THIN_H
#define UNSLOW_AGENT_HEAP_THIN_H

#include <stdbool.h>
#include <stdint.h>

#define HEAP_SAMPLES_A_SECOND 2000u
/* Blocks so much larger than the interval are samples at any interval near it: that it doubles
 * would make few of them fewer, and lose the small ones. */
#define HEAP_LARGE_A_SECOND (10 * HEAP_SAMPLES_A_SECOND)

/* Hooks are about to be in. `asked`: an interval of somebody's own, and the least; 0: of nobody.
 * Not in the gate. */
void heap_thin_begin(uint32_t asked);
/* Once a second: may they be more? `resident_bytes`: of the process, UINT64_MAX: not known. */
void heap_thin_second(uint64_t now_ns, uint64_t resident_bytes);
/* A sample was made of a block of `size`: is it one too many? */
void heap_thin_look(uint64_t now_ns, uint64_t size);
/* A large block that is a sample has another size now. True: that happens too often for its stack
 * to be looked at each time. */
bool heap_thin_is_hurried(uint64_t now_ns);
/* Is the table as full as it may get? */
int heap_thin_is_full(void);
void heap_thin_after_fork(void);

#endif
