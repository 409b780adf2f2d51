/* One cause as one text file: a header of facts, then one SELECT.
 *
 *     -- id: n-plus-one-queries
 *     -- group: db
 *     …
 *     WITH … SELECT …;
 *
 * The header is the run of `-- key: value` lines at the top, each key once and
 * in the order of src/rules/README.md; a line `--   more` goes on with the value
 * above. The file's text must outlive the rule (embedded, or in an arena).
 */
#ifndef UNSLOW_RULES_RULE_H
#define UNSLOW_RULES_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/diagnosis.h"

#define RULE_NOTHING_WRONG "nothing-wrong" /* the last resort: no other speaks */

struct rule {
	const char *path; /* as given, for messages */
	const char *id;
	const char *group;
	const char *needs;     /* views, separated by blanks */
	const char **excludes; /* ids taken for this cause */
	size_t exclude_count;
	double floor;          /* least share of unit time, below which the rule is silent */
	enum confidence level; /* highest that its evidence supports */
	const char *saving;    /* S1 … S12, none */
	const char *fix;       /* general advice; fixes.sql has the one for the library seen */
	bool gate;             /* list: gate */
	bool outside;          /* list: outside, or gate: no fault of the code */
	bool fails;            /* list: fails */
	bool will_fail;        /* list: will-fail */
	int order;             /* who owns time that two causes claim: the lower one */
	double units;          /* units of work with the mechanism needed to speak */
	const char *sql;       /* the SELECT */
};

MUST_CHECK enum err_kind rule_parse(const char *path, const char *text, struct arena *arena,
				    struct rule *out, struct err *e);

#endif
