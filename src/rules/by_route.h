/* Routes that are diagnosed by themselves: a cause of a rare one is little of all the time.
 *
 * After the whole, a few routes are looked at alone (scope.h), by rules about slow code only: what
 * lies outside of it, fails or will fail is the process's. A route deserves it that has units
 * enough, answers late in absolute terms, and later than most units do or for a tenth of all the
 * time. What is found is told only where it is sure, claims a saving, takes a fair part of that
 * route, and stands nowhere in the answer yet. README.md, "One route alone", has the figures'
 * reasons.
 */
#ifndef UNSLOW_RULES_BY_ROUTE_H
#define UNSLOW_RULES_BY_ROUTE_H

#include <sqlite3.h>

#include "model/ledger.h"
#include "rules/catalogue.h"
#include "rules/evaluate.h"
#include "rules/rules.h"

#define ROUTES_MOST 4          /* those with most time of their own times that of a unit … */
#define ROUTES_MOST_OF_LARGE 2 /* … two where not all units are looked at in detail (detail.h) */
#define ROUTE_UNITS_LEAST 10   /* of fewer, one that was preempted is the mean */
#define ROUTE_OWN_LEAST_MS 5   /* a unit: without waiting for a CPU, the GIL or the loop */
#define ROUTE_TIMES_TYPICAL 3  /* of the unit in the middle of all, so long; or … */
#define ROUTE_TIME_SHARE 0.1   /* … so much of all the time … */
#define ROUTE_IS_WHOLE 0.8     /* … and below this: else the whole is its diagnosis */
#define ROUTE_FINDING_SHARE 0.15 /* of its time: the least that a finding takes … */
#define ROUTE_FINDING_MS 2       /* … and of a unit, and saves */

/* One that was looked at. */
struct route_part {
	const char *route, *name; /* as recorded; with its method before it, if it has one */
	double units, time;       /* of all units, of all their time */
	struct candidates found;  /* judged; what may not be told does not fire */
};

struct route_parts {
	struct route_part items[ROUTES_MOST];
	size_t count;
};

/* "0.31 %", "3.4 %", "97 %": a part of all, in the arena. */
const char *by_route_percent(double part, struct arena *arena);

/* Is it a rule about slow code? Others are asked about the process. */
bool by_route_asks(const struct rule *rule);

/* Looks at those that deserve it. `whole` is what was found of all units, `ledger` theirs. Leaves
 * the scope at the last route: nothing may ask for the whole afterwards. Shares and savings of the
 * candidates are of all units. The caller frees it, after an error, too. */
MUST_CHECK enum err_kind by_route_find(sqlite3 *db, const struct catalogue *catalogue,
				       const struct rules_options *options,
				       const struct candidates *whole, const struct ledger *ledger,
				       struct arena *arena, struct route_parts *out, struct err *e);

void by_route_free(struct route_parts *parts);

#endif
