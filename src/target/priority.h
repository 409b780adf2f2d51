/* How soon this thread gets a CPU.
 *
 * A looker that has to wait for a CPU looks when those it watches have let go of one: it reads
 * them as idle. On two CPUs a quarter of the busy time was missed so. And one that loses its CPU
 * while a thread stands keeps it standing for a scheduler's slice.
 */
#ifndef UNSLOW_TARGET_PRIORITY_H
#define UNSLOW_TARGET_PRIORITY_H

#include <stdbool.h>

#include "base/sched_attr.h"

struct priority {
	struct sched_attr_now before;
	bool is_raised;
};

/* For the calling thread's life, not its children's: short slices, so that it goes before others
 * when it wakes (sched_attr.h). */
void priority_wake_soon(void);
/* SCHED_FIFO until priority_restore(), where it may (root). */
void priority_raise(struct priority *priority);
void priority_restore(struct priority *priority);

#endif
