/* Exact calls and lines: the files that the agent writes and the program reads.
 *
 * Beside the channel's files (channel.h), once calls are counted in a process:
 *
 *     PID-SERIAL.calls      struct calls_process, one page: what counts, with which clock
 *     PID-SERIAL.calls-N    struct calls_area: a thread's tree of calls (N = 1 …)
 *     PID-SERIAL.lengths-N  struct calls_histogram[]: how long its single calls lasted
 *     PID-SERIAL.lines-N    struct lines_area: a thread's lines of chosen code
 *     PID-SERIAL.timeline-N struct timeline_area: a thread's last events, a ring
 *     PID-SERIAL.arguments-1 struct arguments_area: with what functions were called, as counts
 *
 * As there: 0600, allocated whole before they are mapped, within bytes_limit; one writer a file;
 * the program copies, then validates. A tree grows by allocating more of its file and mapping it
 * behind what is mapped; `magic` is stored last. Counters are single aligned stores without a lock,
 * so two of one node may be one event apart. A killed process loses nothing but the event under
 * way.
 *
 * A node is a function under its caller. It is found by (parent, code); times are added where they
 * pass: `own_*` of the node on top of the stack grows at each event by what passed since the one
 * before, `total_*` at its end by all since its begin. A function that is on the path already is
 * *folded*: its node under that caller counts calls and own time, and has `folds` = the node
 * further up; calls made from it are nodes below that one, so recursion ends. `total_*` grows at
 * the end of a call that no other call of the same function is around (on the stack, which may hold
 * more than the node's path does): total time of a function = the sum over all of its nodes. That
 * of a tree of nodes is the sum of what is in it.
 *
 * A generator's or coroutine's frame is called once and resumed often: a resume is no call. Between
 * a yield and the resume it is suspended; of that, `ready_*` passed when it could have gone on and
 * the loop ran something else, the rest is `waiting_*`. In both, time of the innermost frame that
 * suspends counts for each that awaits it (they are suspended with it); but where a function is
 * suspended inside another call of its own, the time is `nested` there, as only the outermost one's
 * counts for the function.
 *
 * Times are of enum calls_clock: ticks of the time stamp counter where that is a clock, else ns.
 * `pairs` of the process's page turn ticks into CLOCK_MONOTONIC.
 */
#ifndef UNSLOW_AGENT_CALLS_FILE_H
#define UNSLOW_AGENT_CALLS_FILE_H

#include <stdatomic.h>
#include <stdint.h>

#define CALLS_ABI 4u
#define CALLS_PROCESS_MAGIC UINT64_C(0x31736c6c6163) /* "calls1" */
#define CALLS_AREA_MAGIC UINT64_C(0x3161657261736c6c)
#define LINES_AREA_MAGIC UINT64_C(0x3165727473656e69)
#define TIMELINE_AREA_MAGIC UINT64_C(0x31656e696c656d69)
#define ARGUMENTS_AREA_MAGIC UINT64_C(0x3173746e656d7567)
#define CALLS_REASON 256

/* What is asked for: in struct channel_control (channel.h), written by the program. */
enum calls_want {
	CALLS_PYTHON = 1 << 0,   /* calls of Python functions */
	CALLS_C = 1 << 1,        /* and of C functions */
	CALLS_TARGETED = 1 << 2, /* of what the patterns name only */
	CALLS_LINES = 1 << 3,    /* lines of what `lines` names */
	CALLS_TIMELINE = 1 << 4,
	CALLS_DUTY = 1 << 5,   /* hooks off now and then, to see what they cost */
	CALLS_DEMOTE = 1 << 6, /* leaves that cost more to count than to run are not counted on */
	CALLS_ARGUMENTS = 1 << 7, /* with TARGETED: with what they are called */
};

#define CALLS_PATTERN_BYTES 1024
/* Patterns are separated by commas: `module`, `module:qualname`, `file.py:line`; `*` within one
 * stands for any characters. The program has turned routes and @topN into these. */
struct calls_control {
	_Atomic uint32_t generation; /* grows with each change, stored last; 0: never asked */
	uint32_t want;               /* enum calls_want; 0: off */
	uint32_t duty_on_ms, duty_period_ms;
	char pattern[CALLS_PATTERN_BYTES]; /* NUL-terminated, as all texts here */
	char lines[CALLS_PATTERN_BYTES];
};

enum calls_engine {
	CALLS_ENGINE_NONE = 0,   /* and `reason` says why */
	CALLS_ENGINE_MONITORING, /* sys.monitoring, 3.12+ */
	CALLS_ENGINE_EVAL,       /* PEP 523 frame evaluation, 3.9–3.11 */
	CALLS_ENGINE_PROFILE, /* PyEval_SetProfile, 3.8; where C calls are asked for below 3.12 */
	CALLS_ENGINE_TRACE,   /* PyEval_SetTrace, lines below 3.12 */
};

enum calls_clock { CALLS_CLOCK_TSC = 1, CALLS_CLOCK_NS };
/* How a thread's CPU time is read at an event. */
enum calls_cpu_clock {
	CALLS_CPU_NONE = 0,
	CALLS_CPU_RSEQ,
	CALLS_CPU_PERF,
	CALLS_CPU_GAP,
	CALLS_CPU_SYSCALL
};

/* Units of work that ended with hooks on and off (CALLS_DUTY): requests, or calls of the function
 * that the process calls again and again (`repeats_code`). What the hooks cost is the difference of
 * their CPU, divided by their events. */
struct calls_window {
	_Atomic uint64_t units, wall_ns, cpu_ns, events;
};

struct calls_process {
	_Atomic uint64_t magic;
	uint32_t abi, pid, serial;
	_Atomic uint32_t generation;                        /* of the control that is in force */
	_Atomic uint32_t engine, line_engine;               /* enum calls_engine */
	uint32_t clock;                                     /* enum calls_clock */
	uint32_t cpu_clock;                                 /* enum calls_cpu_clock */
	_Atomic uint32_t areas, line_areas, timeline_areas; /* files made so far */
	_Atomic uint64_t began_ns, ended_ns;                /* CLOCK_MONOTONIC; ended 0: still on */
	struct {
		_Atomic uint64_t ticks, ns;
	} pairs[2]; /* at the begin; the last one, rewritten now and then and at the end */
	/* What one call costs, begin and end, measured at start with functions of our own: ns/16.
	 * `outside`: between the caller's clock and ours, charged to the caller; `inside`: to the
	 * function itself. */
	uint32_t cost_inside_16, cost_outside_16, cost_c_inside_16, cost_c_outside_16;
	struct calls_window on, off;
	_Atomic uint64_t lost_nodes;   /* calls that found the tree full: counted at their caller */
	_Atomic uint64_t lost_threads; /* threads without an area */
	_Atomic uint64_t
		lost_suspended; /* frames whose suspension found no place: no waiting time */
	_Atomic uint64_t
		demoted; /* functions that cost more to count than to run, and are not any more */
	char reason[CALLS_REASON]; /* why nothing counts, or a part does not; else empty */
	char line_reason[CALLS_REASON];
	/* As cost_inside_16: of one resume with the suspension that ends it; and what one event
	 * costs more whose place in its code is past the small numbers (3.12+: Python makes an int
	 * of it). */
	uint32_t cost_resume_inside_16, cost_resume_outside_16;
	uint32_t cost_far_inside_16, cost_far_outside_16;
	uint32_t repeats_code; /* code id of the function whose calls are units; 0: requests are */
	_Atomic uint32_t argument_areas; /* 1: there is one */
	/* As cost_resume_inside_16, of a coroutine or another frame whose suspended time is kept.
	 */
	uint32_t cost_await_inside_16, cost_await_outside_16;
};
_Static_assert(sizeof(struct calls_process) <= 4096, "one page");

/* --- tree of calls --------------------------------------------------------- */

enum calls_node_kind {
	CALLS_ROOT = 1,   /* of a thread: `code` = text id of the route of the requests below it, 0:
			     none */
	CALLS_FUNCTION,   /* `code` = code id of the dictionary (DICT_CODE) */
	CALLS_C_FUNCTION, /* `code` = text id: "module.qualname" of the builtin */
	CALLS_WORK,       /* root of work for a caller on another thread (executor): `from_area`,
			     `from_node` */
};

struct calls_node {
	/* what each event touches: one cache line */
	_Atomic uint64_t own_wall, own_cpu; /* ticks */
	_Atomic uint64_t total_wall,
		total_cpu; /* of calls that ended; running time, not suspended; see above */
	_Atomic uint64_t calls;
	uint64_t key;    /* the agent's: what a node is found by; means nothing outside */
	uint32_t recent; /* the agent's: the child that was called last */
	uint32_t next;   /* the agent's: which was called after it the last time, by its caller */
	uint32_t place;  /* the agent's: of this function in its table of those on the stack */
	uint32_t histogram; /* index + 1 in the thread's file of lengths; 0: none */

	uint32_t folds;           /* node further up the path that it is folded into; 0: none */
	uint16_t kind;            /* enum calls_node_kind */
	_Atomic uint16_t demoted; /* 1: not counted to its end */
	uint32_t code;            /* by kind */
	uint32_t parent;          /* index of the caller's node; 0: none, of roots */
	_Atomic uint32_t resumes;
	_Atomic uint32_t raised;         /* ended by an exception */
	_Atomic uint64_t waiting, ready; /* ticks suspended */
	union {
		struct {
			uint32_t from_area, from_node;
		};                       /* of CALLS_WORK */
		_Atomic uint64_t nested; /* of functions: ticks suspended inside themselves */
	};
	_Atomic uint32_t far; /* events that cost more by where they are */
	uint32_t seen_own;   /* the agent's, for CALLS_DEMOTE: low half of own_wall, and when … */
	uint64_t seen_ticks; /* … it last looked */
};
_Static_assert(sizeof(struct calls_node) == 128, "two cache lines");

#define CALLS_NODES_MAX (1u << 18)
#define CALLS_LIVE \
	1024 /* the outermost calls are seen in `live`; deeper ones count all the same \
	      */

struct calls_live {
	uint32_t node;
	uint32_t flags;     /* 1: it was resumed; the rest is the agent's */
	uint64_t wall, cpu; /* at its begin, ticks */
};

/* How long single calls lasted (targeted mode): log-linear buckets, 16 to a doubling. A file of its
 * own, which grows; there is none before the first. */
#define CALLS_BUCKETS 640
struct calls_histogram {
	_Atomic uint64_t least, most; /* ns; most 0: no call ended */
	struct {
		_Atomic uint32_t wall; /* from begin to end, suspended time included */
		_Atomic uint32_t cpu;
	} of[CALLS_BUCKETS];
};

/* Bucket of a duration in ns: its first five bits, from 16 ns on; longer than 2^43 ns is the last.
 */
static inline uint32_t calls_bucket(uint64_t ns)
{
	if (ns < 32)
		return (uint32_t)ns;
	const unsigned shift = 59 - (unsigned)__builtin_clzll(ns);
	const uint64_t bucket = 16 * (uint64_t)shift + (ns >> shift);
	return bucket < CALLS_BUCKETS ? (uint32_t)bucket : CALLS_BUCKETS - 1;
}

/* The least duration of a bucket. */
static inline uint64_t calls_bucket_least(uint32_t bucket)
{
	if (bucket < 32)
		return bucket;
	const unsigned shift = bucket / 16 - 1;
	return (uint64_t)(16 + bucket % 16) << shift;
}

struct calls_area {
	_Atomic uint64_t magic;
	uint32_t number, tid;
	_Atomic uint32_t node_count;      /* in use; node 0 is none, node 1 the thread's root */
	_Atomic uint32_t node_capacity;   /* that the file has room for now */
	_Atomic uint32_t histogram_count; /* in its file of lengths */
	uint32_t nodes_offset;
	_Atomic uint32_t ended; /* 1: the thread is gone */
	uint8_t to_line_[64 - 36];
	/* what each event touches: one cache line */
	_Atomic uint64_t events;
	_Atomic uint64_t last_wall,
		last_cpu;       /* ticks at the last event: what passed since is of the top */
	_Atomic uint32_t depth; /* of the stack; `live` holds the first CALLS_LIVE of it */
	uint8_t to_page_[4096 - 92];
	struct calls_live live[CALLS_LIVE]; /* ends with a page: the agent has room for more behind
					       it, in its own memory */
};
_Static_assert(sizeof(struct calls_area) == 4096 + CALLS_LIVE * sizeof(struct calls_live),
	       "a page, then live calls");

/* --- lines ----------------------------------------------------------------- */

struct calls_line {
	uint32_t code; /* code id of the dictionary */
	uint32_t line;
	_Atomic uint64_t hits;      /* times it began, loops on one line counted */
	_Atomic uint64_t wall, cpu; /* ticks, calls made from it included */
	_Atomic uint64_t own_wall;  /* ticks without the Python functions it called */
	_Atomic uint64_t awaited;   /* ticks suspended in it */
	/* Ticks that counting cost in `wall`, and in `own_wall`: of its events and of those of what
	 * it called, each as much as its kind was measured to cost at the start
	 * (calls_lines_cost.h).
	 */
	_Atomic uint64_t cost, own_cost;
};
_Static_assert(sizeof(struct calls_line) == 64, "one cache line");

/* Of the line with the same place; few have any. */
struct calls_line_waits {
	_Atomic uint64_t gil_ns, blocked_ns; /* of its wall, as the call hooks saw it */
};

/* Of the line with the same place, while every allocation was looked at (HEAP_EXACT). */
struct calls_line_memory {
	_Atomic int64_t bytes; /* allocated less freed by its thread while it ran, calls made from
				  it included; not what others did while it was suspended */
	_Atomic int64_t most;  /* live of the process when it ended, as far as it was made since
				  all allocations are looked at; the most of all times */
	_Atomic int64_t peak;  /* what its thread had at once above what it had when the line began:
				  the most of all times */
	_Atomic uint64_t parts; /* times that it ended, or was suspended; 0: nothing is known */
};

struct lines_area {
	_Atomic uint64_t magic;
	uint32_t number, tid;
	uint32_t lines_offset, capacity;
	_Atomic uint32_t count; /* entries that are claimed; a code's are not one after another */
	_Atomic uint32_t memory_offset; /* of calls_line_memory, `capacity` of them; 0: none yet */
	_Atomic uint64_t events, lost;  /* lost: executions that found no place … */
	uint32_t waits_offset;          /* of calls_line_waits, `capacity` of them */
	/* … of so many lines: bits set of LINES_LOST_BITS, each line's by its hash; and ticks that
	 * they ran, without what they called. */
	_Atomic uint32_t lost_bits;
	_Atomic uint64_t lost_wall;
	_Atomic uint64_t cost; /* ticks that all of its events cost, as far as they were measured */
};
#define LINES_LOST_BITS 65536u

/* --- arguments ------------------------------------------------------------- */

/* Arguments are known to the agent as a hash, by a key of the process's own; neither is in a file.
 * A call is comparable if all of its arguments are known by what they say
 * (agent/calls_contents.h). It is repeated if they are among the ARGUMENTS_KEPT that are
 * remembered, each in one of four places that its hash has, where the one unused for longest goes:
 * as a cache of that many entries would have it, or a slightly smaller one. */
#define ARGUMENTS_FUNCTIONS 64u
#define ARGUMENTS_KEPT 1024u
/* Of a linear counter (Whang, Vander-Zanden, Taylor 1990): a bit for each hash. */
#define ARGUMENTS_BITS 32768u

struct calls_arguments {
	uint32_t code; /* code id of the dictionary */
	uint32_t unused;
	_Atomic uint64_t calls, comparable;
	_Atomic uint64_t instances; /* of them: with an object known by its address alone (self) */
	_Atomic uint64_t set_bits;  /* of the linear counter */
	_Atomic uint64_t repeated, repeated_in_unit; /* in_unit: last seen in the same unit */
	/* Repeated calls by what they gave: the same as the call before, None each time, another
	 * result. What is in none of the three is not known. */
	_Atomic uint64_t same, nothing, different;
	/* Ticks of CPU: calls that returned, of recursive ones the outermost; repeated ones. */
	_Atomic uint64_t cpu, repeated_cpu;
	_Atomic uint64_t units, units_repeated; /* that called it; with what an earlier one had */
	_Atomic uint64_t returned;
	_Atomic uint64_t cost; /* ticks that looking at arguments and results took, in the caller */
};
_Static_assert(sizeof(struct calls_arguments) == 128, "two cache lines");

struct arguments_area {
	_Atomic uint64_t magic;
	_Atomic uint32_t count;
	uint32_t unused;
	_Atomic uint64_t left_out; /* functions that found no place */
	uint8_t to_line_[128 - 24];
	struct calls_arguments of[ARGUMENTS_FUNCTIONS];
};

/* --- timeline -------------------------------------------------------------- */

enum timeline_event {
	TIMELINE_BEGIN = 1,
	TIMELINE_END,
	TIMELINE_SUSPEND,
	TIMELINE_RESUME,
	TIMELINE_C_BEGIN,
	TIMELINE_C_END,
	TIMELINE_RAISED,
	TIMELINE_C_RAISED, /* `code` of an entry is by kind: which it is must be in the event */
};

/* Files are numbered as the threads' trees are; a thread without one found no room. */
struct timeline_entry {
	uint64_t ticks;
	uint32_t code;  /* code id, or text id of C functions */
	uint32_t event; /* enum timeline_event | number of the unit modulo 2^24 << 8 */
};

struct timeline_area {
	_Atomic uint64_t magic;
	uint32_t number, tid;
	uint32_t entries_offset, capacity; /* a power of two */
	_Atomic uint64_t head;             /* of the next entry; slot = position modulo capacity */
	/* The furthest that `head` was before entries were given up: what lies more than
	 * `capacity` before the further of the two was written over. */
	_Atomic uint64_t reached;
	uint64_t first; /* the agent's: position + 1 at which its first unit began; 0: none did */
};

#endif
