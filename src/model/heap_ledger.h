/* What the resident memory of the processes is made of, at the moment of heap_at (heap.h), and
 * which part of it grows: parts that add up to it, the last one being what nothing explains. Live
 * ones are estimates from samples, and what was asked for need not be resident (not touched yet,
 * swapped out): where they are more than is resident the rest is 0, and how much more is told
 * apart.
 *
 * Growth is judged as that of lines is (heap_growth.h), by units of work or seconds (heap_by), over
 * the seconds until the moment.
 *
 * Results are temporary tables, for SQL of views and rules to read; process_id is NULL in rows of
 * all processes together, where what is shared counts in each:
 *
 *     heap_resident   a row a process that was looked at, and one of all, if there is any:
 *                     process_id, pid, processes, at_s (since the recording began), pss_bytes
 *                     (resident; what is shared counts once), swap_bytes, private_dirty_bytes,
 *                     beyond_bytes (that the parts have more than is resident; 0: none)
 *     heap_part       a row a process and part, but those not known, which are in the rest:
 *                     process_id, part ("live_objects" …), label (in words), bytes, error
 *                     (standard error; 0: counted), steady_bytes, most_bytes (the least and
 *                     the most in the second half of the looks), slope, slope_low, slope_high,
 *                     grown_bytes, day_bytes (at the rate of all together), verdict
 */
#ifndef UNSLOW_MODEL_HEAP_LEDGER_H
#define UNSLOW_MODEL_HEAP_LEDGER_H

#include <sqlite3.h>

#include "base/err.h"

enum heap_part {
	HEAP_PART_OBJECTS,      /* live small blocks of Python's allocators */
	HEAP_PART_BLOCKS,       /* live blocks of malloc: C code, Python's large ones */
	HEAP_PART_MAPPED,       /* live mappings of C code */
	HEAP_PART_ARENAS_FREE,  /* in pymalloc's arenas, not live */
	HEAP_PART_MALLOC_FREE,  /* kept by malloc */
	HEAP_PART_MALLOC_OTHER, /* in use by malloc's own books, beyond the samples: what was there
				   before them, headers, blocks that its threads keep at hand */
	HEAP_PART_STACKS,       /* of threads */
	HEAP_PART_FILES,        /* of files: code of libraries, shared memory */
	HEAP_PART_REST,         /* not explained */
	HEAP_PART_RESIDENT,     /* all of them */
	HEAP_PARTS
};
/* After heap_to_tables(). */
MUST_CHECK enum err_kind heap_ledger_make(sqlite3 *db, struct err *e);

#endif
