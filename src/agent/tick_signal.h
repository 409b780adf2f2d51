/* The tick's signal: one real-time number, asked of one thread at a time.
 *
 * tick.c asks the thread that seems to hold the GIL; that thread's handler
 * proves that it does, looks at all threads (tick_look.h) and answers in the one
 * preallocated buffer. A request that is not answered in time is taken back by
 * compare-and-swap; the signal may still come, and then finds nothing to do, or
 * the next request of the same thread, which it serves. No thread ever has two of
 * our signals outstanding.
 *
 * The number is the highest real-time one that was free when the agent started.
 * The handler stays for good: without it a late signal would kill the process.
 * tick_shield.c keeps the app from meeting any of this.
 */
#ifndef UNSLOW_AGENT_TICK_SIGNAL_H
#define UNSLOW_AGENT_TICK_SIGNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/tick_look.h"

/* Chooses the number and installs the handler; on the first thread of Python, before others are
 * made. False: none is free, or the kernel refused. */
bool tick_signal_prepare(void);
/* 0: none was chosen. */
int tick_signal_number(void);

enum tick_asked {
	TICK_ASKED = 1,
	TICK_NO_THREAD,   /* it has ended */
	TICK_IN_ITS_CALL, /* `is_in_call` says so: a signal might end the call */
	TICK_NO_ANSWERS,  /* too many threads have not answered an earlier signal */
};

/* Is the handler still ours? One that was installed past tick_shield.c would get our signal, or the
 * process would die of it: never ask again. */
bool tick_signal_ready(void);

/* Asks the thread `tid`. Only with no request open. */
enum tick_asked tick_signal_ask(uint32_t tid, uint64_t now_ns, bool (*is_in_call)(uint32_t tid));

enum tick_answer {
	TICK_WAITING = 0,
	TICK_ANSWERED,       /* tick_signal_look() is whole */
	TICK_NOT_HOLDER_NOW, /* the GIL had moved on */
};

/* How the open request stands. Other than TICK_WAITING: it is closed now. */
enum tick_answer tick_signal_answer(void);
/* What the handler saw, until the next request. */
struct tick_look *tick_signal_look(void);
/* Closes an open request. False: the handler is at work, ask again in a moment. */
bool tick_signal_withdraw(void);

/* The thread that is asked now, 0: none. A hook that is about to wait lets the signal come first:
 * one load, and a pause only in the thread it names. A call that it came into would end with EINTR.
 */
extern _Atomic uint32_t tick_signal_asked;
void tick_signal_let_pass(uint32_t tid); /* the calling thread's */

/* Sums since the start of the process or the last fork. */
uint64_t tick_signal_handler_ns(void);
/* System calls that gave the app EINTR because of a tick. */
uint64_t tick_signal_interrupted(void);

/* In a fork's child. */
void tick_signal_after_fork(void);

/* --- between the handler and tick_shield.c -------------------------------------- */

/* A signal of our number that is not ours: the app's handler, or what the system would have done.
 * In the handler. */
void tick_shield_forward(int number, void *info, void *context);
/* Installs our handler anew; `restart`: calls that it interrupts go on. */
bool tick_signal_install(bool restart);

#endif
