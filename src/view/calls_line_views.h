/* Counted lines: the table that the view reads, its SELECT, and what heads it beside what
 * calls_views.h says: what found no place.
 */
#ifndef UNSLOW_VIEW_CALLS_LINE_VIEWS_H
#define UNSLOW_VIEW_CALLS_LINE_VIEWS_H

#include "view/table.h"

struct str;

/* Temporary table lines_shown, of v1_call_line, times without what counting cost. */
enum err_kind calls_lines_prepare(sqlite3 *db, const struct view_options *o, struct err *e);
extern const char calls_lines_sql[];

/* Adds what was lost, if anything was. `lines`: of how many, 0 where that is not known (an older
 * recording); `own_ms`: what these ran. */
void calls_lines_lost_text(struct str *text, int64_t executions, int64_t lines, double own_ms);

#endif
