#include "target/thread_call.h"

#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <sys/syscall.h>

#include "base/scan.h"
#include "target/proc.h"

enum { DESCRIPTOR_MAX = 1 << 20 }; /* fs.nr_open as it comes */

/* Old calls that newer machines (aarch64) do not have. */
static const struct call_kind kinds[] = {
#ifdef SYS_poll
	{SYS_poll, "poll", WAIT_DESCRIPTOR, 0},
	{SYS_select, "select", WAIT_DESCRIPTOR, 0},
	{SYS_epoll_wait, "epoll_wait", WAIT_DESCRIPTOR, 1},
	{SYS_open, "open", WAIT_OTHER, 0},
	{SYS_pause, "pause", WAIT_SLEEP, 0},
#endif
	{SYS_ppoll, "ppoll", WAIT_DESCRIPTOR, 0},
	{SYS_pselect6, "pselect6", WAIT_DESCRIPTOR, 0},
	{SYS_epoll_pwait, "epoll_pwait", WAIT_DESCRIPTOR, 1},
	{SYS_epoll_pwait2, "epoll_pwait2", WAIT_DESCRIPTOR, 1},
	{SYS_read, "read", WAIT_DESCRIPTOR, 1},
	{SYS_readv, "readv", WAIT_DESCRIPTOR, 1},
	{SYS_pread64, "pread64", WAIT_DESCRIPTOR, 1},
	{SYS_preadv, "preadv", WAIT_DESCRIPTOR, 1},
	{SYS_write, "write", WAIT_DESCRIPTOR, 1},
	{SYS_writev, "writev", WAIT_DESCRIPTOR, 1},
	{SYS_pwrite64, "pwrite64", WAIT_DESCRIPTOR, 1},
	{SYS_pwritev, "pwritev", WAIT_DESCRIPTOR, 1},
	{SYS_recvfrom, "recvfrom", WAIT_DESCRIPTOR, 1},
	{SYS_recvmsg, "recvmsg", WAIT_DESCRIPTOR, 1},
	{SYS_recvmmsg, "recvmmsg", WAIT_DESCRIPTOR, 1},
	{SYS_sendto, "sendto", WAIT_DESCRIPTOR, 1},
	{SYS_sendmsg, "sendmsg", WAIT_DESCRIPTOR, 1},
	{SYS_sendmmsg, "sendmmsg", WAIT_DESCRIPTOR, 1},
	{SYS_sendfile, "sendfile", WAIT_DESCRIPTOR, 1},
	{SYS_splice, "splice", WAIT_DESCRIPTOR, 1},
	{SYS_accept, "accept", WAIT_DESCRIPTOR, 1},
	{SYS_accept4, "accept4", WAIT_DESCRIPTOR, 1},
	{SYS_connect, "connect", WAIT_DESCRIPTOR, 1},
	{SYS_close, "close", WAIT_DESCRIPTOR, 1},
	{SYS_fsync, "fsync", WAIT_DESCRIPTOR, 1},
	{SYS_fdatasync, "fdatasync", WAIT_DESCRIPTOR, 1},
	{SYS_flock, "flock", WAIT_DESCRIPTOR, 1},
	{SYS_fcntl, "fcntl", WAIT_DESCRIPTOR, 1},
	{SYS_openat, "openat", WAIT_OTHER, 0},
	{SYS_futex, "futex", WAIT_LOCK, 0},
	{SYS_nanosleep, "nanosleep", WAIT_SLEEP, 0},
	{SYS_clock_nanosleep, "clock_nanosleep", WAIT_SLEEP, 0},
	{SYS_restart_syscall, "restart_syscall", WAIT_OTHER, 0},
	{SYS_rt_sigtimedwait, "rt_sigtimedwait", WAIT_OTHER, 0},
	{SYS_rt_sigsuspend, "rt_sigsuspend", WAIT_OTHER, 0},
	{SYS_wait4, "wait4", WAIT_CHILD, 0},
	{SYS_waitid, "waitid", WAIT_CHILD, 0},
};

static const struct call_kind *const kinds_end = kinds + sizeof kinds / sizeof *kinds;

const struct call_kind *call_kind_of(long number)
{
	for (const struct call_kind *kind = kinds; kind < kinds_end; kind++)
		if (kind->number == number)
			return kind;
	return NULL;
}

/* "running", "-1 0x7ffe… 0x7f…" or "7 0x1 0x2 0x3 0x4 0x5 0x6 0x7ffe… 0x7f…" */
void thread_call_parse(const char *text, struct thread_call *out)
{
	uint64_t number;
	out->is_running = scan_text(&text, "running");
	out->has_number = false;
	if (!scan_decimal(&text, LONG_MAX, &number))
		return;
	for (size_t i = 0; i < sizeof out->arguments / sizeof *out->arguments; i++)
		if (!scan_text(&text, " 0x") || !scan_hex(&text, UINT64_MAX, &out->arguments[i]))
			return;
	out->number = (long)number;
	out->has_number = true;
}

bool thread_motion_parse(const char *text, struct thread_call *out)
{
	return proc_next_number(&text, &out->cpu_ns) &&
	       proc_next_number(&text, &out->runqueue_ns) &&
	       proc_next_number(&text, &out->timeslices);
}

bool thread_motion_read(int pid, int tid, struct thread_call *out)
{
	char path[96], text[1024];
	*out = (struct thread_call){0};
	snprintf(path, sizeof path, "/proc/%d/task/%d/stat", pid, tid);
	if (proc_read_file(path, text, sizeof text) <= 0)
		return false;
	const char *name_end = strrchr(text, ')');
	out->state = name_end && name_end[1] ? name_end[2] : '?';
	out->is_running = out->state == 'R';
	snprintf(path, sizeof path, "/proc/%d/task/%d/schedstat", pid, tid);
	return proc_read_file(path, text, sizeof text) <= 0 || thread_motion_parse(text, out);
}

bool thread_call_now(int pid, int tid, struct thread_call *out)
{
	char path[96], text[256];
	snprintf(path, sizeof path, "/proc/%d/task/%d/syscall", pid, tid);
	if (proc_read_file(path, text, sizeof text) <= 0)
		return false;
	thread_call_parse(text, out);
	return true;
}

bool thread_call_read(int pid, int tid, struct thread_call *out)
{
	if (!thread_motion_read(pid, tid, out))
		return false;
	if (!out->is_running)
		thread_call_now(pid, tid, out);
	return true;
}

/* The only bit of a set of at most FD_SETSIZE, -1: none or several. */
static int only_member(struct memory *memory, uint64_t set, uint64_t count, int so_far)
{
	fd_set bits;
	FD_ZERO(&bits);
	if (!set)
		return so_far;
	if (count > FD_SETSIZE || !memory_read(memory, set, &bits, (count + 7) / 8))
		return -2;
	for (int fd = 0; fd < (int)count; fd++) {
		if (!FD_ISSET(fd, &bits) || fd == so_far)
			continue;
		if (so_far != -1)
			return -2;
		so_far = fd;
	}
	return so_far;
}

enum call_wait call_wait_of(const struct thread_call *call)
{
	const struct call_kind *kind = call_kind_of(call->number);
	if (!kind)
		return WAIT_OTHER;
	/* poll(fds, count), select(count, …): up to 3.10 time.sleep is a select of nothing */
	if (kind->wait == WAIT_DESCRIPTOR && !kind->descriptor &&
	    call->arguments[strstr(kind->name, "poll") ? 1 : 0] == 0)
		return WAIT_SLEEP;
	return kind->wait;
}

int call_descriptor(struct memory *memory, const struct thread_call *call)
{
	const struct call_kind *kind = call->has_number ? call_kind_of(call->number) : NULL;
	if (!kind || kind->wait != WAIT_DESCRIPTOR)
		return -1;
	if (kind->descriptor)
		return (int)call->arguments[kind->descriptor - 1];
	if (strstr(kind->name, "poll")) {
		struct pollfd one;
		/* on a stack that is something else's when the call has ended meanwhile */
		return call->arguments[1] == 1 &&
				       memory_read(memory, call->arguments[0], &one, sizeof one) &&
				       one.fd < DESCRIPTOR_MAX && one.events != 0 &&
				       one.revents == 0
			       ? one.fd
			       : -1;
	}
	/* select(count, read, write, except) */
	int fd = -1;
	for (int set = 1; set <= 3 && fd != -2; set++)
		fd = only_member(memory, call->arguments[set], call->arguments[0], fd);
	return fd < 0 ? -1 : fd;
}
