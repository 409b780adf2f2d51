/* The stacks of places by traceback as text: "function file:line < …", newest frame first. */
#ifndef UNSLOW_MODEL_HEAP_TRACEBACKS_H
#define UNSLOW_MODEL_HEAP_TRACEBACKS_H

#include <sqlite3.h>

#include "base/err.h"

#define HEAP_TRACEBACK_FRAMES 30 /* more are left out */

/* After heap_to_tables(): temporary table heap_traceback, a row a place of `table` (its column
 * place; NULL: none) that has a stack: id, text. `shorten`: of a path, what stands in it. */
MUST_CHECK enum err_kind heap_tracebacks(sqlite3 *db, const char *table,
					 const char *(*shorten)(const char *path), struct err *e);

#endif
