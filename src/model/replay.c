#include "model/replay.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"

#define NONE UINT32_MAX
/* Turns beyond the pieces that times of a hostile recording may be cut into, a unit and in all */
#define TURNS_A_UNIT 8
#define TURNS_MORE 100000

enum event_kind { WORK_DONE, TURN_LEFT, WAIT_OVER };

struct event {
	double at_ns;
	uint32_t who;        /* WAIT_OVER: the unit; else the process */
	uint32_t generation; /* of the turn: another one than the process has is void */
	enum event_kind kind;
};

struct queue { /* first in, first out, linked by serving.next */
	uint32_t first, last;
};

struct serving {          /* a unit on its way */
	double left_ns;   /* of this piece of work */
	uint32_t next;    /* in the queue that it is in */
	uint32_t process; /* that serves it */
	uint32_t pieces;  /* of work still to come, this one included */
};

struct process {
	struct queue arrived; /* for a slot */
	struct queue ready;   /* for the turn */
	uint32_t busy;        /* slots taken */
	uint32_t running;     /* unit whose turn it is, or NONE */
	double began_ns;      /* its turn */
	uint32_t generation;
	bool leaving; /* somebody waits: the turn ends by the quantum */
};

struct replay {
	const struct replay_servers *servers;
	const struct replay_unit *units;
	double *response_ns;
	struct serving *serving;
	struct process *processes;
	uint32_t process_count;
	struct queue arrived; /* shared: for a slot of any process */
	struct event *heap;
	size_t heap_count, heap_capacity;
	double quantum_ns;
	double now_ns;
};

static void enqueue(struct replay *r, struct queue *q, uint32_t unit)
{
	r->serving[unit].next = NONE;
	if (q->first == NONE)
		q->first = unit;
	else
		r->serving[q->last].next = unit;
	q->last = unit;
}

static uint32_t dequeue(struct replay *r, struct queue *q)
{
	const uint32_t unit = q->first;
	if (unit != NONE)
		q->first = r->serving[unit].next;
	return unit;
}

static void schedule(struct replay *r, struct event event)
{
	if (r->heap_count == r->heap_capacity) {
		r->heap_capacity = r->heap_capacity ? 2 * r->heap_capacity : 64;
		r->heap = mem_resize(r->heap, r->heap_capacity * sizeof *r->heap);
	}
	size_t at = r->heap_count++;
	for (; at > 0 && r->heap[(at - 1) / 2].at_ns > event.at_ns; at = (at - 1) / 2)
		r->heap[at] = r->heap[(at - 1) / 2];
	r->heap[at] = event;
}

static struct event next_event(struct replay *r)
{
	const struct event first = r->heap[0], last = r->heap[--r->heap_count];
	size_t at = 0;
	for (size_t child; (child = 2 * at + 1) < r->heap_count; at = child) {
		if (child + 1 < r->heap_count && r->heap[child + 1].at_ns < r->heap[child].at_ns)
			child++;
		if (r->heap[child].at_ns >= last.at_ns)
			break;
		r->heap[at] = r->heap[child];
	}
	r->heap[at] = last;
	return first;
}

static double at_least_0(double ns)
{
	return ns > 0 && isfinite(ns) ? ns : 0;
}

static uint32_t pieces_of(const struct replay_unit *u)
{
	const uint32_t least = at_least_0(u->wait_ns) > 0 ? 2 : 1;
	return u->pieces < least               ? least
	       : u->pieces > REPLAY_PIECES_MAX ? REPLAY_PIECES_MAX
					       : u->pieces;
}

/* The next turn of process p, if it is free and somebody is ready. */
static void give_turn(struct replay *r, uint32_t p)
{
	struct process *process = &r->processes[p];
	if (process->running != NONE || process->ready.first == NONE)
		return;
	const uint32_t unit = dequeue(r, &process->ready);
	const double left_ns = r->serving[unit].left_ns;
	process->running = unit;
	process->began_ns = r->now_ns;
	process->leaving = process->ready.first != NONE;
	const bool leaves = process->leaving && r->quantum_ns < left_ns;
	schedule(r, (struct event){r->now_ns + (leaves ? r->quantum_ns : left_ns), p,
				   ++process->generation, leaves ? TURN_LEFT : WORK_DONE});
}

/* A thread that waits for the GIL asks for it a switch interval later (ceval_gil.c, take_gil). */
static void ask_for_turn(struct replay *r, uint32_t unit)
{
	const uint32_t p = r->serving[unit].process;
	struct process *process = &r->processes[p];
	enqueue(r, &process->ready, unit);
	if (process->running == NONE) {
		give_turn(r, p);
	} else if (!process->leaving) {
		const double end_ns = process->began_ns + r->serving[process->running].left_ns;
		const double leaves_ns = r->now_ns + r->quantum_ns;
		process->leaving = true;
		if (leaves_ns < end_ns)
			schedule(r, (struct event){leaves_ns, p, ++process->generation, TURN_LEFT});
	}
}

/* `idle`: the process had nothing to do until now. */
static void begin(struct replay *r, uint32_t unit, uint32_t p, bool idle)
{
	struct serving *s = &r->serving[unit];
	s->process = p;
	s->pieces = pieces_of(&r->units[unit]);
	s->left_ns = at_least_0(r->units[unit].turn_ns) / s->pieces +
		     at_least_0(r->units[unit].beside_ns);
	if (idle)
		s->left_ns += at_least_0(r->servers->cold_ns);
	r->processes[p].busy++;
	ask_for_turn(r, unit);
}

static bool has_slot(const struct replay *r, uint32_t p)
{
	return !r->servers->slots || r->processes[p].busy < r->servers->slots;
}

/* The process with the fewest units, of those with a slot; NONE: all are full. */
static uint32_t free_process(const struct replay *r)
{
	uint32_t best = NONE;
	for (uint32_t p = 0; p < r->process_count; p++)
		if (has_slot(r, p) &&
		    (best == NONE || r->processes[p].busy < r->processes[best].busy))
			best = p;
	return best;
}

static void arrive(struct replay *r, uint32_t unit)
{
	const bool shared = r->servers->shared;
	const uint32_t recorded = r->units[unit].process % r->process_count;
	const uint32_t p = shared ? free_process(r) : recorded;
	if (p != NONE && has_slot(r, p))
		begin(r, unit, p, !r->processes[p].busy);
	else
		enqueue(r, shared ? &r->arrived : &r->processes[p].arrived, unit);
}

static void finish(struct replay *r, uint32_t unit)
{
	const uint32_t p = r->serving[unit].process;
	r->response_ns[unit] =
		r->now_ns - r->units[unit].arrival_ns - at_least_0(r->units[unit].beside_ns);
	r->processes[p].busy--;
	const uint32_t next =
		dequeue(r, r->servers->shared ? &r->arrived : &r->processes[p].arrived);
	if (next != NONE)
		begin(r, next, p, false);
}

static void turn_over(struct replay *r, const struct event *event)
{
	struct process *process = &r->processes[event->who];
	if (event->generation != process->generation)
		return;
	const uint32_t unit = process->running;
	struct serving *s = &r->serving[unit];
	process->running = NONE;
	if (event->kind == TURN_LEFT) {
		const double had_ns = fmax(r->now_ns - process->began_ns, r->quantum_ns);
		s->left_ns = fmax(0, s->left_ns - had_ns);
		enqueue(r, &process->ready, unit);
	} else if (--s->pieces == 0) {
		finish(r, unit);
	} else {
		const uint32_t all = pieces_of(&r->units[unit]);
		s->left_ns = at_least_0(r->units[unit].turn_ns) / all;
		schedule(r,
			 (struct event){r->now_ns + at_least_0(r->units[unit].wait_ns) / (all - 1),
					unit, 0, WAIT_OVER});
	}
	give_turn(r, event->who);
}

static void run_until(struct replay *r, double until_ns)
{
	while (r->heap_count && r->heap[0].at_ns <= until_ns) {
		const struct event event = next_event(r);
		r->now_ns = event.at_ns;
		if (event.kind == WAIT_OVER)
			ask_for_turn(r, event.who);
		else
			turn_over(r, &event);
	}
}

/* What is asked for, unless times beyond all reason would be cut into too many turns. */
static double bounded_quantum(const struct replay_servers *servers, const struct replay_unit *units,
			      size_t count)
{
	double work_ns = 0;
	for (size_t i = 0; i < count; i++)
		work_ns += at_least_0(units[i].turn_ns);
	return fmax(servers->quantum_ns, work_ns / (TURNS_A_UNIT * (double)count + TURNS_MORE));
}

void replay_run(const struct replay_servers *servers, const struct replay_unit *units, size_t count,
		double *response_ns)
{
	const uint32_t asked = servers->processes ? servers->processes : 1;
	struct replay r = {
		.servers = servers,
		.units = units,
		.response_ns = response_ns,
		.serving = mem_alloc((count + 1) * sizeof *r.serving),
		.process_count = asked < REPLAY_PROCESSES_MAX ? asked : REPLAY_PROCESSES_MAX,
		.arrived = {NONE, NONE},
		.quantum_ns = bounded_quantum(servers, units, count),
	};
	r.processes = mem_alloc(r.process_count * sizeof *r.processes);
	for (uint32_t p = 0; p < r.process_count; p++)
		r.processes[p] = (struct process){
			.arrived = {NONE, NONE}, .ready = {NONE, NONE}, .running = NONE};
	for (uint32_t i = 0; i < count; i++) {
		run_until(&r, units[i].arrival_ns);
		r.now_ns = fmax(r.now_ns, units[i].arrival_ns);
		arrive(&r, i);
	}
	run_until(&r, INFINITY);
	free(r.serving);
	free(r.processes);
	free(r.heap);
}
