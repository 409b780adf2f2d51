/* What findings are worth to clients at the observed rate: each by itself, and all together.
 *
 * A finding's saving is time a unit; which part of a unit it comes out of is known by what it
 * claims (a connection, a statement, Python). The replay (model/what_if.h) takes it out and serves
 * the units again, for both ends of the saving's interval, too.
 */
#ifndef UNSLOW_RULES_LATENCY_H
#define UNSLOW_RULES_LATENCY_H

#include "model/what_if.h"
#include "rules/evaluate.h"

/* Where a finding is a queue that is not replayed, w->unknown says so. */
void latency_queue(struct what_if *w, struct arena *arena, const struct diagnosis *d);

/* Sets saving.latency of the findings and out->what_if; from[i] is the candidate of finding i. */
void latency_predict(struct what_if *w, const struct candidate *const *from, struct arena *arena,
		     struct diagnosis *out);

#endif
