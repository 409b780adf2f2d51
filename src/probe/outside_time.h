/* Time and bytes that reading a heap from outside may take, and what a walk of it is told of them
 * (remote_heap.h): the same for every pass over one heap.
 */
#ifndef UNSLOW_PROBE_OUTSIDE_TIME_H
#define UNSLOW_PROBE_OUTSIDE_TIME_H

#include <stdbool.h>
#include <stdint.h>

struct outside_limits {
	uint64_t until_ns;   /* CLOCK_MONOTONIC */
	uint64_t most_bytes; /* that an object can have */
	/* What is cached of the process is to be given up; context is the reader's. */
	void (*forget)(void *context);
	/* Has enough been read? NULL: it is not asked. */
	bool (*is_enough)(void *context);
};

struct outside_time {
	const struct outside_limits *limits;
	void *reader; /* context of the two */
	unsigned looks;
	bool is_late;
};

/* Looked at again and again: the clock is asked now and then. */
bool outside_time_is_late(struct outside_time *time);
/* As remote_heap_walker's `forget`. */
void outside_time_forget(const struct outside_time *time, bool later);

#endif
