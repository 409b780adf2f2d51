/* From candidates to findings: floor, confidence, ownership, order.
 *
 * Confidence has three parts: the mechanism was counted, its cost stands in the
 * ledger, its rivals are excluded. proven = all three, likely = the first two,
 * possible = the first alone; never above the rule's level, and not above
 * likely while more than 10 % of the unit time is unexplained, or 20 % of it waited for a CPU (but
 * for a gate, which says why).
 *
 * Ownership: each claimed nanosecond belongs to one cause, the one whose rule has
 * the lower `order`, then the larger saving. A candidate that owns less than
 * 30 % of what it claims, or less than its rule's floor, is folded under the owner
 * of most of it.
 */
#ifndef UNSLOW_RULES_RANK_H
#define UNSLOW_RULES_RANK_H

#include "model/ledger.h"
#include "rules/evaluate.h"

#define RESIDUAL_MAX 0.10 /* of unit time unexplained; above it confidence is capped */
#define BUSY_SHARE 0.20   /* of unit time waiting for a CPU, whoever had it; from it on, too */
#define LOOP_QUEUE_SHARE \
	0.80 /* of unit time waiting while the loop runs others; from it on they queue for it. \
		Below it they wait for single long steps, which cpu-hog-in-event-loop tells */
#define FOLD_SHARE 0.70 /* of a candidate's time owned by others; from it on it is folded */
#define MAKES_QUEUE \
	0.5 /* of unit time taken by a cause that has a cure; from it on queues before units are \
	       its */

/* Sets fires, share, confidence (uncalibrated, too), follows and owner. A candidate silenced here
 * (below the floor, or too few units) gets its reason in ruled_out. */
void rank_judge(struct candidates *all, const struct ledger *ledger, struct arena *arena);

/* Did the rule say of every id that it excludes why it is not that? */
bool rank_rivals_excluded(const struct candidate *c);

/* Findings of what fires and stands by itself in `count` lists, ranked: by milliseconds saved (of
 * the app's own time, where neighbours have the CPUs), those of one route alone after the others,
 * and those that will fail by time to the limit. Fixes and source lines are not set yet; from[i] is
 * the candidate of finding i. */
void rank_findings(const struct candidates *const *lists, size_t count, const struct ledger *ledger,
		   struct arena *arena, struct diagnosis *out, const struct candidate ***from);

#endif
