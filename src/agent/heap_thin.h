/* The live table gets full, or samples come too fast: they are to be fewer, and stand for more.
 *
 * The interval doubles; live samples are thinned to what they would be had they been taken at the
 * new one, so that sums stay as they are on the average. Nothing is dropped without standing for
 * it. Inside the gate.
 */
#ifndef UNSLOW_AGENT_HEAP_THIN_H
#define UNSLOW_AGENT_HEAP_THIN_H

#include <stdint.h>

#define HEAP_SAMPLES_A_SECOND 2000u

/* A sample was made: is it one too many? */
void heap_thin_look(uint64_t now_ns);
/* Is the table as full as it may get? */
int heap_thin_is_full(void);
void heap_thin_after_fork(void);

#endif
