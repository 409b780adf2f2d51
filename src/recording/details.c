#include "recording/details.h"

#include "recording/ingest_state.h"
#include "recording/kinds.h"
#include "recording/rows.h"

#define ROWS_UNKNOWN UINT32_MAX /* statement: number of rows not seen */

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

/* What is summed of the record's last word: a part of its time, or of a span what was waited for
 * it.
 */
static uint64_t aux_of(const struct channel_record *r)
{
	if (r->kind == RECORD_SPAN)
		return r->aux;
	if (r->kind < RECORD_SQLITE_PREPARE || r->kind > RECORD_SQLITE_EXEC)
		return 0;
	return r->aux < r->dur_ns ? r->aux : r->dur_ns;
}

static struct usage_sums sums_of(const struct channel_record *r)
{
	const bool is_call = record_kind_is_call(r->kind) || r->kind == RECORD_GIL;
	const uint64_t measured = r->cpu_ns < r->dur_ns ? r->cpu_ns : r->dur_ns;
	uint64_t cpu = measured;
	if (r->kind == RECORD_CALLBACK)
		cpu = r->aux < r->dur_ns ? r->aux : r->dur_ns;
	else if (!(r->flags & RECORD_CPU_KNOWN))
		cpu = is_call || r->kind == RECORD_GC ? r->dur_ns : 0;
	const bool on_loop = r->flags & RECORD_ON_LOOP || r->kind == RECORD_CALLBACK;
	/* A callback counts all open units, its own among them. */
	const uint64_t others = r->count - (r->kind == RECORD_CALLBACK && r->unit && r->count);
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
		.aux_ns = aux_of(r),
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

/* What is told by its being there, however short: attempts to ask a service. */
static bool is_attempt(const struct channel_record *r)
{
	return r->kind == RECORD_EXCHANGE ||
	       (r->kind == RECORD_CONNECT && r->flags & RECORD_FAILED);
}

/* A span thread.hop (agent/work.h): work that was handed to another thread. */
static bool is_hop(const struct fact *fact)
{
	const struct channel_record *r = fact->record;
	return r->kind == RECORD_SPAN && r->aux != 0 && r->dur_ns != 0 && fact->unit;
}

static void note_hop(const struct fact *fact)
{
	struct unit *unit = fact->unit;
	unit->handed[unit->handed_count++ % (sizeof unit->handed / sizeof *unit->handed)] =
		(struct handed_over){
			.start_ns = fact->record->t_start_ns,
			.end_ns = fact->record->t_start_ns + fact->record->dur_ns,
			.stack = fact->stack,
			.tid = fact->tid,
		};
}

/* A statement that began in work of another thread, which is over (SQLite's end with a later fetch
 * or close), and has no line of the application: who handed that over asked for it. */
static void place_statement(const struct ingest *in, struct fact *fact)
{
	const struct unit *unit = fact->unit;
	if (names_stack_has_app(in->names, fact->stack))
		return;
	for (size_t i = 0; i < sizeof unit->handed / sizeof *unit->handed; i++) {
		const struct handed_over *work = unit->handed + i;
		if (work->tid == fact->tid && fact->record->t_start_ns >= work->start_ns &&
		    fact->record->t_start_ns < work->end_ns &&
		    names_stack_has_app(in->names, work->stack))
			fact->stack = work->stack;
	}
}

/* Work in which a statement began that is over, too: its hop comes after it. */
static bool is_asker(const struct fact *fact)
{
	return is_hop(fact) && fact->unit->database_ns >= fact->record->t_start_ns;
}

static void write_event(struct ingest *in, struct process *p, const struct fact *fact)
{
	const struct channel_record *r = fact->record;
	if ((r->dur_ns < EVENT_MIN_NS && !is_attempt(r) && !is_asker(fact)) ||
	    !ingest_take_raw(in, p, fact->unit))
		return;
	struct row row = row_begin(in->recording, ROW_EVENT);
	row_uint(&row, r->t_start_ns);
	row_uint(&row, r->dur_ns);
	row_id(&row, fact->unit_id);
	row_id(&row, ingest_thread_id(in, p, fact->tid));
	row_string(&row, record_kind_name(r->kind));
	row_id(&row, fact->stack);
	row_id(&row, handle_named(fact->handle));
	row_id(&row, fact->subject);
	row_int(&row, r->bytes);
	if (r->flags & RECORD_CPU_KNOWN)
		row_int(&row, r->cpu_ns);
	else
		row_null(&row);
	row_int(&row, r->result);
	row_int(&row, r->flags);
	row_int(&row, r->count);
	row_int(&row, (int64_t)r->aux); /* a hash, or ns: all 64 bits */
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
	row_id(&row, handle_named(fact->handle));
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

void detail_values(struct ingest *in, struct process *p, const struct channel_record *r)
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

void detail_tasks(struct ingest *in, struct process *p, const struct channel_record *r)
{
	const char *what = tasks_what_name(r->result);
	if (!what) {
		ingest_lose(in, p, RECORDER_BAD_RECORD, 1);
		return;
	}
	if (!ingest_take_raw(in, p, NULL))
		return;
	struct row row = row_begin(in->recording, ROW_TASK_LOOK);
	row_uint(&row, r->t_start_ns);
	row_int(&row, p->serial);
	row_string(&row, what);
	row_id(&row, ingest_global(in, p, &p->texts, r->subject));
	row_id(&row, ingest_global(in, p, &p->stacks, r->stack));
	row_int(&row, r->count);
	row_end(&row);
}

/* Times in which the unit, if asynchronous, waited for a database, or for a lock of its loop. */
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
	const bool of_task = r->kind == RECORD_LOCK && fact->subject;
	if (!of_database && !of_thread && !of_task)
		return;
	const struct unit_interval interval = {
		.start_ns = r->t_start_ns,
		.end_ns = r->t_start_ns + r->dur_ns,
		.handle = fact->handle,
		.tid = of_database ? 0 : fact->tid,
		.is_lock = of_task,
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
	} else if (r->kind == RECORD_LOCK) {
		subject = r->object;
	} else if (record_kind_has_handle(r->kind)) {
		handle = r->subject;
		if (r->kind >= RECORD_SQLITE_PREPARE && r->kind <= RECORD_SQLITE_EXEC)
			subject = r->object;
		if (r->kind == RECORD_CONNECT && r->flags & RECORD_FAILED)
			subject = r->object; /* there may be no handle to name the peer */
	}
	fact->handle = handle_find(in, p, handle);
	fact->subject = ingest_global(in, p, &p->texts, subject);
	fact->stack = ingest_global(in, p, &p->stacks, r->stack);
}

/* An event loop that waited until a timer was due (asyncio.sleep, call_later, a time limit), while
 * nobody had been asked anything, slept: it always watches a descriptor, its own for wake-ups. */
static bool is_timer_of_loop(const struct ingest *in, const struct process *p,
			     const struct fact *fact)
{
	const struct channel_record *r = fact->record;
	return r->kind == RECORD_POLL && !fact->handle && r->count == 1 &&
	       r->flags & RECORD_CPU_KNOWN && !(r->flags & RECORD_ON_LOOP) && p->asked == 0 &&
	       names_stack_in_loop(in->names, fact->stack);
}

void detail_record(struct ingest *in, struct process *p, uint32_t tid,
		   const struct channel_record *record)
{
	struct fact fact = {.record = record, .unit_id = record->unit, .tid = tid};
	struct channel_record timer;
	if (record->kind != RECORD_EXCEPTION) /* that may come long after its unit's end */
		fact.unit = unit_of(in, p, record->unit, record->t_start_ns, &fact.route);
	resolve(in, p, &fact);
	if (is_timer_of_loop(in, p, &fact)) {
		timer = *record;
		timer.kind = RECORD_SLEEP;
		fact.record = record = &timer;
	}
	if (record->kind == RECORD_EXCEPTION) {
		write_exception(in, p, &fact);
		return;
	}
	if (fact.handle)
		note_handle(in, p, &fact);
	if (fact.unit) {
		note_interval(in, p, &fact);
		if (is_hop(&fact))
			note_hop(&fact);
		if (record->kind == RECORD_STATEMENT) {
			fact.unit->database_ns = record->t_start_ns;
			place_statement(in, &fact);
		}
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
