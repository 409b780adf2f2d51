/* Run one rule over a recording: its rows become candidates.
 *
 * The columns of a rule's SELECT are documented in README.md; they are found
 * by name, in any order. Everything made here is the arena's.
 */
#ifndef UNSLOW_RULES_EVALUATE_H
#define UNSLOW_RULES_EVALUATE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "rules/rule.h"

struct claim {           /* nanoseconds of the ledger that a candidate says are its own */
	const char *key; /* "connect:app.py:14": the same key is the same time */
	double ns;
};

struct route_part;

struct candidate {
	const struct rule *rule;
	bool fires; /* false: looked at, and the figure is in ruled_out */
	const char *subject;
	const char *title;
	const char *because;
	const char *ruled_out;
	const char *peer_kind; /* NULL: none */
	const char *route;     /* the only one that it was seen in; NULL: several or unknown */
	const char *fix;       /* in place of the rule's and the library's; NULL: theirs */
	const char *fix_more;  /* said after the fix; NULL: nothing */
	int64_t stack_id;      /* whose libraries choose the fix; 0: none */
	double units;          /* units of the basis in which the mechanism was counted */
	double route_units;    /* all units of `route`; 0: no route, or unknown */
	double route_wall_ns;  /* their time */
	double share_ns;       /* of the whole basis; NaN: its cost could not be measured */
	double low_ns, mid_ns, high_ns; /* saving a unit of the basis; NaN: unknown */
	double gil_part; /* of the saving: waits for the GIL; NaN: unknown, or none */
	bool at_least;
	const char *unseen; /* who loses more than is seen; then high_ns bounds what is; or NULL */
	double hours_to_limit; /* NaN: unknown */
	struct place *places;
	size_t place_count;
	struct evidence *evidence;
	size_t evidence_count;
	struct reason *excluded;
	size_t excluded_count;
	struct claim *claims;
	size_t claim_count;
	/* filled by rank.c */
	enum confidence confidence;
	enum confidence uncalibrated; /* what its evidence says; calibrate.h may lower it */
	double share;
	double unit_part; /* of all units of the basis: those of `route`; without, with the
			     mechanism */
	bool follows;     /* a queue that another cause makes: after it */
	const struct route_part *part; /* found of this route alone (by_route.h); NULL: of all */
	const struct candidate *owner; /* folded under this one; NULL: stands by itself */
};

struct candidates {
	VEC(struct candidate) list;
};

/* Temporary tables common.sql and fixes.sql, functions included; once per connection. */
MUST_CHECK enum err_kind evaluate_prepare(sqlite3 *db, struct err *e);

/* Append the rule's rows to out. ERR_INVALID names the file and the column for
 * a SELECT that is not as README.md says. */
MUST_CHECK enum err_kind evaluate_rule(sqlite3 *db, const struct rule *rule, struct arena *arena,
				       struct candidates *out, struct err *e);

#endif
