/* The calls files of one process (agent/calls_file.h): found, read now and then, handed to the
 * recording, removed.
 *
 * Nothing is written into them. Every CALLS_READ_NS and at the end all of them are copied and
 * checked (calls_copy.h), one after the other, and as soon as what is in force has changed: who
 * switches counting off looks at the counts next. In between only the first page is looked at, once
 * a second, for what hooks cost (call_window).
 *
 * A process may be hostile and must not take the time of the others: files with holes, or larger
 * together than the channel may be, are refused; a read stops when its time is over and goes on
 * with the next drain. At the end there is no next one: what is left is counted as lost.
 */
#ifndef UNSLOW_PROBE_CALLS_READER_H
#define UNSLOW_PROBE_CALLS_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/calls_file.h"
#include "recording/ingest.h"

#define CALLS_READ_NS (UINT64_C(10) * 1000000000)
/* Apart at least, however often a process says that something changed. */
#define CALLS_CHANGED_NS (UINT64_C(250) * 1000000)

struct calls_reader;

/* `directory` is an open fd, the caller's, as `ingest`; `bytes_max`: of all of its files. */
struct calls_reader *calls_reader_new(int directory, uint32_t pid, uint32_t serial,
				      uint64_t bytes_max, struct ingest *ingest);

enum calls_moment {
	CALLS_MEANWHILE,   /* reads what is due */
	CALLS_AT_THE_END,  /* of the recording: all there is, the process goes on */
	CALLS_PROCESS_GONE /* all there is, a last time */
};
/* `control` is what was asked for (a copy; NULL: not known). Switched off, what was counted stays
 * of what was asked for last. No file is begun after `until_ns`, past the first. */
void calls_reader_drain(struct calls_reader *reader, const struct calls_control *control,
			enum calls_moment moment, uint64_t until_ns);
/* Why it is left alone; empty: it is not. */
const char *calls_reader_broken(const struct calls_reader *reader);
/* Removes the files if `remove_files`; returns their bytes. NULL is allowed. */
uint64_t calls_reader_close(struct calls_reader *reader, bool remove_files);

#endif
