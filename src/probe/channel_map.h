/* A file of the channel, found and mapped: a regular one, of a size that is believed. */
#ifndef UNSLOW_PROBE_CHANNEL_MAP_H
#define UNSLOW_PROBE_CHANNEL_MAP_H

#include "base/err.h"
#include "probe/guarded_map.h"

/* Map the whole file `name` of `directory` (an open fd, the caller's). ERR_LIMIT: it is not there
 * yet, or has no page; ERR_INVALID: it is no file that an agent makes. */
MUST_CHECK enum err_kind channel_map_open(struct guarded_map *map, int directory, const char *name,
					  struct err *e);
/* The same, and every byte is backed by storage: holes would cost who made the file nothing, and
 * who reads it time and memory. */
MUST_CHECK enum err_kind channel_map_open_whole(struct guarded_map *map, int directory,
						const char *name, struct err *e);

#endif
