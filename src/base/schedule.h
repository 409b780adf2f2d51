/* When to look: at one instant of each period, drawn at random.
 *
 * Looks at equal distances always see the same part of a load whose own period is a multiple or a
 * fraction of theirs: 120 requests a second looked at 200 times a second read 0.5 s or 2.1 s of
 * busy time, by chance. With one look at a uniformly random instant of each period (stratified
 * sampling: Cochran, Sampling Techniques, ch. 5) every moment is as likely as any other whatever
 * the load's rhythm, and sums vary less than with instants drawn from the whole time.
 *
 * A look stands for its period, not for the time since the look before: that time is the longer
 * the later in the period the look falls, which would favour what happens late in periods. The gap
 * between two looks is anything from 0 to two periods.
 *
 * Times are nanoseconds of one clock, the caller's. No allocation, no lock, no call.
 */
#ifndef UNSLOW_BASE_SCHEDULE_H
#define UNSLOW_BASE_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/random.h"

struct schedule {
	uint64_t due_ns;              /* of the next look */
	uint64_t period_ns;           /* of those to come: may be changed at any time */
	uint64_t start_ns, length_ns; /* the period of the next look */
	bool is_drawn;                /* `due_ns` is of a look that was not taken yet */
	struct random random;
};

struct schedule_look {
	uint64_t missed;        /* looks that were due before this one and were not taken */
	uint64_t stands_for_ns; /* the periods of this and of those */
};

/* The first period begins now. */
void schedule_begin(struct schedule *s, uint64_t seed, uint64_t now_ns, uint64_t period_ns);
/* At or after due_ns: takes the look that was due last. */
struct schedule_look schedule_take(struct schedule *s, uint64_t now_ns);
/* After that: when the next is due. Its period is `times` period_ns, if it has not begun. */
void schedule_next(struct schedule *s, uint64_t times);

#endif
