/* The engine of C calls on 3.8 to 3.11: a profile function in C (PyEval_SetProfile).
 *
 * It is a thread's own. Threads that are there get it at once, those that come later at their first
 * Python call, from the frame evaluation function (calls_eval.h), which then tells of nothing else.
 * It sees each Python and C call of a thread; 3.11 pays for it in code without calls, too (every
 * instruction looks at a word): twice the time of such loops.
 *
 * A start is told from a resume by where the frame stands: before its first instruction (≤ 3.10),
 * at its first RESUME (3.11). An exception that is thrown into a generator that has not started
 * looks like a start on ≤ 3.10, and is taken back at its end.
 */
#ifndef UNSLOW_AGENT_CALLS_PROFILE_H
#define UNSLOW_AGENT_CALLS_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

/* A thread runs Python code: it gets the function if it has none. */
void calls_profile_thread(void *tstate);

/* The engine's row. */
bool calls_profile_install(char *reason, size_t reason_size);
void calls_profile_remove(void);

#endif
