#include "probe/tick_budget.h"

#include "base/clock.h"
#include "probe/rate.h"

#define TICK_SLOWEST_HZ 10 /* the agent's own least */
#define STEP_WORTH 1.25    /* each new rate is a text in every process's dictionary */

void tick_budget_add(struct tick_budget *budget, uint64_t noted_ns, uint64_t *last_ns)
{
	const uint64_t most_ns = 2 * NS_PER_S; /* two cores of a second: hostile beyond */
	const uint64_t since_ns = noted_ns > *last_ns ? noted_ns - *last_ns : 0;
	*last_ns = noted_ns;
	budget->cost_ns += since_ns < most_ns ? since_ns : most_ns;
}

void tick_budget_keep(struct tick_budget *budget, struct channel_control *control, uint64_t now_ns)
{
	if (budget->checked_ns == 0) {
		budget->hz = control->tick_asked_hz;
		budget->checked_ns = now_ns;
	}
	if (now_ns - budget->checked_ns < NS_PER_S)
		return;
	if (control->tick_budget_permille != 0) {
		const double share =
			(double)budget->cost_ns / (double)(now_ns - budget->checked_ns);
		const double next = rate_next(budget->hz, control->tick_asked_hz,
					      share * 1000 / control->tick_budget_permille);
		if (next < budget->hz || next >= budget->hz * STEP_WORTH ||
		    next >= control->tick_asked_hz)
			budget->hz =
				next < TICK_SLOWEST_HZ && control->tick_asked_hz > TICK_SLOWEST_HZ
					? TICK_SLOWEST_HZ
					: next;
		atomic_store_explicit(&control->tick_hz, (uint32_t)budget->hz,
				      memory_order_relaxed);
	}
	budget->checked_ns = now_ns;
	budget->cost_ns = 0;
}
