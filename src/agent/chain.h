/* Is the newest frame of the thread that a signal interrupted the head of a
 * whole chain? Nothing that fails here may be followed.
 *
 * Between any two instructions CPython 3.11 and 3.12 may have published a
 * _PyCFrame whose fields are still stale stack memory, or (3.11) a frame that
 * is already cleared; 3.13 may in principle. Two tests, and each is needed
 * (each alone was measured to crash a target within seconds):
 *
 * - Each pointer, until the chain is verified, must be aligned and lie in the
 *   thread's data-stack chunks or in its C stack above the interrupted stack
 *   pointer; any other place (a generator's frame) is read by guarded_read().
 * - The zip check: frames and _PyCFrames are two chains, made independently,
 *   that must meet: at the oldest frame of an evaluation loop (3.11 is_entry,
 *   3.12 the shim), frame->previous == cframe->previous->current_frame
 *   (_PyEval_EvalFrameDefault, Python/ceval.c). Past the first such boundary
 *   everything was published before the call below it was made: the rest is
 *   trusted (not under greenlets, which rewrite it: tick.c is off there).
 *
 * A head that fails gets one more chance from cframe->previous, one call short;
 * so does one whose function is just returning.
 * 3.8–3.10 publish one pointer to a finished frame object: nothing to test.
 * Runs in a signal handler: no libc, no lock, no allocation.
 */
#ifndef UNSLOW_AGENT_CHAIN_H
#define UNSLOW_AGENT_CHAIN_H

#include <stdint.h>

#include "python/layout.h"

enum chain_verdict {
	CHAIN_WHOLE = 1, /* *newest is true; 0: the thread is in no Python function */
	CHAIN_SHORT,     /* true, but the newest call is missing */
	CHAIN_REFUSED,
};

/* The interrupted thread: its PyThreadState, stack pointer and end of its C
 * stack (an end below the stack pointer: unknown, then all of it is guarded).
 * `code_type` is the address of PyCode_Type. */
struct chain_thread {
	uintptr_t state, stack_pointer, stack_end, code_type;
};

enum chain_verdict chain_verify(const struct py_layout *layout, const struct chain_thread *thread,
				uintptr_t *newest);

#endif
