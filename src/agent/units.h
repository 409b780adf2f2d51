/* Units of work: their begin, their end, and which one a thread works for.
 *
 * A unit is open between unit_begin and unit_end; both hold the GIL. Its id
 * (process serial << 40 | counter) is the value of one ContextVar, an object of
 * 8 bytes, so that tasks, copied contexts and threads that run in them carry
 * it; hooks read it without the GIL (context.c). The counters in the channel's
 * header count each begin and end, even when its record was dropped.
 *
 * A unit is cold (RECORD_COLD) if it is the first of its process, or one of the
 * first UNIT_COLD_IMPORTS during which a module was loaded: sys.modules grew. An
 * import that fails each time (an optional package) leaves it as it was.
 *
 * Times are CLOCK_MONOTONIC nanoseconds. Units are counted references, freed
 * with the last one; fields are guarded by the GIL.
 */
#ifndef UNSLOW_AGENT_UNITS_H
#define UNSLOW_AGENT_UNITS_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/abi.h"

#define UNIT_COLD_IMPORTS 64

struct unit {
	uint64_t id;
	uint64_t start_ns;
	uint64_t cpu_start_ns;     /* of the thread `tid`, when it began */
	uint64_t blocked_start_ns; /* agent_thread.blocked_ns, likewise */
	uint64_t queue_start_ns;   /* run-queue time of the thread; 0: not read */
	uint64_t response_bytes;
	uint32_t request_bytes; /* of its body, as its header says; 0: none, or not told */
	struct unit *next;      /* of the same slot in the table of open units */
	py_object value;        /* 8 bytes, what the ContextVar holds; strong */
	uint32_t tid;
	uint32_t references;
	uint32_t entered; /* > 0: code of the app runs inside it at this moment */
	uint32_t imports; /* begun in the process, when it began */
	py_ssize modules; /* in sys.modules, likewise */
	uint32_t route;   /* text ids, 0: not known */
	uint32_t method;
	uint32_t exception; /* class */
	uint32_t handler;   /* stack id: the handler's first line */
	uint16_t kind;      /* enum unit_kind */
	uint16_t flags;     /* enum record_flag */
	int16_t status;     /* HTTP, 0: none */
	bool ended;
	bool shared;   /* another was open on the thread meanwhile, by greenlets: whose CPU time the
			* thread's was is not known */
	bool in_turns; /* WSGI: its server serves others between its runs (wsgi_run.h) */
	/* async */
	bool answered;         /* the last part of the body was sent */
	uint64_t done_ns;      /* since then nobody waits for it (unit_done); 0: somebody does */
	uint64_t answer_bytes; /* of the body, as the answer's headers say; 0: they do not */
	py_object headers;     /* of the scope, only to be compared; strong until it ends */
	/* async or in turns: sums over its steps */
	uint32_t steps;      /* 0: sync */
	uint64_t entered_ns; /* when the run that lasts began, 0: none does; and CPU then */
	uint64_t entered_cpu_ns;
	uint64_t left_ns; /* when the last one ended, or it was made ready for its first */
	uint64_t running_ns;
	uint64_t suspended_ns;
	uint64_t ready_ns;
	uint64_t cpu_ns;
	/* of the run that lasts: agent_thread.blocked_ns and run-queue time (0: not read) at its
	 * begin */
	uint64_t entered_blocked_ns;
	uint64_t entered_queue_ns;
	uint64_t hop_end_ns; /* work that its loop handed to a thread ended then; 0: it ran since */
	uint32_t hop_stack;  /* of who handed it over */
	uint64_t missing_ns; /* running, neither CPU nor a call that was measured */
	uint64_t queued_ns;  /* of that, waiting for a CPU */
	bool queue_read;
	/* exact calls (calls_roots.h) */
	struct calls_thread *calls; /* on whose stack it is entered now; NULL: on none */
	uint32_t calls_depth;
	bool calls_begun;              /* it was, once */
	uint32_t calls_turn;           /* calls_windows.h: it began in; 0: in none that counts */
	uint64_t calls_entered_events; /* of the tree, when it was entered now */
	uint64_t calls_events;         /* while it was entered before */
	uint64_t calls_done_events;    /* until it was done */
	uint64_t lines_entered_events; /* likewise of the thread's lines; + 1, 0: it is not */
	uint64_t lines_events;
	struct timeline_area
		*calls_timeline;    /* that it was entered in first; NULL: there is none … */
	uint64_t calls_timeline_at; /* … and where */
};

/* A new unit on the calling thread, current in the current context. One
 * reference, the caller's. NULL: asleep, no channel, or out of memory; the app
 * goes on without. No exception is set or left. */
struct unit *unit_begin(enum unit_kind kind);
/* The same for an async unit that has waited for its first step since then. */
struct unit *unit_begin_since(enum unit_kind kind, uint64_t since_ns);
/* Writes its records; later calls do nothing. Takes no reference. Call with no
 * exception set (fetch it before). */
void unit_end(struct unit *unit);

/* The unit's time is over, and what runs in this context is of none; but what its coroutine still
 * says, an exception, is told with it. Its run is finished (steps.h); unit_end() is yet to come. */
void unit_done(struct unit *unit);

/* Time in a unit's run that is neither CPU nor a measured call, if it is worth
 * asking the scheduler about; else 0. All in ns; blocked_from_ns is the thread's
 * blocked_ns at the run's begin. */
uint64_t unit_missing_ns(const struct agent_thread *thread, uint64_t wall_ns, uint64_t cpu_ns,
			 uint64_t blocked_from_ns);
/* Has a unit of late missed time, so that the run queue is read at each begin? */
bool units_watch_queue(void);

/* What handles it has been found: text id, 0: not known. GIL held. */
void unit_set_route(struct unit *unit, uint32_t route);

/* Bytes, as a Content-Length says them. 0: none, or no number. */
uint64_t unit_length_of(const char *text, size_t length);
/* Notes the length of the request's body: the text of its Content-Length. NULL is fine. */
void unit_note_length(struct unit *unit, const char *text, size_t length);

/* What kind it is shows late: its begin is written again. */
void unit_becomes(struct unit *unit, enum unit_kind kind);

struct unit *unit_keep(struct unit *unit);
/* NULL is allowed. The last reference ends a unit that is still open. */
void unit_release(struct unit *unit);

/* The open unit of that id in this process, borrowed, or NULL. */
struct unit *unit_find(uint64_t id);
/* The open unit of the calling thread, borrowed, or NULL. */
struct unit *unit_here(void);

/* Make the unit current in the current context, if it is not: its iterable may
 * be read in another context or turn than its handler ran in. */
void unit_enter_context(struct unit *unit);
/* Make none current, if this one is. */
void unit_leave_context(struct unit *unit);

/* A connection was opened that is no unit, as it stays open: a fact says so. */
void units_note_websocket(void);

/* The module-loading audit event: units that see one are cold. */
void units_count_import(void);

/* --- the context variable (context.c) -------------------------------------- */

/* Makes it. False and a reason: units cannot be followed. */
bool context_make(char *reason, size_t reason_size);
/* Says where it is, for who reads it from outside. */
struct channel_units;
void context_describe(struct channel_units *units);
/* Sets it in the current context. False: could not (no exception is left). */
bool context_set(py_object value);
/* The unit id in the current context of the calling thread, 0: none. No GIL needed. */
uint64_t context_unit(void);
/* The unit id in that Context object, 0: none. */
uint64_t context_unit_of(py_object context);
/* The same through a reader: the context of another thread. */
struct peek;
uint64_t context_unit_peek(struct peek *from, uintptr_t context);
/* The newest Python frame of the calling thread: where stacks of the unit whose
 * entry hook asks begin. 0: none. */
uintptr_t context_frame(void);

#endif
