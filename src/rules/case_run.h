/* One case of a rule, run: a recording in memory with the real schema and views, what every case
 * starts from (tests/rules/fixture.sql) and the case's INSERTs; what the rule says of it, as text.
 *
 * Recordings are the caller's, to be closed; text is the arena's.
 */
#ifndef UNSLOW_RULES_CASE_RUN_H
#define UNSLOW_RULES_CASE_RUN_H

#include <sqlite3.h>

#include "model/ledger.h"
#include "rules/case_file.h"
#include "rules/evaluate.h"

/* c NULL: an empty recording. */
MUST_CHECK enum err_kind case_recording(const struct rule_case *c, sqlite3 **out, struct err *e);

/* What rules share of a recording: their common tables and the ledger. */
MUST_CHECK enum err_kind case_prepare(sqlite3 *db, struct arena *arena, struct ledger *ledger,
				      struct err *e);

struct outcome {
	const char *findings; /* SUBJECT FILE:LINE SHARE% SAVINGms CONFIDENCE, one a line */
	const char *words; /* sentences and figures of all rows, found or ruled out, one a line */
};

/* `each`, if not NULL, is called for every finding. */
MUST_CHECK enum err_kind case_outcome(
	sqlite3 *db, const struct ledger *ledger, const struct rule *rule, struct arena *arena,
	void (*each)(const struct candidate *c, const struct ledger *ledger, struct arena *arena),
	struct outcome *out, struct err *e);

/* Is it what the case expects? If not, *expected and *got say what differs. */
bool case_holds(const struct rule_case *c, const struct outcome *outcome, struct arena *arena,
		const char **expected, const char **got);

#endif
