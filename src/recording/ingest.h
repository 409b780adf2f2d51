/* From channel records to rows: dictionaries made global, units summed, usage
 * aggregated, handles followed. Knows nothing of files and rings: the probe
 * hands over checked structs, tests hand over made-up ones.
 */
#ifndef UNSLOW_RECORDING_INGEST_H
#define UNSLOW_RECORDING_INGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/channel.h"
#include "base/err.h"
#include "recording/recording.h"

struct ingest;

struct ingest *ingest_new(struct recording *recording);
void ingest_free(struct ingest *in); /* NULL is allowed */
/* --app PATH: all code below it is the application's. Before the first process; NULL: none. */
void ingest_set_app_path(struct ingest *in, const char *path);

/* A process has appeared; `header` is a checked copy. */
void ingest_process(struct ingest *in, const struct channel_header *header);
/* Its header again, at each drain: counters, state, losses. */
void ingest_process_update(struct ingest *in, const struct channel_header *header);
/* What its hooks cost so far: calls hooked, and the hooks' own time (ns, estimated from the
 * sampled ones). Becomes meta.hook_calls and meta.hook_ns, summed over processes. */
void ingest_hook_cost(struct ingest *in, uint32_t serial, uint64_t calls, uint64_t own_ns);
/* It is gone: open units are written without end; handles still open stay open, their process
 * has an end. */
void ingest_process_end(struct ingest *in, uint32_t serial, uint64_t at_ns);

/* Dictionary entries of a process, payload checked for its own lengths. */
void ingest_text(struct ingest *in, uint32_t serial, const struct dict_text *text);
void ingest_code(struct ingest *in, uint32_t serial, const struct dict_code *code);
void ingest_stack(struct ingest *in, uint32_t serial, const struct dict_stack *stack);
void ingest_handle(struct ingest *in, uint32_t serial, const struct dict_handle *handle);
void ingest_fact(struct ingest *in, uint32_t serial, const struct dict_fact *fact);
void ingest_thread(struct ingest *in, uint32_t serial, const struct dict_thread *thread);

/* Row ids for samples_add(): of a thread, and of a stack by the id it was told under. 0: not known.
 */
int64_t ingest_thread_row(struct ingest *in, uint32_t serial, uint32_t tid);
int64_t ingest_stack_row(struct ingest *in, uint32_t serial, uint32_t stack);

/* One record, of the ring of thread `tid`. */
void ingest_record(struct ingest *in, uint32_t serial, uint32_t tid,
		   const struct channel_record *record);
/* After each drain: writes finished rows; ERR_SYSTEM if the file cannot grow. */
MUST_CHECK enum err_kind ingest_flush(struct ingest *in, struct err *e);
/* At the end: open units, usage not yet written, losses. Processes not reported gone are alive. */
MUST_CHECK enum err_kind ingest_finish(struct ingest *in, uint64_t at_ns, struct err *e);

#endif
