/* The channel between agent and program: byte layout of the shared files.
 *
 * `unslow run` makes a directory, mode 0700, named in UNSLOW_CHANNEL:
 *
 *     control          struct channel_control, one page, made by the program
 *     PID-SERIAL.0     struct channel_header, rings and dictionary of a process
 *     PID-SERIAL.N     more rings of that process (N = 1 …), rings only
 *     PID-SERIAL.calls* exact calls and lines, once they are asked for: calls_file.h
 *     PID-SERIAL.heap   the sampled heap, once it is asked for: heap_file.h
 *     PID-SERIAL.walk-N one walk of the whole heap, and PID-SERIAL.ask-N: walk_file.h
 *
 * Every file is 0600, fallocate'd whole before it is mapped (a sparse page on a
 * full tmpfs kills the writer with SIGBUS), mapped MAP_SHARED, and survives the
 * process: what a killed worker wrote is still read.
 *
 * Single writer: the agent writes headers, rings and dictionaries; the program
 * writes `control` and each ring's `tail`. The program treats every byte as
 * hostile: it copies, then validates.
 *
 * Multi-byte values are in the byte order of the machine; times are
 * CLOCK_MONOTONIC nanoseconds.
 */
#ifndef UNSLOW_AGENT_CHANNEL_H
#define UNSLOW_AGENT_CHANNEL_H

#include <stdatomic.h>
#include <stdint.h>

#include "agent/calls_file.h"
#include "agent/heap_file.h"
#include "python/layout.h"

#define CHANNEL_ABI 6u
#define CHANNEL_ENV "UNSLOW_CHANNEL"                       /* directory; no space, no colon */
#define CHANNEL_DISABLE_ENV "UNSLOW_DISABLE"               /* "1": the agent does nothing */
#define CHANNEL_CONTROL_MAGIC UINT64_C(0x316c6f72746e6f63) /* "control1" */
#define CHANNEL_MAGIC UINT64_C(0x316c656e6e616863)         /* "channel1" */
#define CHANNEL_RING_MAGIC UINT64_C(0x3173676e6972)        /* "rings1" */
#define CHANNEL_PAGE 4096u
#define CHANNEL_SILENCE_NS UINT64_C(2000000000) /* reader silent this long: agent sleeps */

enum channel_command { CHANNEL_RUN = 0, CHANNEL_SLEEP = 1 };

/* Which sampling engine the agent may use. */
enum channel_engine { CHANNEL_ENGINE_AUTO = 0, CHANNEL_ENGINE_TICK, CHANNEL_ENGINE_NONE };

#define CHANNEL_TICK_HZ 200u
/* Of a core, for the ticks of all processes together; reading and recording them is the rest of the
 * 2 % that sampling may take. */
#define CHANNEL_TICK_BUDGET_PERMILLE 12u

/* File `control`. */
struct channel_control {
	_Atomic uint64_t magic; /* stored last, with release order, as the others' */
	uint32_t abi;
	uint32_t reader_pid;
	_Atomic uint64_t heartbeat_ns; /* program: now, at least every 200 ms */
	_Atomic uint32_t command;      /* enum channel_command */
	_Atomic uint32_t next_serial;  /* agent: fetch_add(1) gives a process serial; starts at 1 */
	uint64_t text_key[2]; /* SipHash key of raw statement texts; never stored elsewhere */
	_Atomic uint64_t bytes_made; /* agent: bytes of all files made here */
	uint64_t bytes_limit;        /* no new file past this */
	_Atomic uint32_t refused;    /* agent: processes that could make no file (full disk, limit,
					not permitted): they go on unseen */
	uint32_t tick_engine;        /* enum channel_engine */
	uint32_t tick_asked_hz;      /* ticks a second, as asked for; 0: none */
	_Atomic uint32_t tick_hz;    /* program: those that the budget allows now */
	uint32_t tick_budget_permille; /* of a core: the rate is lowered past it; 0: it is kept */
	struct calls_control calls;    /* program: exact calls and lines, as asked for now */
	struct heap_control heap;      /* program: the sampled heap, as asked for now */
};
_Static_assert(sizeof(struct channel_control) <= CHANNEL_PAGE, "one page");

/* --- rings ------------------------------------------------------------- */

enum record_kind {
	RECORD_NONE = 0,

	/* Units of work. `unit` is the unit itself. */
	RECORD_UNIT_BEGIN = 1, /* t_start, subject = kind (enum unit_kind), object = thread's tid */
	RECORD_UNIT_END,       /* t_start, dur, subject = route text, object = method text,
				  bytes = response bytes, cpu_ns = bytes of the request's body
				  (0: none, or not told), result = HTTP status (0: none),
				  count = exception class text, aux = thread CPU ns of the unit (sync)
				  or of its steps (async), 0: not known; stack = handler where known */
	RECORD_UNIT_WAIT,      /* async only, just before UNIT_END: dur = running wall ns,
				  aux = suspended ns, bytes = steps,
				  count = ready ns / 1000: runnable while the loop ran something else */
	RECORD_UNIT_SCHED,     /* aux = run-queue ns of the unit's thread between begin and end
				  (asynchronous: in its steps), calls' own apart */
	RECORD_UNIT_WORK,  /* work for the unit on another thread, written by that one at its end:
			      t_start, dur, aux = thread CPU ns */
	RECORD_UNIT_TRACE, /* t_start, aux = lower half of the trace's number, subject and object =
			      upper half */
	/* A handle's facts (as DICT_HANDLE) once the dictionary is half full: subject = handle id,
	   object = peer text, count = handle kind | peer kind << 8, bytes = fd. May come after the
	   first record that names the handle. */
	RECORD_HANDLE = 9,

	/* Blocking calls. subject = handle id (0: none known). Written at the end of the call. */
	RECORD_CONNECT =
		16, /* opens a handle; object = peer text. A call in progress (EINPROGRESS) has flag
		       PENDING; its end is a record of its own, NESTED, PENDING if it came about */
	RECORD_ACCEPT,
	RECORD_SEND,
	RECORD_RECV,
	RECORD_POLL,  /* select, poll, epoll_wait …; subject = handle when it waits for just one;
			 count = 1: its time was over before anything came (not ON_LOOP) */
	RECORD_OPEN,  /* a file; opens a handle */
	RECORD_CLOSE, /* closes a handle; aux = unit that opened it */
	RECORD_READ,  /* file or pipe */
	RECORD_WRITE,
	RECORD_FSYNC,
	RECORD_SLEEP,
	RECORD_LOCK,  /* semaphore or condition wait; aux = address of it, hashed with the key; count
		       * = 1: of asyncio, and several may hold it at a time */
	RECORD_GIL,   /* waiting for the GIL */
	RECORD_DNS,   /* getaddrinfo and friends: owns what it calls */
	RECORD_SPAWN, /* fork/exec and waiting for children */

	/* Database libraries. subject = handle id of the connection. These own what they call. */
	RECORD_SQLITE_OPEN = 40, /* opens a handle */
	RECORD_SQLITE_CLOSE,     /* closes it; aux = unit that opened it */
	RECORD_SQLITE_PREPARE,   /* object = fingerprint text; aux = ns of nested prepare/step/exec
				    (the schema load of a fresh connection) */
	RECORD_SQLITE_STEP, /* object = fingerprint text; aux as above; all steps of one execution
			       that were shorter than 20 µs are summed in one record at its end */
	RECORD_SQLITE_EXEC,
	RECORD_TLS_HANDSHAKE, /* transparent: owns nothing */

	/* One execution of a statement: subject = fingerprint text, object = handle id,
	   t_start = first byte sent or first step (or its prepare, if it had one),
	   dur = until ready for the next (SQLite: sum of prepare and steps), result = n-th
	   statement on its connection (from 1, saturating), count = rows, bytes = prepare ns
	   (SQLite) or bytes received, cpu_ns = literals in its text, aux = keyed hash of the raw
	   text, depth = rows stepped over in scans of whole tables (SQLite), as
	   record_scan_code. unit = owner by interfaces.md, "Owner of a statement". */
	RECORD_STATEMENT = 56,
	/* A connection is ready for statements: subject = handle, t_start = connect began,
	   dur = until ready, object = protocol (enum peer_kind), unit = who set it up. With
	   PEER_UNKNOWN: one that begins with TLS has its keys; t_start = ClientHello. */
	RECORD_READY,
	/* What the statement that began at t_start on handle `object` bound: aux = hash of it, with
	   the key of raw texts; one without it bound nothing, or it is not known. After the
	   statement's own record. */
	RECORD_VALUES,
	/* A question to another service over HTTP/1 and the first line of its answer: subject =
	   handle, t_start = first byte sent, dur = until the answer's status, or until the
	   connection was closed without any; result = status, 0: none came; FAILED: none, 429, or
	   500 and above; aux = hash of request line and body, with the key of raw texts, 0: not
	   known. */
	RECORD_EXCHANGE,
	/* Bytes that the kernel held until earlier ones were acknowledged (held.h): subject =
	   handle, t_start = the send that was held, dur = so long, to a tick of the kernel's clock,
	   bytes; unit = none where they went to a client. */
	RECORD_HELD,

	/* Python-level spans named by a row of the agent's span table: subject = name text,
	   object = handle opened or closed inside it if any (last one). "thread.hop" (work.h): the
	   work, with the stack of who handed it over, aux = ns that it had waited; "thread.back":
	   aux = ns from its end until the unit ran on. */
	RECORD_SPAN = 72,
	RECORD_CALLBACK,  /* one asyncio callback (Handle._run); subject = qualname text; aux = CPU
			     ns;  count = units open in the process then */
	RECORD_GC,        /* result = generation, count = collected; cpu_ns, if RECORD_CPU_KNOWN */
	RECORD_EXCEPTION, /* reached the framework or the server: subject = class text,
			     stack = where it was raised */
	RECORD_TASKS, /* count tasks of asyncio; result = enum tasks_what, subject = qualname text
			 of the coroutine, stack = where they were made, or wait */

	/* One thread at one or more consecutive ticks that found it in the same place: t_start =
	   the first tick, dur = wall the ticks stand for, unit, stack; subject = tid, result = enum
	   sample_state, bytes = ticks, cpu_ns and count = CPU and run-queue ns of the thread in
	   that time (schedstat; which look is given how much: base/unplaced.h), object =
	   SAMPLE_GIL: the holder's stack at that instant, aux = SAMPLE_CALL: system call number <<
	   32 | its first argument. SAMPLE_UNSEEN: cpu_ns and count alone. */
	RECORD_SAMPLE = 96,
};

/* What a sampled thread was doing, measured and not guessed. */
enum sample_state {
	SAMPLE_PYTHON = 1, /* holds the GIL and is on a CPU */
	SAMPLE_HOLDING,    /* holds the GIL and is blocked or waits for a CPU */
	SAMPLE_GIL,        /* waits for the GIL */
	SAMPLE_NATIVE,     /* runs without the GIL */
	SAMPLE_RUNQUEUE,   /* could run without the GIL, no CPU is free */
	SAMPLE_CALL,       /* blocked in a system call on a descriptor */
	SAMPLE_LOCK,       /* blocked on a futex that is not the GIL's */
	SAMPLE_SLEEP,
	SAMPLE_UNSEEN, /* of no tick: CPU and run queue between ticks, where is not known */
};

enum tasks_what { TASKS_LIVE = 1 /* all that there are */, TASKS_WAITING, TASKS_MADE };

/* Every tick of a sampling engine is accounted for: verified + caught + torn + late = scheduled. */
enum tick_fate {
	TICK_SCHEDULED = 0,
	TICK_VERIFIED, /* all threads' stacks passed every check */
	TICK_CAUGHT,   /* a stack failed a check and was cut to its caller or left out */
	TICK_TORN,     /* the GIL changed hands while looking: nothing recorded */
	TICK_LATE,     /* not made in time, or the one before it was still unanswered */
	TICK_FATES
};

enum record_flag {
	RECORD_NESTED =
		1 << 0, /* inside a call that owns it (sqlite, dns, spawn): detail, not time */
	RECORD_OPENS = 1 << 1,    /* subject is a new handle */
	RECORD_CLOSES = 1 << 2,   /* subject's handle is gone */
	RECORD_IMPLICIT = 1 << 3, /* a close that was not seen, found when the fd came back */
	RECORD_PENDING = 1 << 4,  /* connect returned EINPROGRESS */
	RECORD_FAILED = 1 << 5, /* the call or statement failed; result = -errno where it has one */
	RECORD_ON_LOOP = 1 << 6, /* made on a thread that runs an event loop, inside a callback, and
				    not on a non-blocking descriptor (of those that lasted 20 µs);
				    `count` = other units open in the process at that time */
	RECORD_CPU_KNOWN =
		1 << 7, /* cpu_ns was measured; else the call was short and counts as CPU */
	RECORD_STREAMED = 1 << 8,     /* unit: ended after its handler returned */
	RECORD_ABORTED = 1 << 9,      /* unit: client went away or the iterable was not used up */
	RECORD_ENCRYPTED = 1 << 10,   /* statement: only counted and timed */
	RECORD_COLD = 1 << 11,        /* unit: among the first of its process (see agent/units.h) */
	RECORD_TRANSACTION = 1 << 12, /* statement: BEGIN, COMMIT, ROLLBACK, SET, SHOW … */
	/* statement: a command to a key-value store. subject = its name (0: several), aux = keyed
	   hash of what it asks for (not of the values it sets), cpu_ns = values it is about, count
	   = those that were there, UINT32_MAX: not told; TRANSACTION: of the connection's own. The
	   commands of one name that are sent in one go are one record. */
	RECORD_COMMAND = 1 << 15,
	RECORD_SHORT = 1 << 14,    /* sample: its newest frame is missing, the rest is true */
	RECORD_APP_TEXT = 1 << 13, /* statement: hash, fingerprint and literals are of the
				      application's    own text; PostgreSQL without it: the driver
				      may    have written    values into what was sent */
};

enum unit_kind {
	UNIT_REQUEST = 1,
	UNIT_WEBSOCKET,
	UNIT_TASK,
	UNIT_JOB,
	UNIT_COMMAND,
	UNIT_TEST,
	UNIT_RUN,
	UNIT_STREAM /* a response without end: text/event-stream */
};

#define UNIT_SERIAL_SHIFT 40 /* unit id = process serial << 40 | counter (from 1) */

struct channel_record {
	uint64_t t_start_ns;
	uint64_t dur_ns;
	uint64_t unit;    /* 0: outside any unit */
	uint32_t stack;   /* stack id of this process; 0: none */
	uint32_t subject; /* by kind, see above */
	uint32_t bytes;   /* saturating */
	uint32_t cpu_ns;  /* thread CPU inside the call, if RECORD_CPU_KNOWN; saturating */
	uint16_t kind;    /* enum record_kind */
	int16_t result;   /* by kind; 0 or -errno for calls */
	uint16_t flags;   /* enum record_flag */
	uint8_t depth;    /* owning calls around it */
	uint8_t source;   /* enum evidence_source: 1 agent, 2 remote, 3 kernel, 4 load */
	uint64_t aux;     /* by kind */
	uint32_t count;   /* by kind */
	uint32_t object;  /* by kind */
};
_Static_assert(sizeof(struct channel_record) == 64, "records are one cache line");

/* A count in one byte, to a sixteenth: 0 is kept for «not known». */
static inline uint8_t record_scan_code(uint32_t count)
{
	if (count < 8)
		return (uint8_t)(1 + count);
	const unsigned shift = 28 - (unsigned)__builtin_clz(count);
	return (uint8_t)(1 + 8 * shift + (count >> shift));
}

/* The count of a code that is not 0: the middle of those that have it. */
static inline uint32_t record_scan_count(uint8_t code)
{
	const uint32_t n = code - 1U;
	if (n < 16)
		return n;
	const unsigned shift = n / 8 - 1;
	return ((8 + n % 8) << shift) + (1U << shift) / 2;
}

enum ring_state { RING_FREE = 0, RING_OWNED = 1 };

/* One thread's ring. The writer owns head and everything below it; the reader
 * owns tail. Both only grow; slot = position % capacity. Full: the record is
 * not written and `dropped` grows. */
struct channel_ring {
	_Atomic uint64_t head;
	_Atomic uint32_t state; /* enum ring_state; claimed by compare-and-swap */
	_Atomic uint32_t tid;   /* owner, or the last one */
	_Atomic uint64_t dropped;
	_Atomic uint64_t hook_ns;    /* own time of the sampled hooks … */
	_Atomic uint64_t hook_timed; /* … how many (1 of 64, not those preempted) … */
	_Atomic uint64_t hook_calls; /* … and how many there were */
	/* The open call, so that a kill or a hang shows where it is: odd
	   open_sequence = a call is open and the fields are valid. */
	_Atomic uint64_t open_sequence;
	_Atomic uint64_t open_start_ns;
	_Atomic uint64_t open_unit;
	_Atomic uint32_t open_kind;
	_Atomic uint32_t open_stack;
	char padding_[128 - 80];
	_Atomic uint64_t tail; /* on a cache line of its own */
	char padding2_[64 - 8];
};
_Static_assert(sizeof(struct channel_ring) == 192, "ring header");

/* A run of rings: `ring_count` headers, then ring_count × capacity records. */
struct channel_rings {
	_Atomic uint64_t magic; /* CHANNEL_RING_MAGIC */
	uint32_t ring_count;
	uint32_t capacity; /* records a ring */
	char padding_[48]; /* headers start at a cache line */
};
_Static_assert(sizeof(struct channel_rings) == 64, "rings header");

/* --- dictionary -------------------------------------------------------- */

enum dict_kind {
	DICT_TEXT = 1, /* u32 id, bytes: routes, fingerprints, peers, class names */
	DICT_CODE,     /* struct dict_code, then filename, qualname, line table */
	DICT_STACK,    /* struct dict_stack, then frames */
	DICT_HANDLE, /* struct dict_handle: a handle's facts, before the first record that names it
		      */
	DICT_FACT,   /* struct dict_fact: configuration, key and value as text ids */
	DICT_THREAD, /* struct dict_thread: name of a thread */
};

/* Entries lie one after another, 8-byte aligned. `size` (with this header and
 * padding) is stored right after the space is reserved; `ready` last, with
 * release order. The reader stops at the first entry that is not ready. */
struct dict_entry {
	_Atomic uint32_t size;
	_Atomic uint32_t ready; /* enum dict_kind when complete, else 0 */
};

struct dict_text {
	uint32_t id; /* of this process, from 1 */
	uint32_t length;
	char bytes[]; /* not NUL-terminated; at most 8 KiB */
};

struct dict_code {
	uint32_t id; /* of this process, from 1; a new generation has a new id */
	int32_t first_line;
	uint32_t filename_length;
	uint32_t qualname_length;
	uint32_t line_table_length;
	uint32_t line_table_format; /* enum py_line_format, python/lines.h */
	char bytes[];               /* filename, qualname (UTF-8), line table */
};

struct dict_frame {
	uint32_t code;         /* code id */
	uint32_t instr_offset; /* bytes from the first instruction; what python/lines.h takes */
};

#define STACK_FRAMES_MAX 128
struct dict_stack {
	uint32_t id; /* of this process, from 1 */
	uint16_t frame_count;
	uint16_t cut;               /* 1: deeper frames were left out */
	struct dict_frame frames[]; /* leaf first */
};

enum handle_kind { HANDLE_SOCKET = 1, HANDLE_FILE, HANDLE_SQLITE, HANDLE_PIPE };
enum peer_kind {
	PEER_UNKNOWN = 0,
	PEER_CLIENT /* accepted */,
	PEER_SQLITE,
	PEER_POSTGRESQL,
	PEER_MYSQL,
	PEER_REDIS,
	PEER_HTTP,
	PEER_MEMCACHE,
	PEER_MONGODB,
	PEER_DNS,
	PEER_AMQP,
	PEER_KAFKA,
};
struct dict_handle {
	uint32_t id;        /* of this process, from 1; (fd, generation) is one handle */
	uint32_t kind;      /* enum handle_kind */
	uint32_t peer_kind; /* enum peer_kind, best known so far; may be written again */
	uint32_t peer_text; /* "127.0.0.1:5432", "/run/x.sock", file path; text id */
	int32_t fd;         /* -1 for SQLite */
	uint32_t flags;     /* 1 = TLS */
};

struct dict_fact {
	uint32_t key; /* "python.version", "package.flask", "server", "gunicorn.workers" … */
	uint32_t value;
};

struct dict_thread {
	uint32_t tid;
	uint32_t name; /* text id */
};

/* --- process ----------------------------------------------------------- */

enum agent_state { AGENT_STARTING = 0, AGENT_ON, AGENT_ASLEEP, AGENT_OFF };

/* Losses, each counted by reason. */
enum agent_loss {
	LOSS_RING_FULL = 0,
	LOSS_NO_RING,
	LOSS_DICT_FULL,
	LOSS_NO_SPACE,
	LOSS_HOOK_INSTANCES,
	LOSS_HANDLES,
	LOSS_STATEMENT_STATE,
	LOSS_STACK,
	LOSS_KINDS
};

/* Where one who looks at the process from outside reads which unit a thread works for, as the agent
 * itself does (context.c): thread state → context → HAMT → the value of one context variable, a
 * bytes object whose eight bytes are the unit's id, 0: none. Whoever switches tasks or greenlets
 * switches the context with them. A thread that is in no unit works for the run, if there is one.
 * All are addresses in the process. */
struct channel_units {
	_Atomic uint64_t variable;        /* stored last; 0: units are not followed */
	uint64_t bitmap_type, array_type; /* of HAMT nodes (python/hamt.h) */
	uint64_t run;  /* of the word that holds the id of the open run, 0: none is (run_unit.h) */
	uint32_t hash; /* of the variable, as the HAMT has it */
	uint32_t zero_;
};

/* First page of PID-SERIAL.0; then rings at rings_offset, dictionary at dict_offset. */
struct channel_header {
	_Atomic uint64_t magic;
	uint32_t abi;
	uint32_t serial;
	uint32_t pid;
	uint32_t parent_pid;
	uint64_t start_ticks; /* field 22 of /proc/self/stat: pid and this name a process */
	uint64_t made_ns;
	uint64_t file_size;
	uint64_t rings_offset;
	uint64_t dict_offset;
	uint64_t dict_size;
	_Atomic uint64_t dict_tail;   /* bytes reserved; may pass dict_size when full */
	_Atomic uint64_t units_begun; /* exact, even when records were dropped */
	_Atomic uint64_t units_ended;
	_Atomic uint32_t units_open;
	_Atomic uint32_t state;       /* enum agent_state */
	_Atomic uint32_t ring_files;  /* files of this process so far, this one included */
	uint32_t python_hex;          /* Py_Version, 0x030b07f0 */
	_Atomic uint64_t losses[16];  /* enum agent_loss */
	_Atomic uint64_t ticks[8];    /* enum tick_fate */
	_Atomic uint64_t tick_cpu_ns; /* CPU of the tick thread and of the handlers it caused */
	_Atomic uint64_t interrupted; /* system calls of the app that a tick's signal interrupted */
	char reason[256];             /* why something is off; NUL-terminated, else empty */
	struct py_layout layout;      /* as verified in this process */
	struct channel_units units;
};
_Static_assert(sizeof(struct channel_header) <= CHANNEL_PAGE, "one page");

#endif
