/* What the views about counted calls and lines share: the tables they read, and what heads them:
 * how it was counted, what that cost, what was lost.
 */
#ifndef UNSLOW_VIEW_CALLS_VIEWS_H
#define UNSLOW_VIEW_CALLS_VIEWS_H

#include "view/table.h"

struct json;

/* Before the SELECT (table.h): the tables of model/calls.h, and calls_shown: the rows of `show
 * calls`, the tree or, with --function, who calls it and what it calls. */
enum err_kind calls_views_prepare(sqlite3 *db, const struct view_options *o, struct err *e);

/* Whether the recording has what the view `v` shows. */
MUST_CHECK enum err_kind calls_views_any(sqlite3 *db, const struct view_row *v, bool *out,
					 struct err *e);
MUST_CHECK enum err_kind calls_head_text(sqlite3 *db, const struct view_row *v,
					 const struct view_options *o, FILE *out, struct err *e);
/* The same as keys "counted", "cost", "arguments", "part", "scope" and "note" of an object that is
 * open. */
MUST_CHECK enum err_kind calls_head_json(sqlite3 *db, const struct view_row *v, struct json *j,
					 struct err *e);
/* Why there is nothing, and what to do about it: one sentence without a full stop.
 * `filtered`: the rows that there are may have been left out by filters. */
struct str;
MUST_CHECK enum err_kind calls_none_why(sqlite3 *db, bool of_lines, bool filtered, struct str *text,
					struct err *e);

extern const char calls_sql[], calls_funcs_sql[];

#endif
