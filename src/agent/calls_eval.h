/* The engine of 3.8 to 3.11: a frame evaluation function of our own (PEP 523).
 *
 * CPython calls it for each frame that begins or goes on, on all threads, also such as come later;
 * it tells who listens, and calls the function that was there before: CPython's own, or that of
 * another tool, which so goes on to work. 3.8 has no function to set it, so the interpreter's word
 * is written, once it is found to hold CPython's own. From 3.12 on each call would use the C stack
 * and its own limit: never there.
 *
 * A start is told from a resume by where the frame stands: before its first instruction (≤ 3.10),
 * before its RESUME (3.11; what comes earlier there makes the generator object, and is no call).
 *
 * Each frame uses more of the C stack with ours, and 3.11 alone uses none of it for Python
 * functions. So where that is deep, the function is taken out until that frame ends: a program that
 * raised the recursion limit runs as it did, and calls below are not counted
 * (calls_process.lost_nodes, a reason).
 */
#ifndef UNSLOW_AGENT_CALLS_EVAL_H
#define UNSLOW_AGENT_CALLS_EVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum eval_listener {
	EVAL_CALLS = 1 << 0,   /* calls_tree.h */
	EVAL_LINES = 1 << 1,   /* calls_trace.h */
	EVAL_PROFILE = 1 << 2, /* calls_profile.h: threads without its function get it */
};

/* Puts the function in place if it is not, and tells that listener. False: `reason` says why not.
 * GIL held. */
bool calls_eval_listen(enum eval_listener listener, char *reason, size_t reason_size);
/* The last one takes it out; if another tool has put its own over it, it stays and passes through.
 */
void calls_eval_leave(enum eval_listener listener);

/* Another function stands where ours was put, and nobody was told yet. Any thread. */
bool calls_eval_is_covered(void);
/* Tells, as the page's reason. GIL held. */
void calls_eval_tell_covered(void);

/* The engine's row. */
bool calls_eval_install(char *reason, size_t reason_size);
void calls_eval_remove(void);
void calls_eval_pause(bool off);

#endif
