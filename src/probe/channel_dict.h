/* The dictionary of a process, read entry by entry.
 *
 * An entry is copied before it is looked at; its lengths are checked against
 * its size, the size against the dictionary. A wrong size ends the dictionary
 * (what follows cannot be found), a wrong payload only that entry.
 */
#ifndef UNSLOW_PROBE_CHANNEL_DICT_H
#define UNSLOW_PROBE_CHANNEL_DICT_H

#include <stdbool.h>
#include <stdint.h>

#include "recording/ingest.h"

struct channel_dict {
	const unsigned char *bytes; /* of the mapped file */
	uint64_t size;
	uint64_t position;  /* of the next entry */
	uint64_t rejected;  /* entries whose payload broke the rules */
	const char *broken; /* why no more can be read; NULL: it can */
};

void channel_dict_init(struct channel_dict *dict, const unsigned char *bytes, uint64_t size);
/* Hand over all entries before `tail` (bytes reserved by the writer, may pass
 * the size). False: stopped at one that is not ready; `skip_unready` leaves
 * such entries out instead. */
bool channel_dict_drain(struct channel_dict *dict, struct ingest *ingest, uint32_t serial,
			uint64_t tail, bool skip_unready);

#endif
