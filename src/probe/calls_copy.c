#include "probe/calls_copy.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "recording/heap.h"

/* No clock ticks slower than a thousand times a second, or faster than ten in a nanosecond. */
enum { TICK_NS_MAX = 1000000, TICKS_OF_NS_MAX = 10 };
#define FUTURE_NS NS_PER_S
/* Two readings closer than this tell no rate to a thousandth: a process that was killed, or has
 * only begun, has no later one. Then the same clock is read here, on the same machine. */
#define SPAN_MIN_NS (50 * NS_PER_MS)

void calls_copy_words(void *copy, const void *shared, size_t bytes)
{
	uint64_t *to = copy;
	const _Atomic uint64_t *from = shared;
	for (size_t i = 0; i < bytes / sizeof *to; i++)
		to[i] = atomic_load_explicit(&from[i], memory_order_relaxed);
}

/* --- clock --------------------------------------------------------------- */

/* As the agent reads it (agent/calls_clock.h); 0: this machine has none. */
static uint64_t ticks_here(void)
{
#if defined(__x86_64__)
	return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
	uint64_t ticks;
	__asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
	return ticks;
#else
	return 0;
#endif
}

bool calls_ticks_read(const struct calls_process *process, struct calls_ticks *out)
{
	const uint64_t ticks = process->pairs[0].ticks, ns = process->pairs[0].ns;
	*out = (struct calls_ticks){
		.ticks = ticks,
		.ns = ns,
		.span_ticks = process->pairs[1].ticks - ticks,
		.span_ns = process->pairs[1].ns - ns,
	};
	if (process->clock != CALLS_CLOCK_TSC) {
		*out = (struct calls_ticks){.span_ticks = 1, .span_ns = 1};
		return true;
	}
	if (process->pairs[1].ns <= ns || out->span_ns < SPAN_MIN_NS) {
		out->span_ns = clock_now_ns() - ns;
		out->span_ticks = ticks_here() - ticks;
	}
	return out->span_ticks - 1 < INT64_MAX && out->span_ns - 1 < INT64_MAX &&
	       out->span_ns / TICK_NS_MAX <= out->span_ticks &&
	       out->span_ticks / TICKS_OF_NS_MAX <= out->span_ns;
}

static uint64_t scale(uint64_t value, uint64_t by, uint64_t of)
{
	const unsigned __int128 scaled = (unsigned __int128)value * by / of;
	return scaled < UINT64_MAX / 4 ? (uint64_t)scaled : UINT64_MAX / 4;
}

uint64_t calls_ticks_to_ns(const struct calls_ticks *t, uint64_t ticks)
{
	const uint64_t ns = scale(ticks, t->span_ns, t->span_ticks);
	return ns < CALL_NS_MAX ? ns : CALL_NS_MAX;
}

uint64_t calls_ticks_at_ns(const struct calls_ticks *t, uint64_t ticks)
{
	if (ticks >= t->ticks)
		return t->ns + scale(ticks - t->ticks, t->span_ns, t->span_ticks);
	const uint64_t before = scale(t->ticks - ticks, t->span_ns, t->span_ticks);
	return before < t->ns ? t->ns - before : 0;
}

uint64_t calls_ticks_of_ns(const struct calls_ticks *t, uint64_t at_ns)
{
	return at_ns > t->ns ? t->ticks + scale(at_ns - t->ns, t->span_ticks, t->span_ns)
			     : t->ticks;
}

#define COUNTER_LEFT 64u /* bits of a linear counter below which it tells nothing */

/* --- trees --------------------------------------------------------------- */

/* Does an array of `count` times `size` bytes at `offset` lie in the file, behind its header? */
static bool lies_inside(const struct guarded_map *map, size_t header, uint32_t offset,
			uint64_t count, size_t size)
{
	return offset >= header && offset % sizeof(uint64_t) == 0 && offset <= map->size &&
	       count <= (map->size - offset) / size;
}

static uint64_t counted(uint64_t count)
{
	return count < CALLS_COUNT_MAX ? count : CALLS_COUNT_MAX;
}

static uint64_t duration(const struct calls_ticks *t, uint64_t ticks)
{
	return calls_ticks_to_ns(t, ticks);
}

static void take_node(const struct calls_ticks *t, const struct calls_node *shared,
		      const struct call_node *nodes, uint32_t index, struct call_node *out)
{
	const bool is_root = shared->kind == CALLS_ROOT || shared->kind == CALLS_WORK;
	const bool is_call = shared->kind == CALLS_FUNCTION || shared->kind == CALLS_C_FUNCTION;
	/* a node that is being written has no kind yet; a root has no caller, a call has one */
	if ((!is_root && !is_call) || is_root != (shared->parent == 0) || shared->parent >= index ||
	    shared->folds >= index || (shared->parent && !nodes[shared->parent].kind) ||
	    (shared->folds && !nodes[shared->folds].kind))
		return;
	*out = (struct call_node){
		.code = shared->code,
		.parent = shared->parent,
		.kind = shared->kind,
		.folded = shared->folds != 0,
		.demoted = shared->demoted != 0,
		.calls = counted(shared->calls),
		.resumes = shared->resumes,
		.raised = shared->raised,
		.own_wall_ns = duration(t, shared->own_wall),
		.own_cpu_ns = duration(t, shared->own_cpu),
		.total_wall_ns = duration(t, shared->total_wall),
		.total_cpu_ns = duration(t, shared->total_cpu),
		.waiting_ns = duration(t, shared->waiting),
		.ready_ns = duration(t, shared->ready),
		.nested_ns = is_call ? duration(t, shared->nested) : 0,
		.from_area = is_root ? shared->from_area : 0,
		.from_node = is_root ? shared->from_node : 0,
		.far = shared->far,
	};
}

/* What passed between two readings of a clock; nothing if they are torn. */
static uint64_t passed(const struct calls_ticks *t, uint64_t from, uint64_t to)
{
	return to > from ? duration(t, to - from) : 0;
}

/* The same function is further out on the stack, whose total time then holds this one's. */
static bool is_inside_itself(const struct calls_live *live, uint32_t at,
			     const struct call_node *nodes)
{
	const struct call_node *own = &nodes[live[at].node];
	for (uint32_t i = 0; i < at; i++)
		if (nodes[live[i].node].code == own->code && nodes[live[i].node].kind == own->kind)
			return true;
	return false;
}

/* Calls under way: their time until now is theirs. An entry is a root, or a call from the one
 * before it; from the first that is neither, the copy is torn. */
static void add_live(const struct calls_area *area, const struct calls_ticks *t, uint64_t end,
		     const struct calls_node *shared, struct call_node *nodes, uint32_t count)
{
	const uint32_t depth = area->depth < CALLS_LIVE ? area->depth : CALLS_LIVE;
	uint32_t caller = 0, taken = 0;
	for (; taken < depth; taken++) {
		const struct calls_live *live = &area->live[taken];
		const uint32_t at = live->node;
		if (at == 0 || at >= count || !nodes[at].kind ||
		    (taken && nodes[at].parent && nodes[at].parent != caller))
			break;
		caller = shared[at].folds ? shared[at].folds : at;
		nodes[at].open++;
		if (is_inside_itself(area->live, taken, nodes))
			continue;
		nodes[at].total_wall_ns += passed(t, live->wall, end);
		nodes[at].total_cpu_ns += passed(t, live->cpu, area->last_cpu);
	}
	/* what passed since the last event is of the newest call, if that is known */
	if (taken && taken == area->depth)
		nodes[area->live[taken - 1].node].own_wall_ns += passed(t, area->last_wall, end);
}

static void take_histograms(const struct guarded_map *lengths, const struct calls_area *area,
			    const struct calls_node *shared, struct arena *arena,
			    struct call_node *nodes, uint32_t count)
{
	const uint32_t have = area->histogram_count;
	if (!lengths->bytes || have > CALLS_HISTOGRAMS_MAX ||
	    have > lengths->size / sizeof(struct calls_histogram))
		return;
	const struct calls_histogram *all = (const void *)lengths->bytes;
	bool *taken = arena_alloc(arena, (have + 1) * sizeof *taken);
	for (uint32_t i = 1; i < count; i++) {
		const uint32_t number = shared[i].histogram;
		/* one is of one node: many of the same would cost their writer nothing */
		if (!nodes[i].kind || number == 0 || number > have || taken[number])
			continue;
		taken[number] = true;
		struct calls_histogram *copy = arena_alloc(arena, sizeof *copy);
		calls_copy_words(copy, &all[number - 1], sizeof *copy);
		nodes[i].histogram = copy;
	}
}

bool calls_copy_has_lengths(const struct guarded_map *map)
{
	const struct calls_area *there = (const void *)map->bytes;
	return map->size >= sizeof *there &&
	       atomic_load_explicit(&there->histogram_count, memory_order_acquire) > 0;
}

enum err_kind calls_copy_tree(const struct guarded_map *map, const struct guarded_map *lengths,
			      const struct calls_ticks *t, uint64_t now_ns, struct arena *arena,
			      struct call_tree *out, uint64_t *events, struct err *e)
{
	const struct calls_area *there = (const void *)map->bytes;
	struct calls_area *area = arena_alloc(arena, sizeof *area);
	*out = (struct call_tree){0};
	if (map->size < sizeof *area)
		return ERR(e, ERR_INVALID, "a file of calls is too short for its header");
	if (atomic_load_explicit(&there->magic, memory_order_acquire) == 0)
		return ERR(e, ERR_LIMIT, "a file of calls is not made yet");
	calls_copy_words(area, there, sizeof *area);
	const uint32_t count = area->node_count;
	if (area->magic != CALLS_AREA_MAGIC || count > CALLS_NODES_MAX ||
	    !lies_inside(map, sizeof *area, area->nodes_offset, count, sizeof(struct calls_node)))
		return ERR(e, ERR_INVALID, "a file of calls contradicts its size");
	const size_t bytes = (size_t)count * sizeof(struct calls_node);
	struct calls_node *shared = arena_alloc(arena, bytes);
	struct call_node *nodes = arena_alloc(arena, (count + 1) * sizeof *nodes);
	calls_copy_words(shared, map->bytes + area->nodes_offset, bytes);
	for (uint32_t i = 1; i < count; i++)
		take_node(t, &shared[i], nodes, i, &nodes[i]);
	const uint64_t end =
		now_ns && !area->ended ? calls_ticks_of_ns(t, now_ns) : area->last_wall;
	add_live(area, t, end, shared, nodes, count);
	take_histograms(lengths, area, shared, arena, nodes, count);
	*events += counted(area->events);
	*out = (struct call_tree){
		.area = area->number, .tid = area->tid, .nodes = nodes, .count = count};
	return ERR_OK;
}

/* What a linear counter of `bits` has seen, of which some are set: -m ln(1 - set / m), which is
 * exact while there are few (Whang, Vander-Zanden, Taylor 1990). With next to none left it tells
 * only that there were no more than `most`. */
static uint64_t counter_tells(uint64_t bits, uint64_t set, uint64_t most)
{
	const double m = (double)bits;
	if (set + COUNTER_LEFT >= bits)
		return most;
	const uint64_t seen = (uint64_t)llround(m * log(m / (m - (double)set)));
	return seen < most ? seen : most;
}

/* --- lines --------------------------------------------------------------- */

/* Sums behind the lines; NULL: there are none, or they were made after the file was mapped here. */
static const void *behind_lines(const struct guarded_map *map, uint32_t offset, uint32_t count,
				size_t size)
{
	return offset && lies_inside(map, sizeof(struct lines_area), offset, count, size)
		       ? map->bytes + offset
		       : NULL;
}

static uint64_t bounded_ns(uint64_t ns)
{
	return ns < CALL_NS_MAX ? ns : CALL_NS_MAX;
}

static void take_waits(const struct calls_line_waits *shared, struct call_line *out)
{
	struct calls_line_waits waits;
	calls_copy_words(&waits, shared, sizeof waits);
	out->gil_ns = bounded_ns(waits.gil_ns);
	out->blocked_ns = bounded_ns(waits.blocked_ns);
}

static int64_t bounded_bytes(int64_t bytes)
{
	const int64_t most = (int64_t)HEAP_BYTES_MAX;
	if (bytes > most)
		return most;
	return bytes < -most ? -most : bytes;
}

static void take_memory(const struct calls_line_memory *shared, struct call_line *out)
{
	struct calls_line_memory memory;
	calls_copy_words(&memory, shared, sizeof memory);
	out->memory_bytes = bounded_bytes(memory.bytes);
	out->memory_most = memory.most > 0 ? bounded_bytes(memory.most) : 0;
	out->memory_peak = memory.peak > 0 ? bounded_bytes(memory.peak) : 0;
	out->memory_parts = counted(memory.parts);
}

enum err_kind calls_copy_lines(const struct guarded_map *map, const struct calls_ticks *t,
			       struct arena *arena, struct call_lines *out, struct err *e)
{
	struct lines_area area;
	const struct lines_area *there = (const void *)map->bytes;
	*out = (struct call_lines){0};
	if (atomic_load_explicit(&there->magic, memory_order_acquire) == 0)
		return ERR(e, ERR_LIMIT, "a file of lines is not made yet");
	calls_copy_words(&area, there, sizeof area);
	const uint32_t count = area.count < area.capacity ? area.count : area.capacity;
	if (area.magic != LINES_AREA_MAGIC || count > CALLS_LINES_MAX ||
	    !lies_inside(map, sizeof area, area.lines_offset, count, sizeof(struct calls_line)))
		return ERR(e, ERR_INVALID, "a file of lines contradicts its size");
	const struct calls_line *all = (const void *)(map->bytes + area.lines_offset);
	const struct calls_line_memory *memory =
		behind_lines(map, area.memory_offset, count, sizeof *memory);
	const struct calls_line_waits *waits =
		behind_lines(map, area.waits_offset, count, sizeof *waits);
	out->lines = arena_alloc(arena, count * sizeof *out->lines);
	for (uint32_t i = 0; i < count; i++) {
		struct calls_line line;
		calls_copy_words(&line, &all[i], sizeof line);
		out->lines[i] = (struct call_line){
			.code = line.code,
			.line = line.line <= INT32_MAX ? line.line : 0,
			.hits = counted(line.hits),
			.wall_ns = duration(t, line.wall),
			.cpu_ns = duration(t, line.cpu),
			.own_wall_ns = duration(t, line.own_wall),
			.await_ns = duration(t, line.awaited),
			.cost_ns = duration(t, line.cost),
			.own_cost_ns = duration(t, line.own_cost),
		};
		if (waits)
			take_waits(&waits[i], &out->lines[i]);
		if (memory)
			take_memory(&memory[i], &out->lines[i]);
	}
	out->tid = area.tid;
	out->count = count;
	out->events = counted(area.events);
	out->lost = counted(area.lost);
	out->lost_lines = counter_tells(LINES_LOST_BITS, area.lost_bits, out->lost);
	out->lost_ns = duration(t, area.lost_wall);
	out->cost_ns = duration(t, area.cost);
	return ERR_OK;
}

/* --- arguments ----------------------------------------------------------- */

static uint64_t at_most(uint64_t count, uint64_t most)
{
	return count < most ? count : most;
}

/* Where the counter tells nothing: as many as were not known to be repeated. */
static uint64_t distinct_of(uint64_t set, uint64_t comparable, uint64_t repeated)
{
	return set + COUNTER_LEFT >= ARGUMENTS_BITS
		       ? comparable - repeated
		       : counter_tells(ARGUMENTS_BITS, set, comparable);
}

static void take_arguments(const struct calls_ticks *t, const struct calls_arguments *shared,
			   struct call_arguments *out)
{
	const uint64_t calls = counted(shared->calls);
	const uint64_t comparable = at_most(shared->comparable, calls);
	const uint64_t repeated = at_most(shared->repeated, comparable);
	const uint64_t cpu_ns = duration(t, shared->cpu);
	const uint64_t repeated_cpu_ns = duration(t, shared->repeated_cpu);
	*out = (struct call_arguments){
		.code = shared->code,
		.calls = calls,
		.returned = at_most(shared->returned, calls),
		.comparable = comparable,
		.instances = at_most(shared->instances, comparable),
		.distinct = distinct_of(shared->set_bits, comparable, repeated),
		.repeated = repeated,
		.repeated_in_unit = at_most(shared->repeated_in_unit, repeated),
		.same = at_most(shared->same, repeated),
		.nothing = at_most(shared->nothing, repeated),
		.different = at_most(shared->different, repeated),
		.units = at_most(shared->units, calls),
		.units_repeated = at_most(shared->units_repeated, calls),
		.cpu_ns = cpu_ns,
		.repeated_cpu_ns = at_most(repeated_cpu_ns, cpu_ns),
		.cost_ns = duration(t, shared->cost),
	};
}

enum err_kind calls_copy_arguments(const struct guarded_map *map, const struct calls_ticks *t,
				   struct arena *arena, struct call_arguments_all *out,
				   struct err *e)
{
	const struct arguments_area *there = (const void *)map->bytes;
	struct arguments_area *area = arena_alloc(arena, sizeof *area);
	*out = (struct call_arguments_all){0};
	if (map->size < sizeof *area)
		return ERR(e, ERR_INVALID, "a file of arguments is too short");
	if (atomic_load_explicit(&there->magic, memory_order_acquire) == 0)
		return ERR(e, ERR_LIMIT, "a file of arguments is not made yet");
	calls_copy_words(area, there, sizeof *area);
	const uint32_t count = area->count;
	if (area->magic != ARGUMENTS_AREA_MAGIC || count > ARGUMENTS_FUNCTIONS)
		return ERR(e, ERR_INVALID, "a file of arguments contradicts itself");
	out->functions = arena_alloc(arena, (count + 1) * sizeof *out->functions);
	for (uint32_t i = 0; i < count; i++)
		take_arguments(t, &area->of[i], &out->functions[i]);
	out->count = count;
	out->left_out = counted(area->left_out);
	return ERR_OK;
}

/* --- timeline ------------------------------------------------------------ */

enum err_kind calls_copy_timeline(const struct guarded_map *map, const struct calls_ticks *t,
				  uint64_t now_ns, struct arena *arena, struct call_timeline *out,
				  struct err *e)
{
	struct timeline_area area;
	const struct timeline_area *there = (const void *)map->bytes;
	*out = (struct call_timeline){0};
	if (atomic_load_explicit(&there->magic, memory_order_acquire) == 0)
		return ERR(e, ERR_LIMIT, "a timeline is not made yet");
	calls_copy_words(&area, there, sizeof area);
	const uint64_t capacity = area.capacity;
	if (area.magic != TIMELINE_AREA_MAGIC || capacity == 0 || capacity > CALLS_TIMELINE_MAX ||
	    (capacity & (capacity - 1)) != 0 ||
	    !lies_inside(map, sizeof area, area.entries_offset, capacity,
			 sizeof(struct timeline_entry)))
		return ERR(e, ERR_INVALID, "a timeline contradicts its size");
	const struct timeline_entry *all = (const void *)(map->bytes + area.entries_offset);
	/* what is further back than a ring from where the writer ever was is written over */
	const uint64_t head = area.head, reached = area.reached > head ? area.reached : head;
	const uint64_t oldest = reached > capacity ? reached - capacity : 0;
	const uint64_t kept = head > oldest ? head - oldest : 0;
	struct timeline_entry *copy = arena_alloc(arena, kept * sizeof *copy);
	for (uint64_t i = 0; i < kept; i++)
		calls_copy_words(&copy[i], &all[(head - kept + i) % capacity], sizeof *copy);
	/* the writer may have gone round and over the oldest meanwhile, and be at one now */
	uint64_t now_at = atomic_load_explicit(&there->head, memory_order_acquire);
	if (now_at < reached)
		now_at = reached;
	const uint64_t gone = now_at - oldest >= capacity ? now_at - oldest - capacity + 1 : 0;
	uint64_t last_ns = 0;
	out->events = arena_alloc(arena, kept * sizeof *out->events);
	for (uint64_t i = gone; i < kept; i++) {
		const uint32_t event = copy[i].event & 0xff;
		const uint64_t at_ns = calls_ticks_at_ns(t, copy[i].ticks);
		if (event < TIMELINE_BEGIN || event > TIMELINE_C_RAISED || at_ns < last_ns ||
		    at_ns > now_ns + FUTURE_NS)
			continue;
		last_ns = at_ns;
		out->events[out->count++] = (struct call_event){
			.at_ns = at_ns,
			.code = copy[i].code,
			.event = event,
			.unit = copy[i].event >> 8,
		};
	}
	out->tid = area.tid;
	return ERR_OK;
}
