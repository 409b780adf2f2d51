/* Profile functions of threads (3.8–3.11): each thread state has its own.
 */
#ifndef UNSLOW_AGENT_CALLS_THREADS_H
#define UNSLOW_AGENT_CALLS_THREADS_H

#include <stdbool.h>
#include <stddef.h>

/* A function of another tool as a text: "of _lsprof.cpython-38-x86_64-linux-gnu.so", or, of one
 * that is Python's own, what sys.`getter`() gives on the calling thread. NULL: there is none. GIL
 * held; an exception that is set stays set. */
const char *calls_threads_owner(const void *function, const char *getter, char *text, size_t size);

/* Gives it to all threads of the interpreter that have none. The function of one that has
 * another's, or NULL. GIL held; an exception that is set stays set. */
const void *calls_threads_give_profile(void *function);
/* Takes it from all that have it. */
void calls_threads_take_profile(const void *function);

#endif
