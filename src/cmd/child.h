/* The command that `run` starts: transparent, as if unslow were not there.
 *
 * It stays in unslow's process group and keeps the terminal, so pipelines, job
 * control and breakpoint() work as always. A signal that went to the whole
 * group (Ctrl-C, Ctrl-Z, a resized window, `kill -- -PGID`) has reached it
 * already; one sent to unslow alone is passed on. To know which it was, a
 * sentinel process of the same group reports what it received.
 *
 * unslow is a subreaper: orphans of the command come to it and are reaped; the
 * same makes it a working PID 1. One struct a run, one thread.
 */
#ifndef UNSLOW_CMD_CHILD_H
#define UNSLOW_CMD_CHILD_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

#define SIGNAL_MAX 64

struct child {
	pid_t pid;
	int signal_fd;
	int exec_errno; /* why the command could not be started; 0: it was */
	bool ended;
	int exit_status;     /* what env(1) would exit with: 126, 127, 128+n, its own */
	bool orphans;        /* descendants of it are still alive */
	bool interrupted;    /* SIGINT or SIGTERM was seen on its way */
	bool sigint_ignored; /* by whom started unslow; the command has inherited that */
	/* A process of ours beside the command; its end is noted as the command's is. */
	pid_t companion; /* 0: none */
	bool companion_ended;
	int companion_status;
	pid_t sentinel;
	int sentinel_fd;
	uint64_t sentinel_saw_ns[SIGNAL_MAX + 1]; /* when it reported this signal; 0: not */
	sigset_t missed; /* came to the group before the command was there; passed on */
};

/* Blocks the signals and becomes subreaper; before any file of ours is open, so
 * that the sentinel holds none. child_start uses the struct. */
MUST_CHECK enum err_kind child_prepare(struct child *child, struct err *e);
/* Start argv (NULL-terminated) with `environment`. ERR_USAGE with exit_status
 * 126 or 127 and exec_errno set if the command could not be executed. */
MUST_CHECK enum err_kind child_start(struct child *child, char *const *argv,
				     char *const *environment, struct err *e);
/* Starts argv (NULL-terminated) beside the command, from /dev/null and to our stderr; `fds`, a list
 * that ends with -1, are passed on. One at most. */
MUST_CHECK enum err_kind child_start_companion(struct child *child, char *const *argv,
					       const int *fds, struct err *e);
/* signal_fd is readable: pass on, reap, stop and go on with the group. */
void child_handle_signals(struct child *child);
/* Send a signal to the command alone. */
void child_signal(const struct child *child, int signal);
/* Ends the sentinel, closes what was opened. */
void child_finish(struct child *child);

#endif
