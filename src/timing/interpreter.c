#include "timing/interpreter.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/embedded.h"
#include "base/scan.h"
#include "timing/counter.h"

extern const struct embedded_file embedded_driver[]; /* driver.py */

#define LOOK_MS 100 /* how soon `stop` is seen */
#define END_MS 1000
#define LINE_BYTES 4608          /* a path is in one */
#define SHIFTS 64                /* of at most so many objects of each small size */
#define VERSION_LEAST 0x03080000 /* sys.hexversion */

/* driver.py as a file to be read from its beginning; -1. */
static int source_open(void)
{
	const char *text = embedded_driver[0].text;
	const int fd = memfd_create("driver.py", MFD_CLOEXEC);
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		return -1;
	return lseek(fd, 0, SEEK_SET) == 0 ? fd : -1;
}

static _Noreturn void become_python(const struct interpreter_order *order, int fd, pid_t parent)
{
	char channel[16], counter[16], seed[32], failure[32];
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != parent)
		_exit(0);
	const int null_fd = open("/dev/null", O_WRONLY | O_CLOEXEC), source_fd = source_open();
	if (source_fd < 0 || null_fd < 0 || dup2(source_fd, STDIN_FILENO) < 0 ||
	    dup2(null_fd, STDOUT_FILENO) < 0 ||
	    (!order->is_heard && dup2(null_fd, STDERR_FILENO) < 0))
		_exit(126);
	snprintf(channel, sizeof channel, "%d", dup(fd)); /* open over execve() */
	snprintf(counter, sizeof counter, "%d", order->counts ? counter_open() : -1);
	snprintf(seed, sizeof seed, "%" PRIu32, (uint32_t)order->hash_seed);
	setenv("PYTHONHASHSEED", seed, false);
	execlp(order->python, order->python, "-", channel, counter, order->collects ? "1" : "0",
	       (char *)NULL);
	snprintf(failure, sizeof failure, "exec %d\n", errno);
	(void)!write(fd, failure, strlen(failure));
	_exit(127);
}

/* Its group's number is nobody else's as long as it has not been waited for. */
static int end_group(struct interpreter *i)
{
	int status = 0;
	kill(-i->pid, SIGKILL);
	while (waitpid(i->pid, &status, 0) < 0 && errno == EINTR)
		;
	i->pid = 0;
	return status;
}

/* What it ended by, for a message. */
static enum err_kind has_ended(struct interpreter *i, struct err *e)
{
	const int status = end_group(i);
	if (!*i->version)
		return ERR(e, ERR_NO_TARGET,
			   "'%.100s' did not start as a Python from 3.8 on; name one with --python",
			   i->order.python);
	return ERR(e, ERR_INVALID, "the interpreter ended (%s %d) while it ran the code",
		   WIFSIGNALED(status) ? "signal" : "status",
		   WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

/* More bytes into the empty buffer. */
static enum err_kind receive(struct interpreter *i, uint64_t until_ns, struct err *e)
{
	for (;;) {
		struct pollfd ready = {.fd = i->fd, .events = POLLIN};
		if (i->order.stop && atomic_load(i->order.stop)) {
			i->stopped = true;
			return ERR_OK;
		}
		if (clock_now_ns() > until_ns)
			return ERR(e, ERR_LIMIT,
				   "no end of the code within %.0f s: run it with less to do, or "
				   "give it more time (--for)",
				   (double)i->order.answer_ns / 1e9);
		if (poll(&ready, 1, LOOK_MS) <= 0)
			continue;
		const ssize_t got = recv(i->fd, i->buffer, sizeof i->buffer, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return has_ended(i, e);
		i->from = 0;
		i->to = (size_t)got;
		return ERR_OK;
	}
}

static enum err_kind read_byte(struct interpreter *i, uint64_t until_ns, char *byte, struct err *e)
{
	if (i->from == i->to)
		TRY(receive(i, until_ns, e));
	*byte = i->stopped ? '\n' : i->buffer[i->from++];
	return ERR_OK;
}

static enum err_kind read_line(struct interpreter *i, char line[LINE_BYTES], struct err *e)
{
	const uint64_t until_ns = clock_now_ns() + i->order.answer_ns;
	for (size_t length = 0; length < LINE_BYTES; length++) {
		TRY(read_byte(i, until_ns, &line[length], e));
		if (line[length] == '\n') {
			line[length] = '\0';
			return ERR_OK;
		}
	}
	return ERR(e, ERR_INVALID, "the interpreter said what is no answer: is '%.100s' a Python?",
		   i->order.python);
}

/* `fail BYTES` was read. */
static enum err_kind read_failure(struct interpreter *i, const char *bytes, struct err *e)
{
	const uint64_t until_ns = clock_now_ns() + i->order.answer_ns;
	const unsigned long length = strtoul(bytes, NULL, 10);
	for (unsigned long at = 0; at < length && !i->stopped; at++) {
		char byte;
		TRY(read_byte(i, until_ns, &byte, e));
		str_add_char(i->order.said, byte);
	}
	return ERR(e, ERR_INVALID, "failed, as Python shows above");
}

static enum err_kind send_bytes(struct interpreter *i, const char *bytes, size_t length,
				struct err *e)
{
	while (length) {
		const ssize_t sent = send(i->fd, bytes, length, MSG_NOSIGNAL);
		if (sent < 0 && errno != EINTR)
			return has_ended(i, e);
		bytes += sent > 0 ? sent : 0;
		length -= sent > 0 ? (size_t)sent : 0;
	}
	return ERR_OK;
}

/* The answer to what was sent, which begins with `wanted`. */
static enum err_kind read_answer(struct interpreter *i, const char *wanted, char line[LINE_BYTES],
				 struct err *e)
{
	TRY(read_line(i, line, e));
	if (i->stopped || str_starts_with(line, wanted))
		return ERR_OK;
	if (str_starts_with(line, "fail "))
		return read_failure(i, line + strlen("fail "), e);
	return ERR(e, ERR_INVALID, "the interpreter said '%.40s' instead of '%s'", line, wanted);
}

static enum err_kind not_a_python(const struct interpreter *i, struct err *e)
{
	return ERR(e, ERR_NO_TARGET, "'%.100s' is no Python; name one with --python",
		   i->order.python);
}

static enum err_kind read_hello(struct interpreter *i, struct err *e)
{
	char line[LINE_BYTES], *save = NULL;
	TRY(read_line(i, line, e));
	if (i->stopped)
		return ERR_OK;
	const char *word = strtok_r(line, " ", &save), *what = strtok_r(NULL, " ", &save);
	if (!word || !what)
		return not_a_python(i, e);
	if (strcmp(word, "exec") == 0)
		return ERR(e, ERR_NO_TARGET, "cannot run '%.100s': %s; name a Python with --python",
			   i->order.python, strerror((int)strtol(what, NULL, 10)));
	const char *version = strtok_r(NULL, " ", &save);
	const char *number = version ? strtok_r(NULL, " ", &save) : NULL;
	if (!number || strcmp(word, "hello") != 0)
		return not_a_python(i, e);
	if (strcmp(what, "cpython") != 0 || strtoul(number, NULL, 10) < VERSION_LEAST)
		return ERR(e, ERR_NO_TARGET,
			   "'%.100s' is %.20s %.20s: unslow knows CPython from 3.8 on; name one "
			   "with --python",
			   i->order.python, what, version);
	str_copy(i->version, sizeof i->version, version);
	const char *executable = strtok_r(NULL, "", &save);
	str_copy(i->executable, sizeof i->executable, executable ? executable : "");
	return ERR_OK;
}

enum err_kind interpreter_start(struct interpreter *i, const struct interpreter_order *order,
				struct err *e)
{
	int ends[2];
	const pid_t parent = getpid();
	*i = (struct interpreter){.order = *order, .fd = -1};
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return ERR(e, ERR_SYSTEM, "cannot make a socket");
	i->fd = ends[0];
	i->pid = fork();
	if (i->pid == 0)
		become_python(order, ends[1], parent);
	close(ends[1]);
	if (i->pid < 0)
		return ERR(e, ERR_SYSTEM, "cannot start a process");
	setpgid(i->pid, i->pid); /* whoever of the two comes first */
	return read_hello(i, e);
}

enum err_kind interpreter_load(struct interpreter *i, size_t slot, const char *name,
			       const struct timing_snippet *snippet, uint64_t shift, struct err *e)
{
	char line[LINE_BYTES];
	const size_t setup = strlen(snippet->setup), code = strlen(snippet->code);
	const int length = snprintf(line, sizeof line, "code %zu %s %u %zu %zu\n", slot, name,
				    (unsigned)(shift % SHIFTS), setup, code);
	TRY(send_bytes(i, line, (size_t)length, e));
	TRY(send_bytes(i, snippet->setup, setup, e));
	TRY(send_bytes(i, snippet->code, code, e));
	return read_answer(i, "ok", line, e);
}

enum err_kind interpreter_settle(struct interpreter *i, struct err *e)
{
	char line[LINE_BYTES];
	TRY(send_bytes(i, "settle\n", strlen("settle\n"), e));
	return read_answer(i, "ok", line, e);
}

/* `ran WALL_NS CPU_NS INSTRUCTIONS INTERRUPTIONS WAITS`; INSTRUCTIONS is -1 without a counter. */
static bool scan_block(const char *at, struct timing_block *block)
{
	uint64_t wall, cpu, instructions = 0, interruptions, waits;
	if (!scan_text(&at, "ran ") || !scan_decimal(&at, INT64_MAX, &wall) ||
	    !scan_text(&at, " ") || !scan_decimal(&at, INT64_MAX, &cpu) || !scan_text(&at, " "))
		return false;
	const bool counted = !scan_text(&at, "-1");
	if ((counted && !scan_decimal(&at, INT64_MAX, &instructions)) || !scan_text(&at, " ") ||
	    !scan_decimal(&at, INT64_MAX, &interruptions) || !scan_text(&at, " ") ||
	    !scan_decimal(&at, INT64_MAX, &waits) || *at != '\0')
		return false;
	*block = (struct timing_block){
		.value = {(double)wall, (double)cpu, counted ? (double)instructions : NAN},
		.interrupted = interruptions > 0,
		.waited = waits > 0,
	};
	return true;
}

enum err_kind interpreter_run(struct interpreter *i, size_t slot, uint64_t loops,
			      struct timing_block *block, struct err *e)
{
	char line[LINE_BYTES];
	const int length = snprintf(line, sizeof line, "run %zu %" PRIu64 "\n", slot, loops);
	TRY(send_bytes(i, line, (size_t)length, e));
	TRY(read_answer(i, "ran ", line, e));
	if (i->stopped)
		return ERR_OK;
	if (!scan_block(line, block))
		return ERR(e, ERR_INVALID, "the interpreter said '%.40s', which is no time", line);
	return ERR_OK;
}

/* At the end of the socket it ends by itself, with all that runs at exit. */
static void wait_for_end(const struct interpreter *i)
{
	struct pollfd ended = {.fd = (int)syscall(SYS_pidfd_open, i->pid, 0), .events = POLLIN};
	if (ended.fd < 0)
		return;
	poll(&ended, 1, END_MS);
	close(ended.fd);
}

void interpreter_end(struct interpreter *i)
{
	if (i->fd >= 0)
		close(i->fd);
	i->fd = -1;
	if (i->pid > 0 && !i->stopped)
		wait_for_end(i);
	if (i->pid > 0)
		end_group(i);
}
