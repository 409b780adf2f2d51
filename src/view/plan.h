/* What `unslow attach` would do to a target, as a table: `attach --dry-run` and `doctor TARGET`.
 *
 * Filled by cmd/plan.c, which touches nothing; all texts live in its arena. What comes from a
 * process (its command, its program's path) is printed cleaned.
 */
#ifndef UNSLOW_VIEW_PLAN_H
#define UNSLOW_VIEW_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/json.h"

struct plan_process {
	int pid;
	int above_pid;       /* that started it; 0: the target's root */
	bool is_fork;        /* of that one's program: a server's worker */
	const char *version; /* of CPython; NULL: it is none, or could not be read */
	uint32_t threads;    /* the kernel's count */
	const char *engine;  /* stop, prefix, none */
	const char *reason;
};

/* A line of the table below the processes. */
struct plan_fact {
	const char *section; /* reads, stops, writes, holds, never, where */
	const char *item, *text;
};

struct plan_obstacle {
	const char *text;
	const char *fix; /* the one line that cures it; NULL: the text says it */
};

struct plan {
	int root_pid;
	const char *command;
	const struct plan_process *processes;
	size_t process_count;
	const struct plan_fact *facts;
	size_t fact_count;
	const struct plan_obstacle *obstacles;
	size_t obstacle_count;
	double rate_hz, stop_share; /* at most; share of the time, 0: nothing is stopped */
	const char *recording;      /* NULL: none can be made */
	uint64_t max_bytes;
	int status; /* attach would exit with it at once; 0: it would watch */
};

void view_plan_text(const struct plan *plan, FILE *out, bool colour, int width);
/* The members of an object that is open: schema unslow.plan/1, or a part of doctor's. */
void view_plan_members(const struct plan *plan, struct json *j);
void view_plan_json(const struct plan *plan, FILE *out);

#endif
