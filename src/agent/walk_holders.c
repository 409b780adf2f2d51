#include "agent/walk_holders.h"

#include "base/clock.h"

enum {
	FAR = 1 << 20,                /* cost of what is not reached */
	COST_FRAME = 2 * WALK_ROUNDS, /* one that runs: only if there is nothing else */
	COST_THREAD = WALK_ROUNDS,
	BETTER_MS = 150, /* so long something better than a frame or a thread is looked for */
};

/* An object that is a target, or holds one by some steps. */
struct node {
	uintptr_t object; /* with NODE_FRAME: an interpreter frame, NODE_STATE: a thread's state */
	uint32_t flags;
	uint32_t root; /* enum walk_edge_kind; 0: it is none */
	uintptr_t owner;
	uint32_t round; /* in which its referrers were looked for; with NODE_ASKED */
	uint32_t found; /* references to it, of all objects */
	uint32_t referrers[HOLDERS_REFERRERS]; /* places of nodes */
	uint32_t count;
	uint32_t cost; /* to the nearest root … */
	uint32_t next; /* … by this referrer */
};
enum {
	NODE_FRAME = 1,
	NODE_STATE = 2,
	NODE_ASKED = 4,   /* its referrers were looked for */
	NODE_GARBAGE = 8, /* a target that only garbage holds */
};

struct holders {
	struct node *nodes; /* the targets first, in their order */
	size_t count, targets;
	struct walk_map places; /* of an object: its node + 1 */
	struct walk_map owners; /* of a dict: the module or class whose names are in it; of a frame
				   that runs (an interpreter frame from 3.11 on): its code */
	struct walk_set frames; /* that run */
	uint32_t round;
	uintptr_t holder;   /* that is looked at now … */
	uint32_t kind;      /* … a NODE_FRAME, a NODE_STATE, or 0: an object */
	uintptr_t code;     /* of a frame */
	uint64_t better_ns; /* until then: BETTER_MS */
	bool in_code;       /* what is looked for in this round may be a constant */
	bool cut;
};

/* --- nodes -------------------------------------------------------------------- */

static void set_root(struct holders *h, struct node *node)
{
	const uint64_t *owner;

	if (node->flags & (NODE_FRAME | NODE_STATE)) {
		node->root = node->flags & NODE_FRAME ? WALK_FRAME : WALK_THREAD;
		node->owner = h->code;
		return;
	}
	switch (walk_kind_of(node->object)) {
	case WALK_OF_MODULE:
		node->root = WALK_MODULE;
		node->owner = node->object;
		break;
	case WALK_OF_TYPE:
		node->root = WALK_CLASS;
		node->owner = node->object;
		break;
	case WALK_OF_CACHE:
		node->root = WALK_CACHE;
		break;
	case WALK_OF_DICT:
		owner = walk_map_find(&h->owners, node->object);
		if (owner == NULL)
			break;
		node->owner = *owner;
		node->root = walk_kind_of(node->owner) == WALK_OF_MODULE ? WALK_MODULE : WALK_CLASS;
		break;
	case WALK_OF_FRAME:
		if (walk_map_find(&h->owners, node->object) == NULL)
			break;
		node->root = WALK_FRAME;
		node->owner = walk_word(node->object, agent_layout.frame_code);
		break;
	default:
		break;
	}
}

/* Place of the node of an object, made if there is none; UINT32_MAX: no room. */
static uint32_t node_of(struct holders *h, uintptr_t object, uint32_t flags)
{
	uint64_t *place = walk_map_put(&h->places, object);
	struct node *node;

	if (place != NULL && *place != 0)
		return (uint32_t)*place - 1;
	if (place == NULL || h->count == HOLDERS_NODES) {
		h->cut = true;
		return UINT32_MAX;
	}
	node = &h->nodes[h->count++];
	node->object = object;
	node->flags = flags;
	set_root(h, node);
	*place = h->count;
	return (uint32_t)h->count - 1;
}

/* A target is what it is, even if it may be a root of others. */
static void add_target(struct holders *h, uintptr_t object, bool is_garbage)
{
	uint64_t *place = walk_map_put(&h->places, object);
	struct node *node = &h->nodes[h->count++];

	node->object = object;
	node->flags = is_garbage ? NODE_GARBAGE : 0;
	set_root(h, node);
	if (place != NULL)
		*place = h->count;
}

/* --- rounds ------------------------------------------------------------------- */

static int visit(py_object referred, void *context)
{
	struct holders *h = context;
	const uint64_t *place = walk_map_find(&h->places, (uintptr_t)referred);
	struct node *node;
	uint32_t from;

	if (place == NULL || *place == 0)
		return 0;
	node = &h->nodes[*place - 1];
	if (!(node->flags & NODE_ASKED) || node->round != h->round)
		return 0;
	node->found++;
	if (node->count == HOLDERS_REFERRERS || h->holder == node->object)
		return 0;
	from = node_of(h, h->holder, h->kind);
	if (from == UINT32_MAX)
		return 0;
	if (node->count == 0 || node->referrers[node->count - 1] != from)
		node->referrers[node->count++] = from;
	return 0;
}

/* There is much code, and what it refers to itself are tuples, texts and bytes. */
static bool may_be_in_code(uintptr_t object)
{
	const uintptr_t type = walk_type_of(object);

	return type == (uintptr_t)py.tuple_type || !(walk_flags_of(type) & WALK_TYPE_HAS_GC);
}

static void look_at(uintptr_t object, void *context)
{
	struct holders *h = context;

	if (!h->in_code && walk_type_of(object) == (uintptr_t)py.code_type)
		return;
	h->holder = object;
	h->kind = 0;
	h->code = 0;
	walk_references(object, visit, h);
}

static void look_at_frame(const struct walk_running *running, void *context)
{
	struct holders *h = context;

	h->holder = running->frame;
	h->kind = NODE_FRAME;
	h->code = running->code;
	walk_frame_references(running->frame, visit, h);
}

static void look_at_states(struct holders *h)
{
	uintptr_t tstate = walk_first_thread();

	for (int i = 0; tstate != 0 && i < 1 << 16; i++, tstate = walk_next_thread(tstate)) {
		const uintptr_t held[] = {walk_word(tstate, walk_heap->tstate_dict),
					  walk_word(tstate, agent_layout.tstate_context)};

		h->holder = tstate;
		h->kind = NODE_STATE;
		h->code = 0;
		for (size_t n = 0; n < sizeof(held) / sizeof(held[0]); n++)
			if (held[n] != 0)
				visit((py_object)held[n], h);
	}
}

/* --- costs -------------------------------------------------------------------- */

static uint32_t root_cost(const struct node *node)
{
	switch (node->root) {
	case 0:
		return FAR;
	case WALK_FRAME:
		return COST_FRAME;
	case WALK_THREAD:
		return COST_THREAD;
	default:
		return 0;
	}
}

/* Shortest way from each node to a root; a target's is one step at least. */
static void reckon(struct holders *h)
{
	bool changed = true;

	for (size_t i = 0; i < h->count; i++) {
		h->nodes[i].cost = i < h->targets ? FAR : root_cost(&h->nodes[i]);
		h->nodes[i].next = UINT32_MAX;
	}
	while (changed) {
		changed = false;
		/* holders were found after what they hold: mostly one time is enough */
		for (size_t i = h->count; i-- > 0;) {
			struct node *node = &h->nodes[i];

			for (uint32_t r = 0; r < node->count; r++) {
				const struct node *from = &h->nodes[node->referrers[r]];
				/* a target may hold another one, and be a root of it */
				const uint32_t cost =
					from->cost < root_cost(from) ? from->cost : root_cost(from);

				if (cost + 1 < node->cost) {
					node->cost = cost + 1;
					node->next = node->referrers[r];
					changed = true;
				}
			}
		}
	}
}

static void ask_above(struct holders *h, uint32_t at)
{
	struct node *node = &h->nodes[at];

	/* also one that was found long ago, above a target that needed nothing more */
	if (node->flags & NODE_ASKED || (node->root != 0 && at >= h->targets))
		return;
	node->flags |= NODE_ASKED;
	node->round = h->round;
	h->in_code = h->in_code || may_be_in_code(node->object);
}

/* What holds a target that is not held by a root yet, and was not asked for: for the next round.
 * False: there is nothing. */
static bool choose(struct holders *h)
{
	const uint32_t enough = agent_now_ns() < h->better_ns ? COST_THREAD : FAR;
	static uint32_t queue[HOLDERS_NODES];
	static bool seen[HOLDERS_NODES];
	size_t from = 0, to = 0;
	bool any = false;

	memset(seen, 0, sizeof(seen));
	h->in_code = false;
	for (size_t i = 0; i < h->targets; i++)
		if (h->nodes[i].cost >= enough && !(h->nodes[i].flags & NODE_GARBAGE)) {
			queue[to++] = (uint32_t)i;
			seen[i] = true;
		}
	while (from < to) {
		const uint32_t at = queue[from++];
		const struct node *node = &h->nodes[at];

		ask_above(h, at);
		any = any || (node->flags & NODE_ASKED && node->round == h->round);
		for (uint32_t r = 0; r < node->count; r++)
			if (!seen[node->referrers[r]]) {
				seen[node->referrers[r]] = true;
				queue[to++] = node->referrers[r];
			}
	}
	return any;
}

/* --- the search --------------------------------------------------------------- */

/* Modules and classes, by the dict of their names. */
static void note_owner(uintptr_t object, void *context)
{
	struct holders *h = context;
	const enum walk_kind kind = walk_kind_of(object);
	uintptr_t dict = 0;
	uint64_t *place;

	if (kind == WALK_OF_MODULE)
		dict = walk_word(object, walk_objects->module_dict);
	else if (kind == WALK_OF_TYPE)
		dict = walk_word(object, walk_objects->type_dict);
	place = dict == 0 ? NULL : walk_map_put(&h->owners, dict);
	if (place != NULL)
		*place = object;
}

/* Below 3.11 it is an object, which may be in the lists: a generator's is. */
static void note_frame(const struct walk_running *running, void *context)
{
	struct holders *h = context;
	uint64_t *place = walk_map_put(&h->owners, running->frame);

	if (place != NULL)
		*place = running->code;
}

static void note_owners(struct holders *h, const struct census *census)
{
	/* built-in classes are in no list */
	for (size_t i = 0; i < census->types.count; i++)
		note_owner(census_type_at(census, i)->sizes.type, h);
	if (!walk_tracked(note_owner, h))
		h->cut = true;
	walk_frames(note_frame, h);
}

struct holders *holders_find(const struct census *census, const uintptr_t *targets,
			     const bool *is_garbage, size_t count)
{
	struct holders *h = walk_pages(sizeof(*h));

	if (h == NULL)
		return NULL;
	h->nodes = walk_pages(HOLDERS_NODES * sizeof(*h->nodes));
	if (h->nodes == NULL)
		return NULL;
	note_owners(h, census);
	for (size_t i = 0; i < count; i++)
		add_target(h, targets[i], is_garbage[i]);
	h->targets = count;
	h->better_ns = agent_now_ns() + BETTER_MS * NS_PER_MS;
	reckon(h);
	for (h->round = 0; h->round < WALK_ROUNDS && !h->cut && choose(h); h->round++) {
		look_at_states(h);
		walk_frames(look_at_frame, h);
		if (!census_holders(census, look_at, h))
			h->cut = true;
		reckon(h);
	}
	return h;
}

uintptr_t holders_owner_of(const struct holders *holders, uintptr_t dict_or_frame)
{
	const uint64_t *owner = walk_map_find(&holders->owners, dict_or_frame);

	return owner == NULL ? 0 : *owner;
}

bool holders_were_cut(const struct holders *holders)
{
	return holders->cut;
}

/* --- what was found ------------------------------------------------------------- */

static bool is_held_by_c(const struct node *node)
{
	const uint64_t references = walk_refcount(node->object);

	return node->flags & NODE_ASKED && references < WALK_IMMORTAL && node->found < references;
}

/* The row from node `at` down to the target, by `below`. */
static void row_from(const struct holders *h, uint32_t at, const uint32_t *below, uint32_t target,
		     struct holders_row *row)
{
	row->references = walk_refcount(h->nodes[at].object);
	row->found = h->nodes[at].found;
	row->path[row->count++] = h->nodes[at].object;
	while (at != target && row->count < HOLDERS_PATH) {
		at = below[at];
		row->path[row->count++] = h->nodes[at].object;
	}
}

/* No root was found: the nearest object that C code holds; else as far as the search came. */
static void row_to_end(const struct holders *h, uint32_t target, struct holders_row *row)
{
	static uint32_t queue[HOLDERS_NODES], below[HOLDERS_NODES];
	static bool seen[HOLDERS_NODES];
	size_t from = 0, to = 0;
	uint32_t last = target;
	bool all_asked = true;

	memset(seen, 0, sizeof(seen));
	queue[to++] = target;
	seen[target] = true;
	while (from < to) {
		const uint32_t at = queue[from++];
		const struct node *node = &h->nodes[at];

		if (is_held_by_c(node)) {
			row->root = walk_kind_of(node->object) == WALK_OF_GENERATOR ? WALK_SUSPENDED
										    : WALK_C_HOLDER;
			row_from(h, at, below, target, row);
			return;
		}
		if (!(node->flags & NODE_ASKED)) {
			all_asked = false;
			last = at;
		}
		for (uint32_t r = 0; r < node->count; r++) {
			const uint32_t next = node->referrers[r];

			if (seen[next])
				continue;
			seen[next] = true;
			below[next] = at;
			queue[to++] = next;
		}
	}
	row->root = all_asked ? WALK_NO_HOLDER : WALK_TOO_FAR;
	row_from(h, last, below, target, row);
}

void holders_row_of(const struct holders *holders, size_t at, struct holders_row *row)
{
	uintptr_t upwards[HOLDERS_PATH];
	const struct node *node = &holders->nodes[at];
	size_t count = 0;

	*row = (struct holders_row){0};
	if (node->flags & NODE_GARBAGE) {
		row->root = WALK_NO_HOLDER;
		row->path[row->count++] = node->object;
		row->references = row->found = walk_refcount(node->object);
		return;
	}
	if (node->cost >= FAR) {
		row_to_end(holders, (uint32_t)at, row);
		return;
	}
	while (count < HOLDERS_PATH) {
		const struct node *above = &holders->nodes[node->next];

		upwards[count++] = node->object;
		if (node->cost != root_cost(above) + 1) {
			node = above;
			continue;
		}
		row->root = above->root;
		row->owner = above->owner;
		row->path[row->count++] = above->object;
		break;
	}
	while (count > 0 && row->count < HOLDERS_PATH)
		row->path[row->count++] = upwards[--count];
}
