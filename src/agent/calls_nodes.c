#include "agent/calls_nodes.h"

#include <stdio.h>
#include <string.h>

#include "agent/abi.h"
#include "agent/calls_control.h"
#include "agent/calls_fused.h"
#include "agent/calls_greenlets.h"
#include "agent/calls_space.h"
#include "agent/channel_file.h"
#include "agent/python_hooks.h"
#include "base/hash.h"

#define NODES_FIRST 480u /* with the header, 23 pages */
#define TABLE_FIRST 2048u
#define LENGTHS_GROW (1u << 16) /* bytes: 12 histograms */
#define LENGTHS_MAX (80 * LENGTHS_GROW)
#define LENGTHS_LIMITED (5 * LENGTHS_GROW)

/* How far a tree may grow; `lengths` in bytes. */
struct calls_sizes {
	uint32_t depth, nodes, lengths;
	bool limited;
};
static const struct calls_sizes as_much_as_wanted = {CALLS_DEPTH_MAX, CALLS_NODES_MAX, LENGTHS_MAX,
						     false};
static const struct calls_sizes under_limit = {CALLS_DEPTH_LIMITED, CALLS_NODES_LIMITED,
					       LENGTHS_LIMITED, true};

/* Offsets in a thread's reserved address space: first what is of a constant size, then deeper live
 * calls, a word a function (active), the two tables, and what the file has behind its header. */
enum {
	AREA_AT = CHANNEL_PAGE,
	DEEPER_AT = AREA_AT + sizeof(struct calls_area),
};
_Static_assert(sizeof(struct calls_thread) <= CHANNEL_PAGE, "one page");
_Static_assert(DEEPER_AT % CHANNEL_PAGE == 0, "whole pages");

static size_t pages(size_t bytes)
{
	return (bytes + CHANNEL_PAGE - 1) & ~(size_t)(CHANNEL_PAGE - 1);
}

/* Entries of a table of so many nodes, at most half full: a power of two. */
static uint32_t table_entries(uint32_t nodes)
{
	uint32_t entries = TABLE_FIRST;

	while (entries < 2 * nodes)
		entries *= 2;
	return entries;
}

bool calls_tree_histograms;
AGENT_TLS bool calls_inside;

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

uint32_t calls_nodes_find(const struct calls_thread *t, uint32_t parent, uint64_t key)
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
uint32_t calls_nodes_of(const struct calls_thread *t, uint64_t key)
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

/* Maps more of the file, whole pages from `offset` on; what lies behind the header is contiguous.
 */
static bool extend(struct calls_thread *t, uint64_t offset, size_t bytes)
{
	char suffix[24];
	char *place =
		offset == 0 ? (char *)t + AREA_AT : t->file + (offset - sizeof(struct calls_area));

	snprintf(suffix, sizeof suffix, "calls-%u", t->number);
	return channel_file_extend(suffix, offset, bytes, place) != NULL;
}

/* Memory beside the file for so many nodes. */
static bool open_tables(struct calls_thread *t, uint32_t nodes)
{
	size_t table_bytes = table_entries(nodes) * sizeof *t->table;

	return calls_space_open(t->active, nodes * sizeof *t->active) &&
	       calls_space_open(t->table, table_bytes) && calls_space_open(t->places, table_bytes);
}

/* As many as there may be under a limit. */
static bool no_more(const struct calls_thread *t)
{
	if (t->sizes->limited)
		calls_control_reason(
			"under a limit of address space (ulimit -v, RLIMIT_AS) a thread "
			"has %u callers with callees, %u deep: what is beyond is not "
			"counted; set no limit",
			t->sizes->nodes, t->sizes->depth);
	return false;
}

static bool more_nodes(struct calls_thread *t)
{
	struct calls_area *area = calls_area_of(t);
	uint32_t capacity = atomic_load_explicit(&area->node_capacity, memory_order_relaxed);
	uint32_t more = capacity; /* twice as many */

	if (capacity + more > t->sizes->nodes)
		more = t->sizes->nodes - capacity;
	more &= ~(CHANNEL_PAGE / (uint32_t)sizeof(struct calls_node) - 1);
	if (more == 0)
		return no_more(t);
	if (!open_tables(t, capacity + more) ||
	    !extend(t, area->nodes_offset + capacity * sizeof(struct calls_node),
		    more * sizeof(struct calls_node)))
		return false;
	atomic_store_explicit(&area->node_capacity, capacity + more, memory_order_release);
	return true;
}

/* Room for more lengths of calls. */
static bool more_lengths(struct calls_thread *t)
{
	char suffix[24];
	char *place = (char *)t->histograms + t->lengths;

	if (t->lengths == t->sizes->lengths)
		return false;
	snprintf(suffix, sizeof suffix, "lengths-%u", t->number);
	if (t->number == CALLS_SCRATCH
		    ? !calls_space_open(t->histograms, t->lengths + LENGTHS_GROW)
		    : channel_file_extend(suffix, t->lengths, LENGTHS_GROW, place) == NULL)
		return false;
	t->lengths += LENGTHS_GROW;
	return true;
}

/* Of a new node; 0: it gets none. */
static uint32_t new_histogram(struct calls_thread *t)
{
	struct calls_area *area = calls_area_of(t);
	uint32_t count = atomic_load_explicit(&area->histogram_count, memory_order_relaxed) + 1;

	if (!calls_tree_histograms)
		return 0;
	if (count * sizeof(struct calls_histogram) > t->lengths && !more_lengths(t))
		return 0;
	atomic_store_explicit(&area->histogram_count, count, memory_order_release);
	return count;
}

bool calls_nodes_deeper(struct calls_thread *t)
{
	uint32_t depth = (t->deepest + 1) * 2;

	if (depth > t->sizes->depth)
		depth = t->sizes->depth;
	if (depth == t->deepest + 1)
		return no_more(t);
	if (!calls_space_open((char *)t + DEEPER_AT,
			      (depth - CALLS_LIVE) * sizeof(struct calls_live)))
		return false;
	t->deepest = depth - 1;
	return true;
}

/* --- nodes ----------------------------------------------------------------- */

/* Python is asked: what it runs meanwhile (finalizers) is not counted. */
static uint32_t c_name(struct calls_thread *t, uintptr_t function)
{
	py_object type, value, traceback;
	uint32_t id;

	calls_inside = true;
	calls_self = NULL;
	py.PyErr_Fetch(&type, &value, &traceback);
	id = py_qualname_id((py_object)function);
	py.PyErr_Restore(type, value, traceback);
	calls_self = t;
	calls_inside = false;
	return id;
}

void calls_look_for_hooks(void)
{
	struct calls_thread *t = calls_self;
	py_object type, value, traceback;

	if (calls_inside)
		return;
	calls_inside = true;
	calls_self = NULL;
	py.PyErr_Fetch(&type, &value, &traceback);
	python_hooks_at_application();
	if (t != NULL)
		calls_greenlets_look(t);
	py.PyErr_Restore(type, value, traceback);
	calls_self = t;
	calls_inside = false;
}

static uint32_t code_of(struct calls_thread *t, uintptr_t object, uint32_t kind)
{
	switch (kind) {
	case CALLS_FUNCTION:
		calls_look_for_hooks();
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
uint32_t calls_nodes_new(struct calls_thread *t, uint32_t parent, uint64_t key, uintptr_t object,
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
	same = calls_nodes_of(t, key);
	node->key = key;
	node->kind = (uint16_t)kind;
	node->code = code;
	node->parent = parent;
	node->folds = fold_of(t, parent, key);
	node->place = same != 0 ? t->nodes[same].place : t->place_count++;
	if (kind != CALLS_ROOT)
		node->histogram = new_histogram(t);
	atomic_store_explicit(&area->node_count, at + 1, memory_order_release);
	if (at * 2 > t->table_mask)
		enlarge_table(t, at);
	put(t->table, t->table_mask, hash_of(parent, key), at);
	if (same != 0)
		return at;
	if (kind == CALLS_FUNCTION && !named)
		fused_restore(object);
	if ((t->place_count - 1) * 2 > t->places_mask)
		enlarge_places(t, at);
	put(t->places, t->places_mask, hash_mix64(key), at);
	return at;
}

uint32_t calls_nodes_get(struct calls_thread *t, uint32_t parent, uint64_t key, uintptr_t object,
			 uint32_t kind)
{
	uint32_t found = calls_nodes_find(t, parent, key);

	return found != 0 ? found : calls_nodes_new(t, parent, key, object, kind, false);
}

/* --- memory ---------------------------------------------------------------- */

/* Everything's place. */
static struct calls_thread *reserve(void)
{
	const struct calls_sizes *sizes =
		calls_space_is_limited() ? &under_limit : &as_much_as_wanted;
	size_t table_bytes = table_entries(sizes->nodes) * sizeof(uint32_t);
	size_t active = DEEPER_AT + pages((sizes->depth - CALLS_LIVE) * sizeof(struct calls_live));
	size_t table = active + pages(sizes->nodes * sizeof(uint32_t));
	size_t file = table + 2 * pages(table_bytes);
	size_t lengths = file + pages(sizes->nodes * sizeof(struct calls_node));
	size_t bytes = lengths + sizes->lengths;
	char *at = calls_space_reserve(bytes);
	struct calls_thread *t = (struct calls_thread *)at;

	if (at == NULL)
		return NULL;
	if (!calls_space_open(t, DEEPER_AT)) {
		calls_space_release(t, bytes);
		return NULL;
	}
	t->sizes = sizes;
	t->reserved = bytes;
	t->active = (uint32_t *)(at + active);
	t->table = (uint32_t *)(at + table);
	t->places = (uint32_t *)(at + table + pages(table_bytes));
	t->file = at + file;
	t->histograms = (struct calls_histogram *)(at + lengths);
	t->deepest = CALLS_LIVE - 1;
	return t;
}

static bool map_file(struct calls_thread *t)
{
	size_t bytes = NODES_FIRST * sizeof(struct calls_node);

	if (t->number == CALLS_SCRATCH)
		return calls_space_open(t->file, bytes);
	return extend(t, 0, sizeof(struct calls_area)) &&
	       extend(t, sizeof(struct calls_area), bytes);
}

static void lay_out(struct calls_thread *t)
{
	struct calls_area *area = calls_area_of(t);

	area->number = t->number;
	area->nodes_offset = sizeof *area;
	t->nodes = (struct calls_node *)t->file;
	atomic_store(&area->node_capacity, NODES_FIRST);
	atomic_store(&area->node_count, 1);
}

struct calls_thread *calls_nodes_make(uint32_t number)
{
	struct calls_thread *t = reserve();

	if (t == NULL)
		return NULL;
	t->number = number;
	t->table_mask = t->places_mask = TABLE_FIRST - 1;
	t->place_count = 1;
	if (!open_tables(t, NODES_FIRST) || !map_file(t)) {
		calls_nodes_unmake(t);
		return NULL;
	}
	lay_out(t);
	(void)calls_nodes_new(t, 0, CALLS_KEY_ROOT | CALLS_ROOT, 0, CALLS_ROOT, true);
	return t;
}

void calls_nodes_unmake(struct calls_thread *t)
{
	calls_space_release(t, t->reserved);
}
