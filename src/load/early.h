/* How much earlier than a request is due its thread asks to be woken.
 *
 * A timer wakes a sleeping thread late, by 5 to 50 us as the machine has it, and every request
 * would be sent so late. So the thread asks for an earlier time and looks at its connections again
 * and again for what is left of it. How much earlier follows what the machine does: nine of ten
 * times it is enough, and never more than a quarter of the mean gap between two requests, which
 * bounds what the looking costs.
 */
#ifndef UNSLOW_LOAD_EARLY_H
#define UNSLOW_LOAD_EARLY_H

#include <stdint.h>

struct early {
	uint64_t ns; /* to ask for so much earlier; at most … */
	uint64_t most_ns;
};

/* `gap_ns`: between two requests of this thread, where they are densest. */
void early_begin(struct early *early, uint64_t gap_ns);
/* It was woken by a timer so much later than it had asked for. */
void early_note(struct early *early, uint64_t late_ns);

#endif
