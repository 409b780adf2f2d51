/* What the garbage collector did: collections of 50 µs and more one by one, others as sums, and
 * the types of what it had not come to when a heap was walked.
 *
 * Results are temporary tables, for SQL of views to read:
 *
 *     gc_single    a row a collection of 50 µs and more: start_ns, dur_ns, cpu_ns (NULL: not
 *                  measured), generation (0 young, 1 middle, 2 full), freed (objects), unit_id
 *                  (NULL: in none), thread_id, weight (of its unit: it stands for so many),
 *                  route, method, kind, wall_ns (of its unit), finished (its unit did)
 *     gc_row       a row a generation and route, and a row a route of those that only
 *                  sums have (generation -1: shorter ones, and what was not kept one by one):
 *                  count, total_ns (wall time, of these, too), longest_ns (NULL: not known),
 *                  in_units (0: outside of them), freed (NULL: not known), route, finished (0:
 *                  units that did not end)
 *     gc_garbage   a row a type of which only garbage held some at the last walk of a process:
 *                  type, count (at those walks), walks (in how many there were any: those that
 *                  keep coming)
 */
#ifndef UNSLOW_MODEL_COLLECTOR_H
#define UNSLOW_MODEL_COLLECTOR_H

#include <sqlite3.h>

#include "base/err.h"

MUST_CHECK enum err_kind collector_to_tables(sqlite3 *db, struct err *e);

#endif
