#include "recording/calls.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "recording/ingest_state.h"
#include "recording/rows.h"

/* What is remembered of a row: to find it again and to see that it has changed. */
struct written {
	uint32_t row;    /* of the recording; 0: it found no room */
	uint64_t change; /* grows with whatever the row counts; UINT64_MAX: not written yet */
};

/* The rows of one kind of an area, by index, as far as the last one that was there. */
struct places {
	VEC(struct written) rows;
	size_t lost_to; /* indexes below it that found no place are counted as lost */
};

struct area {
	struct places nodes, lines;
};

struct process_calls {
	VEC(struct area) areas;                /* by number */
	uint32_t nodes, lines, places, events; /* its shares of those of the recording */
	uint64_t left_out; /* functions whose arguments are not looked at, counted as lost */
};

void process_calls_free(struct process_calls *calls)
{
	for (size_t i = 0; calls && i < calls->areas.count; i++) {
		vec_free(&calls->areas.items[i].nodes.rows);
		vec_free(&calls->areas.items[i].lines.rows);
	}
	if (calls)
		vec_free(&calls->areas);
	free(calls);
}

static struct process_calls *calls_of(struct process *p)
{
	if (!p->calls)
		p->calls = mem_alloc(sizeof *p->calls);
	return p->calls;
}

static struct area *area_of(struct process *p, uint32_t number)
{
	struct process_calls *calls = calls_of(p);
	if (number >= CALL_AREAS_MAX)
		return NULL;
	while (calls->areas.count <= number)
		vec_push(&calls->areas);
	return &calls->areas.items[number];
}

bool call_share_take(uint32_t *own, uint32_t *all, uint32_t max)
{
	if (*own >= (max - (*all - *own)) / 2)
		return false;
	++*own;
	++*all;
	return true;
}

/* Where to remember the row of `index`, which is there; NULL: there is no room, which is counted.
 */
static struct written *place_at(struct ingest *in, struct process *p, struct places *places,
				size_t index)
{
	while (places->rows.count <= index &&
	       call_share_take(&p->calls->places, &in->call_places, CALL_PLACES_MAX))
		*vec_push(&places->rows) = (struct written){.change = UINT64_MAX};
	if (index < places->rows.count)
		return &places->rows.items[index];
	if (index >= places->lost_to) {
		places->lost_to = index + 1;
		ingest_lose(in, p, RECORDER_CALLS, 1);
	}
	return NULL;
}

static uint32_t row_at(const struct places *places, size_t index)
{
	return index < places->rows.count ? places->rows.items[index].row : 0;
}

static uint32_t row_of_node(const struct process *p, uint32_t number, uint32_t index)
{
	return number < p->calls->areas.count ? row_at(&p->calls->areas.items[number].nodes, index)
					      : 0;
}

/* An unknown one is no loss of a record: the row says that it is not known. */
static uint32_t global(const struct map *ids, uint32_t local)
{
	const uint64_t *id = local ? map_find(ids, local) : NULL;
	return id ? (uint32_t)*id : 0;
}

static void row_ns(struct row *row, uint64_t ns)
{
	row_uint(row, ns < CALL_NS_MAX ? ns : CALL_NS_MAX);
}

/* --- the process --------------------------------------------------------- */

static const char *engine_name(uint32_t engine)
{
	static const char *const names[] = {
		[CALLS_ENGINE_NONE] = "none",   [CALLS_ENGINE_MONITORING] = "monitoring",
		[CALLS_ENGINE_EVAL] = "eval",   [CALLS_ENGINE_PROFILE] = "profile",
		[CALLS_ENGINE_TRACE] = "trace",
	};
	return engine < sizeof names / sizeof *names ? names[engine] : "none";
}

static const char *cpu_clock_name(uint32_t clock)
{
	static const char *const names[] = {
		[CALLS_CPU_NONE] = "none",       [CALLS_CPU_RSEQ] = "rseq",
		[CALLS_CPU_PERF] = "perf",       [CALLS_CPU_GAP] = "gap",
		[CALLS_CPU_SYSCALL] = "syscall",
	};
	return clock < sizeof names / sizeof *names ? names[clock] : "none";
}

/* call_node.kind of what is no kind of node of the agent's. */
enum { KIND_REQUESTS = CALLS_WORK + 1 };

/* Text of the process, made fit for a recording as all of its names are; empty: NULL. */
static void row_process_text(struct row *row, struct ingest *in, const char *text, size_t size)
{
	const size_t bytes = strnlen(text, size);
	const uint32_t id = bytes ? names_text(in->names, text, bytes) : 0;
	size_t length = 0;
	const char *clean = id ? names_text_of(in->names, id, &length) : NULL;
	row_text(row, clean, length);
}

/* The page has what a call costs, its begin and its end: two events; likewise a resume. */
static void row_cost(struct row *row, uint32_t sixteenths, unsigned events)
{
	if (sixteenths)
		row_real(row, sixteenths / 16.0 / events);
	else
		row_null(row);
}

void ingest_calls(struct ingest *in, uint32_t serial, const struct call_facts *facts)
{
	const struct calls_process *c = facts->process;
	static const struct calls_control nothing;
	const struct calls_control *control = facts->control ? facts->control : &nothing;
	const struct process *p = ingest_process_of(in, serial);
	if (!p)
		return;
	struct row row = row_begin(in->recording, ROW_CALL_PROCESS);
	row_int(&row, serial);
	row_string(&row, engine_name(c->engine));
	row_string(&row, engine_name(c->line_engine));
	row_process_text(&row, in, c->reason, sizeof c->reason);
	row_process_text(&row, in, c->line_reason, sizeof c->line_reason);
	row_int(&row, control->want);
	row_process_text(&row, in, control->pattern, sizeof control->pattern);
	row_process_text(&row, in, control->lines, sizeof control->lines);
	row_string(&row, c->clock == CALLS_CLOCK_TSC ? "tsc" : "ns");
	row_string(&row, cpu_clock_name(c->cpu_clock));
	row_id(&row, c->began_ns);
	row_id(&row, c->ended_ns);
	row_real(&row, facts->tick_ns);
	row_uint(&row, facts->events);
	row_uint(&row, facts->line_events);
	row_cost(&row, c->cost_inside_16, 2);
	row_cost(&row, c->cost_outside_16, 2);
	row_cost(&row, c->cost_c_inside_16, 2);
	row_cost(&row, c->cost_c_outside_16, 2);
	row_uint(&row, c->lost_nodes);
	row_uint(&row, c->lost_threads);
	row_uint(&row, c->lost_suspended);
	row_uint(&row, facts->lost_lines);
	row_uint(&row, c->demoted);
	row_cost(&row, c->cost_resume_inside_16, 2);
	row_cost(&row, c->cost_resume_outside_16, 2);
	row_cost(&row, c->cost_far_inside_16, 1);
	row_cost(&row, c->cost_far_outside_16, 1);
	row_id(&row, global(&p->codes, c->repeats_code));
	row_uint(&row, facts->lost_line_count);
	row_ns(&row, facts->lost_line_ns);
	row_cost(&row, c->cost_await_inside_16, 2);
	row_cost(&row, c->cost_await_outside_16, 2);
	row_ns(&row, facts->line_cost_ns);
	row_end(&row);
}

void ingest_calls_lost(struct ingest *in, uint32_t serial, uint64_t count)
{
	struct process *p = ingest_process_of(in, serial);
	if (p)
		ingest_lose(in, p, RECORDER_CALLS, count);
}

void ingest_call_window(struct ingest *in, uint32_t serial, uint64_t at_ns,
			const struct calls_window *on, const struct calls_window *off)
{
	if (!ingest_process_of(in, serial))
		return;
	struct row row = row_begin(in->recording, ROW_CALL_WINDOW);
	row_int(&row, serial);
	row_uint(&row, at_ns);
	row_uint(&row, on->units);
	row_ns(&row, on->wall_ns);
	row_ns(&row, on->cpu_ns);
	row_uint(&row, on->events);
	row_uint(&row, off->units);
	row_ns(&row, off->wall_ns);
	row_ns(&row, off->cpu_ns);
	row_end(&row);
}

/* --- trees --------------------------------------------------------------- */

/* Sums only grow: a row whose sum of sums is as it was has not changed. */
static uint64_t change_of(const struct call_node *n)
{
	return n->calls + n->resumes + n->raised + n->own_wall_ns + n->own_cpu_ns +
	       n->total_wall_ns + n->total_cpu_ns + n->waiting_ns + n->ready_ns + n->nested_ns +
	       n->demoted;
}

static void write_histogram(struct ingest *in, uint32_t row_id_of_node,
			    const struct calls_histogram *h)
{
	for (uint32_t bucket = 0; bucket < CALLS_BUCKETS; bucket++) {
		if (!h->of[bucket].wall && !h->of[bucket].cpu)
			continue;
		struct row row = row_begin(in->recording, ROW_CALL_HISTOGRAM);
		row_int(&row, row_id_of_node);
		row_uint(&row, calls_bucket_least(bucket));
		row_int(&row, h->of[bucket].wall);
		row_int(&row, h->of[bucket].cpu);
		row_end(&row);
	}
}

static void write_node(struct ingest *in, struct process *p, const struct call_tree *tree,
		       uint64_t thread, const struct places *nodes, uint32_t index, uint32_t caller)
{
	const struct call_node *n = &tree->nodes[index];
	const bool is_function = n->kind == CALLS_FUNCTION;
	const bool has_name = n->kind == CALLS_ROOT || n->kind == CALLS_C_FUNCTION;
	/* the first node is the thread's own root (agent/calls_file.h) */
	const bool is_request = n->kind == CALLS_ROOT && (index > 1 || n->code);
	const bool has_times = n->histogram && n->histogram->most;
	struct row row = row_begin(in->recording, ROW_CALL_NODE);
	row_int(&row, row_at(nodes, index));
	row_int(&row, row_at(nodes, n->parent));
	row_int(&row, p->serial);
	row_id(&row, thread);
	row_int(&row, is_request ? KIND_REQUESTS : n->kind);
	row_id(&row, is_function ? global(&p->codes, n->code) : 0);
	row_id(&row, has_name ? global(&p->texts, n->code) : 0);
	row_id(&row, caller);
	row_uint(&row, n->calls);
	row_uint(&row, n->resumes);
	row_uint(&row, n->raised);
	row_ns(&row, n->own_wall_ns);
	row_ns(&row, n->own_cpu_ns);
	row_ns(&row, n->total_wall_ns);
	row_ns(&row, n->total_cpu_ns);
	row_ns(&row, n->waiting_ns);
	row_ns(&row, n->ready_ns);
	row_int(&row, n->folded);
	row_int(&row, n->demoted);
	row_uint(&row, n->open);
	if (has_times) {
		row_ns(&row, n->histogram->least);
		row_ns(&row, n->histogram->most);
	} else {
		row_null(&row);
		row_null(&row);
	}
	row_uint(&row, n->far);
	row_ns(&row, n->nested_ns);
	row_end(&row);
	if (has_times)
		write_histogram(in, row_at(nodes, index), n->histogram);
}

/* The dictionary may come after the tree that names it. */
static bool is_named(const struct process *p, const struct call_node *n)
{
	if (n->kind == CALLS_FUNCTION)
		return !n->code || global(&p->codes, n->code);
	return n->kind == CALLS_WORK || !n->code || global(&p->texts, n->code);
}

/* Rows are numbered in the order of the tree, so that callers come before what they call. A process
 * that puts a new caller above an old node breaks that; such a node keeps what it was. */
static bool number_node(struct ingest *in, struct process *p, struct places *nodes,
			struct written *written, uint32_t parent)
{
	const bool is_new = written->change == UINT64_MAX && !written->row;
	if (is_new && call_share_take(&p->calls->nodes, &in->last_call_node, CALL_ROWS_MAX))
		written->row = in->last_call_node;
	else if (is_new)
		ingest_lose(in, p, RECORDER_CALLS, 1);
	return written->row && row_at(nodes, parent) < written->row &&
	       (!parent || row_at(nodes, parent));
}

bool ingest_call_tree(struct ingest *in, uint32_t serial, const struct call_tree *tree)
{
	struct process *p = ingest_process_of(in, serial);
	struct area *area = p ? area_of(p, tree->area) : NULL;
	bool callers_known = true;
	if (!area)
		return true;
	const uint64_t thread = tree->tid ? ingest_thread_id(in, p, tree->tid) : 0;
	for (uint32_t i = 1; i < tree->count; i++) {
		const struct call_node *n = &tree->nodes[i];
		/* one without a kind was left out by who read it */
		struct written *written = n->kind ? place_at(in, p, &area->nodes, i) : NULL;
		const uint64_t change = change_of(n);
		if (!written || written->change == change)
			continue;
		const bool fits = number_node(in, p, &area->nodes, written, n->parent);
		const bool has_caller = fits && n->kind == CALLS_WORK && n->from_node;
		const uint32_t caller = has_caller ? row_of_node(p, n->from_area, n->from_node) : 0;
		const bool is_missed = has_caller && !caller;
		/* it is written again when its caller, or its name, may be known */
		written->change = is_missed || !is_named(p, n) ? UINT64_MAX : change;
		callers_known = callers_known && !is_missed;
		if (fits)
			write_node(in, p, tree, thread, &area->nodes, i, caller);
	}
	return callers_known;
}

/* --- lines and events ---------------------------------------------------- */

static void write_line(struct ingest *in, const struct process *p, uint64_t thread, uint32_t rowid,
		       const struct call_line *line, uint32_t code)
{
	struct row row = row_begin(in->recording, ROW_CALL_LINE);
	row_int(&row, rowid);
	row_int(&row, p->serial);
	row_id(&row, thread);
	row_int(&row, code);
	row_int(&row, line->line);
	row_uint(&row, line->hits);
	row_ns(&row, line->wall_ns);
	row_ns(&row, line->cpu_ns);
	row_ns(&row, line->own_wall_ns);
	row_ns(&row, line->await_ns);
	row_ns(&row, line->gil_ns);
	row_ns(&row, line->blocked_ns);
	if (line->memory_parts) {
		row_int(&row, line->memory_bytes);
		row_int(&row, line->memory_most);
		row_int(&row, line->memory_peak);
	} else {
		row_null(&row);
		row_null(&row);
		row_null(&row);
	}
	row_uint(&row, line->memory_parts);
	row_ns(&row, line->cost_ns);
	row_ns(&row, line->own_cost_ns);
	row_end(&row);
}

void ingest_call_lines(struct ingest *in, uint32_t serial, uint32_t number, uint32_t tid,
		       const struct call_line *lines, size_t count)
{
	struct process *p = ingest_process_of(in, serial);
	struct area *area = p ? area_of(p, number) : NULL;
	if (!area)
		return;
	const uint64_t thread = tid ? ingest_thread_id(in, p, tid) : 0;
	for (size_t i = 0; i < count; i++) {
		const struct call_line *line = &lines[i];
		const uint64_t change = line->hits + line->wall_ns + line->await_ns + line->gil_ns +
					line->blocked_ns + line->memory_parts;
		const uint32_t code = global(&p->codes, line->code);
		struct written *written = line->hits ? place_at(in, p, &area->lines, i) : NULL;
		if (!written || written->change == change)
			continue;
		if (!written->row && code &&
		    call_share_take(&p->calls->lines, &in->last_call_line, CALL_ROWS_MAX))
			written->row = in->last_call_line;
		else if (!written->row)
			ingest_lose(in, p, RECORDER_CALLS, 1);
		written->change = change;
		if (written->row)
			write_line(in, p, thread, written->row, line, code);
	}
}

/* The row of a function is found by its name: a code object that was made anew is another one. */
void ingest_call_arguments(struct ingest *in, uint32_t serial,
			   const struct call_arguments *functions, size_t count, uint64_t left_out)
{
	struct process *p = ingest_process_of(in, serial);
	if (!p)
		return;
	for (size_t i = 0; i < count && i < ARGUMENTS_FUNCTIONS; i++) {
		const struct call_arguments *f = &functions[i];
		const uint32_t code = global(&p->codes, f->code);
		if (!code) /* its name comes with the next hand-over */
			continue;
		struct row row = row_begin(in->recording, ROW_CALL_ARGUMENTS);
		row_int(&row, p->serial);
		row_int(&row, code);
		row_uint(&row, f->calls);
		row_uint(&row, f->returned);
		row_uint(&row, f->comparable);
		row_uint(&row, f->instances);
		row_uint(&row, f->distinct);
		row_uint(&row, f->repeated);
		row_uint(&row, f->repeated_in_unit);
		row_uint(&row, f->same);
		row_uint(&row, f->nothing);
		row_uint(&row, f->different);
		row_uint(&row, f->units);
		row_uint(&row, f->units_repeated);
		row_ns(&row, f->cpu_ns);
		row_ns(&row, f->repeated_cpu_ns);
		row_ns(&row, f->cost_ns);
		row_end(&row);
	}
	struct process_calls *calls = calls_of(p);
	if (left_out > calls->left_out)
		ingest_lose(in, p, RECORDER_CALLS, left_out - calls->left_out);
	calls->left_out = left_out > calls->left_out ? left_out : calls->left_out;
}

/* The newest unit with these lower bits. */
static uint64_t unit_of_bits(const struct process *p, uint32_t bits)
{
	const uint64_t span = UINT64_C(1) << 24;
	uint64_t number = p->units_begun / span * span + bits;
	if (number > p->units_begun && number > span)
		number -= span;
	return bits ? (uint64_t)p->serial << UNIT_SERIAL_SHIFT | number : 0;
}

void ingest_call_events(struct ingest *in, uint32_t serial, uint32_t tid,
			const struct call_event *events, size_t count)
{
	struct process *p = ingest_process_of(in, serial);
	if (!p)
		return;
	struct process_calls *calls = calls_of(p);
	const uint64_t thread = tid ? ingest_thread_id(in, p, tid) : 0;
	for (size_t i = 0; i < count; i++) {
		const struct call_event *event = &events[i];
		const bool is_c = event->event == TIMELINE_C_BEGIN ||
				  event->event == TIMELINE_C_END ||
				  event->event == TIMELINE_C_RAISED;
		if (!call_share_take(&calls->events, &in->call_events, CALL_EVENTS_MAX)) {
			ingest_lose(in, p, RECORDER_CALLS, count - i);
			return;
		}
		struct row row = row_begin(in->recording, ROW_CALL_EVENT);
		row_int(&row, p->serial);
		row_id(&row, thread);
		row_uint(&row, event->at_ns);
		row_int(&row, event->event);
		row_id(&row, is_c ? 0 : global(&p->codes, event->code));
		row_id(&row, is_c ? global(&p->texts, event->code) : 0);
		row_id(&row, unit_of_bits(p, event->unit));
		row_end(&row);
	}
}
