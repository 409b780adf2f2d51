/* The GIL tick: the sampling engine inside the agent.
 *
 * One thread of the agent's own, `unslow-tick`, wakes once in each period, at a random moment of it
 * (base/schedule.h). A tick finds all threads' stacks at an instant at which no Python frame can
 * change (tick_look.h): the GIL's holder is asked by a signal (tick_signal.h) if it runs; it is
 * read from here if it is blocked; if nobody holds the GIL, its mutex is taken for a moment. No
 * thread but the holder is ever interrupted. What was found becomes RECORD_SAMPLE rows
 * (tick_threads.h). Each tick has one fate: verified + caught + torn + late = scheduled (enum
 * tick_fate).
 *
 * The thread is not there while a process forks: the child gets no half-taken
 * mutex, and CPython 3.12+ warns of a fork in a process that has threads. It sleeps
 * without waking while the agent sleeps, and is gone before Python ends.
 * Times are CLOCK_MONOTONIC nanoseconds.
 */
#ifndef UNSLOW_AGENT_TICK_H
#define UNSLOW_AGENT_TICK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* From agent_start(): GIL held, layout verified, on Python's first thread. Finds out whether the
 * engine can work here; if not, it is off for good and the reason is a fact. */
void tick_prepare(void);

extern _Atomic bool tick_running; /* the thread is there */

/* Starts the thread if it should run and does not. Allocates (pthread_create), so only from where
 * Python's own thread could: never inside an allocator or a signal handler. */
void tick_ensure(uint64_t now_ns);
/* Would tick_ensure() start it? */
bool tick_is_missing(uint64_t now_ns);
/* There is a channel now, or the agent woke up: the thread looks what to do. Any place. */
void tick_wake(void);

/* Ends the thread, waits until it is gone, and starts no other. */
void tick_over(void);
/* Python goes on after all (finalize_not_yet). */
void tick_not_over(void);

/* Ends the engine for the life of the process; the reason becomes a fact. Any thread, no lock. */
__attribute__((format(printf, 1, 2))) void tick_give_up(const char *format, ...);
/* Ends the thread and waits until it is gone; it starts again if it is wanted. Where a Python
 * thread may wait a moment: it may hold the GIL, no allocator's lock. */
void tick_end(void);

/* pthread_atfork's three. */
void tick_before_fork(void);
void tick_after_fork_in_parent(void);
void tick_after_fork(void);

#endif
