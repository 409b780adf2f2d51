/* What is live in two recordings, or at two moments of one, by line or file: as tracemalloc's
 * `snapshot.compare_to(other, 'lineno')`, of services that were never stopped for it.
 *
 * Ownership: texts and lines are the arena's. Bytes and blocks are estimates from samples; a
 * difference is right to its standard error.
 */
#ifndef UNSLOW_MODEL_HEAP_DIFF_H
#define UNSLOW_MODEL_HEAP_DIFF_H

#include <stddef.h>

#include "base/arena.h"
#include "model/heap.h"

struct heap_diff_line {
	const char *file; /* NULL: no Python frame, or small ones together */
	int line;         /* 0: of files */
	double bytes[2], blocks[2];
	double error; /* of the difference in bytes */
};

struct heap_diff {
	struct heap_diff_line *lines; /* largest difference first */
	size_t count;
	double bytes[2]; /* all together */
	double error;
	bool shares; /* heap_shares(), of a side */
};

/* `filters`: one a side, both by line or by file. ERR_INVALID: a side has no sampled heap. */
MUST_CHECK enum err_kind heap_diff_read(sqlite3 *const dbs[2], const struct heap_filter filters[2],
					const char *const names[2], struct arena *arena,
					struct heap_diff *out, struct err *e);

#endif
