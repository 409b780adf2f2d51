#include "recording/ingest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "recording/ingest_state.h"
#include "recording/kinds.h"
#include "recording/rows.h"

#define ROWS_UNKNOWN UINT32_MAX /* statement: number of rows not seen */

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

/* What a record says, in ids of the recording. */
struct fact {
	const struct channel_record *record;
	struct unit *unit; /* NULL: outside, or finished */
	uint64_t unit_id;  /* 0: outside any */
	uint32_t route;    /* of a finished unit */
	struct handle_row *handle;
	uint32_t stack;
	uint32_t subject; /* text */
	uint32_t tid;
};

bool ingest_take_raw(struct ingest *in, struct process *p, const struct unit *unit)
{
	in->raw_rows++;
	if (unit && unit->weight == 0) {
		ingest_lose(in, p, RECORDER_THINNED, 1);
		return false;
	}
	return recording_take_raw(in->recording);
}

static struct usage_sums sums_of(const struct channel_record *r)
{
	const bool is_call = record_kind_is_call(r->kind) || r->kind == RECORD_GIL;
	const uint64_t measured = r->cpu_ns < r->dur_ns ? r->cpu_ns : r->dur_ns;
	uint64_t cpu = measured;
	if (r->kind == RECORD_CALLBACK)
		cpu = r->aux < r->dur_ns ? r->aux : r->dur_ns;
	else if (r->kind == RECORD_GC || (is_call && !(r->flags & RECORD_CPU_KNOWN)))
		cpu = r->dur_ns;
	else if (!(r->flags & RECORD_CPU_KNOWN))
		cpu = 0;
	const bool on_loop = r->flags & RECORD_ON_LOOP || r->kind == RECORD_CALLBACK;
	/* A callback counts all open units, its own among them. */
	const uint64_t others = r->count - (r->kind == RECORD_CALLBACK && r->unit && r->count);
	const bool has_aux = r->kind >= RECORD_SQLITE_PREPARE && r->kind <= RECORD_SQLITE_EXEC;
	uint64_t others_ns = 0;
	if (on_loop && __builtin_mul_overflow(r->dur_ns, others, &others_ns))
		others_ns = UINT64_MAX / 2;
	return (struct usage_sums){
		.calls = 1,
		.failed = r->flags & RECORD_FAILED ? 1 : 0,
		.dur_ns = r->dur_ns,
		.cpu_ns = cpu,
		.blocked_ns = is_call ? r->dur_ns - cpu : 0,
		.max_ns = r->dur_ns,
		.bytes = r->kind == RECORD_STATEMENT ? 0 : r->bytes,
		.others_ns = others_ns,
		.aux_ns = !has_aux             ? 0
			  : r->aux < r->dur_ns ? r->aux
					       : r->dur_ns,
	};
}

/* A statement or set-up is made of calls: its time is theirs. */
static uint8_t usage_flags(const struct channel_record *r)
{
	const bool nested =
		r->flags & RECORD_NESTED || r->kind == RECORD_STATEMENT || r->kind == RECORD_READY;
	return (uint8_t)((nested ? USAGE_NESTED : 0) |
			 (r->flags & RECORD_ON_LOOP ? USAGE_ON_LOOP : 0));
}

static void add_usage(struct ingest *in, struct process *p, const struct fact *fact)
{
	const struct channel_record *r = fact->record;
	const struct usage_sums sums = sums_of(r);
	if (fact->unit) {
		const struct unit_key key = {
			.handle = fact->handle,
			.stack = fact->stack,
			.subject = fact->subject,
			.tid = fact->tid,
			.kind = r->kind,
			.flags = usage_flags(r),
		};
		unit_add_call(in, p, fact->unit, &key, &sums);
		return;
	}
	const struct usage_key key = {
		.route = fact->route,
		.stack = fact->stack,
		.subject = fact->subject,
		.kind = r->kind,
		.peer_kind = fact->handle ? fact->handle->peer_kind : USAGE_NO_PEER,
		.flags = usage_flags(r),
	};
	usage_add(in->usage, r->t_start_ns, &key, &sums);
}

static void write_event(struct ingest *in, struct process *p, const struct fact *fact)
{
	const struct channel_record *r = fact->record;
	if (r->dur_ns < EVENT_MIN_NS || !ingest_take_raw(in, p, fact->unit))
		return;
	struct row row = row_begin(in->recording, ROW_EVENT);
	row_uint(&row, r->t_start_ns);
	row_uint(&row, r->dur_ns);
	row_id(&row, fact->unit_id);
	row_id(&row, ingest_thread_id(in, p, fact->tid));
	row_string(&row, record_kind_name(r->kind));
	row_id(&row, fact->stack);
	row_id(&row, fact->handle ? fact->handle->id : 0);
	row_id(&row, fact->subject);
	row_int(&row, r->bytes);
	if (r->flags & RECORD_CPU_KNOWN)
		row_int(&row, r->cpu_ns);
	else
		row_null(&row);
	row_int(&row, r->result);
	row_int(&row, r->flags);
	row_int(&row, r->count);
	row_uint(&row, r->aux);
	row_int(&row, r->source);
	row_end(&row);
}

static void write_statement(struct ingest *in, struct process *p, const struct fact *fact)
{
	const struct channel_record *r = fact->record;
	const bool is_sqlite = fact->handle && fact->handle->kind == HANDLE_SQLITE;
	if (!ingest_take_raw(in, p, fact->unit))
		return;
	struct row row = row_begin(in->recording, ROW_STATEMENT);
	row_uint(&row, r->t_start_ns);
	row_uint(&row, r->dur_ns);
	row_id(&row, fact->unit_id);
	row_id(&row, fact->handle ? fact->handle->id : 0);
	row_int(&row, (uint16_t)r->result); /* saturates at 65535 */
	row_id(&row, fact->subject);
	row_int(&row, (int64_t)r->aux); /* a hash: all 64 bits */
	row_int(&row, r->cpu_ns);
	if (r->count == ROWS_UNKNOWN)
		row_null(&row);
	else
		row_int(&row, r->count);
	row_int(&row, is_sqlite ? r->bytes : 0);
	row_int(&row, is_sqlite ? 0 : r->bytes);
	row_id(&row, fact->stack);
	row_int(&row, r->flags | (r->depth ? (int64_t)record_scan_count(r->depth) + 1 : 0) << 16);
	row_end(&row);
}

/* What a statement bound; its own row tells the rest. */
static void write_values(struct ingest *in, struct process *p, const struct channel_record *r)
{
	const struct handle_row *handle = handle_find(in, p, r->object);
	if (!handle || !ingest_take_raw(in, p, unit_find_open(in, r->unit)))
		return;
	struct row row = row_begin(in->recording, ROW_STATEMENT_VALUES);
	row_uint(&row, r->t_start_ns);
	row_id(&row, handle->id);
	row_int(&row, (int64_t)r->aux); /* a hash: all 64 bits */
	row_end(&row);
}

static void write_exception(struct ingest *in, struct process *p, const struct fact *fact)
{
	const struct channel_record *r = fact->record;
	const uint32_t class_id = ingest_global(in, p, &p->texts, r->subject);
	if (!class_id) /* no name: its unit's error says as much */
		return;
	struct row row = row_begin(in->recording, ROW_EXCEPTION);
	row_uint(&row, r->t_start_ns);
	row_id(&row, fact->unit_id);
	row_int(&row, class_id);
	row_id(&row, fact->stack);
	row_end(&row);
}

/* Times in which the unit, if asynchronous, waited for a database. */
static void note_interval(struct ingest *in, struct process *p, const struct fact *fact)
{
	const struct channel_record *r = fact->record;
	const enum charge charge = record_kind_charge(r->kind);
	/* a connection to a service is ready, too, once its TLS keys are agreed on */
	const bool of_database =
		r->kind == RECORD_STATEMENT ||
		(r->kind == RECORD_READY && (!fact->handle || handle_is_database(fact->handle)));
	const bool of_thread =
		fact->unit->own_tid != fact->tid && !(r->flags & RECORD_NESTED) && fact->handle &&
		(charge == CHARGE_SQLITE || (charge == CHARGE_PEER && r->flags & RECORD_CPU_KNOWN));
	if (!of_database && !of_thread)
		return;
	const struct unit_interval interval = {
		.start_ns = r->t_start_ns,
		.end_ns = r->t_start_ns + r->dur_ns,
		.handle = fact->handle,
		.tid = of_database ? 0 : fact->tid,
	};
	unit_add_interval(in, p, fact->unit, &interval);
}

static void note_handle(struct ingest *in, struct process *p, const struct fact *fact)
{
	struct handle_row *h = fact->handle;
	handle_record(in, h, fact->record, fact->stack, fact->unit_id);
	if (fact->unit && h->open_unit == fact->unit_id)
		unit_add_opened(in, p, fact->unit, h);
}

/* Which field names what depends on the kind (agent/channel.h). */
static void resolve(struct ingest *in, struct process *p, struct fact *fact)
{
	const struct channel_record *r = fact->record;
	uint32_t handle = 0, subject = 0;
	if (r->kind == RECORD_STATEMENT || r->kind == RECORD_SPAN) {
		subject = r->subject;
		handle = r->object;
	} else if (r->kind == RECORD_CALLBACK) {
		subject = r->subject;
	} else if (record_kind_has_handle(r->kind)) {
		handle = r->subject;
		if (r->kind >= RECORD_SQLITE_PREPARE && r->kind <= RECORD_SQLITE_EXEC)
			subject = r->object;
	}
	fact->handle = handle_find(in, p, handle);
	fact->subject = ingest_global(in, p, &p->texts, subject);
	fact->stack = ingest_global(in, p, &p->stacks, r->stack);
}

static void detail(struct ingest *in, struct process *p, uint32_t tid,
		   const struct channel_record *record)
{
	struct fact fact = {.record = record, .unit_id = record->unit, .tid = tid};
	fact.unit = unit_of(in, p, record->unit, record->t_start_ns, &fact.route);
	resolve(in, p, &fact);
	if (record->kind == RECORD_EXCEPTION) {
		write_exception(in, p, &fact);
		return;
	}
	if (fact.handle)
		note_handle(in, p, &fact);
	if (fact.unit) {
		note_interval(in, p, &fact);
		if (record->kind == RECORD_STATEMENT &&
		    !(record->flags & (RECORD_TRANSACTION | RECORD_COMMAND)))
			fact.unit->statements++;
	}
	add_usage(in, p, &fact);
	if (record->kind == RECORD_STATEMENT)
		write_statement(in, p, &fact);
	else if (record->kind != RECORD_READY)
		write_event(in, p, &fact);
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
			       record->kind == RECORD_VALUES;
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
		write_values(in, p, record);
		break;
	case RECORD_SAMPLE:
		samples_record(in, p, record);
		break;
	default:
		detail(in, p, tid, record);
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
		[RECORDER_UNKNOWN_ID] = "unknown_id",     [RECORDER_BAD_RECORD] = "bad_record",
		[RECORDER_LATE] = "late_record",          [RECORDER_UNITS] = "open_units",
		[RECORDER_UNIT_DETAIL] = "unit_detail",   [RECORDER_NAMES] = "names",
		[RECORDER_HANDLES] = "recorded_handles",  [RECORDER_THREADS] = "threads",
		[RECORDER_THINNED] = "thinned",           [RECORDER_SIZE_CAP] = "size_cap",
		[RECORDER_USAGE] = "usage_detail",        [RECORDER_SAMPLE_PLACE] = "sample_place",
		[RECORDER_SAMPLE_ROUTE] = "sample_route", [RECORDER_SAMPLES] = "samples",
		[RECORDER_CALLS] = "call_rows",
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
