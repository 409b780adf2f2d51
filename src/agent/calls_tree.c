#include "agent/calls_tree.h"

#include <string.h>

#include "agent/abi.h"
#include "agent/calls_control.h"
#include "agent/calls_nodes.h"
#include "base/clock.h"
#include "base/hash.h"

/* --- stacks ---------------------------------------------------------------- */

/* The stack begins now; what the event's own clock reading gave to node 0 is nobody's. */
void calls_stack_begin(struct calls_thread *t)
{
	struct calls_area *area = calls_area_of(t);

	calls_live_of(t)[0] = (struct calls_live){
		.node = CALLS_THREAD_ROOT,
		.wall = atomic_load_explicit(&area->last_wall, memory_order_relaxed),
		.cpu = atomic_load_explicit(&area->last_cpu, memory_order_relaxed),
	};
	t->top = &t->nodes[CALLS_THREAD_ROOT];
	t->depth = 1;
	t->over = 0;
	t->unit = 0;
	if (calls_asked.want & CALLS_TIMELINE && t->number != CALLS_SCRATCH &&
	    t->made_timeline == NULL)
		t->made_timeline = calls_timeline_make(t->number, area->tid);
	t->timeline = calls_asked.want & CALLS_TIMELINE ? t->made_timeline : NULL;
	atomic_store_explicit(&area->depth, 1, memory_order_release);
}

void calls_stack_reset(struct calls_thread *t)
{
	memset(t->active, 0, t->place_count * sizeof *t->active);
	calls_live_of(t)[0].node = 0;
	t->top = t->nodes;
	t->depth = 1;
}

uint32_t calls_child_find(struct calls_thread *t, uint64_t key, uintptr_t object, uint32_t kind)
{
	uint32_t parent, child;

	if (UNLIKELY(calls_tree_is_reset(t)))
		calls_stack_begin(t);
	if (UNLIKELY(t->depth >= t->deepest) && (t->over > 0 || !calls_nodes_deeper(t))) {
		atomic_fetch_add_explicit(&calls_process->lost_nodes, 1, memory_order_relaxed);
		/* the last entry counts for all that follow */
		if (t->over++ > 0)
			t->active[t->nodes[0].place]--, t->depth--;
		return 0;
	}
	parent = (uint32_t)(t->top - t->nodes);
	if (parent == 0) {
		atomic_fetch_add_explicit(&calls_process->lost_nodes, 1, memory_order_relaxed);
		return 0;
	}
	if (t->top->folds != 0)
		parent = t->top->folds;
	child = calls_nodes_get(t, parent, key, object, kind);
	/* asked for a name, Python may have let another thread go on, which put an engine in place
	 */
	if (UNLIKELY(calls_tree_is_reset(t)))
		return calls_child_find(t, key, object, kind);
	if (child == 0)
		return 0;
	if (t->top->recent != 0)
		t->nodes[t->top->recent].next = child;
	t->top->recent = child;
	return child;
}

/* A call without a node ends: what it took is its caller's. */
static void leave_lost(struct calls_thread *t, struct calls_times now)
{
	struct calls_node *lost = t->nodes;

	if (t->over > 1) {
		t->over--;
		return;
	}
	t->over = 0;
	calls_pop(t, now);
	if (t->top == lost)
		return;
	calls_add64(&t->top->own_wall, atomic_exchange(&lost->own_wall, 0));
	calls_add64(&t->top->own_cpu, atomic_exchange(&lost->own_cpu, 0));
}

/* Pops what is above live[depth - 1]. */
static void cut_to(struct calls_thread *t, uint32_t depth, struct calls_times now)
{
	while (t->depth > depth) {
		if (t->top == t->nodes) {
			t->over = 0;
			leave_lost(t, now);
		} else {
			calls_ended(t, t->top, &calls_live_of(t)[t->depth - 1], now);
			calls_note(t, t->top, calls_end_event(t->top, false), now);
			calls_pop(t, now);
		}
	}
}

void calls_leave_odd(struct calls_thread *t, uint64_t key, struct calls_times now, bool raised)
{
	if (calls_tree_is_reset(t)) {
		calls_stack_begin(t);
		return;
	}
	if (t->top == t->nodes) {
		leave_lost(t, now);
		return;
	}
	for (uint32_t depth = t->depth; depth > 1; depth--) {
		const struct calls_node *node = &t->nodes[calls_live_of(t)[depth - 1].node];

		if (node->kind == CALLS_ROOT || node->kind == CALLS_WORK)
			return;
		if (node->key != key)
			continue;
		cut_to(t, depth, now);
		if (raised)
			calls_add32(&t->top->raised, 1);
		calls_ended(t, t->top, &calls_live_of(t)[t->depth - 1], now);
		calls_note(t, t->top, calls_end_event(t->top, raised), now);
		calls_pop(t, now);
		return;
	}
}

/* --- what the agent does itself -------------------------------------------- */

static struct calls_times times_now(struct calls_thread *t)
{
	struct calls_times now = {.wall = calls_ticks()};

	now.cpu = calls_cpu_at(t->thread, now.wall, calls_area_of(t)->last_wall);
	return now;
}

struct calls_times calls_aside_begin(struct calls_thread *t)
{
	return t == NULL ? (struct calls_times){0} : times_now(t);
}

/* From then, or from the last event if there was one since. */
static uint64_t since(uint64_t begun, uint64_t last, uint64_t now)
{
	uint64_t from = begun > last ? begun : last;

	return now > from ? now - from : 0;
}

/* As if all that is open had begun so much later. */
void calls_aside_end(struct calls_thread *t, struct calls_times begun)
{
	struct calls_times now, passed;
	struct calls_area *area;

	if (t == NULL || begun.wall == 0 || calls_tree_is_reset(t))
		return;
	area = calls_area_of(t);
	now = times_now(t);
	passed.wall = since(begun.wall, atomic_load(&area->last_wall), now.wall);
	passed.cpu = since(begun.cpu, atomic_load(&area->last_cpu), now.cpu);
	for (uint32_t i = 0; i < t->depth; i++) {
		calls_live_of(t)[i].wall += passed.wall;
		calls_live_of(t)[i].cpu += passed.cpu;
	}
	calls_add64(&area->last_wall, passed.wall);
	calls_add64(&area->last_cpu, passed.cpu);
}

/* --- events that are timed ------------------------------------------------ */

#define LONGEST_LOOK_NS 1000 /* an interrupt takes longer, what misses all caches does not */

struct calls_looks calls_looks, calls_far_looks;

void calls_look_back(uint64_t since)
{
	uint64_t took = calls_ticks() - since;

	if (calls_ns_of_ticks(took) > LONGEST_LOOK_NS)
		return;
	calls_add64(&calls_looks.count, 1);
	calls_add64(&calls_looks.ticks, took);
}

#define FAR_INT 300 /* past those that Python has at hand; as long as any place in code */

void calls_look_at_far(void)
{
	uint64_t began = calls_ticks(), made, ended;
	py_object number = py.PyLong_FromSsize_t(FAR_INT);

	if (number == NULL) {
		py.PyErr_Clear(); /* no memory: the app will be told by its own */
		return;
	}
	py.Py_DecRef(number);
	made = calls_ticks();
	ended = calls_ticks();
	/* less what reading the clock takes here */
	if (calls_ns_of_ticks(ended - began) > LONGEST_LOOK_NS || made - began < ended - made)
		return;
	calls_add64(&calls_far_looks.count, 1);
	calls_add64(&calls_far_looks.ticks, (made - began) - (ended - made));
}

/* --- leaves that cost too much ------------------------------------------- */

#define DEMOTE_RATE 100000u /* calls a second, at least … */
#define DEMOTE_COSTS 3u     /* … that run for less than so many times what counting them costs */

static void mark_demoted(struct calls_thread *t, uint64_t key)
{
	uint32_t count = atomic_load(&calls_area_of(t)->node_count);

	for (uint32_t i = 1; i < count; i++)
		if (t->nodes[i].key == key)
			atomic_store(&t->nodes[i].demoted, 1);
	atomic_fetch_add(&calls_process->demoted, 1);
}

bool calls_demote(struct calls_thread *t)
{
	struct calls_node *node = t->top;
	uint64_t now = atomic_load(&calls_area_of(t)->last_wall);
	uint64_t own = atomic_load(&node->own_wall);
	uint64_t passed = calls_ns_of_ticks(now - node->seen_ticks);
	/* of less than a second, if it is looked at any further: the low halves tell */
	uint64_t ran = calls_ns_of_ticks((uint32_t)own - node->seen_own) * 16 / CALLS_LOOK;
	uint64_t cost = calls_process->cost_inside_16 + calls_process->cost_outside_16;
	bool is_first = node->seen_ticks == 0;

	node->seen_ticks = now;
	node->seen_own = (uint32_t)own;
	if (node->demoted != 0)
		return true;
	if (is_first || node->recent != 0 || node->resumes != 0 ||
	    passed > NS_PER_S * CALLS_LOOK / DEMOTE_RATE ||
	    ran > calls_process->cost_inside_16 + DEMOTE_COSTS * cost)
		return false;
	mark_demoted(t, node->key);
	return true;
}

bool calls_key_is_demoted(struct calls_thread *t, uint64_t key)
{
	uint32_t at = calls_nodes_of(t, key);

	return at != 0 && t->nodes[at].demoted != 0;
}

/* --- roots ----------------------------------------------------------------- */

static uint64_t root_key(struct calls_root root)
{
	uint64_t of = root.kind == CALLS_WORK ? (uint64_t)root.from_area << 32 | root.from_node
					      : root.code;

	return CALLS_KEY_ROOT | (hash_mix64(of ^ (uint64_t)root.kind << 60) >> 2);
}

static uint32_t root_node(struct calls_thread *t, struct calls_root root)
{
	uint32_t at = calls_nodes_get(t, 0, root_key(root), root.code, root.kind);

	if (at != 0) {
		t->nodes[at].from_area = root.from_area;
		t->nodes[at].from_node = root.from_node;
	}
	return at;
}

uint32_t calls_root_enter(struct calls_thread *t, struct calls_root root, bool begins)
{
	struct calls_times now = calls_pass(t);
	uint32_t depth, at;
	struct calls_node *node;

	if (calls_tree_is_reset(t))
		calls_stack_begin(t);
	depth = t->depth;
	at = depth >= t->deepest && !calls_nodes_deeper(t) ? 0 : root_node(t, root);
	if (at == 0)
		return 0;
	node = &t->nodes[at];
	calls_add64(&node->calls, begins);
	calls_live_of(t)[depth] = (struct calls_live){.node = at, .wall = now.wall, .cpu = now.cpu};
	t->active[node->place]++;
	t->top = node;
	atomic_store_explicit(&calls_area_of(t)->depth, ++t->depth, memory_order_release);
	return depth;
}

/* Is live[entered] still the root that was entered there? */
static bool is_root_at(struct calls_thread *t, uint32_t entered)
{
	uint32_t kind;

	if (entered == 0 || entered >= t->depth || calls_tree_is_reset(t))
		return false;
	kind = t->nodes[calls_live_of(t)[entered].node].kind;
	return kind == CALLS_ROOT || kind == CALLS_WORK;
}

void calls_root_leave(struct calls_thread *t, uint32_t entered)
{
	if (is_root_at(t, entered))
		cut_to(t, entered, calls_pass(t));
}

/* The entry is one of `at` from now on; what it has counted so far as a call goes with it. */
static void move_live(struct calls_thread *t, struct calls_live *live, uint32_t at)
{
	struct calls_node *from = &t->nodes[live->node], *to = &t->nodes[at];

	if (!(live->flags & CALLS_LIVE_RESUMED) && atomic_load(&from->calls) > 0) {
		calls_add64(&from->calls, UINT64_MAX);
		calls_add64(&to->calls, 1);
	} else if (live->flags & CALLS_LIVE_RESUMED && atomic_load(&from->resumes) > 0) {
		calls_add32(&from->resumes, UINT32_MAX);
		calls_add32(&to->resumes, 1);
	}
	t->active[from->place]--;
	t->active[to->place]++;
	live->node = at;
}

void calls_root_move(struct calls_thread *t, uint32_t entered, struct calls_root root)
{
	struct calls_live *live = &calls_live_of(t)[entered];
	uint32_t parent;

	if (!is_root_at(t, entered) || t->top == t->nodes)
		return;
	(void)calls_pass(t);
	parent = root_node(t, root);
	if (parent == 0 || parent == live->node)
		return;
	move_live(t, live, parent);
	for (uint32_t depth = entered + 1; depth < t->depth; depth++) {
		const struct calls_node *node;
		uint32_t at;

		live++;
		node = &t->nodes[live->node];
		at = calls_nodes_find(t, parent, node->key);
		if (at == 0)
			at = calls_nodes_new(t, parent, node->key, node->code, node->kind, true);
		if (at == 0)
			break; /* the rest stays where it is */
		move_live(t, live, at);
		parent = t->nodes[at].folds != 0 ? t->nodes[at].folds : at;
	}
	t->top = &t->nodes[calls_live_of(t)[t->depth - 1].node];
}
