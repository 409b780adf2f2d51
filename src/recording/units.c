#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "recording/charges.h"
#include "recording/client_requests.h"
#include "recording/ingest_state.h"
#include "recording/kinds.h"
#include "recording/rows.h"

/* unit.flags of the schema */
enum { UNIT_COLD = 1, UNIT_STREAMED = 2, UNIT_ABORTED = 4, UNIT_ASYNC = 8 };

static struct unit *pointer_of(uint64_t value)
{
	return (struct unit *)(uintptr_t)value; /* NOLINT: maps hold u64 */
}

static bool has_room(struct ingest *in, struct process *p, size_t count, size_t max, size_t bytes,
		     enum recorder_loss loss)
{
	const bool room = count < max && in->units_bytes + bytes <= UNITS_BYTES_MAX;
	if (!room)
		ingest_lose(in, p, loss, 1);
	else
		in->units_bytes += bytes;
	return room;
}

static struct unit *make(struct ingest *in, struct process *p, uint64_t id, uint64_t at_ns)
{
	if (!has_room(in, p, in->units.count, UNITS_OPEN_MAX, sizeof(struct unit), RECORDER_UNITS))
		return NULL;
	struct unit *unit = mem_alloc(sizeof *unit);
	unit->id = id;
	unit->first_ns = at_ns;
	/* The units that keep their raw rows are a fair sample: chosen by number alone. */
	unit->weight = hash_mix64(id) % in->thinning == 0 ? in->thinning : 0;
	*map_put(&in->units, id, NULL) = (uint64_t)(uintptr_t)unit;
	return unit;
}

/* A record of a unit that has its row. */
static uint32_t route_of_finished(struct ingest *in, struct process *p, size_t place,
				  uint64_t at_ns)
{
	const struct finished_unit *finished = &p->finished_ring[place];
	if (at_ns <= finished->end_ns)
		ingest_lose(in, p, RECORDER_LATE, 1);
	return finished->route;
}

struct unit *unit_of(struct ingest *in, struct process *p, uint64_t id, uint64_t at_ns,
		     uint32_t *route)
{
	*route = 0;
	if (id == 0)
		return NULL;
	struct unit *unit = p->last_unit;
	if (!unit || unit->id != id) {
		const uint64_t *found = map_find(&in->units, id);
		unit = found ? pointer_of(*found) : NULL;
	}
	if (unit && unit->ended && at_ns > unit->start_ns + unit->wall_ns) {
		*route = unit->route;
		return NULL;
	}
	if (!unit) {
		const uint64_t *finished = map_find(&p->finished, id);
		if (finished) {
			*route = route_of_finished(in, p, *finished, at_ns);
			return NULL;
		}
		unit = make(in, p, id, at_ns);
	}
	p->last_unit = unit;
	if (unit && at_ns < unit->first_ns)
		unit->first_ns = at_ns;
	return unit;
}

/* The run of what became a server: its time is no work (agent/run_unit.h). */
static bool is_startup(const struct unit *unit)
{
	return unit->ended && unit->kind == UNIT_RUN && unit->flags & RECORD_COLD;
}

static enum unit_time whose_time(bool is_within, bool is_cold)
{
	if (!is_within)
		return TIME_OF_NO_UNIT;
	return is_cold ? TIME_OF_COLD_UNIT : TIME_OF_UNIT;
}

enum unit_known unit_look(const struct ingest *in, const struct process *p, uint64_t id,
			  uint64_t at_ns, uint32_t *route, enum unit_time *whose)
{
	const struct unit *unit = unit_find_open(in, id);
	if (unit) {
		*route = unit->route;
		*whose = whose_time(at_ns <= unit->start_ns + unit->wall_ns && !is_startup(unit),
				    unit->flags & RECORD_COLD);
		return unit->ended ? UNIT_OVER : UNIT_OPEN;
	}
	const uint64_t *place = map_find(&p->finished, id);
	if (!place)
		return UNIT_UNKNOWN;
	const struct finished_unit *f = &p->finished_ring[*place];
	*route = f->route;
	*whose = whose_time(at_ns <= f->end_ns && !f->is_startup, f->is_cold);
	return UNIT_OVER;
}

const struct unit *unit_find_open(const struct ingest *in, uint64_t id)
{
	const uint64_t *found = map_find(&in->units, id);
	return found ? pointer_of(*found) : NULL;
}

void unit_begin(struct ingest *in, struct process *p, const struct channel_record *record)
{
	uint32_t route;
	struct unit *unit = unit_of(in, p, record->unit, record->t_start_ns, &route);
	if (!unit)
		return;
	unit->kind = (uint16_t)record->subject;
	unit->own_tid = record->object;
	unit->start_ns = record->t_start_ns;
}

/* Parts of a unit's time as its process tells them: none is longer than the whole. */
static void bound_parts(struct unit *unit)
{
	uint64_t *const parts[] = {&unit->cpu_ns, &unit->running_ns, &unit->suspended_ns,
				   &unit->ready_ns, &unit->runqueue_ns};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (*parts[i] > unit->wall_ns)
			*parts[i] = unit->wall_ns;
}

void unit_end(struct ingest *in, struct process *p, const struct channel_record *record)
{
	uint32_t route;
	struct unit *unit = unit_of(in, p, record->unit, record->t_start_ns, &route);
	if (!unit)
		return;
	if (unit->ended) { /* a unit ends once */
		ingest_lose(in, p, RECORDER_BAD_RECORD, 1);
		return;
	}
	unit->ended = true;
	unit->ended_flush = in->flushes;
	unit->start_ns = record->t_start_ns;
	unit->wall_ns = record->dur_ns;
	unit->cpu_ns = record->aux;
	bound_parts(unit);
	unit->route = ingest_global(in, p, &p->texts, record->subject);
	unit->method = ingest_global(in, p, &p->texts, record->object);
	unit->error = ingest_global(in, p, &p->texts, record->count);
	unit->status = record->result;
	unit->bytes_out = record->bytes;
	unit->bytes_in = record->cpu_ns;
	unit->flags = record->flags;
	*vec_push(&in->ended) = unit;
}

void unit_wait(struct ingest *in, struct process *p, const struct channel_record *record)
{
	uint32_t route;
	struct unit *unit = unit_of(in, p, record->unit, record->t_start_ns, &route);
	if (!unit)
		return;
	unit->is_async = true;
	unit->running_ns = record->dur_ns;
	unit->suspended_ns = record->aux;
	unit->steps = record->bytes;
	unit->ready_ns = (uint64_t)record->count * 1000;
}

void unit_runqueue(struct ingest *in, struct process *p, const struct channel_record *record)
{
	uint32_t route;
	struct unit *unit = unit_of(in, p, record->unit, record->t_start_ns, &route);
	if (!unit)
		return;
	unit->has_runqueue = true;
	unit->runqueue_ns = record->aux;
}

void unit_work(struct ingest *in, struct process *p, const struct channel_record *record)
{
	uint32_t route;
	struct unit *unit = unit_of(in, p, record->unit, record->t_start_ns, &route);
	const uint64_t cpu_ns = record->aux < record->dur_ns ? record->aux : record->dur_ns;
	if (unit)
		unit->work_cpu_ns += cpu_ns;
}

void unit_trace(struct ingest *in, struct process *p, const struct channel_record *record)
{
	uint32_t route;
	struct unit *unit = unit_of(in, p, record->unit, record->t_start_ns, &route);
	if (!unit)
		return;
	unit->trace_high = (uint64_t)record->subject << 32 | record->object;
	unit->trace_low = record->aux;
}

void unit_add_call(struct ingest *in, struct process *p, struct unit *unit,
		   const struct unit_key *key, const struct usage_sums *sums)
{
	struct unit_key coarse = *key;
	if (unit->calls.count >= UNIT_KEYS_MAX) {
		coarse.stack = coarse.subject = 0; /* the sums stay whole */
		ingest_lose(in, p, RECORDER_USAGE, 1);
	}
	/* From the end: calls come in runs. */
	for (size_t i = unit->calls.count; i-- > 0;) {
		if (memcmp(&unit->calls.items[i].key, &coarse, sizeof coarse) == 0) {
			usage_sum(&unit->calls.items[i].sums, sums);
			return;
		}
	}
	if (!has_room(in, p, unit->calls.count, UNIT_KEYS_MAX * 2, sizeof(struct unit_calls),
		      RECORDER_UNIT_DETAIL))
		return;
	*vec_push(&unit->calls) = (struct unit_calls){.key = coarse, .sums = *sums};
	if (coarse.handle)
		coarse.handle->references++;
}

void unit_add_interval(struct ingest *in, struct process *p, struct unit *unit,
		       const struct unit_interval *interval)
{
	if (!has_room(in, p, unit->intervals.count, UNIT_INTERVALS_MAX, sizeof *interval,
		      RECORDER_UNIT_DETAIL))
		return;
	*vec_push(&unit->intervals) = *interval;
	if (interval->handle)
		interval->handle->references++;
}

void unit_add_opened(struct ingest *in, struct process *p, struct unit *unit,
		     struct handle_row *handle)
{
	for (size_t i = unit->opened.count; i-- > 0;)
		if (unit->opened.items[i] == handle)
			return;
	if (!has_room(in, p, unit->opened.count, UNIT_HANDLES_MAX, sizeof handle,
		      RECORDER_UNIT_DETAIL))
		return;
	*vec_push(&unit->opened) = handle;
	handle->references++;
}

/* The unit's calls become rows of usage_10s, in the slot of its end: now its route is known. */
static void fold_usage(struct ingest *in, const struct unit *unit)
{
	const uint64_t at_ns = unit->ended ? unit->start_ns + unit->wall_ns : unit->first_ns;
	for (size_t i = 0; i < unit->calls.count; i++) {
		const struct unit_calls *calls = &unit->calls.items[i];
		const struct unit_key *key = &calls->key;
		struct usage_sums sums = calls->sums;
		const struct usage_key to = {
			.route = unit->route,
			.stack = key->stack,
			.subject = key->subject,
			.kind = key->kind,
			.peer_kind = key->handle ? key->handle->peer_kind : USAGE_NO_PEER,
			.flags = key->flags,
		};
		/* The same key on other handles or threads is the same row: one unit. */
		sums.units = 1;
		for (size_t j = 0; j < i && sums.units; j++) {
			const struct unit_key *other = &unit->calls.items[j].key;
			const uint8_t peer =
				other->handle ? other->handle->peer_kind : USAGE_NO_PEER;
			if (other->stack == to.stack && other->subject == to.subject &&
			    other->kind == to.kind && other->flags == to.flags &&
			    peer == to.peer_kind)
				sums.units = 0;
		}
		usage_add(in->usage, at_ns, &to, &sums);
	}
}

static uint32_t count_connects(const struct unit *unit)
{
	uint32_t connects = 0;
	for (size_t i = 0; i < unit->opened.count; i++) {
		const struct handle_row *h = unit->opened.items[i];
		connects += handle_is_database(h) && !h->failed;
	}
	return connects;
}

/* A handle counts a unit once, on whatever calls. */
static void count_uses(const struct unit *unit)
{
	for (size_t i = 0; i < unit->calls.count; i++) {
		struct handle_row *h = unit->calls.items[i].key.handle;
		bool first = h != NULL;
		for (size_t j = 0; first && j < i; j++)
			first = unit->calls.items[j].key.handle != h;
		if (first) {
			h->uses++;
			h->dirty = true;
		}
	}
}

static void row_known(struct row *row, bool known, uint64_t value)
{
	if (known)
		row_uint(row, value);
	else
		row_null(row);
}

static void write_unit(struct ingest *in, struct process *p, struct unit *unit)
{
	const struct charges sums = charges_of(in->names, unit);
	const uint16_t flags = unit->flags;
	unsigned char trace[TRACE_BYTES];
	struct row row = row_begin(in->recording, ROW_UNIT);
	row_uint(&row, unit->id);
	row_int(&row, p->serial);
	row_id(&row, unit->own_tid ? ingest_thread_id(in, p, unit->own_tid) : 0);
	row_string(&row, unit_kind_name(unit->kind));
	row_id(&row, unit->route);
	row_id(&row, unit->method);
	row_known(&row, unit->status > 0, (uint64_t)unit->status);
	row_uint(&row, unit->start_ns ? unit->start_ns : unit->first_ns);
	row_known(&row, unit->ended, unit->wall_ns);
	row_int(&row, unit->weight);
	row_uint(&row, unit->bytes_out);
	row_id(&row, unit->error);
	row_int(&row, (flags & RECORD_COLD ? UNIT_COLD : 0) |
			      (flags & RECORD_STREAMED ? UNIT_STREAMED : 0) |
			      (flags & RECORD_ABORTED ? UNIT_ABORTED : 0) |
			      (unit->is_async ? UNIT_ASYNC : 0));
	row_known(&row, unit->ended && unit->cpu_ns, unit->cpu_ns + sums.work_cpu_ns);
	row_known(&row, unit->is_async, unit->running_ns);
	row_known(&row, unit->is_async, unit->suspended_ns);
	row_known(&row, unit->is_async, unit->ready_ns);
	row_known(&row, unit->is_async, unit->steps);
	row_uint(&row, sums.db_ns);
	row_uint(&row, sums.db_cpu_ns);
	row_uint(&row, sums.db_await_ns);
	row_uint(&row, sums.net_ns);
	row_uint(&row, sums.file_ns);
	row_uint(&row, sums.lock_ns);
	row_uint(&row, sums.pool_ns);
	row_uint(&row, sums.gil_ns);
	row_uint(&row, sums.sleep_ns);
	row_uint(&row, sums.gc_ns);
	row_known(&row, unit->has_runqueue, unit->runqueue_ns);
	row_uint(&row, sums.calls);
	row_int(&row, count_connects(unit));
	row_int(&row, unit->statements);
	row_null(&row); /* read_ns: the agent does not see the server's read */
	if (unit->trace_high | unit->trace_low)
		row_blob(&row, trace_bytes(unit->trace_high, unit->trace_low, trace), sizeof trace);
	else
		row_null(&row);
	row_id(&row, unit->bytes_in);
	row_end(&row);
	unit->written = true;
}

static void free_unit(struct ingest *in, struct unit *unit)
{
	for (size_t i = 0; i < unit->calls.count; i++)
		if (unit->calls.items[i].key.handle)
			unit->calls.items[i].key.handle->references--;
	for (size_t i = 0; i < unit->intervals.count; i++)
		if (unit->intervals.items[i].handle)
			unit->intervals.items[i].handle->references--;
	for (size_t i = 0; i < unit->opened.count; i++)
		unit->opened.items[i]->references--;
	in->units_bytes -= sizeof *unit + unit->calls.count * sizeof *unit->calls.items +
			   unit->intervals.count * sizeof *unit->intervals.items +
			   unit->opened.count * sizeof(struct handle_row *);
	vec_free(&unit->calls);
	vec_free(&unit->intervals);
	vec_free(&unit->opened);
	free(unit);
}

/* So that a late record finds its route, and makes no second unit. */
static void remember(struct process *p, const struct unit *unit)
{
	const size_t place = p->finished_next++ % FINISHED_MAX;
	struct finished_unit *oldest = &p->finished_ring[place];
	if (oldest->id)
		map_remove(&p->finished, oldest->id);
	*oldest = (struct finished_unit){
		.id = unit->id,
		.end_ns = unit->ended ? unit->start_ns + unit->wall_ns : UINT64_MAX,
		.route = unit->route,
		.is_startup = is_startup(unit),
		.is_cold = unit->flags & RECORD_COLD,
	};
	*map_put(&p->finished, unit->id, NULL) = place;
}

static struct process *process_of(const struct ingest *in, const struct unit *unit)
{
	return in->processes.items[*map_find(&in->by_serial, unit->id >> UNIT_SERIAL_SHIFT)];
}

static void finish(struct ingest *in, struct unit *unit)
{
	struct process *p = process_of(in, unit);
	write_unit(in, p, unit);
	fold_usage(in, unit);
	count_uses(unit);
	remember(p, unit);
	map_remove(&in->units, unit->id);
	if (p->last_unit == unit)
		p->last_unit = NULL;
	free_unit(in, unit);
}

void units_finish_due(struct ingest *in)
{
	while (in->ended_first < in->ended.count) {
		struct unit *unit = in->ended.items[in->ended_first];
		if (in->flushes < unit->ended_flush + UNIT_LINGER_FLUSHES)
			break;
		in->ended_first++;
		finish(in, unit);
	}
	/* Move what is left to the front now and then. */
	if (in->ended_first > in->ended.count / 2) {
		const size_t left = in->ended.count - in->ended_first;
		memmove(in->ended.items, in->ended.items + in->ended_first,
			left * sizeof(struct unit *));
		in->ended.count = left;
		in->ended_first = 0;
	}
}

void units_write_open(struct ingest *in)
{
	size_t cursor = 0;
	uint64_t id, value;
	while (map_next(&in->units, &cursor, &id, &value)) {
		struct unit *unit = pointer_of(value);
		if (!unit->written)
			write_unit(in, process_of(in, unit), unit);
	}
}

void units_finish_all(struct ingest *in, uint32_t serial)
{
	VEC(struct unit *) due = {0};
	size_t cursor = 0, kept = 0;
	uint64_t id, value;
	while (map_next(&in->units, &cursor, &id, &value))
		if (!serial || id >> UNIT_SERIAL_SHIFT == serial)
			*vec_push(&due) = pointer_of(value);
	for (size_t i = in->ended_first; i < in->ended.count; i++)
		if (serial && in->ended.items[i]->id >> UNIT_SERIAL_SHIFT != serial)
			in->ended.items[kept++] = in->ended.items[i];
	in->ended.count = kept;
	in->ended_first = 0;
	for (size_t i = 0; i < due.count; i++)
		finish(in, due.items[i]);
	vec_free(&due);
}

void units_free(struct ingest *in)
{
	size_t cursor = 0;
	uint64_t id, value;
	while (map_next(&in->units, &cursor, &id, &value))
		free_unit(in, pointer_of(value));
	map_free(&in->units);
	vec_free(&in->ended);
}
