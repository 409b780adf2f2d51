/* What /proc says of a process: small readers, no state.
 *
 * Everything read is text made by the kernel, but names in it are chosen by the
 * process: they are bounded and never interpreted.
 */
#ifndef UNSLOW_TARGET_PROC_H
#define UNSLOW_TARGET_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

struct proc_stat {
	int pid;
	int parent_pid;
	char state;           /* R S D Z T … as in proc(5) */
	char name[64];        /* comm, cut */
	uint64_t cpu_ns;      /* user and system, ended threads included; steps of a clock tick */
	uint64_t start_ticks; /* field 22: with the pid this names a process for good */
	uint32_t threads;
};

/* ERR_NO_TARGET if there is no such process. */
MUST_CHECK enum err_kind proc_read_stat(int pid, struct proc_stat *out, struct err *e);

/* Whole small file into buffer, NUL added; bytes read, -1 with errno. */
ssize_t proc_read_file(const char *path, char *buffer, size_t size);

/* The next whole number of the line at *at, which moves behind it; what is no
 * digit is skipped. False at the line's end or if the number does not fit. */
bool proc_next_number(const char **at, uint64_t *number);

/* Resident memory; -1 if the process is gone. */
int64_t proc_rss_bytes(int pid);
/* Of it what is the process's alone, backed by no file. */
int64_t proc_anonymous_bytes(int pid);
/* Open descriptors; -1 if it is gone or not ours to look at. */
int64_t proc_count_fds(int pid);

/* One thread: its CPU time and how long it waited for a CPU, both from
 * /proc/PID/task/TID/schedstat (Documentation/scheduler/sched-stats.rst). */
struct proc_thread {
	int tid;
	uint64_t cpu_ns;
	uint64_t runqueue_ns;
};
/* Up to `max` threads; their number, or -1. */
int proc_read_threads(int pid, struct proc_thread *threads, int max);

/* The process or thread that a name in /proc or /proc/PID/task stands for; 0: none. */
int proc_entry_id(const char *name);

/* Where its main thread's stack begins (stat, field 28): chosen anew at each exec, kept by fork. 0:
 * gone, or not ours to see. */
uint64_t proc_stack_start(int pid);

/* The last process or thread number given in our pid namespace (loadavg, last field): while it is
 * the same nothing was forked. *fd is its file, kept open by the caller; 0: not yet. Returns 0: not
 * known. */
int proc_last_id(int *fd);

/* What a process's first thread has forked and not yet reaped: its file kept open. Zeroed: not open
 * yet. */
struct proc_children_file {
	int fd; /* 0: not open */
};
/* At most `max` of them; their number, 0 as well if the process is gone. */
int proc_read_children(struct proc_children_file *file, int pid, int *pids, int max);
void proc_close_children(struct proc_children_file *file);

/* pid and all that descend from it now, parents first; their number. */
int proc_tree(int pid, int *pids, int max);

/* Among `root` and what descends from it, the process that its own pid namespace knows as `inner`,
 * started at `start_ticks` (0: not known); 0: there is none. */
int proc_find_inner(int root, int inner, uint64_t start_ticks);

/* Whether the process is in a pid namespace below ours, and so knows itself by another number. */
bool proc_has_inner_ids(int pid);
/* The number by which the thread's own pid namespace knows it; 0: it is gone. */
int proc_inner_tid(int pid, int tid);

/* The process that traces it (ptrace(2)): nobody else can then stop its threads. 0: none. */
int proc_tracer(int pid);

/* True if a mapped file's name contains `needle`. */
bool proc_maps_contain(int pid, const char *needle);

#endif
