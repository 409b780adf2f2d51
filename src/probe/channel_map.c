#include "probe/channel_map.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/channel.h"
#include "probe/channel_reader.h"

enum err_kind channel_map_open(struct guarded_map *map, int directory, const char *name,
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
	else
		kind = guarded_map_open(map, fd, (size_t)st.st_size, e);
	close(fd);
	return kind;
}
