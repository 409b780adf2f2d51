/* A diagnosis of one route: what rules read is narrowed to its units.
 *
 * Rules ask the basis, samples and sums by route, and the rows of single units; of these only
 * those of the route stay. Shared tables that were made of them (common.sql and its neighbours) are
 * made again, in the order they stand there, and no others: what is measured of the process, of its
 * connections and databases stays whole. Nothing is widened again: who needs the whole asks before.
 */
#ifndef UNSLOW_RULES_SCOPE_H
#define UNSLOW_RULES_SCOPE_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/err.h"
#include "rules/catalogue.h"

/* After evaluate_prepare(); again for the next route, whichever was the last. Of the shared tables
 * those are made again that rules need which are asked; `is_asked` NULL: all. */
MUST_CHECK enum err_kind scope_narrow(sqlite3 *db, const char *route,
				      const struct catalogue *catalogue,
				      bool (*is_asked)(const struct rule *), struct err *e);

/* Does the SQL name it, outside of comments, as a word? */
bool scope_names(const char *sql, const char *word);

#endif
