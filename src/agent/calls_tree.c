#include "agent/calls_tree.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "agent/abi.h"
#include "agent/calls_control.h"
#include "agent/calls_greenlets.h"
#include "agent/channel_file.h"
#include "agent/core.h"
#include "agent/dict.h"
#include "agent/python_hooks.h"
#include "agent/raw.h"
#include "base/clock.h"
#include "base/hash.h"

#define NODES_FIRST 480u /* with the header, 23 pages */
#define TABLE_FIRST 2048u
#define TABLE_MAX (CALLS_NODES_MAX * 2)
#define HISTOGRAMS_TARGETED 62u /* 78 pages */

/* Offsets in a thread's reserved address space. */
enum {
	AREA_AT = CHANNEL_PAGE,
	DEEPER_AT = AREA_AT + sizeof(struct calls_area),
	DEEPER_BYTES = (CALLS_DEPTH_MAX - CALLS_LIVE) * sizeof(struct calls_live),
	ACTIVE_AT = DEEPER_AT + DEEPER_BYTES,
	ACTIVE_BYTES = CALLS_NODES_MAX * sizeof(uint32_t),
	TABLE_AT = ACTIVE_AT + ACTIVE_BYTES,
	TABLE_BYTES = TABLE_MAX * sizeof(uint32_t),
	PLACES_AT = TABLE_AT + TABLE_BYTES,
	FILE_AT = PLACES_AT + TABLE_BYTES, /* what the file has behind its header */
	FILE_BYTES = CALLS_NODES_MAX * sizeof(struct calls_node) +
		     HISTOGRAMS_TARGETED * sizeof(struct calls_histogram) + CHANNEL_PAGE,
	RESERVED_BYTES = (FILE_AT + FILE_BYTES + CHANNEL_PAGE - 1) / CHANNEL_PAGE * CHANNEL_PAGE,
};
_Static_assert(sizeof(struct calls_thread) <= CHANNEL_PAGE, "one page");
_Static_assert(DEEPER_BYTES % CHANNEL_PAGE == 0 && FILE_AT % CHANNEL_PAGE == 0, "whole pages");

struct calls_process *calls_process;
bool calls_tree_histograms;
AGENT_TLS struct calls_thread *calls_self;
AGENT_TLS uint64_t calls_polled;
static AGENT_TLS bool inside;      /* of a slow path that calls Python */
static AGENT_TLS uint32_t refused; /* dict_generation() when no tree was to be had */

static _Atomic bool list_locked; /* held for a few stores, never over a call */
static struct calls_thread *threads;
static uint32_t number_of_areas;

static void lock_list(void)
{
	while (atomic_exchange_explicit(&list_locked, true, memory_order_acquire))
		__asm__ volatile("" ::: "memory");
}

static void unlock_list(void)
{
	atomic_store_explicit(&list_locked, false, memory_order_release);
}

/* --- tables of nodes ------------------------------------------------------- */

static uint64_t hash_of(uint32_t parent, uint64_t key)
{
	return hash_mix64(key ^ ((uint64_t)parent << 40));
}

static void put(uint32_t *table, uint32_t mask, uint64_t hash, uint32_t node)
{
	uint32_t at = (uint32_t)hash & mask;

	while (table[at] != 0)
		at = (at + 1) & mask;
	table[at] = node;
}

static uint32_t find_node(const struct calls_thread *t, uint32_t parent, uint64_t key)
{
	uint32_t at = (uint32_t)hash_of(parent, key) & t->table_mask;

	for (; t->table[at] != 0; at = (at + 1) & t->table_mask) {
		const struct calls_node *node = &t->nodes[t->table[at]];

		if (node->key == key && node->parent == parent)
			return t->table[at];
	}
	return 0;
}

/* A node of the same function, anywhere. */
static uint32_t find_place(const struct calls_thread *t, uint64_t key)
{
	uint32_t at = (uint32_t)hash_mix64(key) & t->places_mask;

	for (; t->places[at] != 0; at = (at + 1) & t->places_mask)
		if (t->nodes[t->places[at]].key == key)
			return t->places[at];
	return 0;
}

static void enlarge_table(struct calls_thread *t, uint32_t count)
{
	memset(t->table, 0, (t->table_mask + 1) * sizeof *t->table);
	t->table_mask = t->table_mask * 2 + 1;
	for (uint32_t i = 1; i < count; i++)
		put(t->table, t->table_mask, hash_of(t->nodes[i].parent, t->nodes[i].key), i);
}

static void enlarge_places(struct calls_thread *t, uint32_t count)
{
	uint32_t seen = 0;

	memset(t->places, 0, (t->places_mask + 1) * sizeof *t->places);
	t->places_mask = t->places_mask * 2 + 1;
	/* places were given out in the order of nodes */
	for (uint32_t i = 1; i < count; i++)
		if (t->nodes[i].place > seen) {
			seen = t->nodes[i].place;
			put(t->places, t->places_mask, hash_mix64(t->nodes[i].key), i);
		}
}

/* --- the file -------------------------------------------------------------- */

static void suffix_of(char suffix[24], uint32_t number)
{
	snprintf(suffix, 24, "calls-%u", number);
}

/* Maps more of the file, whole pages from `offset` on; what lies behind the header is contiguous at
 * FILE_AT. */
static bool extend(struct calls_thread *t, uint64_t offset, size_t bytes)
{
	char suffix[24];
	char *place = (char *)t +
		      (offset == 0 ? AREA_AT : FILE_AT + (offset - sizeof(struct calls_area)));

	suffix_of(suffix, t->number);
	return channel_file_extend(suffix, offset, bytes, place) != NULL;
}

static bool more_nodes(struct calls_thread *t)
{
	struct calls_area *area = calls_area_of(t);
	uint32_t capacity = atomic_load_explicit(&area->node_capacity, memory_order_relaxed);
	uint32_t more = capacity; /* twice as many */

	if (capacity + more > CALLS_NODES_MAX)
		more = CALLS_NODES_MAX - capacity;
	more &= ~(CHANNEL_PAGE / (uint32_t)sizeof(struct calls_node) - 1);
	if (more == 0 || !extend(t, area->nodes_offset + capacity * sizeof(struct calls_node),
				 more * sizeof(struct calls_node)))
		return false;
	atomic_store_explicit(&area->node_capacity, capacity + more, memory_order_release);
	return true;
}

/* --- nodes ----------------------------------------------------------------- */

/* Python is asked: what it runs meanwhile (finalizers) is not counted. */
static uint32_t c_name(struct calls_thread *t, uintptr_t function)
{
	py_object type, value, traceback;
	uint32_t id;

	inside = true;
	calls_self = NULL;
	py.PyErr_Fetch(&type, &value, &traceback);
	id = py_qualname_id((py_object)function);
	py.PyErr_Restore(type, value, traceback);
	calls_self = t;
	inside = false;
	return id;
}

/* A function that was never seen is a sign of a module that was just loaded: the hooks of units and
 * pools must be in place before it is used. */
static void look_for_hooks(struct calls_thread *t)
{
	py_object type, value, traceback;

	inside = true;
	calls_self = NULL;
	py.PyErr_Fetch(&type, &value, &traceback);
	python_hooks_at_application();
	calls_greenlets_look(t);
	py.PyErr_Restore(type, value, traceback);
	calls_self = t;
	inside = false;
}

static uint32_t code_of(struct calls_thread *t, uintptr_t object, uint32_t kind)
{
	switch (kind) {
	case CALLS_FUNCTION:
		look_for_hooks(t);
		return code_id(object);
	case CALLS_C_FUNCTION:
		return c_name(t, object);
	default:
		return (uint32_t)object; /* of roots */
	}
}

/* The node further up that this one is the same function as; 0: none. */
static uint32_t fold_of(const struct calls_thread *t, uint32_t parent, uint64_t key)
{
	while (parent != 0 && t->nodes[parent].key != key)
		parent = t->nodes[parent].parent;
	return parent;
}

/* `named`: the object is its id already. */
static uint32_t new_node(struct calls_thread *t, uint32_t parent, uint64_t key, uintptr_t object,
			 uint32_t kind, bool named)
{
	struct calls_area *area = calls_area_of(t);
	uint32_t code = named ? (uint32_t)object : code_of(t, object, kind);
	uint32_t at = atomic_load_explicit(&area->node_count, memory_order_relaxed);
	struct calls_node *node = &t->nodes[at];
	uint32_t same;

	if (at == atomic_load_explicit(&area->node_capacity, memory_order_relaxed) &&
	    !more_nodes(t)) {
		atomic_fetch_add_explicit(&calls_process->lost_nodes, 1, memory_order_relaxed);
		return 0;
	}
	same = find_place(t, key);
	node->key = key;
	node->kind = kind;
	node->code = code;
	node->parent = parent;
	node->folds = fold_of(t, parent, key);
	node->place = same != 0 ? t->nodes[same].place : t->place_count++;
	if (kind != CALLS_ROOT && area->histogram_count < area->histogram_capacity)
		node->histogram = atomic_fetch_add(&area->histogram_count, 1) + 1;
	atomic_store_explicit(&area->node_count, at + 1, memory_order_release);
	if (at * 2 > t->table_mask)
		enlarge_table(t, at);
	put(t->table, t->table_mask, hash_of(parent, key), at);
	if (same != 0)
		return at;
	if (t->place_count * 2 > t->places_mask)
		enlarge_places(t, at);
	put(t->places, t->places_mask, hash_mix64(key), at);
	return at;
}

static uint32_t find_or_make(struct calls_thread *t, uint32_t parent, uint64_t key,
			     uintptr_t object, uint32_t kind)
{
	uint32_t found = find_node(t, parent, key);

	return found != 0 ? found : new_node(t, parent, key, object, kind, false);
}

/* --- stacks ---------------------------------------------------------------- */

#define THREAD_ROOT 1u
#define SCRATCH 0u /* number of a tree without a file */

/* The stack begins now; what the event's own clock reading gave to node 0 is nobody's. */
static void begin_stack(struct calls_thread *t)
{
	struct calls_area *area = calls_area_of(t);

	calls_live_of(t)[0] = (struct calls_live){
		.node = THREAD_ROOT,
		.wall = atomic_load_explicit(&area->last_wall, memory_order_relaxed),
		.cpu = atomic_load_explicit(&area->last_cpu, memory_order_relaxed),
	};
	t->top = &t->nodes[THREAD_ROOT];
	t->depth = 1;
	t->over = 0;
	t->unit = 0;
	if (calls_asked.want & CALLS_TIMELINE && t->number != SCRATCH && t->made_timeline == NULL)
		t->made_timeline = calls_timeline_make(t->number, area->tid);
	t->timeline = calls_asked.want & CALLS_TIMELINE ? t->made_timeline : NULL;
	atomic_store_explicit(&area->depth, 1, memory_order_release);
}

static void reset(struct calls_thread *t)
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
		begin_stack(t);
	if (UNLIKELY(t->depth >= CALLS_DEPTH_MAX - 1)) {
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
	child = find_or_make(t, parent, key, object, kind);
	if (child != 0)
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
		begin_stack(t);
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
	uint64_t ran = calls_ns_of_ticks(own - node->seen_own) * 16 / CALLS_LOOK;
	uint64_t cost = calls_process->cost_inside_16 + calls_process->cost_outside_16;
	bool is_first = node->seen_ticks == 0;

	node->seen_ticks = now;
	node->seen_own = own;
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
	uint32_t at = find_place(t, key);

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
	uint32_t at = find_or_make(t, 0, root_key(root), root.code, root.kind);

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
		begin_stack(t);
	depth = t->depth;
	at = depth >= CALLS_DEPTH_MAX - 1 ? 0 : root_node(t, root);
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
		at = find_node(t, parent, node->key);
		if (at == 0)
			at = new_node(t, parent, node->key, node->code, node->kind, true);
		if (at == 0)
			break; /* the rest stays where it is */
		move_live(t, live, at);
		parent = t->nodes[at].folds != 0 ? t->nodes[at].folds : at;
	}
	t->top = &t->nodes[calls_live_of(t)[t->depth - 1].node];
}

/* --- threads --------------------------------------------------------------- */

static void *reserve(void)
{
	long at = raw_call(SYS_mmap, NULL, RESERVED_BYTES, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at < 0)
		return NULL;
	raw_call(SYS_madvise, at, RESERVED_BYTES, MADV_DONTDUMP);
	return (void *)at;
}

static uint32_t histogram_pages(void)
{
	uint32_t bytes = calls_tree_histograms
				 ? HISTOGRAMS_TARGETED * (uint32_t)sizeof(struct calls_histogram)
				 : 0;

	return (bytes + CHANNEL_PAGE - 1) / CHANNEL_PAGE;
}

static bool map_file(struct calls_thread *t)
{
	size_t bytes = histogram_pages() * CHANNEL_PAGE + NODES_FIRST * sizeof(struct calls_node);

	return extend(t, 0, sizeof(struct calls_area)) &&
	       extend(t, sizeof(struct calls_area), bytes);
}

static void lay_out(struct calls_thread *t)
{
	struct calls_area *area = calls_area_of(t);
	uint32_t before = histogram_pages() * CHANNEL_PAGE;

	area->number = t->number;
	area->histogram_capacity = before == 0 ? 0 : HISTOGRAMS_TARGETED;
	area->histograms_offset = sizeof *area;
	area->nodes_offset = (uint32_t)sizeof *area + before;
	t->nodes = (struct calls_node *)((char *)t + FILE_AT + before);
	atomic_store(&area->node_capacity, NODES_FIRST);
	atomic_store(&area->node_count, 1);
}

static struct calls_thread *make_thread(uint32_t number)
{
	struct calls_thread *t = reserve();
	bool made;

	if (t == NULL)
		return NULL;
	t->number = number;
	t->active = (uint32_t *)((char *)t + ACTIVE_AT);
	t->table = (uint32_t *)((char *)t + TABLE_AT);
	t->places = (uint32_t *)((char *)t + PLACES_AT);
	t->table_mask = t->places_mask = TABLE_FIRST - 1;
	t->place_count = 1;
	made = number == SCRATCH || map_file(t);
	if (!made) {
		raw_call(SYS_munmap, t, RESERVED_BYTES);
		return NULL;
	}
	lay_out(t);
	(void)new_node(t, 0, CALLS_KEY_ROOT | CALLS_ROOT, 0, CALLS_ROOT, true);
	return t;
}

/* One that a thread which is gone has left. */
static struct calls_thread *take_over(void)
{
	struct calls_thread *t;

	lock_list();
	for (t = threads; t != NULL && t->owned; t = t->next)
		;
	if (t != NULL)
		t->owned = true;
	unlock_list();
	return t;
}

static struct calls_thread *add_thread(void)
{
	struct calls_thread *t = make_thread(number_of_areas + 1);

	if (t == NULL)
		return NULL;
	t->owned = true;
	number_of_areas++; /* the GIL is held */
	lock_list();
	t->next = threads;
	threads = t;
	unlock_list();
	return t;
}

static void begin_thread(struct calls_thread *t, struct agent_thread *thread)
{
	struct calls_area *area = calls_area_of(t);

	t->thread = thread;
	t->greenlets = false; /* set for each thread */
	calls_clock_thread_begin(thread);
	atomic_store(&area->last_wall, calls_ticks());
	atomic_store(&area->last_cpu, thread->mark.cpu);
	reset(t);
	begin_stack(t);
}

struct calls_thread *calls_thread_claim(void)
{
	struct agent_thread *thread;
	struct calls_thread *t;
	struct calls_area *area;

	if (inside || !calls_control_page() || refused == dict_generation())
		return NULL;
	thread = agent_thread_self();
	t = thread == NULL ? NULL : take_over();
	if (t == NULL && thread != NULL)
		t = add_thread();
	if (t == NULL) {
		refused = dict_generation();
		atomic_fetch_add(&calls_process->lost_threads, 1);
		return NULL;
	}
	area = calls_area_of(t);
	area->tid = thread->tid;
	thread->calls = t;
	begin_thread(t, thread);
	atomic_store(&area->ended, 0);
	atomic_store_explicit(&area->magic, CALLS_AREA_MAGIC, memory_order_release);
	atomic_store(&calls_process->areas, number_of_areas);
	calls_self = t;
	return t;
}

static struct calls_thread *scratch;

struct calls_thread *calls_scratch_begin(void)
{
	struct agent_thread *thread = agent_thread_self();

	scratch = thread == NULL ? NULL : make_thread(SCRATCH);
	if (scratch == NULL)
		return NULL;
	begin_thread(scratch, thread);
	calls_self = scratch;
	return scratch;
}

void calls_scratch_end(struct calls_thread *before)
{
	calls_self = before;
	calls_clock_thread_end(scratch->thread);
	if (before != NULL)
		calls_clock_thread_begin(before->thread);
	raw_call(SYS_munmap, scratch, RESERVED_BYTES);
	scratch = NULL;
}

void calls_tree_reset(void)
{
	calls_greenlets_forget();
	lock_list();
	for (struct calls_thread *t = threads; t != NULL; t = t->next)
		if (t->owned)
			reset(t);
	unlock_list();
}

void calls_tree_thread_end(struct agent_thread *thread)
{
	struct calls_thread *t = thread->calls;

	if (t == NULL)
		return;
	calls_self = NULL;
	thread->calls = NULL;
	calls_clock_thread_end(thread);
	atomic_store(&calls_area_of(t)->ended, 1);
	lock_list();
	t->owned = false;
	unlock_list();
}

void calls_tree_after_fork(void)
{
	struct calls_thread *t = threads;

	calls_self = NULL;
	calls_process = NULL;
	calls_polled = 0;
	calls_greenlets_forget();
	inside = false;
	threads = NULL;
	number_of_areas = 0;
	unlock_list();
	while (t != NULL) {
		struct calls_thread *next = t->next;

		if (t->made_timeline != NULL)
			raw_call(SYS_munmap, t->made_timeline, TIMELINE_BYTES);
		raw_call(SYS_munmap, t, RESERVED_BYTES);
		t = next;
	}
}
