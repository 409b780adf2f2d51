/* The sampled heap of a recording by place (line, file, traceback or route): what is live at a
 * moment, what was made, what was temporary, the peak, and the growth.
 *
 * Results are temporary tables, for SQL of views and exports to read:
 *
 *     heap_at      a row a process that lived at that moment: its snapshot
 *     heap_place   a row a place: file, line, function, kind (code.kind; import: what an import
 *                  statement made importlib make, by the application's line that has it, or
 *                  HEAP_IMPORTS_AT_START), stack_id (one of its stacks; of BY_TRACEBACK the
 *                  one), route, caller (file:line of the application's frame that most of its
 *                  live bytes were made for; NULL: it is itself one)
 *     heap_line    a row a place with sums: live_bytes, live_error (standard error),
 *                  live_blocks, live_samples, recycled (of them), made_bytes, made_blocks,
 *                  short_bytes, peak_bytes (at least: the most of a stack, of a snapshot, or
 *                  now), samples, native, slope, slope_low, slope_high (bytes a unit of work),
 *                  day_bytes (at the rate seen), grown_samples, more_work (that would about
 *                  tell), verdict (heap_growth.h). NULL where it cannot be known: of routes only
 *                  what is live is
 *
 *     heap_by      one row: of_units (1: growth is by units of work, 0: by seconds), rate (of
 *                  them a second, all processes)
 *
 * Growth is of old generations, HEAP_OLD_AGE and more: what a unit of work made and will free is
 * not in it, nor what a process had when it was forked.
 */
#ifndef UNSLOW_MODEL_HEAP_H
#define UNSLOW_MODEL_HEAP_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define HEAP_OLD_AGE 3 /* heap_live.age: 16 units of work have ended since, or 1.6 s passed */
#define HEAP_INHERITED_AGE 31 /* likewise: what the process was forked with */

#define HEAP_IMPORTS_AT_START "<imports at start>" /* a file: of no line of the application */

enum heap_by { HEAP_BY_LINE, HEAP_BY_FILE, HEAP_BY_TRACEBACK, HEAP_BY_ROUTE };
extern const char *const heap_by_names[]; /* "line" …, NULL */

struct heap_filter {
	enum heap_by by;
	bool app_only;     /* the application's frames: what they call is theirs */
	const char *route; /* live and growth of units of this route; NULL: all */
	uint64_t at_ns;    /* since the recording began; 0: its end */
};

/* Whether a process's heap was sampled. */
MUST_CHECK enum err_kind heap_are_there(sqlite3 *db, bool *out, struct err *e);
/* heap_at alone. */
MUST_CHECK enum err_kind heap_choose_moment(sqlite3 *db, uint64_t at_ns, struct err *e);
/* After that: does a process have what it was forked with? Lines have it in the parent alone, the
 * ledger in each. */
MUST_CHECK enum err_kind heap_shares(sqlite3 *db, bool *out, struct err *e);
MUST_CHECK enum err_kind heap_to_tables(sqlite3 *db, const struct heap_filter *filter,
					struct err *e);

#endif
