#include "cmd/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

/* kill(2) reaches a whole group at once; the rest is how long a busy machine may
 * take to run the sentinel. */
#define SENTINEL_WAIT_NS (50 * NS_PER_MS)

enum {
	EXEC_CANNOT = 126,
	EXEC_NOT_FOUND = 127,
	EXIT_SIGNAL = 128,
};

static sigset_t inherited_mask;

/* All that can be passed on. Left alone: our own faults, and what the terminal
 * uses to stop a background job that reads or writes. */
static sigset_t passed_signals(void)
{
	static const int kept[] = {SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,  SIGTRAP,
				   SIGSYS,  SIGTTIN, SIGTTOU, SIGKILL, SIGSTOP};
	sigset_t set;
	sigfillset(&set);
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		sigdelset(&set, kept[i]);
	return set;
}

/* The sentinel: reports each signal by its number, ends with its parent. */
static _Noreturn void sentinel_main(int report_fd, pid_t parent, const sigset_t *set)
{
	prctl(PR_SET_NAME, "unslow-signals", 0, 0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != parent)
		_exit(0);
	/* Nobody may wait for the end of a pipe that only this process holds. */
	dup2(report_fd, 0);
	report_fd = 0;
	syscall(SYS_close_range, 1, ~0U, 0);
	for (;;) {
		const int number = sigwaitinfo(set, NULL);
		const unsigned char byte = (unsigned char)number;
		if (number <= 0 || number == SIGCHLD)
			continue;
		if (write(report_fd, &byte, 1) < 0)
			_exit(0);
	}
}

static enum err_kind start_sentinel(struct child *child, const sigset_t *set, struct err *e)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return ERR(e, ERR_SYSTEM, "cannot make a pipe");
	const pid_t self = getpid();
	const pid_t pid = fork();
	if (pid == 0) {
		close(ends[0]);
		sentinel_main(ends[1], self, set);
	}
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return ERR(e, ERR_SYSTEM, "cannot start a process");
	}
	child->sentinel = pid;
	child->sentinel_fd = ends[0];
	return ERR_OK;
}

enum err_kind child_prepare(struct child *child, struct err *e)
{
	*child = (struct child){.signal_fd = -1, .sentinel_fd = -1};
	const sigset_t set = passed_signals();
	struct sigaction on_int;
	sigaction(SIGINT, NULL, &on_int);
	child->sigint_ignored = on_int.sa_handler == SIG_IGN;
	if (sigprocmask(SIG_BLOCK, &set, &inherited_mask) != 0)
		return ERR(e, ERR_SYSTEM, "cannot block signals");
	TRY(start_sentinel(child, &set, e));
	child->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (child->signal_fd < 0)
		return ERR(e, ERR_SYSTEM, "cannot read signals");
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0)
		return ERR(e, ERR_SYSTEM, "cannot adopt orphaned processes");
	return ERR_OK;
}

/* The new process: a companion's streams are not the command's. fds: NULL is the command's. */
static void set_up(const int *fds)
{
	sigprocmask(SIG_SETMASK, &inherited_mask, NULL);
	if (!fds)
		return;
	const int null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	dup2(null_fd, STDIN_FILENO);
	dup2(STDERR_FILENO, STDOUT_FILENO);
	for (; *fds >= 0; fds++)
		fcntl(*fds, F_SETFD, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0); /* kept by exec: it ends with us */
}

/* *exec_errno: why it could not be executed; 0: it was. *missed, not with NULL: signals that may
 * have come before the new process was there to get them. */
static enum err_kind start(pid_t *started, char *const *argv, char *const *environment,
			   const int *fds, sigset_t *missed, int *exec_errno, struct err *e)
{
	int report[2]; /* errno of a failed exec; closed by a good one */
	if (pipe2(report, O_CLOEXEC) != 0)
		return ERR(e, ERR_SYSTEM, "cannot make a pipe");
	const pid_t pid = fork();
	if (pid == 0) {
		set_up(fds);
		execvpe(argv[0], argv, environment);
		const int failure = errno;
		if (write(report[1], &failure, sizeof failure) < 0)
			_exit(EXEC_NOT_FOUND);
		_exit(EXEC_CANNOT);
	}
	if (missed)
		sigpending(missed);
	close(report[1]);
	if (pid < 0) {
		close(report[0]);
		return ERR(e, ERR_SYSTEM, "cannot start a process");
	}
	int failure = 0;
	ssize_t got;
	do {
		got = read(report[0], &failure, sizeof failure);
	} while (got < 0 && errno == EINTR);
	close(report[0]);
	*started = pid;
	*exec_errno = 0;
	if (got != sizeof failure)
		return ERR_OK;
	waitpid(pid, NULL, 0);
	*started = 0;
	*exec_errno = failure;
	return ERR(e, ERR_USAGE, "cannot execute '%.200s': %s", argv[0], strerror(failure));
}

enum err_kind child_start(struct child *child, char *const *argv, char *const *environment,
			  struct err *e)
{
	const enum err_kind kind =
		start(&child->pid, argv, environment, NULL, &child->missed, &child->exec_errno, e);
	const int failure = child->exec_errno;
	if (failure) {
		child->ended = true;
		child->exit_status =
			failure == ENOENT || failure == ENOTDIR ? EXEC_NOT_FOUND : EXEC_CANNOT;
	}
	return kind;
}

enum err_kind child_start_companion(struct child *child, char *const *argv, const int *fds,
				    struct err *e)
{
	int exec_errno;
	return start(&child->companion, argv, environ, fds, NULL, &exec_errno, e);
}

/* Ends it when the command has: nothing is passed on any more, and what waitpid
 * still finds is an orphan of the command. */
static void end_sentinel(struct child *child)
{
	if (child->sentinel > 0) {
		kill(child->sentinel, SIGKILL);
		waitpid(child->sentinel, NULL, 0);
	}
	if (child->sentinel_fd >= 0)
		close(child->sentinel_fd);
	child->sentinel = 0;
	child->sentinel_fd = -1;
}

static int exit_status_of(int status)
{
	return WIFSIGNALED(status) ? EXIT_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}

static void reap(struct child *child)
{
	int status;
	pid_t pid;
	do {
		pid = waitpid(-1, &status, WNOHANG);
		if (pid > 0 && pid == child->sentinel)
			child->sentinel = 0;
		if (pid > 0 && pid == child->companion && !child->companion_ended) {
			child->companion_ended = true;
			child->companion_status = exit_status_of(status);
		}
		if (pid <= 0 || pid != child->pid || child->ended)
			continue;
		child->ended = true;
		child->exit_status = exit_status_of(status);
		end_sentinel(child);
	} while (pid > 0);
	child->orphans = child->ended && pid == 0;
}

static void read_sentinel(struct child *child)
{
	unsigned char numbers[64];
	ssize_t count;
	while ((count = read(child->sentinel_fd, numbers, sizeof numbers)) > 0)
		for (ssize_t i = 0; i < count; i++)
			if (numbers[i] <= SIGNAL_MAX)
				child->sentinel_saw_ns[numbers[i]] = clock_now_ns();
}

/* Did the signal go to the whole group? Then the sentinel has it, too. */
static bool went_to_group(struct child *child, int number)
{
	const uint64_t start_ns = clock_now_ns();
	uint64_t waited_ns = 0;
	while (child->sentinel_fd >= 0) {
		read_sentinel(child);
		const uint64_t saw_ns = child->sentinel_saw_ns[number];
		child->sentinel_saw_ns[number] = 0;
		/* An older report belongs to a signal that came twice and was read once. */
		if (saw_ns && saw_ns + SENTINEL_WAIT_NS > start_ns)
			return true;
		waited_ns = clock_now_ns() - start_ns;
		if (waited_ns >= SENTINEL_WAIT_NS)
			break;
		struct pollfd report = {.fd = child->sentinel_fd, .events = POLLIN};
		poll(&report, 1, 1 + (int)((SENTINEL_WAIT_NS - waited_ns) / NS_PER_MS));
		if (report.revents & (POLLHUP | POLLERR))
			break;
	}
	return false;
}

void child_signal(const struct child *child, int signal)
{
	if (child->pid > 0 && !child->ended)
		kill(child->pid, signal);
}

void child_handle_signals(struct child *child)
{
	struct signalfd_siginfo info;
	while (read(child->signal_fd, &info, sizeof info) == (ssize_t)sizeof info) {
		const int number = (int)info.ssi_signo;
		if (number == SIGCHLD)
			continue; /* below, also when several came as one */
		if (number == SIGPIPE && (pid_t)info.ssi_pid == getpid())
			continue; /* our own stderr is closed */
		if (number == SIGINT || number == SIGTERM)
			child->interrupted = true;
		if (number > SIGNAL_MAX)
			continue;
		if (!child->ended &&
		    (sigismember(&child->missed, number) || !went_to_group(child, number)))
			child_signal(child, number);
		sigdelset(&child->missed, number);
		if (number == SIGTSTP)
			raise(SIGSTOP);
	}
	reap(child);
}

void child_finish(struct child *child)
{
	if (child->companion > 0 && !child->companion_ended) {
		kill(child->companion, SIGKILL);
		waitpid(child->companion, NULL, 0);
		child->companion_ended = true;
	}
	end_sentinel(child);
	if (child->signal_fd >= 0)
		close(child->signal_fd);
	child->signal_fd = -1;
}
