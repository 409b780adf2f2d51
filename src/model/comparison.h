/* The answer of `unslow diff` as data: what was compared, how sure it is, where it came from.
 *
 * Made by runs.h and recorded.h, printed by view/. Ownership: all memory is the arena's. Times in
 * the unit that the metric names. A figure that is not known is NaN.
 */
#ifndef UNSLOW_MODEL_COMPARISON_H
#define UNSLOW_MODEL_COMPARISON_H

#include <stdint.h>

#include "model/compare.h"
#include "model/diagnosis.h"

enum run_metric {
	RUN_P50,
	RUN_P90,
	RUN_P99,
	RUN_MEAN,
	RUN_RATE,
	RUN_ERRORS,
	RUN_WALL,
	RUN_CPU,
	RUN_METRICS,
};

struct run_metric_info {
	const char *name; /* as --fail-on and JSON call it */
	const char *unit; /* of its values: ms, 1/s, s; "" for a share */
	enum compare_scale scale;
	double wanted;           /* compare.h */
	const char *more, *less; /* "slower", "faster" … */
};
extern const struct run_metric_info run_metrics[RUN_METRICS];

/* What stands for repetition. */
enum comparison_basis {
	BASIS_BLOCKS,  /* commands run in turns: A B B A … */
	BASIS_RESULTS, /* several results a side, as they were given */
	BASIS_PARTS,   /* one run a side: stretches of it; noise between runs is assumed */
	BASIS_NONE,    /* one run a side, in one piece: the same */
};
extern const char *const comparison_basis_names[]; /* "blocks", "results", "parts", "none" */

struct comparison_metric {
	enum run_metric metric;
	struct compare_row row;
};

struct comparison_route {
	const char *route; /* NULL: not known */
	uint64_t requests[2];
	struct comparison_metric metrics[RUN_METRICS];
	size_t metric_count;
};

/* A state of the ledger, milliseconds of one request. */
struct comparison_state {
	int state; /* enum ledger_state */
	struct compare_row row;
};

/* A function of the application: its line with most time, and milliseconds of one request. */
struct comparison_line {
	const char *file, *function;
	const char *file_b; /* where it is in B, if its file was renamed; else NULL */
	int line[2];        /* 0: not seen there */
	double ms[2];
	double error_ms; /* the difference is right to so much: stretches.h */
};

struct comparison_side {
	const char *name; /* file or command */
	uint64_t requests;
	uint64_t invalid; /* load results that call themselves invalid */
};

struct comparison {
	struct comparison_side sides[2];
	enum comparison_basis basis;
	size_t pairs;
	const struct run_part *blocks[2]; /* `pairs` each, or NULL: their values (runs.h) */
	struct comparison_metric metrics[RUN_METRICS];
	size_t metric_count;     /* those that both sides have */
	enum run_metric decides; /* compare.h; RUN_METRICS: none, as of one run each */
	/* Of recordings. */
	const char *unit; /* "request" …; NULL: no recordings */
	struct comparison_route *routes;
	size_t route_count;
	struct comparison_state *states; /* largest change first */
	size_t state_count;
	const char *line_source;       /* "samples", "calls"; NULL: neither recording has any */
	struct comparison_line *lines; /* largest change first; only those beyond error_ms */
	size_t line_count;
	const char **warnings;
	size_t warning_count;
};

#endif
