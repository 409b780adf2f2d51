#include "cmd/blocks.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "model/load_result.h"
#include "model/turns.h"

#define KILL_AFTER_NS (2 * NS_PER_S) /* between SIGTERM and SIGKILL */
#define READ_BYTES 65536
#define WARM_UP SIZE_MAX /* the block that is not counted */
#define BLOCK_NAME_SIZE 40

/* One command under way. */
struct block {
	pid_t pid;
	int pid_fd, output_fd;
	uint64_t start_ns, wall_ns, cpu_ns;
	uint64_t kill_ns; /* when SIGTERM becomes SIGKILL; 0: it was not told to end */
	int status;
	struct str output;
};

struct turns {
	struct blocks *blocks;
	struct arena *arena;
	uint64_t deadline_ns; /* 0: none */
	int signal_fd;
	sigset_t inherited_mask;
	bool are_loads; /* by the warm-up of A */
};

static _Noreturn void block_exec(const char *command, int output_fd, const sigset_t *mask)
{
	setpgid(0, 0);
	sigprocmask(SIG_SETMASK, mask, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); /* it ends with us */
	const int null_fd = open("/dev/null", O_RDONLY);
	if (null_fd < 0 || dup2(null_fd, STDIN_FILENO) < 0 || dup2(output_fd, STDOUT_FILENO) < 0)
		_exit(126);
	if (null_fd > STDERR_FILENO)
		close(null_fd);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

static enum err_kind block_start(const struct turns *t, const char *command, struct block *b,
				 struct err *e)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) != 0)
		return ERR(e, ERR_SYSTEM, "cannot make a pipe");
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	b->start_ns = clock_now_ns();
	b->pid = fork();
	if (b->pid == 0)
		block_exec(command, ends[1], &t->inherited_mask);
	close(ends[1]);
	b->output_fd = ends[0];
	if (b->pid < 0)
		return ERR(e, ERR_SYSTEM, "cannot start a process");
	setpgid(b->pid, b->pid); /* whoever of the two comes first */
	b->pid_fd = (int)syscall(SYS_pidfd_open, b->pid, 0);
	if (b->pid_fd < 0)
		return ERR(e, ERR_SYSTEM, "cannot watch a process");
	return ERR_OK;
}

/* What stands in the pipe; closes it at its end. */
static void block_read(struct block *b)
{
	char bytes[READ_BYTES];
	ssize_t got;
	while ((got = read(b->output_fd, bytes, sizeof bytes)) > 0)
		str_add_bytes(&b->output, bytes, (size_t)got);
	if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
		close(b->output_fd);
		b->output_fd = -1;
	}
}

static void block_end(struct block *b)
{
	if (!b->kill_ns)
		kill(-b->pid, SIGTERM);
	b->kill_ns = clock_now_ns() + KILL_AFTER_NS;
}

static int timeout_ms(uint64_t until_ns)
{
	const uint64_t now_ns = clock_now_ns();
	if (until_ns <= now_ns)
		return 0;
	const uint64_t ms = (until_ns - now_ns) / NS_PER_MS + 1;
	return ms > 60000 ? 60000 : (int)ms;
}

/* Until it has ended. It is told to end by a signal to us and by the deadline. */
static void block_wait(struct turns *t, struct block *b)
{
	struct blocks *blocks = t->blocks;
	struct rusage used = {0};
	struct pollfd fds[] = {{b->pid_fd, POLLIN, 0}, {t->signal_fd, POLLIN, 0}, {-1, POLLIN, 0}};
	while (!fds[0].revents) {
		const uint64_t until_ns = b->kill_ns ? b->kill_ns : t->deadline_ns;
		fds[2].fd = b->output_fd; /* -1: not looked at */
		if (poll(fds, 3, until_ns ? timeout_ms(until_ns) : -1) < 0)
			continue;
		if (fds[2].revents)
			block_read(b);
		struct signalfd_siginfo info;
		if (fds[1].revents && read(t->signal_fd, &info, sizeof info) > 0) {
			blocks->interrupted = true;
			block_end(b);
		}
		if (b->kill_ns && clock_now_ns() >= b->kill_ns) {
			kill(-b->pid, SIGKILL);
			b->kill_ns = clock_now_ns() + KILL_AFTER_NS;
		} else if (!b->kill_ns && t->deadline_ns && clock_now_ns() >= t->deadline_ns) {
			blocks->out_of_time = true;
			block_end(b);
		}
	}
	b->wall_ns = clock_now_ns() - b->start_ns;
	/* its group's number is nobody else's as long as it has not been waited for */
	kill(-b->pid, SIGTERM);
	while (wait4(b->pid, &b->status, 0, &used) < 0 && errno == EINTR)
		;
	b->cpu_ns = ((uint64_t)used.ru_utime.tv_sec + (uint64_t)used.ru_stime.tv_sec) * NS_PER_S +
		    ((uint64_t)used.ru_utime.tv_usec + (uint64_t)used.ru_stime.tv_usec) * NS_PER_US;
	if (b->output_fd >= 0)
		block_read(b);
}

static void block_close(struct block *b)
{
	if (b->pid_fd >= 0)
		close(b->pid_fd);
	if (b->output_fd >= 0)
		close(b->output_fd);
	str_free(&b->output);
}

static const char *block_name(size_t at, char name[BLOCK_NAME_SIZE])
{
	if (at == WARM_UP)
		snprintf(name, BLOCK_NAME_SIZE, "the warm-up");
	else
		snprintf(name, BLOCK_NAME_SIZE, "block %zu", at + 1);
	return name;
}

static enum err_kind block_result(struct turns *t, int side, size_t at, const struct block *b,
				  struct err *e)
{
	const struct blocks *blocks = t->blocks;
	const char *command = blocks->names[side];
	struct run warm_up, *run = at == WARM_UP ? &warm_up : &blocks->runs[side][at];
	char name[BLOCK_NAME_SIZE];
	block_name(at, name);
	if (!WIFEXITED(b->status) || WEXITSTATUS(b->status) != 0)
		return ERR(e, ERR_INVALID,
			   "%c failed in %s (%s %d): %.200s; see what it says alone, or make "
			   "it end with status 0",
			   "AB"[side], name, WIFSIGNALED(b->status) ? "signal" : "status",
			   WIFSIGNALED(b->status) ? WTERMSIG(b->status) : WEXITSTATUS(b->status),
			   command);
	const bool is_load = load_result_is(b->output.text, b->output.length);
	if (at == WARM_UP && side == 0)
		t->are_loads = is_load;
	if (is_load != t->are_loads || b->output.cut)
		return ERR(e, ERR_INVALID,
			   b->output.cut ? "%c printed more than 64 MiB in %s: %.200s; send "
					   "its output to /dev/null"
					 : "%c in %s and A before it do not both print "
					   "what `unslow load --json` does: %.200s",
			   "AB"[side], name, command);
	if (is_load) {
		struct run *read;
		size_t count;
		TRY(load_results_read(b->output.text, b->output.length, command, t->arena, &read,
				      &count, e));
		if (count != 1)
			return ERR(e, ERR_INVALID,
				   "%c printed %zu load results in %s: %.200s; let it print "
				   "one, and ask for more with --blocks",
				   "AB"[side], count, name, command);
		*run = read[0];
		return ERR_OK;
	}
	run_part_clear(&run->whole);
	run->whole.value[RUN_WALL] = (double)b->wall_ns / 1e9;
	run->whole.value[RUN_CPU] = (double)b->cpu_ns / 1e9;
	return ERR_OK;
}

static enum err_kind run_block(struct turns *t, int side, size_t at, struct err *e)
{
	const struct blocks *blocks = t->blocks;
	struct block b = {.pid_fd = -1, .output_fd = -1};
	char name[BLOCK_NAME_SIZE];
	str_init(&b.output, LOAD_RESULT_BYTES_MOST);
	log_progress("%s of %zu: %c", block_name(at, name), blocks->wanted, "AB"[side]);
	enum err_kind kind = block_start(t, blocks->commands[side], &b, e);
	if (kind == ERR_OK)
		block_wait(t, &b);
	else if (b.pid > 0) {
		kill(-b.pid, SIGKILL);
		waitpid(b.pid, NULL, 0);
	}
	if (kind == ERR_OK && !blocks->interrupted && !blocks->out_of_time)
		kind = block_result(t, side, at, &b, e);
	block_close(&b);
	return kind;
}

static bool is_over(const struct blocks *blocks)
{
	return blocks->interrupted || blocks->out_of_time;
}

static enum err_kind run_pair(struct turns *t, size_t at, int first, struct err *e)
{
	TRY(run_block(t, first, at, e));
	return is_over(t->blocks) ? ERR_OK : run_block(t, !first, at, e);
}

enum err_kind blocks_run(struct blocks *blocks, struct arena *arena, struct err *e)
{
	struct turns t = {.blocks = blocks, .arena = arena};
	enum err_kind kind = ERR_OK;
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	if (blocks->for_ns)
		t.deadline_ns = clock_now_ns() + blocks->for_ns;
	for (int side = 0; side < 2; side++)
		blocks->runs[side] = arena_alloc(arena, blocks->wanted * sizeof(struct run));
	signal(SIGCHLD, SIG_DFL); /* ignored, it would take what wait4() is to tell */
	sigprocmask(SIG_BLOCK, &set, &t.inherited_mask);
	t.signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (t.signal_fd < 0)
		kind = ERR(e, ERR_SYSTEM, "cannot read signals");
	if (kind == ERR_OK)
		kind = run_pair(&t, WARM_UP, 0, e);
	while (kind == ERR_OK && !is_over(blocks) && blocks->done < blocks->wanted) {
		kind = run_pair(&t, blocks->done, turns_first(blocks->done, blocks->seed), e);
		if (kind == ERR_OK && !is_over(blocks))
			blocks->done++;
	}
	log_progress_end();
	if (t.signal_fd >= 0)
		close(t.signal_fd);
	sigprocmask(SIG_SETMASK, &t.inherited_mask, NULL);
	return kind;
}
