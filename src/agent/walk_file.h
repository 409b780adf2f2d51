/* One walk of the whole heap: the files that the agent writes and the program reads.
 *
 * Beside the channel's files (channel.h), for each walk that was asked for by struct heap_control's
 * `walk` (heap_file.h); N is its number as it is seen:
 *
 *     PID-SERIAL.ask-N     struct walk_ask, written by the program before it asks; may be missing
 *     PID-SERIAL.walk-N    struct walk_file, one page, then what it says
 *
 * As there: 0600, allocated whole before it is mapped, within bytes_limit; the program copies, then
 * validates. The process makes the page and forks; the child walks its own frozen copy of the
 * heap, writes what is behind the page, stores WALK_WRITTEN, tries what malloc would give back, and
 * stores WALK_DONE last. A child that could not is told by the process, once it has seen it end:
 * WALK_FAILED and a reason, or WALK_DONE after WALK_WRITTEN. A page that still says WALK_BEGUN when
 * the process is gone is of a walk that went with it.
 *
 * A number may be skipped: a process that has not come to an earlier one makes the last one only.
 *
 * What is counted: every object in the collector's lists, and every other one that they, untracked
 * tuples and dicts, code, and the local variables of running frames refer to, once each. `bytes` is
 * what sys.getsizeof() gives, of types that keep memory of their own which is not one of CPython's:
 * the size of the object alone. So texts that only C code refers to are not among them.
 *
 * No value is kept. Labels are names as they stand in the program's source: modules,
 * classes, functions, variables, attributes. A dict's key and the name of an attribute are kept if
 * they stand in the source, too (see walk_label.h), else the label is empty.
 */
#ifndef UNSLOW_AGENT_WALK_FILE_H
#define UNSLOW_AGENT_WALK_FILE_H

#include <stdatomic.h>
#include <stdint.h>

#define WALK_ABI 3u
#define WALK_MAGIC UINT64_C(0x316b6c6177)   /* "walk1" */
#define WALK_ASK_MAGIC UINT64_C(0x316b7361) /* "ask1" */
#define WALK_PAGE 4096u                     /* bytes before the types */
#define WALK_TARGETS 400u
#define WALK_ROUNDS 24u /* steps from a target towards a root, at most, and while there is time */
#define WALK_DEADLINE_MS 2000u
#define WALK_REASON 256
#define WALK_NO_SITE UINT32_MAX
#define WALK_UNKNOWN UINT64_MAX /* as a length, an index, a number of bytes */

/* Whose holders are looked for, beside what is largest. Where the heap is sampled, a block is left
 * out that is no live sample of its site any more. */
struct walk_ask {
	uint64_t magic;
	uint32_t abi, count;
	struct walk_target {
		uint64_t address; /* of a block of memory, as its allocator knows it */
		uint32_t site;    /* of heap_file.h; comes back in struct walk_chain */
		uint32_t zero_;
	} targets[WALK_TARGETS];
};

enum walk_state { WALK_BEGUN = 1, WALK_DONE, WALK_FAILED, WALK_WRITTEN };
enum walk_flag {
	WALK_CUT = 1 << 0, /* its time or memory was over: what is there is a part of the heap */
	WALK_CHAINS_CUT = 1 << 1, /* likewise, of the holders */
};

struct walk_file {
	_Atomic uint64_t magic; /* stored first: a page that is there is of a walk under way */
	uint32_t abi, pid, serial, number;
	_Atomic uint32_t state; /* enum walk_state */
	uint32_t flags;         /* enum walk_flag */
	uint64_t begun_ns;      /* CLOCK_MONOTONIC: just before the fork */
	uint64_t pause_ns;      /* the process stood still for: the fork */
	uint64_t held_ns;       /* it had the GIL for: with what comes before and after */
	uint64_t took_ns;       /* the child, from its begin to its end */
	uint64_t cpu_ns;        /* of it */
	uint64_t anonymous_bytes, room_bytes; /* of the process; free in its cgroup and on the host,
						 less of both */
	uint64_t objects, tracked;            /* tracked: in the collector's lists */
	uint64_t references, bytes;
	uint64_t garbage_objects; /* of tracked: only each other hold them (walk_garbage.h) … */
	uint64_t garbage_bytes;   /* … with all that nothing else refers to; WALK_UNKNOWN: not
				     worked out, as there was no time */
	uint64_t trim_bytes;      /* resident anonymous memory that malloc_trim(0) gave back in the
				     child; WALK_UNKNOWN: not tried, or it took too long */
	uint64_t types_at, chains_at, edges_at, text_at; /* byte offsets in the file */
	uint32_t types, chains, edges, text_bytes;
	char reason[WALK_REASON];
};
_Static_assert(sizeof(struct walk_file) <= WALK_PAGE, "one page");

/* UTF-8 in the file's text. */
struct walk_text {
	uint32_t at, length;
};

struct walk_type {
	struct walk_text name; /* "module.qualname"; of built-in ones the name alone */
	uint64_t count, tracked, bytes;
	uint64_t deep_bytes; /* with all that its instances keep (walk_deep.h), of the classes with
				most bytes; else WALK_UNKNOWN */
	uint64_t garbage_count, garbage_bytes; /* of them; WALK_UNKNOWN: not worked out */
	uint32_t flags, zero_;                 /* enum walk_type_flag */
};
enum walk_type_flag {
	WALK_TYPE_HEAP = 1 << 0, /* made while the program ran: a class statement, mostly */
	WALK_TYPE_OWNS = 1 << 1, /* its instances are in the collector's lists */
};

/* How one object holds the next, from a root to the target. */
enum walk_edge_kind {
	/* roots: always a chain's first, and only there */
	WALK_MODULE = 1, /* label: its name; the next is its variable */
	WALK_CLASS,      /* label: module.qualname; the next is its attribute */
	WALK_FRAME,      /* label: function of a frame that runs; the next is its variable */
	WALK_CACHE,      /* functools.lru_cache: label: module.qualname of the function; numbers */
	WALK_SUSPENDED,  /* a generator or coroutine that nothing known holds: its qualname */
	WALK_THREAD,     /* a thread's state: its dict, context or exception */
	WALK_C_HOLDER,   /* no object refers to it as often as it is counted; label: none */
	WALK_NO_HOLDER,  /* nothing refers to it but what it refers to: a cycle, garbage not yet
			    collected */
	WALK_TOO_FAR,    /* not found in WALK_ROUNDS steps; what is below is right */

	/* steps */
	WALK_VARIABLE = 32, /* of a module, a class: label */
	WALK_KEY,           /* value in a dict: label: the key, or empty */
	WALK_IS_KEY,        /* it is itself a dict's key */
	WALK_INDEX,         /* of a list or tuple: index */
	WALK_MEMBER,        /* of a set, a deque, another container */
	WALK_ATTRIBUTE,     /* label */
	WALK_CLOSURE,       /* variable of a function's closure: label */
	WALK_DEFAULT,       /* of an argument: index from the last, or label */
	WALK_LOCAL,         /* of a frame that does not run, a generator or coroutine: label */
	WALK_BOUND,         /* the instance of a bound method */
	WALK_TRACEBACK,     /* of an exception, down to a frame: index: frames passed */
	WALK_THREAD_LOCAL,  /* attribute of a threading.local: label */
	WALK_IN_C,          /* in a C object, not known how */
	WALK_CONTEXT,       /* value of a context variable: label: its name */
};

struct walk_edge {
	uint32_t kind;   /* enum walk_edge_kind */
	uint32_t holder; /* index of its type; the next edge's holder, or the target, is held */
	struct walk_text label;
	uint64_t index;      /* by kind; else WALK_UNKNOWN */
	uint64_t length;     /* len() of the holder, of list, tuple, dict, set; else WALK_UNKNOWN */
	uint64_t numbers[3]; /* WALK_CACHE: maxsize (WALK_UNKNOWN: none), hits, misses */
};

enum walk_chain_flag {
	WALK_MAYBE_RECYCLED = 1 << 0, /* its block may have come from a free list of CPython's: then
					 `site` is of an object before it */
};

struct walk_chain {
	uint64_t address;
	uint32_t site; /* of walk_target; WALK_NO_SITE: the walk chose it */
	uint32_t type;
	uint64_t bytes, length;
	uint64_t deep_bytes;   /* with all that it keeps (walk_deep.h); WALK_UNKNOWN: not worked
				  out: another one of its site was, or time was over … */
	uint64_t shared_bytes; /* … of them: others refer to them, too; likewise */
	uint32_t first_edge, edges;
	uint32_t references; /* to what is at its root's end: counted … */
	uint32_t found;      /* … and found, at most WALK_REFERRERS a round */
	uint32_t flags;      /* enum walk_chain_flag */
	uint32_t zero_;
};

#endif
