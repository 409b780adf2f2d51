/* The channel files of one process, read: header, dictionary, rings.
 *
 * Everything in them is hostile: geometry is copied and checked once, each
 * entry and record is copied, then checked; a file that breaks the rules is
 * left alone from then on and says why. Order in a drain: ring heads, then the
 * dictionary, then records up to those heads, so that a name is known before
 * the record that uses it; while an entry is still being written, records
 * wait for it, but only CHANNEL_HOLD_DRAINS drains.
 * The reader writes nothing but each ring's tail.
 */
#ifndef UNSLOW_PROBE_CHANNEL_READER_H
#define UNSLOW_PROBE_CHANNEL_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "recording/ingest.h"

#define CHANNEL_HOLD_DRAINS 10
#define CHANNEL_FILES_MAX 128
#define CHANNEL_FILE_BYTES_MAX (UINT64_C(1) << 30)

struct channel_reader;

struct channel_counts {
	uint64_t records; /* handed to ingest */
	uint64_t dropped; /* losses of the agent, all reasons */
	uint64_t units_begun, units_ended;
	uint32_t state;       /* enum agent_state */
	uint64_t tick_cpu_ns; /* as the process claims */
};

/* Is `name` that of a process's first file, "PID-SERIAL.0"? */
bool channel_reader_parse_name(const char *name, uint32_t *pid, uint32_t *serial);
/* `name` is "PID-SERIAL.0" in `directory` (an open fd, the caller's). ERR_LIMIT:
 * its header is not there yet, try again; ERR_INVALID: it is no channel file. */
MUST_CHECK enum err_kind channel_reader_open(struct channel_reader **out, int directory,
					     const char *name, struct ingest *ingest,
					     struct err *e);
/* Everything there is, up to now. `is_last`: the process is gone, nothing waits. */
void channel_reader_drain(struct channel_reader *reader, bool is_last);
/* The last drain found a ring an eighth full or more. */
bool channel_reader_is_busy(const struct channel_reader *reader);
/* The calls that were open when the process died or the recording ended become
 * records that last until at_ns. */
void channel_reader_end_open_calls(struct channel_reader *reader, uint64_t at_ns);
struct channel_counts channel_reader_count(const struct channel_reader *reader);
uint32_t channel_reader_pid(const struct channel_reader *reader);
uint32_t channel_reader_serial(const struct channel_reader *reader);
struct channel_units channel_reader_units(const struct channel_reader *reader);
uint64_t channel_reader_start_ticks(const struct channel_reader *reader);
/* Why it is left alone; empty: it is not. */
const char *channel_reader_broken(const struct channel_reader *reader);
/* Unmaps; removes the files of the process if `remove_files`. Returns the bytes that were
 * removed, which the channel may hand out again. */
uint64_t channel_reader_close(struct channel_reader *reader, bool remove_files);

#endif
