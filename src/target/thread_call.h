/* What the kernel says a thread is doing: on a CPU, waiting for one, or inside which system call.
 *
 * Sources: /proc/PID/task/TID/{stat,schedstat,syscall} (fs/proc/array.c, fs/proc/base.c
 * proc_pid_syscall). Which argument of a call is a descriptor, and what kind of wait it is, is one
 * row a call. Nothing is kept.
 */
#ifndef UNSLOW_TARGET_THREAD_CALL_H
#define UNSLOW_TARGET_THREAD_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "target/memory.h"

struct thread_call {
	char state;      /* of stat: R S D T t Z */
	bool is_running; /* on a CPU or waiting for one */
	bool has_number; /* blocked, and in the call `number` */
	long number;
	uint64_t arguments[6];
	uint64_t cpu_ns, runqueue_ns;
	uint64_t timeslices; /* how often it was put on a CPU: unchanged = it did not run */
};

/* False: the thread is gone. What is not ours to see is left empty. */
bool thread_call_read(int pid, int tid, struct thread_call *out);

/* The call alone (the cheapest look), and the rest without it. */
bool thread_call_now(int pid, int tid, struct thread_call *out);
bool thread_motion_read(int pid, int tid, struct thread_call *out);

/* The text of …/syscall, and of …/schedstat; false: it is none. */
void thread_call_parse(const char *text, struct thread_call *out);
bool thread_motion_parse(const char *text, struct thread_call *out);

enum call_wait {
	WAIT_DESCRIPTOR = 1, /* for a socket, pipe or file */
	WAIT_LOCK,           /* a futex */
	WAIT_SLEEP,          /* for time to pass */
	WAIT_CHILD,
	WAIT_OTHER,
};

struct call_kind {
	long number;
	const char *name;
	enum call_wait wait;
	uint8_t descriptor; /* which argument, from 1; 0: none */
};

/* The row of a call, NULL: it waits for nothing that is known here. */
const struct call_kind *call_kind_of(long number);

/* What a blocked thread waits for; poll and select without descriptors wait for time. */
enum call_wait call_wait_of(const struct thread_call *call);

/* The descriptor a blocked thread waits for: an argument, or the only one of poll's or select's
 * set. -1: none, or several. */
int call_descriptor(struct memory *memory, const struct thread_call *call);

#endif
