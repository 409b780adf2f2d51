#include "probe/channel_directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"

/* A directory without a control file is being made, unless it has been so for this long. */
enum { UNFINISHED_S = 60 };

static uint64_t room_bytes(const char *path)
{
	struct statvfs fs;
	if (access(path, W_OK | X_OK) != 0 || statvfs(path, &fs) != 0)
		return 0;
	return (uint64_t)fs.f_bavail * fs.f_frsize;
}

/* LD_PRELOAD and the agent take no path with a blank or a colon. */
static bool is_plain(const char *path)
{
	return path && path[0] == '/' && !strpbrk(path, " :\t\n") && strlen(path) < 200;
}

/* Only files: nothing makes directories here. */
static void empty(int directory)
{
	const int copy = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *files = copy >= 0 ? fdopendir(copy) : NULL;
	if (!files) {
		if (copy >= 0)
			close(copy);
		return;
	}
	for (struct dirent *file; (file = readdir(files));)
		if (strcmp(file->d_name, ".") != 0 && strcmp(file->d_name, "..") != 0)
			unlinkat(directory, file->d_name, 0);
	closedir(files);
}

static bool is_stale(int directory)
{
	struct stat st;
	if (fstat(directory, &st) != 0 || st.st_uid != geteuid())
		return false;
	const int control = openat(directory, "control", O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (control < 0)
		return errno == ENOENT && time(NULL) - st.st_mtim.tv_sec > UNFINISHED_S;
	const bool stale = flock(control, LOCK_EX | LOCK_NB) == 0;
	close(control);
	return stale;
}

static void remove_stale(const char *place)
{
	char prefix[32];
	DIR *entries = opendir(place);
	if (!entries)
		return;
	snprintf(prefix, sizeof prefix, "unslow-%u-", (unsigned)geteuid());
	for (struct dirent *entry; (entry = readdir(entries));) {
		if (!str_starts_with(entry->d_name, prefix))
			continue;
		const int fd = openat(dirfd(entries), entry->d_name,
				      O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
		if (fd < 0)
			continue;
		if (is_stale(fd)) {
			empty(fd);
			unlinkat(dirfd(entries), entry->d_name, AT_REMOVEDIR);
		}
		close(fd);
	}
	closedir(entries);
}

static enum err_kind make_control(struct channel_directory *d, uint64_t room, struct err *e)
{
	d->control_fd =
		openat(d->fd, "control", O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (d->control_fd < 0 || flock(d->control_fd, LOCK_EX | LOCK_NB) != 0)
		return ERR(e, ERR_SYSTEM, "cannot make %s/control", d->path);
	errno = posix_fallocate(d->control_fd, 0, CHANNEL_PAGE);
	if (errno)
		return ERR(e, ERR_SYSTEM, "no room for %s/control; free some memory there",
			   d->path);
	TRY(guarded_map_open(&d->control_map, d->control_fd, CHANNEL_PAGE, e));
	struct channel_control *control = (void *)d->control_map.bytes;
	d->control = control;
	control->abi = CHANNEL_ABI;
	control->reader_pid = (uint32_t)getpid();
	atomic_store(&control->heartbeat_ns, clock_now_ns());
	atomic_store(&control->command, CHANNEL_RUN);
	atomic_store(&control->next_serial, 1);
	control->tick_asked_hz = CHANNEL_TICK_HZ;
	atomic_store(&control->tick_hz, CHANNEL_TICK_HZ);
	control->tick_budget_permille = CHANNEL_TICK_BUDGET_PERMILLE;
	d->bytes_limit = room / 4 * 3 < CHANNEL_BYTES_LIMIT ? room / 4 * 3 : CHANNEL_BYTES_LIMIT;
	control->bytes_limit = d->bytes_limit;
	if (getrandom(control->text_key, sizeof control->text_key, 0) !=
	    (ssize_t)sizeof control->text_key)
		return ERR(e, ERR_SYSTEM, "no random numbers for the channel's key");
	atomic_store_explicit(&control->magic, CHANNEL_CONTROL_MAGIC, memory_order_release);
	return ERR_OK;
}

enum err_kind channel_directory_make(struct channel_directory *d, struct err *e)
{
	const char *const places[] = {"/dev/shm", getenv("XDG_RUNTIME_DIR"), "/tmp"};
	*d = (struct channel_directory){.fd = -1, .control_fd = -1};
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (is_plain(places[i]))
			remove_stale(places[i]);
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		const uint64_t room = is_plain(places[i]) ? room_bytes(places[i]) : 0;
		if (room < CHANNEL_ROOM_MIN_BYTES)
			continue;
		snprintf(d->path, sizeof d->path, "%s/unslow-%u-XXXXXX", places[i],
			 (unsigned)geteuid());
		if (!mkdtemp(d->path))
			continue;
		d->fd = open(d->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		const enum err_kind kind =
			d->fd >= 0 ? make_control(d, room, e)
				   : ERR(e, ERR_SYSTEM, "cannot open %s just made", d->path);
		if (kind != ERR_OK)
			channel_directory_remove(d);
		return kind;
	}
	return ERR(e, ERR_LIMIT,
		   "no room for the agent's channel: /dev/shm, XDG_RUNTIME_DIR and /tmp have less "
		   "than %llu MiB free or cannot be written; free some, or mount a larger /dev/shm",
		   (unsigned long long)(CHANNEL_ROOM_MIN_BYTES >> 20));
}

void channel_directory_remove(struct channel_directory *d)
{
	/* a target that lives on has it mapped, and its memory may be dumped */
	if (d->control)
		explicit_bzero(d->control->text_key, sizeof d->control->text_key);
	guarded_map_close(&d->control_map);
	d->control = NULL;
	if (d->fd >= 0) {
		empty(d->fd);
		close(d->fd);
		rmdir(d->path);
	}
	if (d->control_fd >= 0)
		close(d->control_fd);
	d->fd = d->control_fd = -1;
}
