/* The agents' ticks cost no more of a core than was promised, all processes of
 * the tree together: each notes what its ticks took, here it is added up every
 * second, and `control` tells all of them the rate of the next.
 *
 * A process may note anything: what it claims is bounded by a core, and the
 * worst it does is a lower rate.
 */
#ifndef UNSLOW_PROBE_TICK_BUDGET_H
#define UNSLOW_PROBE_TICK_BUDGET_H

#include <stdint.h>

#include "agent/channel.h"

struct tick_budget {
	double hz;           /* now */
	uint64_t checked_ns; /* 0: not yet */
	uint64_t cost_ns;    /* noted since then */
};

/* What a process noted since it was last looked at; `last_ns` is its own and starts at 0. */
void tick_budget_add(struct tick_budget *budget, uint64_t noted_ns, uint64_t *last_ns);
/* Call it with every drain. Nothing happens where the control's rate is to be kept. */
void tick_budget_keep(struct tick_budget *budget, struct channel_control *control, uint64_t now_ns);

#endif
