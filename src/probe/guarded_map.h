/* A mapping whose owner may cut the file short.
 *
 * Touching a page past the end of a mapped file raises SIGBUS, and the other
 * side is hostile. While such maps exist, a handler puts an empty private page
 * in the place of the missing one and marks the map as cut; the access goes on
 * and reads zeros. A SIGBUS elsewhere does what it always did. Checking the
 * size before each access would leave a race; reading by pread could tear the
 * counters. (The same method: systemd, src/basic/sigbus.c.)
 * Signals are per process: one set of maps, used by one thread.
 */
#ifndef UNSLOW_PROBE_GUARDED_MAP_H
#define UNSLOW_PROBE_GUARDED_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct guarded_map {
	unsigned char *bytes; /* page-aligned; NULL: not mapped */
	size_t size;
	int slot; /* index in the table of the handler */
};

/* Map `size` bytes of fd, shared, readable and writable. The fd may be closed. */
MUST_CHECK enum err_kind guarded_map_open(struct guarded_map *map, int fd, size_t size,
					  struct err *e);
/* The same for reading only, of a file that others have. */
MUST_CHECK enum err_kind guarded_map_open_private(struct guarded_map *map, int fd, size_t size,
						  struct err *e);
void guarded_map_close(struct guarded_map *map); /* not mapped is allowed */
/* Has a page of it been missing? What was read since is worthless. */
bool guarded_map_is_cut(const struct guarded_map *map);

#endif
