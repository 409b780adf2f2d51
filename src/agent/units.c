#include "agent/units.h"

#include <stdlib.h>
#include <string.h>

#include "agent/app_errors.h"
#include "agent/calls_change.h"
#include "agent/calls_roots.h"
#include "agent/calls_windows.h"
#include "agent/core.h"
#include "agent/heap_control.h"
#include "agent/finalize.h"
#include "agent/python_hooks.h"
#include "agent/routes.h"
#include "agent/run_queue.h"
#include "agent/run_unit.h"
#include "agent/tick.h"

#define OPEN_SLOTS 1024
#define MISSING_SHARE 50       /* wall/50 = 2 %: the sum of what was measured misses wall by more */
#define MISSING_LEAST_NS 50000 /* … and by enough to pay for two readings of schedstat */
#define CALM_PART 200          /* wall/200: units miss less than this of late, no readings */
#define FIRST_UNITS 32         /* read whatever they miss: a short recording has no others */
#define OF_LATE_UNITS 256      /* after so many what was counted weighs half */
#define OF_LATE_NS 100000000   /* a unit weighs no more than this: a stream is not all there is */

static struct unit *open_units[OPEN_SLOTS];
static uint64_t counter; /* of the last unit begun in this process */
static uint32_t imports;
/* What units missed of late, and their wall time. A reading costs 0.5 µs in a loop and 4 µs in a
 * server, whose caches are full of other things: it is made while there is something to explain. */
static struct {
	uint64_t missing_ns, wall_ns;
	uint32_t units;
} of_late;
static py_object no_unit; /* eight zero bytes: the value outside any unit; strong */

/* --- the table of open units -------------------------------------------- */

static struct unit **slot_of(uint64_t id)
{
	return &open_units[id % OPEN_SLOTS];
}

struct unit *unit_find(uint64_t id)
{
	struct unit *unit = id == 0 ? NULL : *slot_of(id);

	while (unit != NULL && unit->id != id)
		unit = unit->next;
	return unit;
}

struct unit *unit_here(void)
{
	return unit_find(context_unit());
}

static void table_remove(struct unit *unit)
{
	struct unit **at = slot_of(unit->id);

	while (*at != NULL && *at != unit)
		at = &(*at)->next;
	if (*at == unit)
		*at = unit->next;
}

/* --- run queue ------------------------------------------------------------ */

uint64_t unit_missing_ns(const struct agent_thread *thread, uint64_t wall_ns, uint64_t cpu_ns,
			 uint64_t blocked_from_ns)
{
	uint64_t known_ns = cpu_ns + (thread->blocked_ns - blocked_from_ns);
	uint64_t missing = wall_ns > known_ns ? wall_ns - known_ns : 0;

	return missing > MISSING_LEAST_NS && missing > wall_ns / MISSING_SHARE ? missing : 0;
}

bool units_watch_queue(void)
{
	return counter < FIRST_UNITS || of_late.missing_ns > of_late.wall_ns / CALM_PART;
}

/* What a sync unit missed, and the queue's share of it. What the queue took
 * inside calls is blocked time already, so no more than the miss is claimed. */
static void count_queue(struct unit *unit, const struct agent_thread *thread, uint64_t wall_ns,
			uint64_t cpu_ns)
{
	uint64_t queued;

	unit->missing_ns = unit_missing_ns(thread, wall_ns, cpu_ns, unit->blocked_start_ns);
	if (unit->missing_ns == 0 || unit->queue_start_ns == 0)
		return;
	queued = run_queue_ns();
	queued = queued > unit->queue_start_ns ? queued - unit->queue_start_ns : 0;
	unit->queued_ns = queued < unit->missing_ns ? queued : unit->missing_ns;
	unit->queue_read = true;
}

/* The first misses after a calm time are not measured; the next ones are. */
static void write_queue(const struct unit *unit, uint64_t wall_ns)
{
	uint64_t part_ns = wall_ns < OF_LATE_NS ? wall_ns : OF_LATE_NS;
	if (wall_ns > 0)
		of_late.missing_ns +=
			(uint64_t)((double)unit->missing_ns / (double)wall_ns * (double)part_ns);
	of_late.wall_ns += part_ns;
	if (++of_late.units % OF_LATE_UNITS == 0) {
		of_late.missing_ns /= 2;
		of_late.wall_ns /= 2;
	}
	if (unit->queue_read)
		record_write(&(struct channel_record){
			.kind = RECORD_UNIT_SCHED,
			.t_start_ns = unit->start_ns,
			.unit = unit->id,
			.aux = unit->queued_ns,
			.source = 1,
		});
}

/* --- begin and end ------------------------------------------------------- */

static void write_begin(const struct unit *unit)
{
	record_write(&(struct channel_record){
		.kind = RECORD_UNIT_BEGIN,
		.t_start_ns = unit->start_ns,
		.unit = unit->id,
		.subject = unit->kind,
		.object = unit->tid,
		.flags = unit->flags,
		.source = 1,
	});
}

/* A thread has one synchronous unit open at a time, unless greenlets (gevent,
 * eventlet) take turns on it. */
static void note_greenlets(struct unit *unit, struct agent_thread *thread)
{
	static bool said;

	if (py_module("greenlet") == NULL)
		return;
	for (size_t i = 0; i < OPEN_SLOTS; i++)
		for (struct unit *other = open_units[i]; other != NULL; other = other->next)
			if (other != unit && other->tid == unit->tid && other->steps == 0)
				other->shared = unit->shared = true;
	if (!unit->shared)
		return;
	thread->greenlets = true;
	if (!said)
		agent_part_off("agent.cpu",
			       "not visible: greenlets share a thread, so the CPU time of one "
			       "request cannot be told; it is part of what is unexplained");
	said = true;
}

struct unit *unit_begin(enum unit_kind kind)
{
	return unit_begin_since(kind, 0);
}

struct unit *unit_begin_since(enum unit_kind kind, uint64_t since_ns)
{
	struct channel_header *channel;
	struct agent_thread *thread;
	struct unit *unit;
	uint64_t timed_ns;

	if (!atomic_load_explicit(&agent_awake, memory_order_relaxed) || !agent_need_channel())
		return NULL;
	finalize_not_yet();
	slots_scan_if_pending();
	thread = agent_thread_self();
	timed_ns = thread == NULL ? 0 : hook_time_begin(thread);
	python_hooks_at_unit(counter >= UNIT_COLD_IMPORTS);
	run_is_server(); /* whoever serves requests, listening or handed a socket */
	tick_ensure(agent_now_ns());
	channel = core_channel_now();
	unit = thread == NULL ? NULL : calloc(1, sizeof *unit);
	if (unit == NULL)
		return NULL;
	unit->id = (uint64_t)channel->serial << UNIT_SERIAL_SHIFT | (counter + 1);
	unit->value = py.PyBytes_FromStringAndSize((const char *)&unit->id, sizeof unit->id);
	if (unit->value == NULL || !context_set(unit->value)) {
		app_errors_forget();
		py_clear(&unit->value);
		free(unit);
		return NULL;
	}
	counter++;
	unit->kind = (uint16_t)kind;
	unit->references = 1;
	unit->tid = thread->tid;
	unit->imports = imports;
	unit->modules = py.PyObject_Size(py.PyImport_GetModuleDict());
	unit->flags = counter == 1 ? RECORD_COLD : 0;
	unit->next = *slot_of(unit->id);
	*slot_of(unit->id) = unit;
	__atomic_store_n(&thread->passing, false, __ATOMIC_RELEASE);
	if (thread->units++ > 0)
		note_greenlets(unit, thread);
	atomic_fetch_add_explicit(&channel->units_begun, 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&channel->units_open, 1, memory_order_relaxed);
	if (units_watch_queue())
		unit->queue_start_ns = run_queue_ns();
	unit->blocked_start_ns = thread->blocked_ns;
	thread->lingers = false;
	thread->lingered_ns = 0;
	calls_change_now();
	heap_control_at_unit();
	calls_windows_unit_begin(unit);
	/* the thread's idle time before the unit belongs to no call in it */
	call_sync_clocks(thread);
	unit->cpu_start_ns = thread->sync_cpu_ns;
	unit->start_ns = since_ns != 0 ? since_ns : thread->sync_wall_ns;
	unit->left_ns = since_ns;
	write_begin(unit);
	hook_time_end(thread, timed_ns);
	return unit;
}

void unit_becomes(struct unit *unit, enum unit_kind kind)
{
	unit->kind = (uint16_t)kind;
	write_begin(unit);
}

uint64_t unit_length_of(const char *text, size_t length)
{
	uint64_t bytes = 0;

	if (length > 18) /* what fits in 64 bits */
		return 0;
	for (size_t i = 0; text != NULL && i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return 0;
		bytes = bytes * 10 + (uint64_t)(text[i] - '0');
	}
	return bytes;
}

void unit_note_length(struct unit *unit, const char *text, size_t length)
{
	unit->request_bytes = record_saturate(unit_length_of(text, length));
}

static void write_end(struct unit *unit, struct agent_thread *thread)
{
	uint64_t wall_ns = (unit->done_ns != 0 ? unit->done_ns : agent_now_ns()) - unit->start_ns;
	uint64_t cpu_ns = unit->cpu_ns;

	if (thread != NULL && thread->tid == unit->tid && !unit->shared && unit->steps == 0)
		wall_ns -= thread->lingered_ns;
	if (unit->steps > 0) {
		record_write(&(struct channel_record){
			.kind = RECORD_UNIT_WAIT,
			.t_start_ns = unit->start_ns,
			.unit = unit->id,
			.dur_ns = unit->running_ns,
			.aux = unit->suspended_ns,
			.bytes = unit->steps,
			.count = record_saturate(unit->ready_ns / 1000),
			.source = 1,
		});
	} else if (thread != NULL && thread->tid == unit->tid && !unit->shared) {
		call_sync_clocks(thread);
		cpu_ns = thread->sync_cpu_ns - unit->cpu_start_ns;
		count_queue(unit, thread, wall_ns, cpu_ns);
	}
	if (unit->steps == 0 && !unit->shared)
		calls_unit_ended(unit, wall_ns);
	write_queue(unit, wall_ns);
	if (!(unit->flags & RECORD_COLD))
		calls_windows_unit_end(unit, wall_ns, cpu_ns);
	record_write(&(struct channel_record){
		.kind = RECORD_UNIT_END,
		.t_start_ns = unit->start_ns,
		.dur_ns = wall_ns,
		.unit = unit->id,
		.stack = unit->handler,
		.subject = unit->route != 0 ? unit->route : route_unmatched_id(),
		.object = unit->method,
		.bytes = record_saturate(unit->response_bytes),
		.cpu_ns = unit->request_bytes,
		.result = unit->status,
		.count = unit->exception,
		.aux = cpu_ns,
		.flags = unit->flags,
		.source = 1,
	});
}

void unit_set_route(struct unit *unit, uint32_t route)
{
	unit->route = route;
	calls_unit_routed(unit);
}

void unit_end(struct unit *unit)
{
	struct channel_header *channel = core_channel_now();
	struct agent_thread *thread = agent_thread_peek();
	uint64_t timed_ns;

	if (unit->ended)
		return;
	timed_ns = thread == NULL ? 0 : hook_time_begin(thread);
	unit->ended = true;
	table_remove(unit);
	py_clear(&unit->headers);
	if (thread != NULL && thread->tid == unit->tid && thread->units > 0)
		thread->units--;
	if (thread != NULL && thread->tid == unit->tid && unit->steps == 0) {
		thread->unit_base_frame = 0;
		thread->lingers = false;
	}
	/* a fork's child has another channel: the unit is its parent's to end */
	if (channel == NULL || channel->serial != unit->id >> UNIT_SERIAL_SHIFT)
		return;
	if (imports != unit->imports && (unit->id & UINT64_C(0xffffffffff)) <= UNIT_COLD_IMPORTS &&
	    py.PyObject_Size(py.PyImport_GetModuleDict()) > unit->modules)
		unit->flags |= RECORD_COLD;
	write_end(unit, thread);
	heap_control_unit_over(unit->id, unit->route);
	atomic_fetch_add_explicit(&channel->units_ended, 1, memory_order_relaxed);
	atomic_fetch_sub_explicit(&channel->units_open, 1, memory_order_relaxed);
	unit_leave_context(unit);
	if (thread != NULL)
		hook_time_end(thread, timed_ns);
}

void unit_done(struct unit *unit)
{
	if (unit->ended || unit->done_ns != 0)
		return;
	unit->calls_done_events = calls_unit_events(unit);
	unit_leave_context(unit);
	unit->done_ns = agent_now_ns();
}

struct unit *unit_keep(struct unit *unit)
{
	if (unit != NULL)
		unit->references++;
	return unit;
}

void unit_release(struct unit *unit)
{
	if (unit == NULL || --unit->references > 0)
		return;
	unit_end(unit);
	py_clear(&unit->value);
	free(unit);
}

void unit_enter_context(struct unit *unit)
{
	if (!unit->ended && unit->done_ns == 0 && context_unit() != unit->id)
		(void)context_set(unit->value);
}

void unit_leave_context(struct unit *unit)
{
	static const char zeros[sizeof unit->id];

	if (context_unit() != unit->id)
		return;
	if (no_unit == NULL)
		no_unit = py.PyBytes_FromStringAndSize(zeros, sizeof zeros);
	if (no_unit == NULL || !context_set(no_unit))
		app_errors_forget();
}

void units_note_websocket(void)
{
	static bool noted;

	if (!noted)
		agent_part_off(
			"agent.websocket",
			"not visible: connections that stay open are not recorded as requests");
	noted = true;
}

void units_count_import(void)
{
	imports++;
}

void units_after_fork(void)
{
	/* the parent's open units are its own to end; ids of texts are void */
	memset(open_units, 0, sizeof open_units);
	counter = 0;
	memset(&of_late, 0, sizeof of_late);
	python_hooks_after_fork();
	run_queue_after_fork();
	run_after_fork();
}
