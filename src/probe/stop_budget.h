/* How much of the time the watched threads may be stopped: pure.
 *
 * A bucket that fills with the time and is emptied by stops. It starts empty, so that what all
 * stops so far took is no more than the share of the time so far, from the first look on; what the
 * last one took beyond its expected length is saved before the next, up to what ten seconds allow.
 * What was not used is kept, up to a second's, so that a look now and then may cost more. The rate
 * follows from what a look costs: a rate above it only makes looks late.
 */
#ifndef UNSLOW_PROBE_STOP_BUDGET_H
#define UNSLOW_PROBE_STOP_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

struct stop_budget {
	double share;
	uint64_t filled_ns;   /* when it was last filled */
	double saved_ns;      /* below 0: to be saved yet */
	uint64_t stopped_ns;  /* in all, as last told */
	double expected_ns;   /* of the next look */
	uint64_t looks;       /* since the rate was last asked for */
	double looks_cost_ns; /* of those */
};

void stop_budget_begin(struct stop_budget *budget, double share, uint64_t now_ns);
/* Whether a look may stop threads now. */
bool stop_budget_allows(struct stop_budget *budget, uint64_t now_ns);
/* What all stops so far took, whatever they were for. */
void stop_budget_pay(struct stop_budget *budget, uint64_t stopped_ns);
/* The same; what came to it since then was one look's. */
void stop_budget_look(struct stop_budget *budget, uint64_t stopped_ns);
/* What looking `hz` times a second would cost, as a part of what may be spent (1: all of it), by
 * the looks made since it was last asked. */
double stop_budget_over(struct stop_budget *budget, double hz);

#endif
