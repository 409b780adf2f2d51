/* Instructions that a process retires in user space, counted by the CPU: perf_event_open(2).
 *
 * They hardly depend on what else the machine does, so they tell a change of one in a thousand
 * where time cannot. Most virtual machines have no such counter.
 */
#ifndef UNSLOW_TIMING_COUNTER_H
#define UNSLOW_TIMING_COUNTER_H

/* A counter of the calling process and of all that it starts, from now on, as a file that stays
 * open over execve(2); its bytes are value, time enabled, time running. -1 with errno. */
int counter_open(void);
/* Why there is none, by the errno of counter_open(): "no counter here", … */
const char *counter_why_not(int error);

#endif
