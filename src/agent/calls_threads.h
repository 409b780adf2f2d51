/* Profile and trace functions of threads (3.8–3.11): each thread state has its own.
 */
#ifndef UNSLOW_AGENT_CALLS_THREADS_H
#define UNSLOW_AGENT_CALLS_THREADS_H

#include <stdbool.h>
#include <stddef.h>

/* A function of another tool as a text: "of _lsprof.cpython-38-x86_64-linux-gnu.so". */
const char *calls_threads_owner(const void *function, char *text, size_t size);

/* Takes it from all threads of the interpreter that have it as their profile function, or trace
 * function. GIL held; an exception that is set stays set. */
void calls_threads_take_back(const void *function, bool profile);

/* Gives it to all that have none; the first one that has another's is given to `other`, else NULL.
 */
void calls_threads_give(void *function, bool profile, const void **other);

#endif
