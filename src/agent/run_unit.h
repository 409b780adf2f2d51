/* The run of a script as a unit of work (UNIT_RUN).
 *
 * Its id has counter 0. It has no context: it is what a thread works for when
 * it works for nothing else. It is not in the channel's unit counters. Its
 * UNIT_BEGIN is written when the process first has a channel, its UNIT_END when
 * the interpreter ends, with the CPU and the run-queue time of the thread it
 * began on, and the script's name as route. Until then calls that wait are timed,
 * and RUN_BLOCKED_NS of waiting are reason enough for a channel: a script that
 * sleeps has its sleep recorded. A process that begins to listen is a server: the run is over then,
 * and its end has the flag RECORD_COLD and means "start-up". A fork's child (of
 * multiprocessing, say) has a run of its own if its parent had one.
 *
 * Times are CLOCK_MONOTONIC nanoseconds.
 */
#ifndef UNSLOW_AGENT_RUN_UNIT_H
#define UNSLOW_AGENT_RUN_UNIT_H

#include <stdbool.h>
#include <stdint.h>

#define RUN_BLOCKED_NS UINT64_C(2000000)

/* The interpreter runs `name` (script path, module or "-c"; only its last part is kept). */
void run_begin(const char *name);
/* A socket listens. Called by the listen() hook; cheap, no GIL needed. */
void run_is_server(void);
/* The interpreter or the process is about to end. Later calls do nothing. No
 * GIL needed. */
void run_end(void);
void run_after_fork(void);

/* Is there a run that has no channel yet? */
bool run_waits(void);
/* A call of a run without a channel was off the CPU for that long. The run's id,
 * if that makes it worth a channel; else 0. */
uint64_t run_blocked(uint64_t off_ns);

/* Id of the run, 0: none. Safe in any hook. */
uint64_t run_unit_id(void);
/* The same without beginning one: safe in a signal handler. */
uint64_t run_unit_known(void);
/* Where that id is kept, for who reads it from outside. */
uintptr_t run_unit_address(void);

#endif
