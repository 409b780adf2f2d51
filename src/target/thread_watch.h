/* One thread's files in /proc kept open, so that looking at it again and again is one read.
 *
 * schedstat tells whether it was put on a CPU since the last look (0.6 µs; 3.8 with opening), and
 * only then the call it is in is asked for (1.4 µs). A file kept open stays that of its thread:
 * once that has ended a read fails, also if another thread got the number. Where too few
 * descriptors are left the files are opened at each read. Opened and closed by the owner of the
 * struct.
 */
#ifndef UNSLOW_TARGET_THREAD_WATCH_H
#define UNSLOW_TARGET_THREAD_WATCH_H

#include <stdbool.h>

#include "target/thread_call.h"

struct thread_watch {
	int pid, tid;
	int schedstat_fd, syscall_fd; /* -1: not kept */
};

void thread_watch_open(struct thread_watch *watch, int pid, int tid);
void thread_watch_close(struct thread_watch *watch);
/* cpu_ns, runqueue_ns, timeslices of *out. False: the thread is gone. */
bool thread_watch_motion(const struct thread_watch *watch, struct thread_call *out);
/* is_running, has_number, number, arguments. Where the kernel does not tell calls, is_running comes
 * from stat. False: the thread is gone. */
bool thread_watch_call(const struct thread_watch *watch, struct thread_call *out);

#endif
