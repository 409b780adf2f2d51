/* Is a recording still being written? Its writer holds SQLite's lock for writing the whole time
 * (recording.c), which readers never take; who was killed holds none. Nothing is kept or made.
 */
#ifndef UNSLOW_RECORDING_LIVE_H
#define UNSLOW_RECORDING_LIVE_H

#include <stdbool.h>

/* By another process; its own writer a process does not see. Ask before the recording is opened: it
 * would give up the locks of one that this process has open (fcntl(2), "Advisory record locking").
 */
bool recording_is_live(const char *path);

#endif
