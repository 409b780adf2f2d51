/* What the agent's files share: one state, one way to record.
 *
 * The rules of this folder (design.md "The agent is special"): libc only, no
 * Python.h; no malloc, no lock and no Python call on a hot path (interposed
 * call, callback, signal handler); memory comes from mmap at start or from
 * static tables; every symbol of CPython by dlsym (python_api.c); what cannot be
 * verified is switched off and says so (agent_switch_off). errno is preserved
 * by every hook.
 *
 * Hot path:
 *
 *     struct call c;
 *     if (!call_begin(&c, RECORD_RECV))          // asleep, own call, vfork child: pass through
 *             return real_recv(fd, buf, n, flags);
 *     ssize_t r = real_recv(fd, buf, n, flags);
 *     call_end(&c, (struct call_facts){ .subject = handle, .result = …, .bytes = … });
 *     return r;
 */
#ifndef UNSLOW_AGENT_AGENT_H
#define UNSLOW_AGENT_AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/channel.h"

#define AGENT_EXPORT __attribute__((visibility("default")))
#define AGENT_TLS __thread __attribute__((tls_model("initial-exec")))
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

/* --- state of the process (core.c) ------------------------------------- */

/* False: every hook passes straight through. One relaxed load. */
extern _Atomic bool agent_awake;

/* Called by the audit hook (python_hooks.c) once Python is up, GIL held: maps
 * the control file, finds symbols, verifies the layout. Idempotent. */
void agent_start(void);

/* Make this process's channel file if it has none yet. Called at the first
 * unit, connect or database open. False: there is none (disk full, asleep …). */
bool agent_need_channel(void);

/* Switch off the whole agent, for good, with a reason that the program prints. */
__attribute__((format(printf, 1, 2))) void agent_switch_off(const char *format, ...);
/* Note that one part is off; the agent goes on. `part` is a fact key:
 * "agent.sqlite" → "not visible: …". */
__attribute__((format(printf, 2, 3))) void agent_part_off(const char *part, const char *format,
							  ...);

void agent_count_loss(enum agent_loss loss);

/* Called one after another in a fork's child, by fork.c. */
void core_after_fork(void);    /* new channel identity, rings, dictionary */
void handles_after_fork(void); /* handles are inherited: kept, but ids are new */
void sqlite_after_fork(void);
void wire_after_fork(void);
void slots_after_fork(void);
void units_after_fork(void);

uint64_t agent_now_ns(void); /* vDSO CLOCK_MONOTONIC */

extern const struct channel_control *agent_control; /* NULL before agent_start */
extern struct py_layout agent_layout;               /* verified; version_hex 0: unknown */

/* --- threads and calls (thread.c, call.c) ------------------------------- */

#define CALL_DEPTH_MAX 8

/* For the clock of exact calls (calls_clock.h): CPU time was `cpu` at `ticks`, and runs with the
 * wall clock as long as `word` holds `expected`. */
struct cpu_mark {
	const volatile uint32_t *word; /* NULL: no calls are counted on this thread */
	uint32_t expected;
	uint64_t ticks, cpu;
	void *page; /* of a task clock, or NULL */
};

/* One per thread, in a static pool (never on a stack, greenlets copy stacks). */
struct agent_thread {
	struct channel_ring *ring; /* NULL: shared overflow ring or none */
	struct channel_record *slots;
	uint32_t capacity;
	uint32_t tid;
	uintptr_t pthread; /* pthread_self() */
	uint64_t head;     /* private copy */
	bool in_hook;      /* the agent's own libc calls are not recorded */
	bool passing;      /* its last hook let a call pass unnoted: it may be in the kernel yet */
	bool writing;      /* inside record_write: a signal handler's hooks write nothing */
	uint8_t depth;     /* open calls */
	uint8_t owning;    /* how many of them own what they call */
	uint64_t owner_unit;   /* of the outermost of those … */
	uintptr_t owner_frame; /* … and the newest Python frame at its begin */
	struct {
		uint64_t start_ns;
		uint64_t nested_ns;  /* time of nested database calls */
		uint64_t off_cpu_ns; /* of nested calls, so that the outer one has it too */
		uint16_t kind;
	} open[CALL_DEPTH_MAX];
	/* thread CPU clock as last read, for calls ≥ CALL_LONG_NS (see call_end) */
	uint64_t sync_wall_ns;
	uint64_t sync_cpu_ns;
	uint64_t clock_reads; /* by system call: each begins a stay on a CPU (cpu_clock.h) */
	struct cpu_mark mark;
	struct calls_thread *calls; /* calls_tree.h; NULL: none were counted */
	/* frame at which a stack walk stops: the caller of the unit's entry hook, 0: walk to the
	 * root */
	uintptr_t unit_base_frame;
	uint32_t units;      /* open ones that began on this thread */
	bool greenlets;      /* more than one unit was open here at once, none of them
				asynchronous: their stacks take turns, each goes to its root */
	uint32_t loop_depth; /* >0: an event loop runs code of the app on this thread: an asyncio
				callback, a step of an asynchronous unit, anything under uvloop */
	bool loop_noted;     /* loop.c has looked which loop it is */
	bool lingers;        /* the unit's response was handed over whole, close() is to come … */
	uint64_t lingered_ns;  /* … and so long the server waited for descriptors meanwhile */
	uint32_t hook_tick;    /* hooks left before the next one that times itself */
	uint32_t hook_random;  /* of those distances */
	uint32_t spans;        /* spans.c: open on this thread … */
	uint64_t span_hook_ns; /* … own time of the hooks timed, to be taken off them */
	/* Sums that units.c, asgi.c and spans.c take differences of; call_end keeps them. */
	uint64_t blocked_ns;  /* off-CPU time of the calls that are not nested and lasted
				 CALL_LONG_NS or more, since the thread was claimed */
	uint64_t gil_ns;      /* of that, waits for the GIL */
	uint64_t poll_end_ns; /* when the last POLL of this thread returned, 0: never */
	uint32_t polls;       /* how many such there were */
	/* Whose step ran since the last but one of them: who queued what uvloop writes after its
	   poll, in no context. UINT64_MAX: more than one unit. */
	uint32_t stepped_poll;
	uint64_t stepped_unit;
	uint32_t last_handle;  /* opened or closed last on this thread, 0: none */
	uint32_t walked_stack; /* of the call whose bytes wire.c looks at, 0: not taken yet */
	/* It waits for descriptors outside any unit, since then and there; 0: it does not, not
	   known. */
	uint64_t idle_since_ns;
	uint32_t idle_stack;
	struct stack_known {
		uint64_t place; /* hash of its addresses */
		uint32_t stack; /* 0: none */
	} idle_last;
	/* a GIL wait that timed out (5 ms) and may go on: written with its last part */
	uint64_t gil_start_ns; /* 0: none */
	uint64_t gil_end_ns;
	uint64_t gil_unit;
	uint64_t gil_cpu_ns;
	uint32_t gil_stack;
	/* the application's text of the statement under way (sql_text.h); NULL: not known */
	const char *sql_text;
	size_t sql_length; /* bytes */
	uint64_t sql_unit; /* that left the note */
	uint64_t sql_note; /* its number, out of sql_notes so far */
	uint64_t sql_notes;
};

/* The calling thread's slot; claims one on first use; NULL if none can be had. */
struct agent_thread *agent_thread_self(void);
/* The same without claiming: NULL on a thread not seen yet. */
struct agent_thread *agent_thread_peek(void);

struct call {
	struct agent_thread *thread;
	uint64_t start_ns;
	uint64_t end_ns;        /* call_stop: when the real call returned; 0: at call_end */
	uint64_t hook_start_ns; /* 0 unless this hook times itself */
	bool hook_sampled;      /* as one in 64 */
	bool early;             /* of a run that had no channel when it began */
	uint64_t unit;          /* of the context, 0: none */
	uint32_t stack;         /* read it with call_stack() */
	uint16_t kind;
	bool stacked;         /* the stack was taken */
	bool owns;            /* SQLITE_*, DNS, SPAWN */
	bool nested;          /* inside an owning call */
	uint8_t depth_before; /* of the thread: restored at the end, whatever was lost between */
	uint8_t owning_before;
};

struct call_facts {
	uint32_t subject; /* handle id or text id, by kind */
	uint32_t object;
	uint32_t count;
	uint64_t bytes;
	uint64_t aux;
	int result; /* 0 or -errno, or by kind */
	uint16_t flags;
	uint64_t unit;    /* 0: the current unit */
	bool never_waits; /* a non-blocking descriptor: what the call lasts is no wait */
	bool always;      /* record even outside any unit (opens, closes, pooled connections) */
};

#define CALL_LONG_NS \
	20000 /* shorter calls count as CPU; longer ones read the thread's CPU clock \
	       */

/* False: do not record (asleep, inside the agent itself, in a vfork child, no
 * thread state; no unit, and the kind is one that matters only inside one: POLL,
 * READ, WRITE, FSYNC, SLEEP, LOCK, GIL, DNS, SPAWN). Takes unit and start time,
 * opens the slot; takes the stack, too, if a hang here must show it. CONNECT and
 * SQLITE_OPEN make the channel. Preserves errno. */
bool call_begin(struct call *c, enum record_kind kind);
/* The stack the call is made from; walked once, at the begin or here: the
 * thread's frames stand still until the call returns. */
uint32_t call_stack(struct call *c);
/* None is wanted: the server's own work, made at the same place each time. */
void call_without_stack(struct call *c);
/* Made by a database library inside one of its own calls, not by a Python function that it calls
 * back: its files are its own, too. */
bool call_is_databases_own(const struct call *c);
/* Ends the call: duration, CPU if long, record. Preserves errno. Returns the
 * duration in ns. No record if there is no unit and facts.always is not set, or
 * if the call is nested, short and neither opens, closes nor owns: it holds no time of
 * its own. The database kinds get nested_ns as aux unless facts.aux is set. */
uint64_t call_end(struct call *c, struct call_facts facts);
/* The real call has returned: what the hook does until call_end is the agent's own time. */
void call_stop(struct call *c);
/* Ends it without a record (call turned out to be of no interest). */
void call_drop(struct call *c);

/* A record that is not a call: unit ends, statements, spans. Fields are taken
 * as they are; `stack` 0 stays 0. */
void record_write(const struct channel_record *record);

/* As a record's 32-bit field: the largest stands for all above it. */
static inline uint32_t record_saturate(uint64_t value)
{
	return value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

/* --- identity (dict.c, stack.c, handles.c) ------------------------------ */

/* Text → id, written to the dictionary on first sight; 0 when full. */
uint32_t dict_text_id(const char *bytes, size_t length);
void dict_fact(const char *key, const char *value);

/* The calling thread's Python stack as an id; 0 if it has none. Walks its own
 * frames, without the GIL: inside a call they stand still. */
uint32_t stack_here(struct agent_thread *thread);
/* Stack of a traceback's innermost frame or of given frames, GIL held. */
uint32_t stack_of_frames(const struct dict_frame *frames, size_t count);
/* Code id of a code object (dictionary on first sight). */
uint32_t code_id(uintptr_t code);

/* What is known of an open descriptor. Index = fd; generation makes reuse visible. */
struct handle {
	uint32_t id;       /* 0: not tracked */
	uint8_t kind;      /* enum handle_kind */
	uint8_t peer_kind; /* enum peer_kind */
	bool listening;
	bool wakes;               /* one end of a nameless pair that never waits */
	bool nonblocking_connect; /* EINPROGRESS seen, not yet ready */
	bool tls;                 /* a handshake was done on it */
	bool tracked;             /* this fd is followed; id is 0 until there is a channel */
	uint32_t generation;      /* dict_generation() of id and peer_text */
	uint32_t peer_text;
	uint64_t opened_ns;
	uint64_t opened_unit;
	uint32_t opened_stack;
	bool sent_before;    /* held.c: something was sent since the last receive … */
	bool is_prompt;      /* … and all goes out at once */
	int32_t accepted_by; /* descriptor of its listener + 1; 0: it was not accepted */
	uint32_t held_bytes;
	uint32_t held_stack;
	uint64_t held_ns; /* since when; 0: nothing is held */
	uint64_t held_unit;
	void *wire; /* wire.c's state of this connection, NULL if none */
};

struct handle *handle_of(int fd); /* NULL: out of range or not open */
/* A new handle on fd (implicitly closes one that was still held). */
struct handle *handle_open(int fd, enum handle_kind kind, uint64_t start_ns);
void handle_set_peer(struct handle *h, int fd, enum peer_kind kind, const char *text,
		     size_t length);
/* Forget it; wire state is released. Returns what it was (id 0: nothing). */
struct handle handle_close(int fd);
/* A handle without descriptor (SQLite): id from the same counter, facts written. */
uint32_t handle_new_id(enum handle_kind kind, enum peer_kind peer, uint32_t peer_text);

/* --- units (units.c, context.c) ------------------------------------------ */

/* The unit the calling thread works for, 0 if none. Reads the ContextVar from
 * tstate->context without the GIL; falls back to the process's run unit. */
uint64_t unit_current(struct agent_thread *thread);

/* --- relocation slots (slots.c) ------------------------------------------- */

/* One hook of a library function: `name` is looked for in every loaded object's
 * relocation slots; `replacements[i]` serves the i-th distinct original, which
 * is stored in originals[i]. Rows live in const tables of sqlite.c and tls.c. */
#define SLOT_INSTANCES 6
struct slot_hook {
	const char *name;
	void *const *replacements; /* SLOT_INSTANCES entries */
	void **originals;          /* SLOT_INSTANCES entries, filled by slots.c */
};
extern const struct slot_hook slot_hooks_sqlite[]; /* end: name NULL */
extern const struct slot_hook slot_hooks_sqlite_bind[];
extern const struct slot_hook slot_hooks_tls[];

void slots_scan(void); /* patch what is loaded and not patched yet; GIL held or start-up */
void slots_scan_if_pending(void);
void slots_mark_pending(void); /* after a dlopen by bare name */

/* --- wire protocols (wire.c) ---------------------------------------------- */

/* Bytes of a connection, seen by send/recv or SSL_write/SSL_read. Called from
 * call hooks after the real call; never blocks, never keeps payload. */
void wire_sent(struct handle *h, const void *bytes, size_t length, uint64_t start_ns);
void wire_received(struct handle *h, const void *bytes, size_t length, uint64_t end_ns);
void wire_closed(struct handle *h);
/* Unit a call on this connection belongs to: statement open on it, else its
 * set-up, else 0 (use the context). */
uint64_t wire_owner(const struct handle *h);

/* --- Python side (python_hooks.c, wsgi.c, asgi.c, loop.c …): see python_api.h */

#endif
