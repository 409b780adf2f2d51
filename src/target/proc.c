#include "target/proc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/scan.h"
#include "base/str.h"
#include "base/vec.h"

ssize_t proc_read_file(const char *path, char *buffer, size_t size)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	size_t length = 0;
	while (length < size - 1) {
		const ssize_t n = read(fd, buffer + length, size - 1 - length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			const int saved = errno;
			close(fd);
			errno = saved;
			return -1;
		}
		if (n == 0)
			break;
		length += (size_t)n;
	}
	close(fd);
	buffer[length] = '\0';
	return (ssize_t)length;
}

bool proc_next_number(const char **at, uint64_t *number)
{
	while (**at && **at != '\n' && (**at < '0' || **at > '9'))
		++*at;
	return scan_decimal(at, UINT64_MAX, number);
}

/* The n-th number of a small file's first line, n from 1. */
static bool read_number(const char *path, int n, uint64_t *number)
{
	char text[256];
	if (proc_read_file(path, text, sizeof text) < 0)
		return false;
	const char *at = text;
	while (n-- > 0)
		if (!proc_next_number(&at, number))
			return false;
	return true;
}

int proc_entry_id(const char *name)
{
	const char *at = name;
	uint64_t id;
	return scan_decimal(&at, INT_MAX, &id) && !*at ? (int)id : 0;
}

/* The kernel gives a file that is one record whole, in one reading (seq_read(), fs/seq_file.c). */
static bool read_record(const char *path, char *text, size_t size)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	const ssize_t n = read(fd, text, size - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	return n > 0;
}

enum err_kind proc_read_stat(int pid, struct proc_stat *out, struct err *e)
{
	char path[64];
	char text[1024];
	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	if (!read_record(path, text, sizeof text))
		return ERR(e, ERR_NO_TARGET, "no process has the id %d", pid);
	/* The name is in parentheses and may hold any byte, a ')' too. */
	const char *open_paren = strchr(text, '(');
	char *close_paren = strrchr(text, ')');
	if (!open_paren || !close_paren || close_paren < open_paren)
		return ERR(e, ERR_INVALID, "%s has no name field", path);
	*close_paren = '\0';
	*out = (struct proc_stat){.pid = pid};
	str_copy(out->name, sizeof out->name, open_paren + 1);
	/* proc(5): 3 state, 4 ppid, 14 utime, 15 stime, 20 num_threads, 22 starttime. The
	 * numbers before it may be negative, which is not looked at. */
	uint64_t field[23];
	const char *at = close_paren + 1;
	at += strspn(at, " ");
	out->state = *at;
	for (int i = 4; i <= 22; i++)
		if (!proc_next_number(&at, &field[i]))
			return ERR(e, ERR_INVALID, "%s ends before field %d", path, i);
	out->parent_pid = (int)field[4];
	out->cpu_ns = (field[14] + field[15]) * (NS_PER_S / (uint64_t)sysconf(_SC_CLK_TCK));
	out->threads = (uint32_t)field[20];
	out->start_ticks = field[22];
	return ERR_OK;
}

uint64_t proc_stack_start(int pid)
{
	char path[64], text[1024];
	uint64_t number = 0;
	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	if (proc_read_file(path, text, sizeof text) <= 0)
		return 0;
	const char *at = strrchr(text, ')');
	for (int field = 4; at && field <= 28; field++)
		if (!proc_next_number(&at, &number))
			return 0;
	return number;
}

int proc_last_id(int *fd)
{
	char text[128];
	uint64_t number;
	if (*fd <= 0)
		*fd = open("/proc/loadavg", O_RDONLY | O_CLOEXEC);
	const ssize_t length = *fd > 0 ? pread(*fd, text, sizeof text - 1, 0) : 0;
	if (length <= 0)
		return 0;
	text[length] = '\0';
	const char *last = strrchr(text, ' ');
	return last && proc_next_number(&last, &number) && number <= INT_MAX ? (int)number : 0;
}

int64_t proc_rss_bytes(int pid)
{
	char path[64];
	uint64_t pages;
	snprintf(path, sizeof path, "/proc/%d/statm", pid);
	return read_number(path, 2, &pages) ? (int64_t)pages * sysconf(_SC_PAGESIZE) : -1;
}

int64_t proc_anonymous_bytes(int pid)
{
	char path[64];
	uint64_t resident, shared;
	snprintf(path, sizeof path, "/proc/%d/statm", pid);
	if (!read_number(path, 2, &resident) || !read_number(path, 3, &shared) || shared > resident)
		return -1;
	return (int64_t)(resident - shared) * sysconf(_SC_PAGESIZE);
}

int64_t proc_count_fds(int pid)
{
	char path[64];
	struct stat facts;
	snprintf(path, sizeof path, "/proc/%d/fd", pid);
	/* From Linux 6.2 on the size of the directory is the number. */
	if (stat(path, &facts) == 0 && facts.st_size > 0)
		return facts.st_size;
	DIR *directory = opendir(path);
	if (!directory)
		return -1;
	int64_t count = 0;
	for (struct dirent *entry; (entry = readdir(directory));)
		count += entry->d_name[0] != '.';
	closedir(directory);
	return count;
}

int proc_read_threads(int pid, struct proc_thread *threads, int max)
{
	char path[96];
	snprintf(path, sizeof path, "/proc/%d/task", pid);
	DIR *directory = opendir(path);
	if (!directory)
		return -1;
	int count = 0;
	for (struct dirent *entry; count < max && (entry = readdir(directory));) {
		struct proc_thread *thread = &threads[count];
		thread->tid = proc_entry_id(entry->d_name);
		if (!thread->tid)
			continue;
		snprintf(path, sizeof path, "/proc/%d/task/%d/schedstat", pid, thread->tid);
		/* A thread may end while we look. */
		if (read_number(path, 1, &thread->cpu_ns) &&
		    read_number(path, 2, &thread->runqueue_ns))
			count++;
	}
	closedir(directory);
	return count;
}

struct parenthood {
	int pid;
	int parent;
};

/* Every process there is: for kernels without CONFIG_PROC_CHILDREN. */
static int tree_by_all(int pid, int *pids, int max)
{
	VEC(struct parenthood) all = {0};
	DIR *directory = opendir("/proc");
	if (!directory)
		return 0;
	for (struct dirent *entry; (entry = readdir(directory));) {
		struct proc_stat stat_now;
		const int id = proc_entry_id(entry->d_name);
		if (!id || proc_read_stat(id, &stat_now, NULL) != ERR_OK)
			continue;
		*vec_push(&all) = (struct parenthood){stat_now.pid, stat_now.parent_pid};
	}
	closedir(directory);
	int count = 0;
	pids[count++] = pid;
	for (int i = 0; i < count; i++)
		for (size_t k = 0; k < all.count && count < max; k++)
			if (all.items[k].parent == pids[i] && all.items[k].pid != pids[i])
				pids[count++] = all.items[k].pid;
	vec_free(&all);
	return count;
}

/* Children of one thread, each number followed by a blank (proc(5), …/children); none
 * when it is gone. */
static void add_children(int pid, int tid, int *pids, int max, int *count)
{
	char path[96];
	snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid, tid);
	FILE *file = fopen(path, "re");
	if (!file)
		return;
	char *line = NULL;
	size_t size = 0;
	uint64_t child;
	if (getline(&line, &size, file) > 0)
		for (const char *at = line; *count < max && proc_next_number(&at, &child);)
			if (child <= INT_MAX)
				pids[(*count)++] = (int)child;
	free(line);
	fclose(file);
}

static void add_children_of_threads(int pid, int *pids, int max, int *count)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/task", pid);
	DIR *directory = opendir(path);
	if (!directory)
		return;
	for (struct dirent *entry; (entry = readdir(directory));) {
		const int tid = proc_entry_id(entry->d_name);
		if (tid)
			add_children(pid, tid, pids, max, count);
	}
	closedir(directory);
}

int proc_read_children(struct proc_children_file *file, int pid, int *pids, int max)
{
	char path[96], text[4096];
	uint64_t child;
	int count = 0;
	if (file->fd <= 0) {
		snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid, pid);
		file->fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	const ssize_t length = file->fd > 0 ? pread(file->fd, text, sizeof text - 1, 0) : 0;
	if (length <= 0)
		return 0;
	/* A number that is cut at the buffer's end is left out. */
	size_t end = (size_t)length;
	while (end > 0 && text[end - 1] != ' ')
		end--;
	text[end] = '\0';
	for (const char *at = text; count < max && proc_next_number(&at, &child);)
		if (child <= INT_MAX)
			pids[count++] = (int)child;
	return count;
}

void proc_close_children(struct proc_children_file *file)
{
	if (file->fd > 0)
		close(file->fd);
	file->fd = 0;
}

int proc_tree(int pid, int *pids, int max)
{
	char path[64];
	int count = 0;
	if (max < 1)
		return 0;
	snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
	if (access(path, R_OK) != 0)
		return tree_by_all(pid, pids, max);
	pids[count++] = pid;
	for (int i = 0; i < count; i++)
		add_children_of_threads(pids[i], pids, max, &count);
	return count;
}

/* "NSpid: 4242 17 1": its number in each namespace, ours first, its own last; *levels is how many.
 */
static int inner_id(const char *status_path, int *levels)
{
	char text[8192];
	if (proc_read_file(status_path, text, sizeof text) <= 0)
		return 0;
	const char *at = strstr(text, "\nNSpid:");
	uint64_t number = 0;
	*levels = 0;
	if (!at)
		return 0;
	for (at += strlen("\nNSpid:"); proc_next_number(&at, &number);)
		(*levels)++;
	return number <= INT_MAX ? (int)number : 0;
}

static bool has_inner_pid(int pid, int inner)
{
	char path[64];
	int levels;
	snprintf(path, sizeof path, "/proc/%d/status", pid);
	return inner_id(path, &levels) == inner;
}

bool proc_has_inner_ids(int pid)
{
	char path[64];
	int levels = 0;
	snprintf(path, sizeof path, "/proc/%d/status", pid);
	return inner_id(path, &levels) != 0 && levels > 1;
}

int proc_inner_tid(int pid, int tid)
{
	char path[96];
	int levels;
	snprintf(path, sizeof path, "/proc/%d/task/%d/status", pid, tid);
	return inner_id(path, &levels);
}

int proc_tracer(int pid)
{
	static const char field[] = "\nTracerPid:";
	char path[64], text[8192];
	uint64_t tracer = 0;
	snprintf(path, sizeof path, "/proc/%d/status", pid);
	if (proc_read_file(path, text, sizeof text) <= 0)
		return 0;
	const char *at = strstr(text, field);
	if (at)
		at += sizeof field - 1;
	return at && proc_next_number(&at, &tracer) && tracer <= INT_MAX ? (int)tracer : 0;
}

int proc_find_inner(int root, int inner, uint64_t start_ticks)
{
	enum { TREE_MAX = 4096 };
	int *pids = mem_alloc(TREE_MAX * sizeof *pids);
	const int count = proc_tree(root, pids, TREE_MAX);
	int found = 0;
	for (int i = 0; i < count && !found; i++) {
		struct proc_stat stat_now = {0};
		if (has_inner_pid(pids[i], inner) &&
		    (start_ticks == 0 || (proc_read_stat(pids[i], &stat_now, NULL) == ERR_OK &&
					  stat_now.start_ticks == start_ticks)))
			found = pids[i];
	}
	free(pids);
	return found;
}

bool proc_maps_contain(int pid, const char *needle)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/maps", pid);
	FILE *maps = fopen(path, "re");
	if (!maps)
		return false;
	char *line = NULL;
	size_t size = 0;
	bool found = false;
	while (!found && getline(&line, &size, maps) > 0) {
		const char *name = strchr(line, '/');
		found = name && strstr(name, needle);
	}
	free(line);
	fclose(maps);
	return found;
}
