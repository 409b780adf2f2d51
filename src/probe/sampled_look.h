/* Looking at a process again and again: what only changed is read.
 *
 * Whose stack is true at the instant of a look (research: engines.md §4, giltick.md §3):
 *  - a thread that was blocked and was not put on a CPU since is where it was: nothing is read;
 *  - while the GIL's holder stands, no other thread can change a frame. A holder that runs is
 *    stopped (freeze.h) and all that is needed is read before it runs on; one that is blocked must
 *    not have been put on a CPU until the end of the look;
 *  - while the GIL is free and its words do not change, only its last holder could have taken and
 *    left it unseen (the words would be the same): that one must stand, others need not.
 * The GIL's words are read before and after. So are the heads of the lists of threads and the
 * number of threads ever made: while they stay and no thread of the process has ended, nobody came,
 * and who went has run and is no longer in the list; the list itself is then not read. A look that
 * did not hold is made again, then torn.
 *
 * While a thread stands only its frames are read. Their code objects are looked at when it runs
 * again: one that was known before, and is the same after, was the same meanwhile. New code is
 * learnt then, and the look made again; only if that goes on it is learnt while the threads stand.
 * Up to 3.11 nothing tells a code object from one made later at its address with the same pointers:
 * so what it says is copied while the threads stand, and nothing is known before that. Either way
 * no code is read of a thread that has stood for LOOK_STAND_NS.
 *
 * With `never_stop` nothing is stopped: a thread that may run is read twice, and what both readings
 * have in common from its oldest frame on is kept. Such a stack is true but short, the more so the
 * busier the thread, so that shares of newest frames are wrong.
 */
#ifndef UNSLOW_PROBE_SAMPLED_LOOK_H
#define UNSLOW_PROBE_SAMPLED_LOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/map.h"
#include "base/vec.h"
#include "probe/look_units.h"
#include "probe/python_process.h"
#include "probe/still.h"
#include "python/remote_code.h"
#include "python/remote_frames.h"
#include "python/remote_threads.h"
#include "target/pages.h"
#include "target/thread_watch.h"

enum look_thread_mark {
	LOOK_GONE = 0,
	LOOK_SAME = 1, /* where it was at the last look */
	LOOK_BLOCKED,
	LOOK_RUNS,
	LOOK_FROZEN, /* it ran, and was stopped for the look */
};

/* A look is made again when it did not hold, each try with a stop of its own. */
enum { LOOK_TRIES = 5, LOOK_PAGES = 48, LOOK_SELDOM = 4, LOOK_LONG = 16 };
#define LOOK_STAND_NS NS_PER_MS

struct look_thread {
	int tid, inner_tid; /* tid 0: the place is free */
	struct thread_watch watch;
	struct remote_thread python;
	struct thread_call call; /* of the last look; and counters of its life */
	bool is_known;           /* looked at before, `last` says how often it had run by then */
	uint64_t last_timeslices;
	enum look_thread_mark mark;
	bool is_on_cpu; /* one that runs: it used CPU while it was looked at; not known to: false */
	bool was_blocked, is_listed;
	/* One that has long been where it was is asked about at every LOOK_SELDOM-th look only. In
	 * between `mark` says LOOK_SAME, which the next asking proves or disproves for that time.
	 */
	bool is_unasked;
	uint32_t same_looks;
	/* Its frames, not if LOOK_SAME: `first_frame` of the look's frames on. */
	bool is_short; /* newest ones are missing */
	bool is_cut;   /* oldest ones are */
	size_t first_frame, frame_count;
	uint64_t unit;                 /* in which it is where it is; 0: none */
	size_t first_link, link_count; /* in `links` */
	uintptr_t pages[LOOK_PAGES];   /* that reading it took last time */
	size_t page_count;
	size_t data; /* the caller's, 0 at first */
};

struct look_frame {
	uint32_t code; /* id, from 1 */
	uint32_t instr_offset;
};

/* A code object seen for the first time. */
struct look_code {
	uint32_t id;
	uint64_t key; /* in `codes` */
	struct remote_code code;
};

/* A code object that was learnt, as long as its identity is the same. */
struct look_known {
	uint64_t identity;
	struct remote_code_bounds bounds;
};

/* Where code was met whose objects have no number: what was read there. */
struct look_place {
	uintptr_t code;
	struct remote_piece pieces[REMOTE_PIECES]; /* the last time: they may still be there */
	uint32_t copied, named;                    /* the reading in which it was so last */
	uint32_t id;                               /* of that code object, as named */
	struct remote_piece table;                 /* whole, of one that is to be learnt */
};

/* A word of the process whose change tells something, and its place among `spans`. */
struct look_word {
	uintptr_t address;
	uint64_t mask, value;
	bool is_list;   /* of a list of threads or interpreters; else of a GIL */
	bool is_wanted; /* by the list that was read last */
	uint32_t span, offset;
};

/* Words near each other are read as one piece: the kernel's cost is a piece's. */
enum { LOOK_SPAN_BYTES = 256 };
struct look_span {
	uintptr_t address;
	size_t size;
	uint8_t bytes[LOOK_SPAN_BYTES];
};

struct look_thread;
/* A thread is not looked at any more; its place is given to another. */
typedef void look_gone(void *context, struct look_thread *thread);

struct look {
	struct python_process *process;
	struct still
		*still; /* freeze, and the list of threads where their numbers are translated */
	bool never_stop;
	struct look_units units; /* the caller's */
	look_gone *gone;
	void *gone_context;
	VEC(struct look_thread) threads; /* those with is_listed are in the process now */
	struct map by_inner_tid;
	VEC(struct look_word) words;
	VEC(struct look_span) spans;
	bool lacks_words;
	struct remote_thread *room;
	struct remote_frame *chain, *second_chain;
	uint32_t *ids[2]; /* of the codes of each, where it is read twice */
	VEC(struct look_frame) frames;
	VEC(struct remote_frame) links; /* of all threads, code objects not looked at yet */
	struct map codes; /* address, or identity where that is what it says → place in known */
	VEC(struct look_known) known;
	struct memory code_memory; /* numbered code objects, read when all run again */
	struct pages code_pages;   /* others, as they were while all stood */
	struct map place_of;       /* address → place in places */
	VEC(struct look_place) places;
	VEC(uint32_t) met;          /* places, in this reading */
	uint32_t reading;           /* of code, counted: it is the same throughout */
	bool learns;                /* code is looked at while the threads stand */
	bool meets_new;             /* it was not known before they stood */
	uint64_t stands_until_ns;   /* CLOCK_MONOTONIC; UINT64_MAX: nobody was stopped */
	bool is_late;               /* not all code was copied until then, or there was no room */
	bool lacks_code;            /* one that is missing for that, or is still to be learnt */
	bool may_cut, has_cut;      /* frames from there on are left out: allowed, and done */
	bool is_caught, was_caught; /* a newest frame was none yet: in this try, in one before */
	/* Of this look, all tries of it, and of those before it that did not hold but left what is
	 * true (keeps_new); the arena is the look's, until the next. */
	VEC(struct look_code) new_codes;
	struct arena *arena;
	bool keeps_new;
	uint32_t number;  /* of looks taken */
	bool is_whole;    /* each thread's stack was proved and not shortened */
	uint32_t refused; /* stops that the kernel did not allow, in a row */
};

void look_begin(struct look *look, struct python_process *process, struct still *still);
void look_end(struct look *look);
/* ERR_INVALID: it did not hold, nothing of it may be used. ERR_PERMISSION: the process may not be
 * read any more. */
MUST_CHECK enum err_kind look_take(struct look *look, struct err *e);

#endif
