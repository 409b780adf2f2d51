/* The rows of heap_live, read once: for heap.c alone.
 *
 * Leaves temporary tables: heap_sum, a row a place that was live in any snapshot up to the moment
 * of heap_at, with its sums at that moment, the most of a snapshot and its growth (columns as
 * heap_line's; route_id of places that are routes); heap_site_live, bytes of a site at the moment.
 * Places are those of heap_site_place; 0 is of sums without a site.
 */
#ifndef UNSLOW_MODEL_HEAP_SUMS_H
#define UNSLOW_MODEL_HEAP_SUMS_H

#include "model/heap.h"

#define HEAP_DAY_S 86400.0

MUST_CHECK enum err_kind heap_sums_make(sqlite3 *db, const struct heap_filter *filter,
					struct err *e);
/* What growth is by, and how much of it a second, all processes. */
MUST_CHECK enum err_kind heap_rate(sqlite3 *db, bool *of_units, double *rate, struct err *e);

#endif
