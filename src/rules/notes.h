/* Lines under the header: what a reader must know before believing a figure. */
#ifndef UNSLOW_RULES_NOTES_H
#define UNSLOW_RULES_NOTES_H

#include <sqlite3.h>

#include "model/ledger.h"

#define FEW_UNITS 30 /* up to here only causes whose mechanism is counted can speak */

/* Fills out->notes. `is_live`: the recording is still being written. */
MUST_CHECK enum err_kind notes_list(sqlite3 *db, const struct ledger *ledger, bool is_live,
				    struct arena *arena, struct diagnosis *out, struct err *e);

#endif
