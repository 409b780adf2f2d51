/* The native stacks in a process's heap file: each is copied once, unwound at once and handed to
 * the recording; what of it was a stack is not kept.
 */
#ifndef UNSLOW_PROBE_NATIVE_READER_H
#define UNSLOW_PROBE_NATIVE_READER_H

#include <stdint.h>

#include "probe/guarded_map.h"
#include "recording/ingest.h"

struct native_reader;

/* `ingest` is the caller's. */
struct native_reader *native_reader_new(uint32_t pid, uint32_t serial, struct ingest *ingest);
void native_reader_free(struct native_reader *reader); /* NULL is allowed */

/* What is new in the file, unless the time before took more than a fiftieth (HEAP_READ_SHARE) of
 * what has passed since; `sites`: as many as it has at most. Returns the CPU time that it took. */
uint64_t native_reader_drain(struct native_reader *reader, const struct guarded_map *map,
			     uint32_t sites);

#endif
