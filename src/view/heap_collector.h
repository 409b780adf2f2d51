/* `show memory`, `show gc`: what the garbage collector did, by generation and in whose time, and
 * what it had not come to at the last walk, by type.
 */
#ifndef UNSLOW_VIEW_HEAP_COLLECTOR_H
#define UNSLOW_VIEW_HEAP_COLLECTOR_H

#include "view/table.h"

extern const char *const collector_generations[]; /* by number: young, middle, full */

/* `unit`: a unit of work, in words. Nothing, if there is nothing of it. Makes the tables of
 * model/collector.h. */
MUST_CHECK enum err_kind heap_collector_text(sqlite3 *db, const char *unit, int width, FILE *out,
					     struct err *e);
/* Key "collector" of an object that is open. */
MUST_CHECK enum err_kind heap_collector_json(sqlite3 *db, struct json *j, struct err *e);

#endif
