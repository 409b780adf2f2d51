/* Exact calls of a recording: the tree of calls, functions and who called whom.
 *
 * Threads and processes are put together: a node is a function under its caller, a child of the
 * root the requests of a route, or what ran outside of them. Work that an executor did for a call
 * is a child of that call, whose own times do not hold it. Measured times are corrected by what
 * counting cost (calls_cost.h), node by node, never by more than nine tenths:
 *
 *     own    - inside × events of the function - outside × events of what it called
 *     total  - both parts × events of all below it, - inside × its own
 *
 * The whole time of a node is the sum of the own times of all that is below it, running and
 * suspended; that of a function is how long its calls lasted that were not inside another of its
 * own. A coroutine is suspended with each that awaits it: only the innermost has that time as own.
 * What runs tasks in turns waits for none of them: suspended time is handed on to a caller only as
 * far as that one was suspended, too, and to the requests of a route, or to what ran outside of
 * them, as far as so much time passed at all. So waits at the same time are not added up.
 *
 * An event is a begin, an end, a yield or a resume: two for each call and each resume, which cost
 * more or less each, and more where it is far into its code (call_node.far_events).
 *
 * Ownership: all memory is the arena's. Times are nanoseconds.
 */
#ifndef UNSLOW_MODEL_CALLS_H
#define UNSLOW_MODEL_CALLS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/calls_cost.h"
#include "model/profile.h"

struct calls_sums {
	double calls;     /* begun */
	double primitive; /* of them, those that were not inside a call of the same function */
	double resumes, raised, open;
	double own_wall_ns, own_cpu_ns;     /* running */
	double total_wall_ns, total_cpu_ns; /* running, what it called included */
	double waiting_ns, ready_ns;        /* suspended, in itself or in what it awaited */
	double total_suspended_ns;          /* of functions both; of a node, that of all below it */
	double own_suspended_ns;            /* in itself, while nothing was that it awaited */
	double cost_ns;                     /* what was taken out of own_cpu_ns */
};

struct calls_function {
	const char *name, *file; /* file "": a C function, or no function at all */
	const char *kind;        /* as code.kind; "c", "root", "work" */
	int line;                /* of its def; 0: none */
	bool demoted;            /* somewhere it was not counted to the end */
	struct calls_sums sums;
};

/* nodes[0] is the root. A node's children lie one after another in `order`, largest first. */
struct calls_tree_node {
	uint32_t parent, function, depth;
	uint32_t first_child, child_count;
	struct calls_sums sums; /* total: of all that is below it */
	/* Of what is suspended below it so much can have been its wait; of a root: so long it
	 * lasted, running included. */
	double waits_ns;
};

struct calls_edge {
	uint32_t caller, callee; /* functions; caller CALLS_NO_CALLER: a root */
	struct calls_sums sums;
};
#define CALLS_NO_CALLER UINT32_MAX

struct calls_profile {
	struct calls_cost cost;
	bool in_units;            /* only calls of requests are in it */
	bool overlaps;            /* tasks were suspended at the same time, or beside what ran */
	enum profile_clock clock; /* what children are sorted by: wall or CPU */
	struct calls_function *functions;
	size_t function_count;
	struct calls_tree_node *nodes;
	size_t node_count;
	uint32_t *order;
	struct calls_edge *edges;
	size_t edge_count;
};

/* Whether calls were counted at all. */
MUST_CHECK enum err_kind calls_are_there(sqlite3 *db, bool *out, struct err *e);
/* By route, thread, all_time (else only requests, where there are any), app_only (what is not the
 * application's counts for who called it), by_thread (a node for each thread under the root, in
 * place of routes) and clock. */
MUST_CHECK enum err_kind calls_read(sqlite3 *db, const struct profile_filter *filter,
				    struct arena *arena, struct calls_profile *out, struct err *e);
/* Own and whole time by the profile's clock; wall time with what was suspended. */
double calls_own(const struct calls_profile *p, const struct calls_sums *sums);
double calls_total(const struct calls_profile *p, const struct calls_sums *sums);
/* A function, of C or Python, that was called or went on; not a root. */
bool calls_is_called(const struct calls_function *f);

/* Edges by one of their ends: those of function f are edges[first[f]] … edges[first[f + 1] - 1],
 * numbers of profile.edges. */
struct calls_callers {
	uint32_t *first; /* function_count + 1 */
	uint32_t *edges;
};
struct calls_callers calls_by_callee(const struct calls_profile *p, struct arena *arena);
/* Without those that have no caller. */
struct calls_callers calls_by_caller(const struct calls_profile *p, struct arena *arena);
/* Write functions and the tree (in its order, a node, then its children) into the temporary tables
 * calls_function, calls_tree, calls_edge and calls_whole, for SQL to read. */
MUST_CHECK enum err_kind calls_to_tables(sqlite3 *db, const struct calls_profile *profile,
					 struct err *e);

#endif
