/* What a process's Python is doing at one instant: plain data, made by probe/snapshot, printed by
 * view/dump. All texts come from the process and are owned by the arena they were made in.
 */
#ifndef UNSLOW_PYTHON_SNAPSHOT_H
#define UNSLOW_PYTHON_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "python/kind.h"

struct snapshot_frame {
	const char *function, *file;
	int32_t line; /* 0: none */
	enum code_kind kind;
};

enum snapshot_state {
	SNAPSHOT_RUNNING = 1, /* on a CPU, or ready to be */
	SNAPSHOT_GIL,         /* waits for the GIL */
	SNAPSHOT_CALL,        /* blocked in a system call on a descriptor */
	SNAPSHOT_LOCK,
	SNAPSHOT_SLEEP,
	SNAPSHOT_CHILD,   /* waits for a child process */
	SNAPSHOT_OTHER,   /* blocked in another call */
	SNAPSHOT_STOPPED, /* by a signal or a debugger */
	SNAPSHOT_UNKNOWN, /* the kernel does not say */
};

struct snapshot_thread {
	int tid;
	const char *name; /* threading's; NULL: it has none */
	enum snapshot_state state;
	bool holds_gil;
	const char *call;              /* name of the system call; NULL */
	int descriptor;                /* -1: none, or several */
	const char *leads_to;          /* peer, file …; NULL */
	struct snapshot_frame *frames; /* newest first */
	size_t frame_count, skipped;
};

enum snapshot_task_state { SNAPSHOT_TASK_WAITING = 1, SNAPSHOT_TASK_READY, SNAPSHOT_TASK_RUNNING };

struct snapshot_task {
	const char *name;
	enum snapshot_task_state state;
	const char *awaits;            /* "" */
	struct snapshot_frame *frames; /* outermost first */
	size_t frame_count;
};

struct snapshot_process {
	int pid;
	const char *command; /* without secrets */
	const char *python;  /* "3.12.1" */
	struct snapshot_thread *threads;
	size_t thread_count;
	struct snapshot_task *tasks;
	size_t task_count;
	size_t tasks_unread; /* more than were read, or of a kind that cannot be read */
	bool has_asyncio, has_greenlet;
	/* What looking cost it. */
	uint32_t looks, torn, stops;
	uint64_t stopped_ns, longest_ns;
};

#endif
