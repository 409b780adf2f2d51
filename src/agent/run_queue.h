/* How long a thread waited for a CPU: field 2 of its /proc schedstat.
 *
 * The file is kept open, one descriptor a thread that asked, closed with the
 * thread: opening it each time costs ten times a reading (0.8 µs). What is read
 * is checked, as the app may close any descriptor and its number be used again.
 */
#ifndef UNSLOW_AGENT_RUN_QUEUE_H
#define UNSLOW_AGENT_RUN_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

/* Once, before the first reading. False: cannot be read in this process. */
bool run_queue_prepare(void);
/* Nanoseconds that the calling thread has waited so far; 0: not known. */
uint64_t run_queue_ns(void);
/* The same during a stay on a CPU (cpu_clock_stay(), 0: not known), in which it does not grow: read
 * once in each. */
uint64_t run_queue_in(uint64_t stay);
/* The same of any thread of the process, by opening its file: for once in a while. */
uint64_t run_queue_of(uint32_t tid);
/* Field 2 of a schedstat's text; 0: that is none. */
uint64_t run_queue_parse(const char *text);
/* The child's thread is another one than its parent's. */
void run_queue_after_fork(void);

#endif
