/* What is live in two recordings, or at two moments of one, by line, file or traceback: as
 * tracemalloc's `snapshot.compare_to(other, 'lineno')`, of services that were never stopped for it.
 * By type it is of walks of the heap, which counted every object: blocks are objects then, and
 * there is no error.
 *
 * Ownership: texts and lines are the arena's. Bytes and blocks of samples are estimates; a
 * difference is right to its standard error.
 */
#ifndef UNSLOW_MODEL_HEAP_DIFF_H
#define UNSLOW_MODEL_HEAP_DIFF_H

#include <stddef.h>

#include "base/arena.h"
#include "model/heap.h"

struct heap_diff_line {
	const char *file; /* NULL: no Python frame, or small ones together; of no line or file */
	int line;         /* 0: of files */
	const char *name; /* the traceback (as of heap_tracebacks.h) or type; NULL: as file */
	double bytes[2], blocks[2];
	double error; /* of the difference in bytes */
};

struct heap_diff {
	struct heap_diff_line *lines; /* largest difference first */
	size_t count;
	double bytes[2]; /* all together */
	double error;
	bool shares; /* heap_shares(), of a side */
	struct heap_diff_walks {
		double at_s, processes; /* of the last of the walks, since the recording began */
		double objects;
		bool cut; /* time or memory was over before all objects were counted */
	} walks[2];       /* by type */
};

/* `filters`: one a side, both by line, file or traceback. ERR_INVALID: a side has no sampled heap.
 * `shorten`: as of heap_tracebacks(). */
MUST_CHECK enum err_kind heap_diff_read(sqlite3 *const dbs[2], const struct heap_filter filters[2],
					const char *const names[2],
					const char *(*shorten)(const char *path),
					struct arena *arena, struct heap_diff *out, struct err *e);
/* The same by type; `at_ns`: as in walks_choose(). ERR_INVALID: a side was not walked until then,
 * or the one from outside, which sees fewer objects, and the other not. */
MUST_CHECK enum err_kind heap_diff_types(sqlite3 *const dbs[2], const uint64_t at_ns[2],
					 const char *const names[2], struct arena *arena,
					 struct heap_diff *out, struct err *e);

#endif
