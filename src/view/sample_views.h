/* What the views about samples share: the tables they read, what heads them, and
 * the tree for a terminal.
 */
#ifndef UNSLOW_VIEW_SAMPLE_VIEWS_H
#define UNSLOW_VIEW_SAMPLE_VIEWS_H

#include "view/table.h"

struct json;

/* Before the SELECT (table.h): the profile's tables, with `source_text(file, line)`, the text of
 * a line where the file can be read and has not changed since the recording began. And
 * `short_path(file)`: from here where it lies under the current folder, else its last two parts. */
enum err_kind sample_views_profile(sqlite3 *db, const struct view_options *o, struct err *e);
/* source_text() and short_path() alone. */
MUST_CHECK enum err_kind sample_views_functions(sqlite3 *db, struct err *e);
/* The chosen samples of all threads at all times. */
enum err_kind sample_views_threads(sqlite3 *db, const struct view_options *o, struct err *e);

/* Above a table: one line an engine (rate, fate of its ticks, what it cost), and which time is
 * looked at. */
MUST_CHECK enum err_kind sample_head_text(sqlite3 *db, const struct view_row *v,
					  const struct view_options *o, FILE *out, struct err *e);
/* The same as keys "engines", "unseen_cpu_ms" and "note" of an object that is open. */
MUST_CHECK enum err_kind sample_head_json(sqlite3 *db, struct json *j, struct err *e);
/* Why there are no samples, or none is left by the filters, and what to do about it: one sentence
 * without a full stop. It names the command of the recording, which may hold anything. */
struct str;
MUST_CHECK enum err_kind sample_none_why(sqlite3 *db, struct str *text, struct err *e);

/* `show flame`: rows of the tree in its order. */
void flame_draw(const struct view_row *v, sqlite3_stmt *row, const struct view_options *o,
		FILE *out);

/* Of threads: after sample_views_threads(). */
extern const char sample_threads_sql[];

#endif
