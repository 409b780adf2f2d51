/* `unslow time MODULE:FUNCTION -- CMD`: the calls of chosen functions as text, or as
 * unslow.time-calls/1 (docs/time-calls.schema.json).
 */
#ifndef UNSLOW_VIEW_CALL_TIMES_H
#define UNSLOW_VIEW_CALL_TIMES_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "model/call_times.h"

/* `db` is of the head: how calls were counted, what that cost, what was lost. Its temporary tables
 * of calls (model/calls.h) are made for that. */
MUST_CHECK enum err_kind view_call_times_text(sqlite3 *db, const struct call_times *times,
					      FILE *out, bool colour, int width, struct err *e);
MUST_CHECK enum err_kind view_call_times_json(sqlite3 *db, const struct call_times *times,
					      FILE *out, struct err *e);

#endif
