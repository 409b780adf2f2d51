/* What the resident memory of the processes is made of, at the moment of heap_at (heap.h): parts
 * that add up to it, the last one being what is left. Bytes, sums over processes; live ones are
 * estimates from samples, so the rest may be below zero.
 */
#ifndef UNSLOW_MODEL_HEAP_LEDGER_H
#define UNSLOW_MODEL_HEAP_LEDGER_H

#include <sqlite3.h>

#include "base/err.h"

enum heap_part {
	HEAP_PART_OBJECTS,     /* live small blocks of Python's allocators */
	HEAP_PART_BLOCKS,      /* live blocks of malloc: C code, Python's large ones */
	HEAP_PART_ARENAS_FREE, /* in pymalloc's arenas, not live */
	HEAP_PART_MALLOC_FREE, /* kept by malloc */
	HEAP_PART_STACKS,      /* of threads */
	HEAP_PART_FILES,       /* of files: code of libraries, shared memory */
	HEAP_PART_REST,        /* what was there before sampling began, the interpreter's own … */
	HEAP_PARTS
};
extern const char *const heap_part_names[HEAP_PARTS];  /* as in JSON */
extern const char *const heap_part_labels[HEAP_PARTS]; /* in words */

struct heap_ledger {
	int processes;              /* 0: none was looked at, the rest is NaN */
	double at_s;                /* since the recording began */
	double rss_bytes;           /* what is shared counts in each process */
	double pss_bytes;           /* it counts once; NaN: not known */
	double swap_bytes;          /* NaN: not known */
	double private_dirty_bytes; /* likewise */
	double parts[HEAP_PARTS];   /* NaN: not known, and in the rest */
};

/* After heap_to_tables(). */
MUST_CHECK enum err_kind heap_ledger_read(sqlite3 *db, struct heap_ledger *out, struct err *e);

#endif
