/* What the files of ingest share: processes, open units, handles, threads.
 *
 *     ingest.c    processes, dispatch of records, flush
 *     details.c   a call, statement or other detail: its sums, its handle, its row
 *     dictionaries.c  texts, code, stacks, threads, facts of a process
 *     units.c     a unit from its first record to its row
 *     handles.c   a descriptor or database handle from open to close
 *     samples.c, engine.c  sums over samples; what an engine says of its ticks
 *     calls.c     exact calls and lines
 *     walks.c     walks of the heap
 *     heap.c      the sampled heap
 *     heap_native.c  native stacks of it
 *
 * All of it lives as long as struct ingest. Ids without "local" are those of
 * the recording; local ones are the process's own and hostile.
 */
#ifndef UNSLOW_RECORDING_INGEST_STATE_H
#define UNSLOW_RECORDING_INGEST_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"
#include "base/vec.h"
#include "recording/calls.h"
#include "recording/engine.h"
#include "recording/heap.h"
#include "recording/heap_native.h"
#include "recording/ingest.h"
#include "recording/names.h"
#include "recording/samples.h"
#include "recording/usage.h"

/* Ceilings, since the target may invent ids; what does not fit is counted. */
#define PROCESSES_MAX 65536u
#define LOCAL_NAMES_MAX (1u << 20) /* of each kind and process */
#define UNITS_OPEN_MAX 65536u
#define UNIT_KEYS_MAX 1024u /* of a unit; past it stack and subject are left out */
#define UNIT_INTERVALS_MAX 8192u
#define UNIT_HANDLES_MAX 1024u
#define UNITS_BYTES_MAX (UINT64_C(256) << 20) /* of all open units */
#define HANDLES_MAX 200000u                   /* kept at a time */
#define THREADS_MAX 65536u                    /* of a process */
#define WAITING_FACTS_MAX 1024u
#define FINISHED_MAX 8192u        /* units of a process remembered after their row was written */
#define UNIT_LINGER_FLUSHES 2     /* records of a unit may come so many drains after its end */
#define CLIENTS_TOLD 64u          /* see handles.c, is_passing() */
#define HANDLE_LINGER_FLUSHES 100 /* its Python span is recorded after the close */
#define RAW_ROWS_PER_S 8000u      /* above it whole units are thinned */
#define EVENT_MIN_NS 50000u

enum recorder_loss {
	RECORDER_UNKNOWN_ID = LOSS_KINDS, /* a record named what the dictionary does not have */
	RECORDER_BAD_RECORD,              /* broke the channel's rules */
	RECORDER_LATE,        /* came after its unit's row: in usage_10s, not in the unit's sums */
	RECORDER_UNITS,       /* units past UNITS_OPEN_MAX */
	RECORDER_UNIT_DETAIL, /* intervals, handles or kinds of calls past a unit's ceiling */
	RECORDER_NAMES,
	RECORDER_HANDLES,
	RECORDER_THREADS,
	RECORDER_THINNED,  /* raw rows of units whose weight is 0 */
	RECORDER_SIZE_CAP, /* raw rows given up for --max-size or a nearly full disk */
	RECORDER_USAGE, /* calls whose key in usage_10s was made coarser: the place is lost, not the
			   time */
	RECORDER_SAMPLE_PLACE, /* ticks of sample_10s whose thread, route and stack were left out */
	RECORDER_SAMPLE_ROUTE, /* ticks that waited too long for the end of their unit */
	RECORDER_SAMPLES,      /* ticks past the ceiling of rows */
	RECORDER_CALLS,        /* nodes, lines or events of calls past theirs, files not read */
	RECORDER_WALKS,        /* walks of the heap, or types of one, past theirs */
	RECORDER_HEAP,         /* sites and snapshots of the heap past theirs, files not read */
	RECORDER_LOSSES
};

struct handle_row {
	uint64_t id;
	uint32_t serial;
	uint32_t local_id;
	uint8_t kind;      /* enum handle_kind */
	uint8_t peer_kind; /* enum peer_kind */
	bool tls;
	bool opened, closed, implicit, failed, dirty;
	bool written; /* it has a row … */
	bool named;   /* … or needs one: an event's or a statement's row says its id */
	bool has_ready, has_first_extra, has_create_span, has_close_span;
	bool connects, asked; /* this side connected; it sent something, and no answer has come */
	uint32_t peer;        /* text id */
	uint32_t open_stack, close_stack;
	uint64_t opened_ns, open_dur_ns, ready_ns, open_unit;
	uint64_t closed_ns, close_dur_ns, close_unit;
	uint64_t first_extra_ns, create_span_ns, close_span_ns, tls_ns;
	uint32_t statements, uses, calls;
	uint32_t references; /* open units that name it */
	uint64_t closed_flush;
};

/* Calls of one kind at one place by one thread for one unit. No padding before `sums`. */
struct unit_key {
	struct handle_row *handle;
	uint32_t stack;
	uint32_t subject;
	uint32_t tid;
	uint16_t kind;
	uint8_t flags; /* as usage_key.flags */
	uint8_t zero;
};
struct unit_calls {
	struct unit_key key;
	struct usage_sums sums;
};

/* A time in which a statement, a connection's set-up, a call in another thread or a task's wait for
 * a lock was open. */
struct unit_interval {
	uint64_t start_ns, end_ns;
	struct handle_row *handle;
	uint32_t tid; /* 0: a statement or set-up, of no thread */
	bool is_lock;
};

/* Work that an event loop handed to another thread: when it was done there, and from where. */
struct handed_over {
	uint64_t start_ns, end_ns;
	uint32_t stack, tid;
};

struct unit {
	uint64_t id;
	uint64_t first_ns; /* earliest time any of its records names */
	uint64_t start_ns, wall_ns;
	uint64_t cpu_ns, running_ns, suspended_ns, ready_ns, runqueue_ns;
	uint64_t work_cpu_ns; /* CPU of its work in other threads */
	uint64_t bytes_out, bytes_in;
	uint64_t ended_flush;
	uint64_t database_ns; /* begin of its last statement */
	uint32_t steps;
	uint32_t own_tid; /* 0: its begin was not seen */
	uint32_t route, method, error;
	uint32_t weight; /* 0: its raw rows are thinned away */
	uint32_t statements;
	uint16_t kind;                  /* enum unit_kind */
	uint16_t flags;                 /* enum record_flag of its end */
	uint64_t trace_high, trace_low; /* both 0: none was told */
	int16_t status;
	bool ended, is_async, has_runqueue, written;
	struct handed_over handed[8]; /* the last, of `handed_count` in all */
	uint32_t handed_count;
	VEC(struct unit_calls) calls;
	VEC(struct unit_interval) intervals;
	VEC(struct handle_row *) opened;
};

/* What is kept of a unit whose row was written. */
struct finished_unit {
	uint64_t id, end_ns;
	uint32_t route;
	bool is_startup, is_cold;
};

/* When the agent's counter of ticks was seen to change first and last. */
struct tick_span {
	uint64_t first_ns, last_ns;
	uint64_t first_count;
};

struct process {
	uint32_t serial;
	uint32_t pid, parent_pid;
	uint64_t start_ns, end_ns;
	char python[24];
	uint32_t state;  /* enum agent_state */
	uint32_t reason; /* text */
	uint64_t units_begun, units_ended;
	uint32_t clients_told; /* handles of clients that have a row */
	uint32_t asked;        /* connections to others on which an answer is waited for */
	bool dirty, ended;
	struct map texts, codes, stacks;     /* local id → id */
	struct map handles;                  /* local id → struct handle_row * */
	struct map descriptors;              /* fd → local id of its newest handle */
	struct map threads;                  /* tid → thread id */
	struct map facts;                    /* key << 32 | value → 1 */
	struct map finished;                 /* unit → its place in finished_ring */
	VEC(struct dict_fact) waiting_facts; /* their texts come later than they do */
	struct finished_unit finished_ring[FINISHED_MAX];
	uint32_t finished_next;
	uint64_t losses[RECORDER_LOSSES];
	uint64_t hook_calls, hook_ns;
	struct engine engine;
	struct engine inside; /* what the agent's had counted, once another one reports */
	struct tick_span tick_span;
	bool engine_dirty, engine_written;
	bool engine_is_outside; /* one that reads from outside reports; the agent's word is past */
	bool engine_asks_stop;
	struct unit *last_unit;          /* the one the record before belonged to */
	struct process_calls *calls;     /* NULL: none are counted */
	struct process_heap *heap;       /* NULL: it is not sampled */
	struct process_natives *natives; /* likewise, or no native stack of it is known */
};

struct ingest {
	struct recording *recording;
	struct names *names;
	struct usage *usage;
	struct samples *samples;
	VEC(struct process *) processes;
	struct map by_serial; /* serial → index in processes */
	struct process *last;
	struct map units;         /* unit id → struct unit * */
	VEC(struct unit *) ended; /* in order of their end */
	size_t ended_first;
	uint64_t units_bytes;
	VEC(struct handle_row *) handles;
	uint64_t last_handle;
	uint64_t last_thread;
	uint64_t flushes;
	uint64_t written_ns; /* when changed rows were last written */
	uint64_t raw_rows;   /* raw rows since then, thinned ones included */
	uint32_t thinning;   /* one unit in so many keeps its raw rows */
	uint32_t last_call_node, last_call_line, call_events, call_places;
	uint32_t last_walk, walk_types;
	uint32_t last_heap_site, last_heap_snapshot, last_heap_native;
	int64_t last_heap_live, last_heap_second, last_heap_peak; /* rowids */
	uint64_t heap_rows;                                       /* of heap_live, that are kept */
	bool losses_dirty;
};

/* ingest.c */
void ingest_lose(struct ingest *in, struct process *p, enum recorder_loss loss, uint64_t count);
struct process *ingest_process_of(struct ingest *in, uint32_t serial); /* NULL: unknown */

/* dictionaries.c */
/* Facts whose texts have come since. */
void ingest_write_waiting_facts(struct ingest *in);
/* 0 stays 0; an unknown one is 0 and a loss. */
uint32_t ingest_global(struct ingest *in, struct process *p, const struct map *ids, uint32_t local);
/* Row id of the thread; 0: unknown. */
uint64_t ingest_thread_id(struct ingest *in, struct process *p, uint32_t tid);
/* ingest.c */
/* May a raw row of this unit (NULL: none) be written? Counts it either way. */
bool ingest_take_raw(struct ingest *in, struct process *p, const struct unit *unit);

/* units.c */
/* The open unit of this id, made on first sight. NULL: 0, finished, or no room;
 * *route is the route of a finished one, or of one that ended before at_ns: what its tasks and
 * threads do after the answer is no time of it. What belongs to a finished unit is counted as late.
 */
struct unit *unit_of(struct ingest *in, struct process *p, uint64_t id, uint64_t at_ns,
		     uint32_t *route);
/* What is known of a unit, making none and counting nothing: a sample may come long before the
 * unit's end or long after. UNIT_OVER: its route, and whose time at_ns is; within a server's
 * start-up it is no unit's. */
enum unit_known { UNIT_UNKNOWN, UNIT_OPEN, UNIT_OVER };
enum unit_time { TIME_OF_NO_UNIT, TIME_OF_UNIT, TIME_OF_COLD_UNIT }; /* sample_10s.in_unit */
enum unit_known unit_look(const struct ingest *in, const struct process *p, uint64_t id,
			  uint64_t at_ns, uint32_t *route, enum unit_time *whose);
void unit_begin(struct ingest *in, struct process *p, const struct channel_record *record);
void unit_end(struct ingest *in, struct process *p, const struct channel_record *record);
void unit_wait(struct ingest *in, struct process *p, const struct channel_record *record);
void unit_work(struct ingest *in, struct process *p, const struct channel_record *record);
/* NULL: it is not known, or its row is written. */
const struct unit *unit_find_open(const struct ingest *in, uint64_t id);
void unit_trace(struct ingest *in, struct process *p, const struct channel_record *record);
void unit_runqueue(struct ingest *in, struct process *p, const struct channel_record *record);
void unit_add_call(struct ingest *in, struct process *p, struct unit *unit,
		   const struct unit_key *key, const struct usage_sums *sums);
void unit_add_interval(struct ingest *in, struct process *p, struct unit *unit,
		       const struct unit_interval *interval);
void unit_add_opened(struct ingest *in, struct process *p, struct unit *unit,
		     struct handle_row *handle);
/* Write the rows of units that ended long enough ago. */
void units_finish_due(struct ingest *in);
/* Rows of units still open, so that a killed writer leaves them behind. */
void units_write_open(struct ingest *in);
/* Write and forget the open units of a process, or of all (serial 0). */
void units_finish_all(struct ingest *in, uint32_t serial);
void units_free(struct ingest *in);

/* handles.c */
struct handle_row *handle_find(struct ingest *in, struct process *p, uint32_t local);
void handle_facts(struct ingest *in, struct process *p, const struct dict_handle *facts);
/* The same facts in a record (RECORD_HANDLE). */
void handle_told(struct ingest *in, struct process *p, const struct channel_record *record);
/* What a call or set-up says about its handle. `stack` and `unit` are global. */
void handle_record(struct ingest *in, struct handle_row *h, const struct channel_record *record,
		   uint32_t stack, uint64_t unit);
/* Its id for another row, so that it has a row itself; NULL: 0. */
uint64_t handle_named(struct handle_row *h);
bool handle_is_database(const struct handle_row *h); /* NULL: false */
void handles_write(struct ingest *in);               /* rows that changed; forgets closed ones */
void handles_free(struct ingest *in);

#endif
