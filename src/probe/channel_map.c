#include "probe/channel_map.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/channel.h"
#include "probe/channel_reader.h"

/* stat(2): st_blocks are of 512 bytes, whatever the file system's. */
enum { STAT_BLOCK = 512 };

static enum err_kind open_map(struct guarded_map *map, int directory, const char *name, bool whole,
			      struct err *e)
{
	struct stat st;
	const int fd =
		openat(directory, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 && errno == ENOENT)
		return ERR(e, ERR_LIMIT, "channel file %s is not there yet", name);
	if (fd < 0)
		return ERR(e, ERR_INVALID, "channel file %s: %s", name, strerror(errno));
	enum err_kind kind = ERR_OK;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
	    (uint64_t)st.st_size > CHANNEL_FILE_BYTES_MAX)
		kind = ERR(e, ERR_INVALID, "channel file %s is no regular file of its size", name);
	else if (st.st_size < (off_t)CHANNEL_PAGE)
		kind = ERR(e, ERR_LIMIT, "channel file %s has no pages yet", name);
	else if (whole && (uint64_t)st.st_blocks * STAT_BLOCK < (uint64_t)st.st_size)
		kind = ERR(e, ERR_INVALID,
			   "channel file %s has holes, an agent's has none; if its file system "
			   "cannot allocate, mount a larger /dev/shm",
			   name);
	else
		kind = guarded_map_open(map, fd, (size_t)st.st_size, e);
	close(fd);
	return kind;
}

enum err_kind channel_map_open(struct guarded_map *map, int directory, const char *name,
			       struct err *e)
{
	return open_map(map, directory, name, false, e);
}

enum err_kind channel_map_open_whole(struct guarded_map *map, int directory, const char *name,
				     struct err *e)
{
	return open_map(map, directory, name, true, e);
}
