/* What the files of model/calls share: rows as they are read and corrected, before they are put
 * together.
 *
 *     calls_rows.c   rows of call_node, with what counting cost taken out
 *     calls.c        the tree, functions, edges
 */
#ifndef UNSLOW_MODEL_CALLS_ROWS_H
#define UNSLOW_MODEL_CALLS_ROWS_H

#include "base/map.h"
#include "base/vec.h"
#include "model/calls.h"

enum row_kind { ROW_KIND_ROOT, ROW_KIND_FUNCTION, ROW_KIND_C, ROW_KIND_WORK };

/* A row of call_node, corrected. */
struct calls_row {
	uint32_t parent; /* index of a row before it; 0: none */
	uint32_t from;   /* work: of the row that asked for it, before or after; 0: not known */
	uint32_t target; /* folded: of the row that it is folded into; 0: none */
	uint32_t owner;  /* the nearest row, itself or further up, that counts; 0: none */
	uint32_t function;
	uint32_t node; /* of the tree; 0: not placed, or left out by a filter */
	enum row_kind kind;
	bool counts; /* has a function of its own in the result; else it counts for its caller */
	bool folded, demoted;
	const char *top; /* root: text of its node */
	struct calls_sums sums;
	double inside_ns, outside_ns;     /* cost of its events, by part */
	double outside_below_ns;          /* of what it called, in its own time */
	double rest_wall_ns, rest_cpu_ns; /* cost that was not in the own time of what it called */
	double below_ns;                  /* of all below it, both parts */
	double lasted_ns;                 /* root: so much time passed; INFINITY: not known */
	double suspended_ns;              /* itself, or with what it awaited */
	double suspended_below_ns;  /* of what it, and those that are folded into it, called */
	double folded_activations;  /* calls and resumes of rows that are folded into it */
	double folded_suspended_ns; /* of these */
};

struct calls_builder {
	const struct profile_filter *filter;
	struct arena *arena;
	struct calls_profile *out;
	VEC(struct calls_row) rows; /* [0] unused */
	struct map row_of;          /* id → index */
	struct intern *function_keys;
	VEC(struct calls_function) functions;
	VEC(struct calls_tree_node) nodes;
	VEC(struct calls_edge) edges;
	struct map node_of; /* parent << 32 | function → node */
	struct map edge_of; /* caller << 32 | callee → edge + 1 */
};

/* Read all rows that there are, corrected; the filters' are marked (node). */
MUST_CHECK enum err_kind calls_rows_read(sqlite3 *db, struct calls_builder *b, struct err *e);
/* The number of this function in b->functions. */
uint32_t calls_function_id(struct calls_builder *b, const char *file, const char *name,
			   const char *kind, int line);

#endif
