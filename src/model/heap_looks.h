/* The seconds of memory of the processes at the moment of heap_at (heap.h), read once: for
 * heap_ledger.c alone. All is the arena's. NaN: not known. Leaves a temporary table, too: heap_now,
 * the rows of heap_live of that moment.
 */
#ifndef UNSLOW_MODEL_HEAP_LOOKS_H
#define UNSLOW_MODEL_HEAP_LOOKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/heap_ledger.h"

/* One second of one process. */
struct heap_look {
	double work; /* units that had ended, or seconds */
	double at_ns;
	double bytes[HEAP_PARTS];
	double pss, swap, dirty;
};

/* A process, and its looks in order of time. */
struct heap_looked {
	int64_t process_id, pid;
	double at_s; /* of its moment, since the recording began */
	struct heap_look *looks;
	size_t count;             /* at least 1 */
	double error[HEAP_PARTS]; /* standard error of what is sampled, at the moment; 0: counted */
};

MUST_CHECK enum err_kind heap_looks_read(sqlite3 *db, bool of_units, struct arena *arena,
					 struct heap_looked **out, size_t *count, struct err *e);

#endif
