/* The heap file of this process, its private indexes, and the gate before them.
 *
 * Who reads or writes samples enters the gate: it is shut while they are not counted, or while they
 * move to another file. Frees wait for a move (a millisecond, once in a process's life); what is
 * allocated meanwhile is not sampled. One thread enters once: an allocation inside the gate, or in
 * a signal handler that interrupted it, passes by.
 *
 * A fork's child goes on with its parent's samples: first it has the parent's file before it, which
 * it must not touch; at its first sample or free of one it gets a channel, a file of its own, and
 * copies what it has there, told by its private tags, which are of the instant of the fork. What
 * the parent changed in between is not taken over.
 */
#ifndef UNSLOW_AGENT_HEAP_STORE_H
#define UNSLOW_AGENT_HEAP_STORE_H

#include <stdbool.h>

#include "agent/agent.h"
#include "agent/heap_live.h"
#include "base/random.h"

/* Bytes until the calling thread's next sample; 0: it has not begun. In every hook. */
extern AGENT_TLS uint64_t heap_left;

struct heap_thread {
	struct random random;
	uint32_t interval; /* of the distance that it is on now; 0: it has not begun */
	bool inside;       /* the gate */
};
extern AGENT_TLS struct heap_thread heap_thread;

struct heap_store {
	struct heap_file *file; /* NULL: there is none */
	struct heap_site *sites;
	struct heap_live_table live;
	_Atomic int64_t live_bytes, live_malloc_bytes; /* weights */
	_Atomic uint64_t made_bytes;
	_Atomic uint64_t false_hits; /* counted without a lock: a little too few */
};
extern struct heap_store heap_store;

/* False: pass by. Else heap_leave() follows. */
bool heap_enter(void);
void heap_leave(void);

/* A block was freed and the gate passed by: if it was inherited, it is not to be taken over. */
void heap_forget(uintptr_t block);

/* With the gate shut: an empty live set, in a new file if there is none. False: no file can be made
 * (disk full, limit), or threads do not leave the old one. */
bool heap_store_prepare(void);
void heap_store_open(void);
/* Shuts it: what was live stays in the file. */
void heap_store_close(void);
/* From the fork handler of a child. */
void heap_store_after_fork(void);

#endif
