/* The directory of a recording's channel: made, found again, removed.
 *
 * Named unslow-UID-XXXXXX, mode 0700, in memory if there is room. Its owner
 * holds a lock (flock) on `control` as long as it lives, so a directory whose
 * lock can be had belongs to nobody and is removed, whatever became of the
 * owner's pid.
 */
#ifndef UNSLOW_PROBE_CHANNEL_DIRECTORY_H
#define UNSLOW_PROBE_CHANNEL_DIRECTORY_H

#include <limits.h>
#include <stdint.h>

#include "agent/channel.h"
#include "base/err.h"
#include "probe/guarded_map.h"

#define CHANNEL_ROOM_MIN_BYTES (UINT64_C(16) << 20) /* two workers */
#define CHANNEL_BYTES_LIMIT (UINT64_C(1) << 30)

struct channel_directory {
	char path[PATH_MAX];
	uint64_t bytes_limit; /* as given to `control`, where hostile processes may write it */
	int fd;               /* of the directory */
	int control_fd;       /* holds the lock */
	struct guarded_map control_map;
	struct channel_control *control; /* in control_map */
};

/* Removes what dead owners left behind, then makes directory and control file. */
MUST_CHECK enum err_kind channel_directory_make(struct channel_directory *d, struct err *e);
/* Removes the files and the directory, gives up the lock. */
void channel_directory_remove(struct channel_directory *d);

#endif
