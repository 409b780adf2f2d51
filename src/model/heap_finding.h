/* What is the matter with memory? Each row of the temporary table heap_finding is an answer with
 * its size and its interval; where it cannot be told, with what would settle it.
 *
 *     kind      leak                    what Python made is kept: of each unit of work so much
 *               filling                 likewise a cache that has room for more entries, and memory
 * for them garbage                 in cycles that the collector does not come to native-leak the
 * same of blocks that C code made, with no object to them unexplained-growth      resident memory
 * grows by what nobody was seen making pymalloc-fragmentation  arenas hold twice what is live, and
 * more, all the time malloc-retention        likewise malloc, of what was given back to it peak one
 * place had so much at once, of which nothing is left not-shared              processes made the
 * same before their first unit of work no-growth, cannot-tell  where none of the first five is
 * there sure      1: found; 0: it may be, `settle` says what would tell bytes, low, high 95 %
 * interval; a NULL end is not known each      1: of each unit of work, or second (heap_by); 0: held
 *     place     of heap_place; of several the surest, with most live bytes; NULL: of none
 *     file, line of it
 *     holder    of heap_holder; NULL: not known
 *     because   one line
 *     settle    NULL: nothing is open
 *     counted   1: by lengths that walks of the heap saw; samples alone are too few
 *     day_bytes at the rate seen, of `each`; else NULL
 *
 * Growth is told by heap_growth.h, from lines (heap_line) and parts (heap_ledger.h); the rest by
 * shares of what is resident, never by a size. A full collection is due when a quarter of the
 * objects is new (Modules/gcmodule.c, long_lived_pending, 3.8 to 3.13): more garbage than that is
 * left by one that does not run.
 *
 * Beside it:
 *
 *     heap_holder        what keeps samples, a row a holder: name ("app.views.CACHE",
 *                        "functools.lru_cache of app.render"), root, label, in_type, in_length,
 *                        cache_… (as v1_walk_holder has them; in_… of what is in
 *                        the holder itself, NULL: only in its entries), live_bytes, samples, slope,
 *                        slope_low, slope_high, day_bytes, verdict: of all lines together whose
 *                        samples it keeps, by the walks
 *     heap_site_holder   site_id, holder, doubtful (1: below 3.13 its blocks may be those of an
 *                        object before: the holder is right, the line may be another's)
 *     heap_place_holder  place, holder, doubtful, bytes, share (of the line's): of a line half of
 *                        which is kept by one, of what walks were asked about
 *     heap_container     a row a holder (name, as heap_holder's) that walks saw getting longer by
 *                        as much in each unit of work, or second, at each step, past what bounded
 *                        caches mostly have: steps between walks, grown (entries, in all), entries
 *                        (of each unit; entries_low, entries_high: the least and the most of a
 *                        step), entry_bytes (with all that it leads to; NULL: not known)
 *     heap_origin        a row a place that grows or may: library, c_part (of its live bytes: made
 *                        by C code that is not the interpreter), held (a walk found what keeps it),
 *                        type (of objects that grow with it), native (1: C code keeps it)
 *     heap_outlook       one row: of_units, rate (as heap_by), day_bytes (of leaks together),
 *                        limit_bytes, room_bytes, full_s (NULL: not known, or never),
 *                        recycle_units (replaced after so many, all workers stay below four
 *                        fifths of the room, by the upper end of the growth; NULL, 0: not known)
 *     heap_walked        walks of which all was counted, the first and the last of each process
 *     heap_peak          a row a place that had a quarter of its process's memory and more, and
 *                        has not now: peak_bytes, gone, low, high, peak_ns, units, unit_id,
 *                        route
 */
#ifndef UNSLOW_MODEL_HEAP_FINDING_H
#define UNSLOW_MODEL_HEAP_FINDING_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/err.h"
#include "model/heap.h"

/* heap_to_tables(), heap_ledger_make() and what is said above. By lines or tracebacks, of all
 * routes: ERR_INVALID of other filters. */
MUST_CHECK enum err_kind heap_findings_make(sqlite3 *db, const struct heap_filter *filter,
					    struct err *e);

/* Of leaks, together. */
struct heap_outlook {
	bool of_units;      /* growth is by units of work; false: by seconds */
	double rate;        /* units a second, all processes; of seconds the processes */
	double day_bytes;   /* growth of all leaks; 0: there is none */
	double limit_bytes; /* of memory: control group's or machine's; NaN: not known */
	double room_bytes;  /* left to it at the end */
	double full_s;      /* seconds until it is reached at this rate; NaN: never, or not known */
	double recycle_units; /* NaN, 0: not known, or no worker lives so short */
};
/* After heap_findings_make(). */
MUST_CHECK enum err_kind heap_outlook_read(sqlite3 *db, struct heap_outlook *out, struct err *e);

#endif
