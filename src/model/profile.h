/* The profile tree: samples folded by call path, with own and total sums for
 * each function and line.
 *
 * First the samples are chosen: those of units of work, if there are any (an
 * idle pool thread waits all the time and is no answer), else all; then the
 * caller's filters. Own is the time in which a frame was the innermost one,
 * total that in which it was anywhere on the stack, counted once however often
 * it recurs. With `app_only` frames that are not the application's are left out
 * and what they did is own time of the application frame that called them.
 *
 * Ownership: all memory is the arena's. Times are nanoseconds.
 */
#ifndef UNSLOW_MODEL_PROFILE_H
#define UNSLOW_MODEL_PROFILE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

enum profile_clock { PROFILE_AUTO, PROFILE_WALL, PROFILE_CPU };
extern const char *const profile_clock_names[]; /* "auto", "wall", "cpu", NULL */

/* States of a sample by number, as enum sample_state; 0 is "any". */
#define PROFILE_STATES 9
extern const char *const profile_state_names[PROFILE_STATES + 1]; /* ends in NULL */

/* The state of what is no sample but a remainder: CPU of a place that no look saw. */
#define PROFILE_UNSEEN "unseen"

/* Bytes by the stack that allocated them, in the place of time (heap.h); 0: time. */
enum profile_memory { PROFILE_TIME, PROFILE_LIVE, PROFILE_PEAK, PROFILE_MADE, PROFILE_TEMPORARY };
extern const char *const profile_memory_names[]; /* "none", "live" …, NULL */

struct profile_filter {
	const char *route;  /* NULL: all */
	const char *thread; /* a name or a kernel thread id; NULL: all */
	int state;          /* index into profile_state_names; 0: any */
	bool app_only;
	bool by_thread;           /* a node for each thread under the root: "4121 MainThread" */
	bool all_time;            /* also outside units of work */
	enum profile_clock clock; /* PROFILE_AUTO: wall in units, CPU where there are none */
	enum profile_memory memory;
};

struct profile_sums {
	int64_t ticks;
	double wall_ns, cpu_ns;
};

/* Kind of a C function, of bytes only (heap_native.h): `file` is its library. */
#define PROFILE_NATIVE_KIND "native"

struct profile_function {
	const char *name, *file,
		*kind; /* kind as code.kind, or the above; "" for what is no code */
	int first_line;
	struct profile_sums own, total;
	double state_ns[PROFILE_STATES]; /* own wall time by state */
};

struct profile_line {
	const char *file, *function;
	int line;
	struct profile_sums own, total;
};

/* nodes[0] is the root. A node's children lie one after another in `order`, largest first. */
struct profile_node {
	uint32_t parent;
	uint32_t function;
	uint32_t depth; /* root 0 */
	uint32_t first_child, child_count;
	struct profile_sums own, total;
};

struct profile {
	bool in_units;            /* only time of units of work is in it */
	bool of_bytes;            /* wall_ns and cpu_ns are bytes, ticks blocks */
	enum profile_clock clock; /* wall or CPU */
	struct profile_node *nodes;
	size_t node_count;
	uint32_t *order; /* node ids; node.first_child is an index into it */
	struct profile_function *functions;
	size_t function_count;
	struct profile_line *lines;
	size_t line_count;
};

/* Leave the chosen samples in the temporary table `chosen` (columns of v1_sample) and what was
 * decided in `chosen_by` (one row: in_units). */
MUST_CHECK enum err_kind profile_choose(sqlite3 *db, const struct profile_filter *filter,
					struct err *e);
/* profile_choose() and the tree of what was chosen. */
MUST_CHECK enum err_kind profile_read(sqlite3 *db, const struct profile_filter *filter,
				      struct arena *arena, struct profile *out, struct err *e);
/* The sum by the profile's clock. */
double profile_weight(const struct profile *p, const struct profile_sums *sums);
/* Write functions, lines and nodes (in order of the tree) into the temporary tables
 * profile_function, profile_line and profile_node, for SQL to read. */
MUST_CHECK enum err_kind profile_to_tables(sqlite3 *db, const struct profile *profile,
					   struct err *e);

#endif
