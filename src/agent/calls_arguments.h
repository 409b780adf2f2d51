/* Are chosen functions called again with the same arguments, and do they give the same then?
 *
 * Asked for by CALLS_ARGUMENTS. An engine tells the begin of a call, before it is counted, and its
 * end, after that: what is done here is in the caller's time, and measured. A call's arguments are
 * a hash (calls_contents.h) by a key that is made anew in each process and never leaves it; so is
 * its result. Both are remembered of the last calls, in memory of the process's own; what is
 * written is counts (calls_file.h).
 *
 * Beside the arguments, what else a function is given: the values of its free variables. The first
 * argument, if it is called self and an instance, is known by its address alone: it may have
 * changed. Generators, coroutines and code that is no function are not looked at. Globals are not
 * seen: that a function which reads them gives another result is.
 *
 * GIL held; no Python call, no allocation but at a function's first sight.
 */
#ifndef UNSLOW_AGENT_CALLS_ARGUMENTS_H
#define UNSLOW_AGENT_CALLS_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/abi.h"
#include "agent/calls_tree.h"

/* A call under way. */
struct arguments_call {
	uint32_t function; /* index + 1; 0: it is not looked at */
	uint32_t forks;    /* of the process, at its begin */
	bool is_outermost, is_repeated;
	uint64_t hash;      /* of its arguments; 0: not comparable */
	uint64_t wall, cpu; /* ticks at its begin */
	uint64_t cost;      /* the process's, at its begin */
};

/* Once. False: `reason` says why it cannot be done here. */
bool calls_arguments_prepare(char *reason, size_t reason_size);
/* In a fork's child: it has nothing yet. */
void calls_arguments_after_fork(void);

/* `frame` begins; `key` is calls_code_key(code). */
struct arguments_call calls_arguments_begin(struct calls_thread *t, uint64_t key, uintptr_t code,
					    uintptr_t frame);
/* A result NULL: an exception leaves it, which says nothing. */
void calls_arguments_end(struct calls_thread *t, const struct arguments_call *call,
			 py_object result);

/* For an engine that has no place of its own for a call: by its frame. */
void calls_arguments_keep(uintptr_t frame, uint64_t key, const struct arguments_call *call);
void calls_arguments_end_kept(struct calls_thread *t, uintptr_t frame, uint64_t key,
			      py_object result);

#endif
