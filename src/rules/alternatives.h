/* What would not cure it: the most that each popular remedy could give, from
 * the ledger, as a fraction of unit time, and why.
 */
#ifndef UNSLOW_RULES_ALTERNATIVES_H
#define UNSLOW_RULES_ALTERNATIVES_H

#include "model/ledger.h"

/* Fills out->alternatives; call when the findings are ranked. Nothing without units. */
void alternatives_list(const struct ledger *ledger, struct arena *arena, struct diagnosis *out);

#endif
