/* The walks of a process's heap (agent/walk_file.h): found, read once, handed to the recording,
 * removed.
 *
 * Whom it is to look for is written for the process before; of a site that comes back the recording
 * knows which row of heap_site it is, if it is one.
 *
 * A walk is looked for from when it is asked for until it is done or has failed, or the process is
 * gone. Its file is copied and checked as all that comes from a process: what breaks a rule alone
 * is left out alone, a file whose header does is refused.
 */
#ifndef UNSLOW_PROBE_WALK_READER_H
#define UNSLOW_PROBE_WALK_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/walk_file.h"
#include "recording/ingest.h"

struct walk_reader;

/* `directory` is an open fd, the caller's, as `ingest`; `bytes_max`: of a file. */
struct walk_reader *walk_reader_new(int directory, uint32_t pid, uint32_t serial,
				    uint64_t bytes_max, struct ingest *ingest);
/* Where the process says that its walk failed, its heap is read from outside (outside_walk.h), by
 * this number of it; 0: never. */
void walk_reader_read_outside(struct walk_reader *reader, int pid);
/* Names to the process whom walk `number`, which is about to be asked for, is to look for. */
void walk_reader_ask(struct walk_reader *reader, uint32_t number, const struct walk_target *targets,
		     size_t count);
/* `asked`: the number of the walk that was asked for last. `is_last`: the process is gone, or the
 * recording ends: what is not done by then has failed. Returns bytes of files that were removed. */
uint64_t walk_reader_drain(struct walk_reader *reader, uint32_t asked, bool is_last);
void walk_reader_free(struct walk_reader *reader); /* NULL is allowed */

#endif
