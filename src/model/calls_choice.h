/* Functions to count, chosen by what a recording says: as patterns of the agent
 * (agent/calls_pattern.h), "shop/views.py:42" each, separated by commas.
 *
 * Names that a pattern cannot hold (a comma or an asterisk in the path) are left out, and those
 * past CALLS_PATTERN_BYTES; the first ones matter most.
 */
#ifndef UNSLOW_MODEL_CALLS_CHOICE_H
#define UNSLOW_MODEL_CALLS_CHOICE_H

#include <sqlite3.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

/* The `count` functions with most time of their own, by samples, else by counted calls.
 * ERR_INVALID: the recording has neither. *chosen: how many are in `out`. */
MUST_CHECK enum err_kind calls_choice_top(sqlite3 *db, size_t count, struct str *out,
					  size_t *chosen, struct err *e);
/* The application's functions that were seen in units of this route. ERR_INVALID: none was; the
 * text names the routes there are. */
MUST_CHECK enum err_kind calls_choice_route(sqlite3 *db, const char *route, struct str *out,
					    size_t *chosen, struct err *e);

#endif
