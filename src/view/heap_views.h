/* `show memory`: what heads it (what resident memory is made of, what grows and when it is full,
 * how it was sampled), and the tables that its rows are read from.
 */
#ifndef UNSLOW_VIEW_HEAP_VIEWS_H
#define UNSLOW_VIEW_HEAP_VIEWS_H

#include "view/table.h"

/* Before the SELECT (table.h): the tables of model/heap.h, and heap_shown: its rows in their order,
 * with texts. */
enum err_kind heap_views_prepare(sqlite3 *db, const struct view_options *o, struct err *e);
/* Whether the options go with this view; ERR_USAGE. */
MUST_CHECK enum err_kind heap_check(const struct view_options *o, struct err *e);
/* Why there is nothing, and what to do about it: one sentence without a full stop. After
 * heap_choose_moment(). */
struct str;
MUST_CHECK enum err_kind heap_none_why(sqlite3 *db, struct str *text, struct err *e);

/* `show flame --memory`: what its widths are of; and whether the options go with it. */
MUST_CHECK enum err_kind heap_flame_check(const struct view_options *o, struct err *e);
MUST_CHECK enum err_kind heap_flame_head(sqlite3 *db, const struct view_options *o, FILE *out,
					 struct err *e);

enum { HEAP_VIEW_ROWS = 30 }; /* by default */
extern const struct view_heads heap_heads;
extern const char heap_sql[];

#endif
