/* Python stacks as small numbers, without the GIL: what only the core needs
 * beside agent.h's stack_here, stack_of_frames and code_id.
 *
 * Two lock-free tables map a 64-bit hash to an id: stacks by the hash of their
 * chain and by what their frames are, code objects by the hash of their address
 * and identity and by what they say. Two threads that meet the same at once may
 * both write it; the recorder folds entries of the same content.
 */
#ifndef UNSLOW_AGENT_STACK_H
#define UNSLOW_AGENT_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/channel.h"
#include "python/walk.h"

/* Forget all ids: the child's dictionary starts anew. Called in the fork's
 * child, which has one thread. */
void stack_after_fork(void);

/* Of the dictionary's 256 parts: past so many no sampled stack is written. */
#define STACK_SAMPLED_FILL_256 192

/* stack_here() for samples: a new one is written only while the dictionary has room to spare. */
struct agent_thread;
struct stack_known; /* agent.h */
uint32_t stack_sampled(struct agent_thread *thread);

/* The calling thread's whole stack, also below a unit's begin, as stack_at() gives it; 0: it has
 * none, or there is no room to write it. Where stack_here() may be called. For where it comes back
 * to again and again: if it stands where it stood the last time, as far as addresses tell, and of
 * functions their lines, it has the stack it had. */
uint32_t stack_waiting(struct stack_known *last);

#define STACK_REFUSED UINT32_MAX /* there is one, but no room to write it */

/* Stack from a frame to the root, of a thread that stands still: the caller's own, or another one
 * while the GIL cannot move. 0: no Python frame. Safe in a signal handler that
 * interrupted any of these functions; `frames` is room for STACK_FRAMES_MAX, so that nothing large
 * lies on a stack that may be an alternate one. */
uint32_t stack_at(uintptr_t newest, struct dict_frame *frames);

/* The stack of a thread that may wake up while it is read: first copied through a reader that
 * survives wild addresses, then, once the caller knows that the thread has stood still, named. */
struct stack_copy {
	uint64_t hash;
	size_t count;
	bool cut;
	uint64_t codes[STACK_FRAMES_MAX];   /* hashes */
	uintptr_t copies[STACK_FRAMES_MAX]; /* of code that no stack has named yet: code_copy.h */
	struct dict_frame frames[STACK_FRAMES_MAX];
};

/* The reader must give the same bytes each time it is asked. False: something could not be read. */
bool stack_copy(struct stack_copy *copy, walk_reader *read, void *context, uintptr_t newest);
/* Before code_copies_forget(). 0: no Python frame; or
 * STACK_REFUSED. */
uint32_t stack_of_copy(struct stack_copy *copy);

#endif
