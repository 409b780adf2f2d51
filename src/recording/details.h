/* What one record of a call, statement, span, callback, exception or look at the tasks becomes:
 * sums of its unit or of usage_10s, what it says of its handle, and its raw row.
 *
 * For ingest.c, which has checked that its times (ns) fit and that its unit is the process's. The
 * rest of the record is hostile: its ids are made those of the recording here, and what they do not
 * name is counted as a loss. Nothing is kept of the record.
 */
#ifndef UNSLOW_RECORDING_DETAILS_H
#define UNSLOW_RECORDING_DETAILS_H

#include <stdint.h>

#include "agent/channel.h"

struct ingest;
struct process;

/* A record that has its time or place, of the ring of thread `tid`. */
void detail_record(struct ingest *in, struct process *p, uint32_t tid,
		   const struct channel_record *record);
/* What a statement bound (RECORD_VALUES); its own row tells the rest. */
void detail_values(struct ingest *in, struct process *p, const struct channel_record *record);
/* What a look at the tasks found (RECORD_TASKS). */
void detail_tasks(struct ingest *in, struct process *p, const struct channel_record *record);

#endif
