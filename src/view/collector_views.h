/* `show gc`: what the garbage collector cost, by generation and route; --slowest: single
 * collections. */
#ifndef UNSLOW_VIEW_COLLECTOR_VIEWS_H
#define UNSLOW_VIEW_COLLECTOR_VIEWS_H

#include "view/table.h"

extern const char collector_rows_sql[], collector_slowest_sql[];
extern const struct view_heads collector_heads;
MUST_CHECK enum err_kind collector_prepare(sqlite3 *db, const struct view_options *o,
					   struct err *e);

#define COLLECTOR_HEAD \
	"young, middle, full: collections of 0.05 ms and more, by what they looked at (full: all " \
	"objects that refer to others); in sums: those below, and what was not kept one by " \
	"one (`--max-size`, thinned records), without their generation, longest and what they " \
	"freed; total, longest: from their start to their end, " \
	"with the time they waited for a CPU; of route: share of the time of its finished units; " \
	"freed: objects"
#define COLLECTOR_SLOWEST_HEAD \
	"collections of 0.05 ms and more, longest first; request: for `unslow show trace " \
	"--request`; " \
	"at: since the recording began; took: from its start to its end, of which cpu: on the " \
	"CPU; " \
	"of request: of its wall time; freed: objects"

#endif
