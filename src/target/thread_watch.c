#include "target/thread_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "target/proc.h"

enum { TEXT_BYTES = 256, SPARE_DESCRIPTORS = 128 };

/* Of the descriptors that this program may have, those that watches may keep. */
static int may_keep(void)
{
	static int most = -1;
	struct rlimit limit;
	if (most < 0) {
		most = 0;
		if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur > SPARE_DESCRIPTORS)
			most = limit.rlim_cur > 1 << 20 ? 1 << 20
							: (int)limit.rlim_cur - SPARE_DESCRIPTORS;
	}
	return most;
}

static int open_file(const struct thread_watch *watch, const char *name)
{
	char path[96];
	snprintf(path, sizeof path, "/proc/%d/task/%d/%s", watch->pid, watch->tid, name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static int kept(const struct thread_watch *watch, const char *name)
{
	const int fd = open_file(watch, name);
	if (fd < may_keep())
		return fd;
	close(fd);
	return -1;
}

void thread_watch_open(struct thread_watch *watch, int pid, int tid)
{
	*watch = (struct thread_watch){.pid = pid, .tid = tid};
	watch->schedstat_fd = kept(watch, "schedstat");
	watch->syscall_fd = kept(watch, "syscall");
}

void thread_watch_close(struct thread_watch *watch)
{
	if (watch->schedstat_fd >= 0)
		close(watch->schedstat_fd);
	if (watch->syscall_fd >= 0)
		close(watch->syscall_fd);
	watch->schedstat_fd = watch->syscall_fd = -1;
}

static bool read_text(const struct thread_watch *watch, int kept_fd, const char *name, char *text)
{
	const int fd = kept_fd >= 0 ? kept_fd : open_file(watch, name);
	if (fd < 0)
		return false;
	const ssize_t length = pread(fd, text, TEXT_BYTES - 1, 0);
	if (fd != kept_fd)
		close(fd);
	text[length > 0 ? length : 0] = '\0';
	return length > 0;
}

bool thread_watch_motion(const struct thread_watch *watch, struct thread_call *out)
{
	char text[TEXT_BYTES];
	if (read_text(watch, watch->schedstat_fd, "schedstat", text))
		return thread_motion_parse(text, out);
	/* A kernel that counts no timeslices; a file kept open fails only when its thread is gone.
	 */
	return watch->schedstat_fd < 0 && thread_motion_read(watch->pid, watch->tid, out);
}

bool thread_watch_call(const struct thread_watch *watch, struct thread_call *out)
{
	char text[TEXT_BYTES];
	struct thread_call by_state;
	if (read_text(watch, watch->syscall_fd, "syscall", text)) {
		thread_call_parse(text, out);
		return true;
	}
	if (!thread_motion_read(watch->pid, watch->tid, &by_state))
		return false;
	out->is_running = by_state.is_running;
	out->has_number = false;
	return true;
}
