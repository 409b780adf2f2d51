/* The line engine of 3.8 to 3.11: a trace function in C that sees chosen code alone.
 *
 * Python calls a thread's trace function for every line of all code as long as the thread says so
 * in one word (PyThreadState.use_tracing, from 3.10 on that of the newest CFrame), which each
 * evaluation of a frame takes over from its caller. So our frame evaluation function (calls_eval.h)
 * sets that word for a frame of chosen code and clears it for one of other code called from there,
 * and puts back what was there when the frame ends: other code runs without an event. A thread gets
 * the trace function when chosen code first runs on it, a thread that has another tool's never.
 * Begin and end of frames, and the time of what is called, come from the evaluation function too.
 */
#ifndef UNSLOW_AGENT_CALLS_TRACE_H
#define UNSLOW_AGENT_CALLS_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A frame's run, from calls_trace_begin() to calls_trace_end(). */
struct trace_call {
	enum { TRACE_NOTHING = 0, TRACE_CHOSEN, TRACE_OTHER } kind;
	bool restore;
	uint32_t word; /* to put back */
};

/* Around each frame's run. `code`: id of one whose lines are wanted, else 0. `starts`: not resumed.
 */
struct trace_call calls_trace_begin(void *tstate, uintptr_t frame, uint32_t code, bool starts);
void calls_trace_end(const struct trace_call *call, void *tstate, uintptr_t frame, bool suspended);

/* The engine's row. */
bool calls_trace_install(char *reason, size_t reason_size);
void calls_trace_remove(void);

#endif
