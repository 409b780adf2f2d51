/* The line engine of 3.8 to 3.11: a trace function in C that sees chosen code alone.
 *
 * Python calls a thread's trace function for every line of all code, while the thread has one and a
 * word of it says so (PyThreadState.use_tracing, from 3.10 on that of the newest CFrame, which each
 * evaluation takes over from its caller). So our frame evaluation function (calls_eval.h) puts both
 * in place for a frame of chosen code, and takes them out for one of other code that is called from
 * there; what was there before is put back when the frame ends. Other code runs without an event,
 * and no other tool's function is replaced. Begin and end of frames, and the time of what is
 * called, come from the evaluation function too; chosen code that runs already is seen when it is
 * called next.
 */
#ifndef UNSLOW_AGENT_CALLS_TRACE_H
#define UNSLOW_AGENT_CALLS_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A frame's run, from calls_trace_begin() to calls_trace_end(). */
struct trace_call {
	enum { TRACE_NOTHING = 0, TRACE_CHOSEN, TRACE_OTHER } kind;
	enum { TRACE_AS_IS = 0, TRACE_TAKE_OUT, TRACE_PUT_BACK } restore;
	uint32_t word; /* as it was before */
};

/* Around each frame's run. `code`: id of one whose lines are wanted, else 0. `starts`: not resumed.
 */
struct trace_call calls_trace_begin(void *tstate, uintptr_t frame, uint32_t code, bool starts);
void calls_trace_end(const struct trace_call *call, void *tstate, uintptr_t frame, bool suspended);

/* The engine's row. */
bool calls_trace_install(char *reason, size_t reason_size);
void calls_trace_remove(void);

#endif
