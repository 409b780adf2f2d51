/* What a diagnosis reads of a recording, made ready once.
 *
 * Rules ask for units and frames again and again: their views, which compute each column anew, are
 * made into tables. Of a recording with very many rows of single units (calls, statements, samples
 * of a unit) those of some units are read, in place of all: units of one kind, route and fate in
 * the order they began, one of each so many, which stands for its group (unit.weight, as in a
 * recording that was thinned while it was made). The units themselves, and sums over all calls and
 * samples, stay whole. What was left out is said (notes.c reads `detail`).
 */
#ifndef UNSLOW_RULES_DETAIL_H
#define UNSLOW_RULES_DETAIL_H

#include <sqlite3.h>
#include <stdint.h>

#include "base/err.h"

/* So many are gone through in about a second. */
#define DETAIL_ROWS_MOST 40000

/* Before the basis is chosen: v1_frame and v1_unit are tables of this connection from now on. */
MUST_CHECK enum err_kind detail_tables(sqlite3 *db, struct err *e);

/* After it: leaves one row in `detail` (rows there were, units looked at in detail and of how many,
 * one in how many), and of v1_event, v1_statement, v1_command and v1_unit_sample those of these
 * units and of none, if there are more than `rows_most`. */
MUST_CHECK enum err_kind detail_choose(sqlite3 *db, uint64_t rows_most, struct err *e);

#endif
