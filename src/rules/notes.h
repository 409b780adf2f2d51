/* Lines under the header: what a reader must know before believing a figure. */
#ifndef UNSLOW_RULES_NOTES_H
#define UNSLOW_RULES_NOTES_H

#include <sqlite3.h>

#include "model/ledger.h"

#define FEW_UNITS 30 /* up to here only causes whose mechanism is counted can speak */

/* Fills out->notes. */
MUST_CHECK enum err_kind notes_list(sqlite3 *db, const struct ledger *ledger, struct arena *arena,
				    struct diagnosis *out, struct err *e);

#endif
