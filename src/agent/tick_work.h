/* The tick thread's work: a schedule, and each tick with its fate.
 *
 * Between the ticks it sleeps on a word that tick.c wakes it by; while the agent
 * sleeps, without a time limit. Its state is its own; what tick.c and it share is
 * here. Times are CLOCK_MONOTONIC nanoseconds.
 */
#ifndef UNSLOW_AGENT_TICK_WORK_H
#define UNSLOW_AGENT_TICK_WORK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

extern _Atomic bool tick_wanted;        /* the engine can work and may */
extern _Atomic bool tick_stopping;      /* the thread is to end */
extern _Atomic uint32_t tick_wake_word; /* changes before the thread is woken */

/* Until tick_stopping. On the tick thread. */
void tick_work(void);
void tick_work_after_fork(void);

#endif
