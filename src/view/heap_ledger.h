/* What heads `show memory`: what resident memory is made of and what of it grows, process by
 * process where there are several; what is the matter with it (model/heap_finding.h).
 */
#ifndef UNSLOW_VIEW_HEAP_LEDGER_H
#define UNSLOW_VIEW_HEAP_LEDGER_H

#include "view/table.h"

/* After heap_findings_make(). `unit`: what growth is of, in words. */
MUST_CHECK enum err_kind heap_ledger_text(sqlite3 *db, const char *unit, int width, FILE *out,
					  struct err *e);
MUST_CHECK enum err_kind heap_findings_text(sqlite3 *db, const char *unit, int width, FILE *out,
					    struct err *e);
/* Keys "resident", "processes" and "verdicts" of an object that is open. */
MUST_CHECK enum err_kind heap_ledger_json(sqlite3 *db, struct json *j, struct err *e);

#endif
