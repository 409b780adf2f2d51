/* What would not cure it: the most that each popular remedy could give, from
 * the ledger, as a fraction of unit time, and why; what it does to clients at the
 * observed rate, where the units can be replayed with it (model/what_if.h).
 */
#ifndef UNSLOW_RULES_ALTERNATIVES_H
#define UNSLOW_RULES_ALTERNATIVES_H

#include "model/ledger.h"
#include "model/what_if.h"

/* Fills out->alternatives; call when the findings are ranked, on a connection with a basis
 * (ledger_choose_basis). Nothing without units. */
MUST_CHECK enum err_kind alternatives_list(sqlite3 *db, const struct ledger *ledger,
					   const struct what_if *w, struct arena *arena,
					   struct diagnosis *out, struct err *e);

#endif
