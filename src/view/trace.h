/* `show trace`: one request from beginning to end: the client's part where a load generator on this
 * host measured it, calls, statements, and what samples found its threads at in between.
 */
#ifndef UNSLOW_VIEW_TRACE_H
#define UNSLOW_VIEW_TRACE_H

#include "view/view.h"

extern const char trace_sql[];
/* The unit that is asked for by its name or its trace, or the slowest one (of those that
 * a client measured if there are any, and of a process's first ones only if there are no others),
 * as the temporary table `traced`. */
MUST_CHECK enum err_kind trace_prepare(sqlite3 *db, const struct view_options *o, struct err *e);

#endif
