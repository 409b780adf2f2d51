/* What another program asks an agent for: through the control file that its process has mapped. */
#include "probe/agent_probe.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"
#include "probe/channel_directory.h"
#include "target/proc.h"

/* The control file among the mapped ones: …/unslow-UID-XXXXXX/control. */
static bool find_control(int pid, char *path, size_t size)
{
	char name[64], line[PATH_MAX + 128];
	bool found = false;
	snprintf(name, sizeof name, "/proc/%d/maps", pid);
	FILE *maps = fopen(name, "re");
	if (!maps)
		return false;
	while (!found && fgets(line, sizeof line, maps)) {
		char *at = strchr(line, '/');
		line[strcspn(line, "\n")] = '\0';
		found = at && strstr(at, "/unslow-") && str_ends_with(at, "/control") &&
			str_copy(path, size, at);
	}
	fclose(maps);
	return found;
}

bool agent_probe_in(int pid)
{
	char path[PATH_MAX];
	/* unslow itself has the control file mapped, too, but not the agent */
	return proc_maps_contain(pid, AGENT_FILE_NAME) && find_control(pid, path, sizeof path);
}

/* The control file of the process, checked; -1 with the reason. */
static int open_control(int pid, int flags, struct channel_control *control, struct err *e)
{
	char path[PATH_MAX], seen_by_it[PATH_MAX + 64];
	if (!find_control(pid, path, sizeof path)) {
		ERR(e, ERR_NO_TARGET, "process %d has no unslow agent", pid);
		return -1;
	}
	/* The process may live in another mount namespace. */
	snprintf(seen_by_it, sizeof seen_by_it, "/proc/%d/root%s", pid, path);
	const int fd = open(seen_by_it, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0) {
		ERR(e, errno == EACCES || errno == EPERM ? ERR_PERMISSION : ERR_NO_TARGET,
		    "cannot open the channel of process %d (%s); run as its owner or root", pid,
		    strerror(errno));
		return -1;
	}
	/* Nothing is written into a file that is not a control file. */
	if (pread(fd, control, sizeof *control, 0) == (ssize_t)sizeof *control &&
	    control->magic == CHANNEL_CONTROL_MAGIC && control->abi == CHANNEL_ABI)
		return fd;
	ERR(e, ERR_NO_TARGET, "the channel of process %d is not of this unslow", pid);
	close(fd);
	return -1;
}

bool agent_probe_sleeps(int pid)
{
	struct channel_control control;
	const int fd = open_control(pid, O_RDONLY, &control, NULL);
	if (fd < 0)
		return false;
	close(fd);
	return control.command == CHANNEL_SLEEP ||
	       clock_now_ns() > control.heartbeat_ns + CHANNEL_SILENCE_NS;
}

enum err_kind agent_probe_put_to_sleep(int pid, struct err *e)
{
	struct err reason = {0};
	struct channel_control control;
	const uint32_t command = CHANNEL_SLEEP;
	const int fd = open_control(pid, O_RDWR, &control, &reason);
	if (fd < 0) {
		*e = reason;
		return reason.kind;
	}
	enum err_kind kind = ERR_OK;
	if (pwrite(fd, &command, sizeof command, offsetof(struct channel_control, command)) !=
	    (ssize_t)sizeof command)
		kind = ERR(e, ERR_SYSTEM, "cannot write the channel of process %d", pid);
	close(fd);
	return kind;
}

static bool write_at(int fd, const void *bytes, size_t size, size_t offset)
{
	return pwrite(fd, bytes, size, (off_t)offset) == (ssize_t)size;
}

/* What is asked for is read by the process, and what comes of it by `unslow run`. */
static enum err_kind check_reader(int pid, const struct channel_control *control, struct err *e)
{
	if (control->command != CHANNEL_SLEEP &&
	    clock_now_ns() <= control->heartbeat_ns + CHANNEL_SILENCE_NS)
		return ERR_OK;
	return ERR(e, ERR_NO_TARGET,
		   "the agent of process %d sleeps: no `unslow run` watches it any more, and what "
		   "it counted would be read by nobody",
		   pid);
}

enum err_kind agent_probe_ask_walk(int pid, struct err *e)
{
	struct err reason = {0};
	struct channel_control control;
	const int fd = open_control(pid, O_RDWR, &control, &reason);
	if (fd < 0) {
		*e = reason;
		return reason.kind;
	}
	const uint32_t next = control.heap.walk_wish + 1;
	enum err_kind kind = check_reader(pid, &control, e);
	if (kind == ERR_OK && !write_at(fd, &next, sizeof next,
					offsetof(struct channel_control, heap) +
						offsetof(struct heap_control, walk_wish)))
		kind = ERR(e, ERR_SYSTEM, "cannot write the channel of process %d", pid);
	close(fd);
	return kind;
}

_Static_assert(offsetof(struct calls_control, generation) == 0 &&
		       offsetof(struct heap_control, generation) == 0,
	       "a part of the control file begins with its generation");

/* Of the part of the control file at `at`: what is wished from `body` to `end`, then its
 * generation. */
static enum err_kind ask(int pid, size_t at, const void *wish, size_t body, size_t end,
			 struct err *e)
{
	struct err reason = {0};
	struct channel_control control;
	const int fd = open_control(pid, O_RDWR, &control, &reason);
	if (fd < 0) {
		*e = reason;
		return reason.kind;
	}
	uint32_t next;
	memcpy(&next, (const char *)&control + at, sizeof next);
	next = next == UINT32_MAX ? 1 : next + 1; /* never 0 again: that is "never asked" */
	enum err_kind kind = check_reader(pid, &control, e);
	if (kind == ERR_OK && (!write_at(fd, (const char *)wish + body, end - body, at + body) ||
			       !write_at(fd, &next, sizeof next, at)))
		kind = ERR(e, ERR_SYSTEM, "cannot write the channel of process %d", pid);
	close(fd);
	return kind;
}

enum err_kind agent_probe_ask_calls(int pid, const struct calls_control *wish, struct err *e)
{
	return ask(pid, offsetof(struct channel_control, calls), wish,
		   offsetof(struct calls_control, want), sizeof *wish, e);
}

enum err_kind agent_probe_ask_heap(int pid, const struct heap_control *wish, struct err *e)
{
	/* walks are asked for apart */
	return ask(pid, offsetof(struct channel_control, heap), wish,
		   offsetof(struct heap_control, want), offsetof(struct heap_control, walk), e);
}
