/* Exact calls and lines on their way into the recording: call_process, call_node and its
 * histograms, call_line, call_arguments, call_event.
 *
 * The probe hands over what it has copied and checked (probe/calls_reader.h): times in nanoseconds,
 * a caller before what it calls, ids those of the process. A node or line keeps the row that it got
 * at first, so each hand-over replaces the one before; what has not changed is not written again.
 * Ceilings count what did not fit as losses of the process, which may have half of what the others
 * left of each.
 */
#ifndef UNSLOW_RECORDING_CALLS_H
#define UNSLOW_RECORDING_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/calls_file.h"
#include "recording/ingest.h"

#define CALL_ROWS_MAX (1u << 21) /* nodes of a recording, about 100 bytes each; lines likewise */
#define CALL_PLACES_MAX (2 * CALL_ROWS_MAX) /* remembered of a recording, 16 bytes each */
#define CALL_EVENTS_MAX 4000000u            /* of a recording */
#define CALL_AREAS_MAX 4096u                /* threads of a process */
/* Eleven days: what a process claims stays far from overflow. */
#define CALL_NS_MAX UINT64_C(1000000000000000)

struct call_node {
	uint32_t code;   /* by kind: code id, text id */
	uint32_t parent; /* index of a node before it; 0: none */
	uint32_t kind;   /* enum calls_node_kind; 0: it is left out, as all that it calls */
	bool folded, demoted;
	uint64_t calls, resumes, raised, open;
	uint64_t far; /* events that cost more by where they are */
	uint64_t own_wall_ns, own_cpu_ns, total_wall_ns, total_cpu_ns, waiting_ns, ready_ns;
	uint64_t nested_ns;            /* suspended inside another call of the same function */
	uint32_t from_area, from_node; /* CALLS_WORK: who asked for it; 0: not known */
	const struct calls_histogram *histogram; /* NULL: none; a copy, counts unchecked */
};

/* All of one thread. */
struct call_tree {
	uint32_t area, tid;
	const struct call_node *nodes; /* [0] is none */
	uint32_t count;
};

struct call_line {
	uint32_t code, line;
	uint64_t hits, wall_ns, cpu_ns, own_wall_ns, await_ns, gil_ns, blocked_ns;
	uint64_t cost_ns, own_cost_ns; /* of counting, in wall_ns and own_wall_ns */
	/* calls_line_memory; parts 0: it is not known */
	int64_t memory_bytes, memory_most, memory_peak;
	uint64_t memory_parts;
};

/* What a function was called with, as counts: none is more than those it is a part of. */
struct call_arguments {
	uint32_t code;
	uint64_t calls, returned, comparable, instances, distinct, repeated, repeated_in_unit;
	uint64_t same, nothing, different, units, units_repeated;
	uint64_t cpu_ns, repeated_cpu_ns, cost_ns;
};

struct call_event {
	uint64_t at_ns;
	uint32_t code;  /* code id, of C functions text id */
	uint32_t event; /* enum timeline_event */
	uint32_t unit;  /* lower 24 bits of its number; 0: none */
};

struct call_facts {
	const struct calls_process *process; /* a copy */
	const struct calls_control *control; /* a copy: what was asked for; NULL: not known */
	double tick_ns;
	uint64_t events, line_events, lost_lines;
	uint64_t lost_line_count, lost_line_ns; /* lines that lost_lines are of; their own time */
	uint64_t line_cost_ns;                  /* of line_events, by what was measured at start */
};

/* Each is nothing where the process is not known. */
void ingest_calls(struct ingest *in, uint32_t serial, const struct call_facts *facts);
/* Nodes, lines or files that who reads them left out. */
void ingest_calls_lost(struct ingest *in, uint32_t serial, uint64_t count);
void ingest_call_window(struct ingest *in, uint32_t serial, uint64_t at_ns,
			const struct calls_window *on, const struct calls_window *off);
/* False: callers of work are not known yet, as their threads come later. Hand it over again then.
 */
bool ingest_call_tree(struct ingest *in, uint32_t serial, const struct call_tree *tree);
void ingest_call_lines(struct ingest *in, uint32_t serial, uint32_t area, uint32_t tid,
		       const struct call_line *lines, size_t count);
/* `left_out`: functions that found no place, in all. */
void ingest_call_arguments(struct ingest *in, uint32_t serial,
			   const struct call_arguments *functions, size_t count, uint64_t left_out);
void ingest_call_events(struct ingest *in, uint32_t serial, uint32_t tid,
			const struct call_event *events, size_t count);

/* One more of at most `max` of the recording: each process may have half of what the others left,
 * so that a hostile one leaves room. Once it has no room it never has: both sums only grow. */
bool call_share_take(uint32_t *own, uint32_t *all, uint32_t max);

/* For ingest.c: of a process; NULL is allowed. */
struct process_calls;
void process_calls_free(struct process_calls *calls);

#endif
