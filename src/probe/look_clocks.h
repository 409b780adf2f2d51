/* Which of the threads that could run has a CPU.
 *
 * The kernel calls a thread running that waits for a CPU, too. But the CPU clock of one that has
 * one grows, and asking for the process's own clock brings those of its threads up to date, which
 * otherwise each timer tick does (task_sched_runtime of kernel/sched/core.c, through
 * thread_group_cputime). So: update, read all (thread_watch_motion), note.
 */
#ifndef UNSLOW_PROBE_LOOK_CLOCKS_H
#define UNSLOW_PROBE_LOOK_CLOCKS_H

#include "probe/sampled_look.h"

void look_clocks_update(const struct look *look);
/* is_on_cpu of all threads. Of one that is not known to have a CPU this look may have taken it. */
void look_clocks_note_running(struct look *look);

#endif
