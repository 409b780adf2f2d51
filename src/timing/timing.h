/* What snippets of Python cost, and whether one costs more than another.
 *
 * Each snippet is run in blocks of many runs; the blocks of all snippets take turns in one
 * interpreter (order.h), and several interpreters are started one after another, as hash seeds and
 * the places of things in memory move times by some per cent from process to process. In the same
 * turns run the first snippet once more (what A against itself shows is the noise floor) and an
 * empty loop (what it costs is taken off).
 *
 * Times are nanoseconds of one run. A figure that is not known is NaN. All memory of a result is
 * the arena's.
 */
#ifndef UNSLOW_TIMING_TIMING_H
#define UNSLOW_TIMING_TIMING_H

#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/stats.h"

enum {
	TIMING_SNIPPETS_MOST = 16,
	TIMING_PROCESSES_MOST = 12,
	TIMING_SLOTS_MOST = TIMING_SNIPPETS_MOST + 2, /* and A again, the empty loop */
	TIMING_VERSION_SIZE = 32,
};

enum timing_metric { TIMING_WALL, TIMING_CPU, TIMING_INSTRUCTIONS, TIMING_METRICS };
extern const char *const timing_metric_names[]; /* "wall", "cpu", "instructions" */

struct timing_snippet {
	const char *code;
	const char *setup; /* "": none */
};

/* What is done; the snippets are called A, B, C … */
struct timing_plan {
	const char *python; /* a path, or a name on PATH; NULL: python3, there */
	struct timing_snippet snippets[TIMING_SNIPPETS_MOST];
	size_t count;
	uint64_t budget_ns;      /* how long all of it takes, one round at least */
	uint64_t seed;           /* of the order and of the interpreters' hashes */
	bool collects;           /* the garbage collector is on while snippets run */
	const atomic_bool *stop; /* set by a signal: what was measured is the answer; NULL */
	void (*progress)(size_t process, size_t processes, size_t round); /* NULL */
};

/* What one run took: the mean over a block of them. */
struct timing_block {
	double value[TIMING_METRICS];
	bool interrupted; /* somebody else was given the CPU in it */
	bool waited;      /* it gave it up */
};

/* Of each round one block a slot: the snippets, A again, the empty loop. */
struct timing_process {
	struct timing_block *blocks;
	size_t rounds;
};

/* What was measured, before anything is made of it (measure.h). */
struct timing_data {
	size_t snippets, slots;
	struct timing_process processes[TIMING_PROCESSES_MOST];
	size_t process_count;              /* with a round at least */
	uint64_t loops[TIMING_SLOTS_MOST]; /* runs in a block */
	uint64_t took_ns;
	bool interrupted;
	char version[TIMING_VERSION_SIZE];
	char executable[PATH_MAX]; /* sys.executable; "": it does not know */
	int counter_errno;         /* why instructions are not counted; 0: they are */
};

enum timing_verdict {
	TIMING_CANNOT_TELL,
	TIMING_SAME, /* any difference is below a hundredth */
	TIMING_SLOWER,
	TIMING_FASTER,
};

/* Of a snippet against A: b / a - 1. */
struct timing_change {
	struct stats_interval change;
	enum timing_verdict verdict;
	double chance; /* analyse.h; NaN: not known */
};

struct timing_row {
	struct stats_interval value[TIMING_METRICS];
	double least_ns;                          /* wall of the quickest block, for one run */
	double by_process[TIMING_PROCESSES_MOST]; /* wall */
	bool is_nothing;                          /* no longer than the empty loop's own noise */
	struct timing_change against[TIMING_METRICS]; /* A; of A itself NaN */
};

/* What the interval is made of: each process is one value, or where there are too few each
 * round. */
enum timing_basis { TIMING_BY_PROCESS, TIMING_BY_ROUND };

struct timing_result {
	struct timing_row rows[TIMING_SNIPPETS_MOST];
	struct stats_interval empty[TIMING_METRICS];
	struct timing_change again[TIMING_METRICS]; /* A against itself */
	double floor[TIMING_METRICS]; /* |change| that A against itself shows in 19 of 20 cases */
	enum timing_basis basis;
	size_t values;              /* that an interval is made of */
	size_t rounds;              /* of all processes */
	size_t blocks, interrupted; /* of all snippets */
	enum timing_metric
		decides; /* whether B differs: wall time, or on a busy machine CPU time */
};

#endif
