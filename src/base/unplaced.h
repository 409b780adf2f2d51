/* How much of a thread's CPU each look at it may be given.
 *
 * A thread is looked at now and then; its clock (schedstat) counts all it used. What it used
 * between two looks was not used where the second one finds it waiting: a worker that wakes for a
 * millisecond and waits again used none of it at its wait. So a look that finds a thread off the
 * CPU is given none, and one that finds it on a CPU its own period, as looks come at random
 * instants (schedule.h): the number of such looks times the period is the CPU of a place on average
 * (Horvitz and Thompson, J. Am. Stat. Assoc. 47, 1952). All looks together are never given more
 * than the clock has counted; what no look was given in the end is CPU of a place not seen, and
 * with it the sums are the clock's. Time in the run queue goes the same way, into what CPU leaves
 * of a period.
 *
 * Times are nanoseconds. Plain data, one thread's, the caller's.
 */
#ifndef UNSLOW_BASE_UNPLACED_H
#define UNSLOW_BASE_UNPLACED_H

#include <stdint.h>

/* Counted by the clock, given to no look yet. */
struct unplaced {
	uint64_t cpu_ns, queue_ns;
};

enum found_where {
	FOUND_OFF_CPU,
	FOUND_ON_CPU, /* or the kernel does not say that it is not: it could run */
	FOUND_QUEUED, /* it could run and had no CPU */
};

/* What a look that stands for so long is given of it, taken off. */
struct unplaced unplaced_take(struct unplaced *unplaced, enum found_where where,
			      uint64_t stands_for_ns);

#endif
