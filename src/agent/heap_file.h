/* The sampled heap: the file that the agent writes and the program reads.
 *
 * Beside the channel's files (channel.h), once `--memory` is asked for:
 *
 *     PID-SERIAL.heap      struct heap_file: what is hooked, the sites, the live samples,
 *                          the seconds
 *
 * As there: 0600, allocated whole before it is mapped, within bytes_limit; the program copies, then
 * validates. The file has all the room it will ever use (`site_capacity`, `live_capacity`); places
 * past what was used are not touched, so they cost no memory beyond what the tmpfs keeps.
 *
 * Sampling: each thread counts the bytes it allocates down from a random distance, exponential with
 * mean `interval_bytes` (Poisson by bytes, as tcmalloc's docs/sampling.md); the allocation that
 * crosses zero is a sample. A block of s bytes is one with p = 1 − exp(−s/interval), so it stands
 * for s/p bytes and 1/p blocks, which keeps sums unbiased at any interval. `bytes` and `blocks_1k`
 * below are always these weights, never the block's own size.
 *
 * A *site* is a stack at which samples were taken, by domain. Its counters only grow, but `live_*`.
 * Two sites may say the same (two threads met it at once): the reader folds them.
 * A *live* sample is one that was not freed: it is put in after the allocation, and taken out
 * before the block is given back, so an address can be in the table once only.
 *
 * Hooks may be taken out and put in again: what was live is forgotten then, as frees were missed
 * (`began_ns` is new, `ended_ns` 0, all `live_*` 0; `made_*` go on). While they are out, the file
 * shows what was live when they were taken out: at the end of Python, before its modules go.
 *
 * A fork's child has a file of its own, made when it first has a channel; its live samples begin
 * with those of its parent (HEAP_PRE_FORK), whose sites name stacks of the parent's dictionary
 * (`serial`), with made_* 0.
 */
#ifndef UNSLOW_AGENT_HEAP_FILE_H
#define UNSLOW_AGENT_HEAP_FILE_H

#include <stdatomic.h>
#include <stdint.h>

#define HEAP_ABI 3u
#define HEAP_MAGIC UINT64_C(0x3170616568) /* "heap1" */
#define HEAP_REASON 256
#define HEAP_INTERVAL_DEFAULT (128u << 10)
#define HEAP_INTERVAL_MIN (4u << 10)
#define HEAP_INTERVAL_MAX (16u << 20)

/* What is asked for: in struct channel_control (channel.h), written by the program. */
enum heap_want {
	HEAP_SAMPLED = 1 << 0,
	HEAP_EXACT = 1 << 1,    /* every allocation is a sample (interval 1) for `exact_ms`; then as
				   before */
	HEAP_RECYCLED = 1 << 2, /* 3.13+: blocks from CPython's free lists change their site
				   (PyRefTracer) */
};

struct heap_control {
	_Atomic uint32_t generation;   /* grows with each change, stored last; 0: never asked */
	uint32_t want;                 /* enum heap_want; 0: off: hooks are taken out */
	uint32_t interval_bytes;       /* 0: HEAP_INTERVAL_DEFAULT, or as near as costs little */
	uint32_t exact_ms;             /* of HEAP_EXACT; 0: until it is asked otherwise */
	_Atomic uint32_t walk;         /* grows: walk the heap once now (walk_file.h) */
	_Atomic uint32_t walk_wish;    /* grows: who reads the channel is to ask for a walk */
	_Atomic uint32_t walk_sharers; /* processes that walk at once, before `walk`; 0: not told */
};

/* Where a block came from. */
enum heap_domain {
	HEAP_MALLOC = 1, /* malloc, calloc, realloc, posix_memalign … of C code, Python's large
			    objects among them */
	HEAP_OBJECT,     /* PyMem's MEM and OBJ domains, blocks that pymalloc or mimalloc serve */
	HEAP_MAPPED,     /* anonymous mmap() by others than the allocators */
};

#define HEAP_NATIVE_BYTES (64u << 10)

struct heap_site {
	uint32_t stack;  /* of the dictionary (DICT_STACK); 0: no Python frame */
	uint32_t domain; /* enum heap_domain */
	uint64_t key;    /* the agent's: what a site is found by */
	/* weights: bytes, and blocks in thousandths */
	_Atomic uint64_t made_bytes, made_blocks_1k;
	_Atomic int64_t live_bytes, live_blocks_1k; /* may be a little below 0 for a moment */
	_Atomic uint64_t short_bytes; /* of made: freed before the unit that made it ended, or
					 within 100 ms where there is no unit */
	_Atomic uint32_t samples;
	uint32_t native; /* text id: who called the allocator, of blocks of HEAP_NATIVE_BYTES and
			    more, of smaller ones if it was not the interpreter:
			    "/path/of/library.so+0x1a2b" (offset from its load address, as in its
			    file); 0: not known */
	uint32_t serial; /* of the process in whose dictionary `stack` and `native` are: this one,
			    or one that it was forked from */
	uint32_t zero_;
	_Atomic int64_t peak_bytes; /* the most that was live here at once … */
	_Atomic uint64_t peak_ns;   /* … and when */
};

struct heap_live {
	_Atomic uint64_t address; /* 0: free place. Stored last, with release order. Its two lowest
				     bits are set for the moment in which the rest is changed */
	uint64_t size;            /* of the block, as asked for */
	uint64_t weight_bytes;
	uint32_t weight_blocks_1k;
	uint32_t site;      /* index in sites */
	uint32_t route;     /* text id of the unit's route; 0: none, or not known yet: the
			       unit's own records have it; also with HEAP_PRE_FORK */
	uint32_t born_unit; /* units that had ended in this process at its birth (low 32 bits) */
	uint64_t born_ns;   /* CLOCK_MONOTONIC */
	uint64_t unit;      /* id of the unit; 0: none */
	uint32_t tid;
	uint32_t flags; /* enum heap_flag */
};
enum heap_flag {
	HEAP_WAS_RECYCLED = 1 << 0, /* site was changed: the block came from a free list */
	HEAP_PRE_FORK = 1 << 1,     /* made before this process was forked: in its parent */
};
_Static_assert(sizeof(struct heap_live) == 64, "the bar is 64 bytes a live sample");

/* Once a second while hooks are in, a ring of HEAP_SECONDS; what is unknown is UINT64_MAX. */
#define HEAP_SECONDS 1024u
struct heap_second {
	_Atomic uint64_t at_ns; /* stored last */
	uint64_t rss_bytes, rss_anonymous_bytes, private_dirty_bytes, pss_bytes, swap_bytes;
	uint64_t live_bytes;        /* sum over sites */
	uint64_t live_malloc_bytes; /* of it, HEAP_MALLOC */
	uint64_t arena_bytes; /* pymalloc's arenas (3.11+: and frames' stacks) made since hooks are
				 in, less those given back: what Python had before (1 to 3 MiB at
				 its start) is not in it */
	uint64_t malloc_used, malloc_free, malloc_mapped, malloc_arenas; /* mallinfo2() and maps */
	uint64_t stack_bytes;                                            /* of threads, resident */
	uint64_t units; /* that ended so far in this process */
	uint64_t threads;
	uint64_t made_bytes; /* by all sites so far */
};

/* The most that was live at once of what a unit of work made since it began, written when it has
 * ended, or hooks go out: a ring of HEAP_PEAKS. A unit without a sample has none. */
#define HEAP_PEAKS 4096u
struct heap_peak {
	_Atomic uint64_t number; /* of the row, from 1 on, stored last; 0: it is being written */
	uint64_t unit;
	uint64_t at_ns;       /* when it was reached */
	uint64_t bytes;       /* weight */
	uint64_t variance_1k; /* of bytes, in 1,024 bytes²; near 0 for blocks much larger than the
				 interval */
	uint64_t site_bytes;  /* of bytes, at least: of the site with most … */
	uint32_t site;        /* … which is this */
	uint32_t route;       /* text id, 0: not known */
	uint32_t samples;
	uint32_t zero_;
};
_Static_assert(sizeof(struct heap_peak) == 64, "one cache line");

/* How the allocator was come to by C code: of some samples whose site has `native`, what the
 * thread's stack said, for the program to unwind: a ring for blocks of HEAP_NATIVE_BYTES and more
 * and one for smaller ones, in which each row stays for HEAP_NATIVE_KEPT_NS at least. Of the stack
 * and the registers only addresses of code and of the stack itself are taken over, as no more is
 * needed to unwind: what the target computes with does not leave it. */
#define HEAP_NATIVES 8u
#define HEAP_NATIVE_KEPT_NS UINT64_C(2000000000)
#define HEAP_NATIVE_REACH (32u << 10) /* bytes of a stack that are looked at */
#define HEAP_NATIVE_WORDS 480u
#define HEAP_NATIVE_REGISTERS 32u
struct heap_native {
	_Atomic uint64_t number; /* of the row, from 1 on, stored last; 0: it is being written */
	uint64_t at_ns;
	uint64_t size; /* of the block */
	uint32_t site;
	uint32_t word_count;
	uint64_t pc;
	uint64_t stack_at;    /* the stack pointer: address of what offset 0 says */
	uint64_t stack_bytes; /* looked at */
	uint64_t registers[HEAP_NATIVE_REGISTERS]; /* by DWARF's numbers; 0: not taken over */
	uint64_t words[HEAP_NATIVE_WORDS];
	uint16_t offsets[HEAP_NATIVE_WORDS]; /* of words, in eight bytes, upwards */
};
enum { HEAP_NATIVE_LARGE, HEAP_NATIVE_SMALL, HEAP_NATIVE_RINGS };
struct heap_native_ring {
	_Atomic uint64_t head; /* rows written so far, or being written */
	struct heap_native rows[HEAP_NATIVES];
};

struct heap_file {
	_Atomic uint64_t magic;
	uint32_t abi, pid, serial;
	_Atomic uint32_t generation; /* of the control that is in force */
	_Atomic uint32_t hooks;      /* enum heap_hook: what is in place now */
	_Atomic uint32_t
		interval_bytes;   /* now; where the default was asked for it halves while
				     samples cost little; it doubles when they come too fast … */
	_Atomic uint32_t doubled; /* … so often so far */
	uint32_t site_capacity, live_capacity;
	uint64_t sites_at, live_at;  /* byte offsets in the file; each begins a page */
	uint32_t parent_pid;         /* whose live samples it began with (fork); 0: none */
	_Atomic uint32_t site_count; /* in use; site 0 is for all that found no place */
	_Atomic uint32_t live_count;
	_Atomic uint64_t began_ns, ended_ns; /* ended 0: hooks are in */
	_Atomic uint64_t samples, frees;     /* taken; of live samples */
	_Atomic uint64_t false_hits;    /* frees that the filter let through and that were none */
	_Atomic uint64_t thinned_bytes; /* weight of samples that gave way when the table was
					   full: their sites keep it in made_*, not in live_* */
	_Atomic uint64_t lost_samples;  /* not taken: the agent was at work itself (a signal
					   handler that allocates) */
	_Atomic uint64_t recycled;      /* HEAP_RECYCLED: sites changed */
	_Atomic uint64_t hook_ns, hook_timed; /* own time of samples that timed themselves */
	_Atomic uint64_t peak_live_bytes, peak_ns;
	char reason[HEAP_REASON];     /* what is not hooked, and why; else empty */
	_Atomic uint64_t second_head; /* rows written so far */
	struct heap_second seconds[HEAP_SECONDS];
	_Atomic uint64_t peak_head;  /* rows written so far, or being written */
	_Atomic uint64_t peaks_lost; /* units that found no place to be followed */
	struct heap_peak peaks[HEAP_PEAKS];
	struct heap_native_ring natives[HEAP_NATIVE_RINGS];
};

enum heap_hook {
	HEAP_HOOK_MALLOC = 1 << 0,
	HEAP_HOOK_MEM = 1 << 1,
	HEAP_HOOK_OBJECT = 1 << 2,
	HEAP_HOOK_TRACER = 1 << 3,
	HEAP_HOOK_MMAP = 1 << 4,
};

#endif
