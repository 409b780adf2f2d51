#include "probe/stop_budget.h"

#include <math.h>

#include "base/clock.h"

#define KEPT_S 1.0  /* of the time's share, at most */
#define OWED_S 10.0 /* likewise: a machine that stood still must not blind us for a minute */
#define FIRST_LOOK_NS 100000.0 /* docs/benchmarks.md: p99 of a stop */
#define NEWEST 0.125           /* weight of a look in what is expected of the next */
#define PLANNED 0.9            /* of the share: what is left pays for looks that cost more */

void stop_budget_begin(struct stop_budget *b, double share, uint64_t now_ns)
{
	*b = (struct stop_budget){
		.share = share, .filled_ns = now_ns, .expected_ns = FIRST_LOOK_NS};
}

bool stop_budget_allows(struct stop_budget *b, uint64_t now_ns)
{
	const double most_ns = fmax(b->share * KEPT_S * (double)NS_PER_S, b->expected_ns);
	b->saved_ns += b->share * (double)(now_ns - b->filled_ns);
	b->saved_ns = fmin(b->saved_ns, most_ns);
	b->filled_ns = now_ns;
	return b->saved_ns >= b->expected_ns;
}

void stop_budget_pay(struct stop_budget *b, uint64_t stopped_ns)
{
	b->saved_ns = fmax(b->saved_ns - (double)(stopped_ns - b->stopped_ns),
			   -b->share * OWED_S * (double)NS_PER_S);
	b->stopped_ns = stopped_ns;
}

void stop_budget_look(struct stop_budget *b, uint64_t stopped_ns)
{
	const double cost_ns = (double)(stopped_ns - b->stopped_ns);
	stop_budget_pay(b, stopped_ns);
	b->expected_ns += NEWEST * (cost_ns - b->expected_ns);
	b->looks_cost_ns += cost_ns;
	b->looks++;
}

double stop_budget_over(struct stop_budget *b, double hz)
{
	const double look_ns = b->looks ? b->looks_cost_ns / (double)b->looks : 0;
	b->looks = 0;
	b->looks_cost_ns = 0;
	return hz * look_ns / (double)NS_PER_S / (PLANNED * b->share);
}
