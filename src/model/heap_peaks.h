/* What a unit of work needs at most, by route: peaks of units (heap_unit_peak) as quantiles, with
 * the line that had most of them.
 *
 * The result is a temporary table:
 *
 *     heap_route_peak   a row a route of which a peak was seen: route (NULL: none, or not known),
 *                       units (that ended while allocations were sampled), seen (of them with a
 *                       peak: the others allocated less than a sample stands for, and count as 0),
 *                       p50_bytes, p99_bytes, most_bytes, most_error (standard error of that),
 *                       most_unit, most_at_ns, stack_id, file, line, function (where most of the
 *                       bytes of all its peaks was made: the application's frame, if there is one;
 *                       NULL: no Python code), place_share (of these bytes, 0 to 1, at least)
 *
 * What a process did before it served (kind run) is none of a server's routes.
 */
#ifndef UNSLOW_MODEL_HEAP_PEAKS_H
#define UNSLOW_MODEL_HEAP_PEAKS_H

#include <sqlite3.h>

#include "base/err.h"

MUST_CHECK enum err_kind heap_peaks_to_table(sqlite3 *db, struct err *e);
/* The same without a row. */
MUST_CHECK enum err_kind heap_peaks_no_table(sqlite3 *db, struct err *e);
/* After heap_to_tables() by route: routes that have nothing live are places, too, and no peak of a
 * place is below that of one of its units. */
MUST_CHECK enum err_kind heap_peaks_join_places(sqlite3 *db, struct err *e);

#endif
