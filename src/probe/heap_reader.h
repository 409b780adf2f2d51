/* The heap file of one process (agent/heap_file.h): found, read now and then, handed to the
 * recording, removed.
 *
 * Nothing is written into it. Each second its seconds are looked at; a snapshot of what is live,
 * with the counters of all sites, is taken every HEAP_FIRST_NS at first, half as often each time
 * the recording has as many as it keeps (recording/heap.h), and at the end. The file is copied and
 * checked each time (heap_copy.h) and not kept mapped in between.
 *
 * A process may be hostile and must not take the time of the others: a file with holes, or larger
 * than the channel may be, is refused, and reading it takes no more than HEAP_READ_SHARE of the
 * time.
 */
#ifndef UNSLOW_PROBE_HEAP_READER_H
#define UNSLOW_PROBE_HEAP_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/heap_file.h"
#include "agent/walk_file.h"
#include "recording/ingest.h"

#define HEAP_FIRST_NS (UINT64_C(250) * 1000000)
#define HEAP_READ_SHARE 50 /* a fiftieth of the time at most, of one process */

struct heap_reader;

/* `directory` is an open fd, the caller's, as `ingest`; `bytes_max`: of the file. */
struct heap_reader *heap_reader_new(int directory, uint32_t pid, uint32_t serial,
				    uint64_t bytes_max, struct ingest *ingest);

/* `want` is what is asked for now (enum heap_want), `units`: of work that ended in the process.
 * `is_last`: all there is, whatever is due; the process has gone, or the recording ends. */
void heap_reader_drain(struct heap_reader *reader, uint32_t want, uint64_t units, bool is_last);
/* Whom a walk that is asked for now is to look for (walk_targets.h), into `out`, of WALK_TARGETS;
 * their sites are in the recording then. Returns how many: 0 where nothing is sampled. */
size_t heap_reader_targets(struct heap_reader *reader, struct walk_target *out);
/* Why it is left alone; empty: it is not. */
const char *heap_reader_broken(const struct heap_reader *reader);
/* Removes the file if `remove_file`; returns its bytes. NULL is allowed. */
uint64_t heap_reader_close(struct heap_reader *reader, bool remove_file);

#endif
