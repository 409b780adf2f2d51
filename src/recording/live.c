#include "recording/live.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"

/* Bytes of the -shm file: WAL_WRITE_LOCK, and WAL_CKPT_LOCK, which takes its place for the moment
 * between two transactions (https://www.sqlite.org/walformat.html, 2.2.1 and "WAL Locks"). */
enum { WRITE_LOCK_AT = 120, LOCK_BYTES = 2 };
/* Looks at a lock that is free between two transactions, for a few milliseconds. */
enum { LOOKS = 4, LOOK_MS = 10 };

static bool is_locked(int fd)
{
	struct flock lock = {.l_type = F_RDLCK,
			     .l_whence = SEEK_SET,
			     .l_start = WRITE_LOCK_AT,
			     .l_len = LOCK_BYTES};
	return fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type == F_WRLCK;
}

bool recording_is_live(const char *path)
{
	const struct timespec pause = {0, LOOK_MS * (long)NS_PER_MS};
	struct str shared;
	bool is_live = false;
	str_init(&shared, 4096 + 8);
	str_printf(&shared, "%s-shm", path);
	const int fd = open(shared.text, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	str_free(&shared);
	if (fd < 0)
		return false;
	for (int i = 0; i < LOOKS && !is_live; i++) {
		if (i)
			(void)nanosleep(&pause, NULL);
		is_live = is_locked(fd);
	}
	close(fd);
	return is_live;
}
