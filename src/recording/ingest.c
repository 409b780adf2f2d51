#include "recording/ingest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "recording/details.h"
#include "recording/ingest_state.h"
#include "recording/kinds.h"
#include "recording/rows.h"

struct ingest *ingest_new(struct recording *recording)
{
	struct ingest *in = mem_alloc(sizeof *in);
	in->recording = recording;
	in->names = names_new(recording);
	in->usage = usage_new(recording);
	in->samples = samples_new(recording, in->names);
	in->thinning = 1;
	return in;
}

static void free_process(struct process *p)
{
	map_free(&p->texts);
	map_free(&p->codes);
	map_free(&p->stacks);
	map_free(&p->handles);
	map_free(&p->descriptors);
	map_free(&p->threads);
	map_free(&p->facts);
	map_free(&p->finished);
	vec_free(&p->waiting_facts);
	process_calls_free(p->calls);
	process_heap_free(p->heap);
	process_natives_free(p->natives);
	free(p);
}

void ingest_free(struct ingest *in)
{
	if (!in)
		return;
	units_free(in);
	handles_free(in);
	for (size_t i = 0; i < in->processes.count; i++)
		free_process(in->processes.items[i]);
	vec_free(&in->processes);
	map_free(&in->by_serial);
	samples_free(in->samples);
	usage_free(in->usage);
	names_free(in->names);
	free(in);
}

void ingest_set_app_path(struct ingest *in, const char *path)
{
	names_set_app_path(in->names, path);
}

void ingest_lose(struct ingest *in, struct process *p, enum recorder_loss loss, uint64_t count)
{
	p->losses[loss] += count;
	in->losses_dirty = in->losses_dirty || count;
}

struct process *ingest_process_of(struct ingest *in, uint32_t serial)
{
	if (in->last && in->last->serial == serial)
		return in->last;
	const uint64_t *index = map_find(&in->by_serial, serial);
	if (index)
		in->last = in->processes.items[*index];
	return index ? in->last : NULL;
}

/* --- processes ----------------------------------------------------------- */

void ingest_process(struct ingest *in, const struct channel_header *header)
{
	if (header->serial == 0 || header->serial >> (64 - UNIT_SERIAL_SHIFT) ||
	    in->processes.count >= PROCESSES_MAX || ingest_process_of(in, header->serial))
		return;
	struct process *p = mem_alloc(sizeof *p);
	p->serial = header->serial;
	p->pid = header->pid;
	p->parent_pid = header->parent_pid;
	p->start_ns = header->made_ns;
	snprintf(p->python, sizeof p->python, "%u.%u.%u", header->python_hex >> 24,
		 header->python_hex >> 16 & 0xff, header->python_hex >> 8 & 0xff);
	*map_put(&in->by_serial, p->serial, NULL) = in->processes.count;
	*vec_push(&in->processes) = p;
	ingest_process_update(in, header);
}

void ingest_process_update(struct ingest *in, const struct channel_header *header)
{
	struct process *p = ingest_process_of(in, header->serial);
	if (!p)
		return;
	for (int i = 0; i < LOSS_KINDS; i++) {
		const uint64_t now = header->losses[i];
		in->losses_dirty = in->losses_dirty || now != p->losses[i];
		p->losses[i] = now;
	}
	const size_t reason_bytes = strnlen(header->reason, sizeof header->reason);
	const uint32_t reason =
		reason_bytes ? names_text(in->names, header->reason, reason_bytes) : 0;
	p->dirty = p->dirty || p->state != header->state || p->reason != reason ||
		   p->units_begun != header->units_begun || p->units_ended != header->units_ended ||
		   p->units_begun == 0;
	p->state = header->state;
	p->reason = reason;
	p->units_begun = header->units_begun;
	p->units_ended = header->units_ended;
	engine_from_header(p, header, clock_now_ns());
}

void ingest_hook_cost(struct ingest *in, uint32_t serial, uint64_t calls, uint64_t own_ns)
{
	struct process *p = ingest_process_of(in, serial);
	if (!p)
		return;
	p->hook_calls = calls;
	p->hook_ns = own_ns;
}

void ingest_process_end(struct ingest *in, uint32_t serial, uint64_t at_ns)
{
	struct process *p = ingest_process_of(in, serial);
	if (!p || p->ended)
		return;
	p->ended = true;
	p->end_ns = at_ns;
	p->dirty = true;
	units_finish_all(in, serial);
}

static void write_process(struct ingest *in, struct process *p)
{
	const char *state = p->state == AGENT_ON       ? "on"
			    : p->state == AGENT_ASLEEP ? "asleep"
						       : "off";
	size_t reason_bytes = 0;
	const char *reason = names_text_of(in->names, p->reason, &reason_bytes);
	struct row row = row_begin(in->recording, ROW_PROCESS);
	row_int(&row, p->serial);
	row_int(&row, p->pid);
	row_int(&row, p->parent_pid);
	row_uint(&row, p->start_ns);
	row_id(&row, p->end_ns);
	row_string(&row, p->python);
	row_string(&row, state);
	row_text(&row, p->reason ? reason : NULL, reason_bytes);
	row_uint(&row, p->units_begun);
	row_uint(&row, p->units_ended);
	row_end(&row);
	p->dirty = false;
}

/* --- records ------------------------------------------------------------- */

bool ingest_take_raw(struct ingest *in, struct process *p, const struct unit *unit)
{
	in->raw_rows++;
	if (unit && unit->weight == 0) {
		ingest_lose(in, p, RECORDER_THINNED, 1);
		return false;
	}
	return recording_take_raw(in->recording);
}

void ingest_record(struct ingest *in, uint32_t serial, uint32_t tid,
		   const struct channel_record *record)
{
	struct process *p = ingest_process_of(in, serial);
	uint64_t end_ns;
	if (!p)
		return;
	const bool is_unit = record->kind >= RECORD_UNIT_BEGIN && record->kind <= RECORD_UNIT_TRACE;
	const bool is_detail = record_kind_name(record->kind) || record->kind == RECORD_EXCEPTION ||
			       record->kind == RECORD_HANDLE || record->kind == RECORD_SAMPLE ||
			       record->kind == RECORD_VALUES || record->kind == RECORD_TASKS;
	if ((!is_unit && !is_detail) || (is_unit && !record->unit) ||
	    (record->unit && record->unit >> UNIT_SERIAL_SHIFT != serial) ||
	    record->dur_ns > INT64_MAX ||
	    __builtin_add_overflow(record->t_start_ns, record->dur_ns, &end_ns) ||
	    end_ns > INT64_MAX) {
		ingest_lose(in, p, RECORDER_BAD_RECORD, 1);
		return;
	}
	switch (record->kind) {
	case RECORD_UNIT_BEGIN:
		unit_begin(in, p, record);
		break;
	case RECORD_UNIT_END:
		unit_end(in, p, record);
		break;
	case RECORD_UNIT_WAIT:
		unit_wait(in, p, record);
		break;
	case RECORD_UNIT_SCHED:
		unit_runqueue(in, p, record);
		break;
	case RECORD_UNIT_WORK:
		unit_work(in, p, record);
		break;
	case RECORD_UNIT_TRACE:
		unit_trace(in, p, record);
		break;
	case RECORD_HANDLE:
		handle_told(in, p, record);
		break;
	case RECORD_VALUES:
		detail_values(in, p, record);
		break;
	case RECORD_TASKS:
		detail_tasks(in, p, record);
		break;
	case RECORD_SAMPLE:
		samples_record(in, p, record);
		break;
	default:
		detail_record(in, p, tid, record);
	}
}

/* --- rows ---------------------------------------------------------------- */

static void write_loss(struct ingest *in, uint32_t serial, const char *kind, uint64_t count)
{
	if (count == 0)
		return;
	struct row row = row_begin(in->recording, ROW_LOSS);
	row_int(&row, serial);
	row_string(&row, kind);
	row_uint(&row, count);
	row_end(&row);
}

static const char *loss_name(uint32_t loss)
{
	static const char *const names[RECORDER_LOSSES] = {
		[RECORDER_UNKNOWN_ID] = "unknown_id",
		[RECORDER_BAD_RECORD] = "bad_record",
		[RECORDER_LATE] = "late_record",
		[RECORDER_UNITS] = "open_units",
		[RECORDER_UNIT_DETAIL] = "unit_detail",
		[RECORDER_NAMES] = "names",
		[RECORDER_HANDLES] = "recorded_handles",
		[RECORDER_THREADS] = "threads",
		[RECORDER_THINNED] = "thinned",
		[RECORDER_SIZE_CAP] = "size_cap",
		[RECORDER_USAGE] = "usage_detail",
		[RECORDER_SAMPLE_PLACE] = "sample_place",
		[RECORDER_SAMPLE_ROUTE] = "sample_route",
		[RECORDER_SAMPLES] = "samples",
		[RECORDER_CALLS] = "call_rows",
		[RECORDER_WALKS] = "walk_rows",
		[RECORDER_HEAP] = "heap_rows",
	};
	return loss < LOSS_KINDS ? agent_loss_name(loss) : names[loss];
}

/* The table is small: it is written anew. */
static void write_losses(struct ingest *in)
{
	recording_clear_losses(in->recording);
	for (size_t i = 0; i < in->processes.count; i++) {
		const struct process *p = in->processes.items[i];
		for (uint32_t loss = 0; loss < RECORDER_LOSSES; loss++)
			write_loss(in, p->serial, loss_name(loss), p->losses[loss]);
	}
	write_loss(in, 0, "names", names_refused(in->names));
	write_loss(in, 0, loss_name(RECORDER_USAGE), usage_coarsened(in->usage));
	write_loss(in, 0, loss_name(RECORDER_SAMPLE_PLACE), samples_coarsened(in->samples));
	write_loss(in, 0, loss_name(RECORDER_SAMPLE_ROUTE), samples_unrouted(in->samples));
	write_loss(in, 0, loss_name(RECORDER_SAMPLES), samples_refused(in->samples));
	write_loss(in, 0, loss_name(RECORDER_SIZE_CAP), recording_raw_dropped(in->recording));
}

static void write_hook_cost(struct ingest *in)
{
	uint64_t calls = 0, own_ns = 0;
	for (size_t i = 0; i < in->processes.count; i++) {
		calls += in->processes.items[i]->hook_calls;
		own_ns += in->processes.items[i]->hook_ns;
	}
	recording_set_meta_int(in->recording, "hook_calls", (int64_t)calls);
	recording_set_meta_int(in->recording, "hook_ns", (int64_t)own_ns);
}

static void write_changed(struct ingest *in)
{
	for (size_t i = 0; i < in->processes.count; i++) {
		struct process *p = in->processes.items[i];
		if (p->dirty)
			write_process(in, p);
		engine_write(in, p, p->ended);
	}
	handles_write(in);
	usage_write(in->usage);
	samples_write(in->samples);
	if (in->losses_dirty || recording_raw_dropped(in->recording) ||
	    samples_coarsened(in->samples) || samples_unrouted(in->samples) ||
	    samples_refused(in->samples))
		write_losses(in);
	in->losses_dirty = false;
	write_hook_cost(in);
}

enum err_kind ingest_flush(struct ingest *in, struct err *e)
{
	const uint64_t now_ns = clock_now_ns();
	in->flushes++;
	ingest_write_waiting_facts(in);
	units_finish_due(in);
	samples_settle(in, false);
	if (now_ns - in->written_ns < NS_PER_S)
		return recording_commit(in->recording, 0, e);
	const uint64_t elapsed_ns = in->written_ns ? now_ns - in->written_ns : NS_PER_S;
	const uint64_t rate = in->raw_rows * NS_PER_S / elapsed_ns;
	in->thinning = (uint32_t)((rate + RAW_ROWS_PER_S - 1) / RAW_ROWS_PER_S);
	in->thinning = in->thinning ? in->thinning : 1;
	in->raw_rows = 0;
	in->written_ns = now_ns;
	units_write_open(in);
	write_changed(in);
	return recording_commit(in->recording, 1, e);
}

enum err_kind ingest_finish(struct ingest *in, uint64_t at_ns, struct err *e)
{
	ingest_write_waiting_facts(in);
	units_finish_all(in, 0);
	samples_settle(in, true);
	for (size_t i = 0; i < in->processes.count; i++) /* nothing more comes */
		ingest_lose(in, in->processes.items[i], RECORDER_UNKNOWN_ID,
			    in->processes.items[i]->waiting_facts.count);
	write_changed(in);
	for (size_t i = 0; i < in->processes.count; i++)
		engine_write(in, in->processes.items[i], true);
	recording_set_meta_int(in->recording, "drained_ns", (int64_t)at_ns);
	return recording_commit(in->recording, 1, e);
}
