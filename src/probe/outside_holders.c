#include "probe/outside_holders.h"

#include <string.h>

#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"
#include "probe/outside_labels.h"
#include "probe/outside_types.h"
#include "probe/walk_text.h"
#include "python/remote_references.h"

enum {
	ROUNDS = 6,
	REFERRERS = 12, /* of a target, in each round */
	EDGES = ROUNDS + 2,
	UNTRACKED_MAX = 1 << 17,
	OWNERS_MAX = 1 << 17,
	LOOKED_AT = 256, /* of what an object refers to: if none of it is untracked, nothing is */
	TEXT_BYTES = 1 << 16,
	EXPRESSION_BYTES = 2000,
};

/* An object on the way up from a target. Places are counted from 1. */
struct node {
	uintptr_t object;
	uint32_t target, below,
		same; /* what it holds, 0: it is the target; the next of this address */
	uint32_t round;
	struct remote_link link; /* how it holds what is below */
};

struct target {
	uintptr_t block;
	uintptr_t object;   /* 0: not found among what the collector follows */
	uint32_t referrers; /* of this round */
	uint32_t top;       /* node that a root holds, or the last one found; 0: none */
	struct outside_root root;
};

struct search {
	struct remote_heap heap;
	struct outside_types types;
	struct outside_time time;
	struct target targets[WALK_TARGETS];
	size_t count;
	struct map blocks; /* of a target: its place */
	struct map owned;  /* dicts of modules, classes, caches: place in `owners` */
	VEC(struct outside_root) owners;
	VEC(uintptr_t) untracked; /* dicts and tuples that the collector has left out, … */
	struct map is_untracked;  /* … each once */
	size_t looked_at, untracked_before; /* of the object whose references are told */
	VEC(struct node) nodes;
	struct map at; /* of an address: its first node */
	uint32_t round;
	uintptr_t holder; /* whose references are told now */
	bool is_cut;      /* a pass did not see all */
};

/* Until the next one. NULL: it is no object. */
static const struct outside_type *type_of(struct search *s, uintptr_t object)
{
	const size_t place = outside_type_of(&s->types, object);
	return place ? &s->types.types.items[place - 1] : NULL;
}

/* --- which objects are meant --------------------------------------------------------- */

static void settle(struct search *s, uintptr_t block, uintptr_t object)
{
	const uint64_t *place = block ? map_find(&s->blocks, block) : NULL;
	if (place && !s->targets[*place - 1].object)
		s->targets[*place - 1].object = object;
}

/* Memory that an object has apart is its own, too. */
static void settle_parts(struct search *s, const struct remote_sizes *sizes, uintptr_t object)
{
	const struct remote *r = s->heap.remote;
	switch (sizes->kind) {
	case REMOTE_SIZE_LIST:
		settle(s, remote_word(r, object, s->heap.layout.list_items), object);
		break;
	case REMOTE_SIZE_DICT:
		settle(s, remote_word(r, object, r->objects.dict_keys), object);
		settle(s, remote_word(r, object, r->objects.dict_values), object);
		break;
	case REMOTE_SIZE_SET:
		settle(s, remote_word(r, object, r->objects.set_table), object);
		break;
	case REMOTE_SIZE_BYTEARRAY:
		settle(s, remote_word(r, object, s->heap.layout.bytearray_bytes), object);
		break;
	default:
		break;
	}
}

static void note_owner(struct search *s, const struct outside_type *type, uintptr_t object)
{
	const struct outside_root root = outside_root_of(&s->heap, type, object);
	if (!root.kind || !root.dict)
		return;
	const uint64_t *known = map_find(&s->owned, root.dict);
	if (known) { /* of a try before, or a dict that two have */
		s->owners.items[*known - 1] = root;
	} else if (s->owners.count == OWNERS_MAX) {
		s->is_cut = true;
	} else {
		*vec_push(&s->owners) = root;
		*map_put(&s->owned, root.dict, NULL) = s->owners.count;
	}
}

/* Exactly a dict or a tuple may be left out of the lists, if it holds nothing that is in them
 * (Objects/tupleobject.c, _PyTuple_MaybeUntrack; dictobject.c, MAINTAIN_TRACKING): it holds texts.
 */
static bool is_left_out(struct search *s, uintptr_t object)
{
	const struct outside_type *type =
		object % sizeof(uintptr_t) == 0 ? type_of(s, object) : NULL;
	return type && !type->sizes.is_class &&
	       (type->sizes.kind == REMOTE_SIZE_DICT ||
		(type->sizes.kind == REMOTE_SIZE_PLAIN && type->sizes.is_tuple)) &&
	       remote_word(s->heap.remote, object - REMOTE_GC_HEADER, 0) == 0;
}

static bool note_untracked(void *context, const struct remote_link *link)
{
	struct search *s = context;
	bool is_new = false;
	if (!link->to)
		return !outside_time_is_late(&s->time);
	if (is_left_out(s, link->to) && !map_find(&s->is_untracked, link->to)) {
		if (s->untracked.count < UNTRACKED_MAX)
			map_put(&s->is_untracked, link->to, &is_new);
		else
			s->is_cut = true;
	}
	if (is_new)
		*vec_push(&s->untracked) = link->to;
	return !outside_time_is_late(&s->time) &&
	       (++s->looked_at < LOOKED_AT || s->untracked.count > s->untracked_before);
}

/* By a copy: types are added meanwhile. */
static void look_for_untracked(struct search *s, struct remote_sizes sizes, uintptr_t object)
{
	s->looked_at = 0;
	s->untracked_before = s->untracked.count;
	remote_references(&s->heap, &sizes, object, note_untracked, s);
}

static void look_at(void *context, uintptr_t object)
{
	struct search *s = context;
	const struct outside_type *type = type_of(s, object);
	if (!type)
		return;
	settle(s, object - type->sizes.before, object);
	settle_parts(s, &type->sizes, object);
	note_owner(s, type, object);
	look_for_untracked(s, type->sizes, object);
}

static void look_at_untracked(struct search *s)
{
	for (size_t i = 0; i < s->untracked.count && !outside_time_is_late(&s->time); i++) {
		const uintptr_t object = s->untracked.items[i];
		const struct outside_type *type = type_of(s, object);
		if (!type)
			continue;
		settle(s, object - type->sizes.before, object);
		settle_parts(s, &type->sizes, object);
		look_for_untracked(s, type->sizes, object);
	}
}

/* What the collector does not follow: at the block's begin, or behind the collector's header. */
static uintptr_t object_in(struct search *s, uintptr_t block)
{
	return type_of(s, block)                      ? block
	       : type_of(s, block + REMOTE_GC_HEADER) ? block + REMOTE_GC_HEADER
						      : 0;
}

/* --- the way up ----------------------------------------------------------------------- */

static uint32_t add_node(struct search *s, const struct node *node)
{
	uint64_t *first = map_put(&s->at, node->object, NULL);
	*vec_push(&s->nodes) = *node;
	s->nodes.items[s->nodes.count - 1].same = (uint32_t)*first;
	*first = s->nodes.count;
	return (uint32_t)s->nodes.count;
}

static bool is_on_the_way(const struct search *s, uintptr_t object, uint32_t target)
{
	const uint64_t *first = map_find(&s->at, object);
	for (uint32_t n = first ? (uint32_t)*first : 0; n; n = s->nodes.items[n - 1].same)
		if (s->nodes.items[n - 1].target == target)
			return true;
	return false;
}

static void add_holder(struct search *s, uint32_t below, const struct remote_link *link)
{
	const uint32_t number = s->nodes.items[below - 1].target;
	struct target *target = &s->targets[number - 1];
	const uint64_t *owner = map_find(&s->owned, s->holder);
	if (target->root.kind || target->referrers == REFERRERS ||
	    is_on_the_way(s, s->holder, number))
		return;
	target->referrers++;
	const uint32_t node = add_node(s, &(struct node){.object = s->holder,
							 .target = number,
							 .below = below,
							 .round = s->round,
							 .link = *link});
	if (owner)
		target->root = s->owners.items[*owner - 1];
	if (owner || s->nodes.items[target->top - 1].round < s->round)
		target->top = node;
}

static bool refers(void *context, const struct remote_link *link)
{
	struct search *s = context;
	const uint64_t *first = map_find(&s->at, link->to);
	for (uint32_t n = first ? (uint32_t)*first : 0; n;) {
		const struct node node = s->nodes.items[n - 1];
		if (node.round + 1 == s->round)
			add_holder(s, n, link);
		n = node.same;
	}
	return !outside_time_is_late(&s->time);
}

static void look_through(void *context, uintptr_t object)
{
	struct search *s = context;
	const struct outside_type *type = type_of(s, object);
	if (!type)
		return;
	s->holder = object;
	remote_references(&s->heap, &type->sizes, object, refers, s);
}

/* What is found twice is kept once. */
static void tried(void *context, bool counts)
{
	(void)context;
	(void)counts;
}

static void nothing(void *context)
{
	(void)context;
}

static void forget(void *context, bool later)
{
	const struct search *s = context;
	outside_time_forget(&s->time, later);
}

static bool is_late(void *context)
{
	struct search *s = context;
	return outside_time_is_late(&s->time);
}

static enum err_kind pass(struct search *s, void (*each)(void *, uintptr_t), struct err *e)
{
	const struct remote_heap_walker walker = {.context = s,
						  .object = each,
						  .tried = tried,
						  .list = nothing,
						  .forget = forget,
						  .is_late = is_late};
	struct remote_heap_told told;
	TRY(remote_heap_walk(&s->heap, &walker, &told, e));
	s->is_cut = s->is_cut || told.is_cut;
	return ERR_OK;
}

static void begin_targets(struct search *s)
{
	for (uint32_t i = 0; i < s->count; i++) {
		struct target *target = &s->targets[i];
		if (!target->object)
			target->object = object_in(s, target->block);
		if (target->object)
			target->top = add_node(
				s, &(struct node){.object = target->object, .target = i + 1});
	}
}

/* False: each has a root, or nobody more was found. */
static bool goes_on(struct search *s)
{
	bool any = false;
	for (uint32_t i = 0; i < s->count; i++) {
		struct target *target = &s->targets[i];
		any = any || (target->top && !target->root.kind &&
			      (s->round == 0 || target->referrers > 0));
		target->referrers = 0;
	}
	return any && s->round < ROUNDS;
}

static enum err_kind search(struct search *s, struct err *e)
{
	TRY(pass(s, look_at, e));
	look_at_untracked(s);
	begin_targets(s);
	while (goes_on(s) && !outside_time_is_late(&s->time)) {
		s->round++;
		TRY(pass(s, look_through, e));
		for (size_t i = 0; i < s->untracked.count && !outside_time_is_late(&s->time); i++)
			look_through(s, s->untracked.items[i]);
	}
	return ERR_OK;
}

/* --- what it says ---------------------------------------------------------------------- */

static uint64_t length_of(const struct search *s, const struct outside_type *type, uintptr_t object)
{
	const struct remote *r = s->heap.remote;
	switch (type ? type->sizes.kind : REMOTE_SIZE_FIXED) {
	case REMOTE_SIZE_DICT:
		return remote_word(r, object, s->heap.layout.dict_used);
	case REMOTE_SIZE_SET:
		return remote_word(r, object, s->heap.layout.set_used);
	case REMOTE_SIZE_LIST:
		return remote_word(r, object, r->layout.bytes_size);
	case REMOTE_SIZE_PLAIN:
		return type->sizes.item == sizeof(uintptr_t)
			       ? remote_word(r, object, r->layout.bytes_size)
			       : WALK_UNKNOWN;
	default:
		return WALK_UNKNOWN;
	}
}

/* How each kind of link reads as a step. A dict that has an instance's attributes is no step. */
static const uint32_t steps[] = {
	[REMOTE_ITEM] = WALK_INDEX,          [REMOTE_VALUE] = WALK_KEY,
	[REMOTE_KEY] = WALK_IS_KEY,          [REMOTE_MEMBER] = WALK_MEMBER,
	[REMOTE_ATTRIBUTE] = WALK_ATTRIBUTE, [REMOTE_IN_BODY] = WALK_IN_C,
};

/* Below a root: what its dict has is a variable of it, or an entry of the cache. */
static struct walk_edge step_of(struct search *s, const struct node *node,
				const struct outside_root *root, bool is_attribute,
				struct str *texts)
{
	const bool is_variable = root->dict == node->object && root->kind != WALK_CACHE;
	struct walk_edge edge = {.kind = steps[node->link.kind],
				 .holder = UINT32_MAX,
				 .index = WALK_UNKNOWN,
				 .length = length_of(s, type_of(s, node->object), node->object)};
	if (edge.kind == WALK_INDEX)
		edge.index = node->link.index;
	if (edge.kind == WALK_KEY && is_attribute)
		edge.kind = WALK_ATTRIBUTE;
	if (edge.kind == WALK_KEY && is_variable) {
		edge.kind = WALK_VARIABLE;
		edge.label = outside_variable_label(s->heap.remote, node->link.key, texts);
	}
	return edge;
}

/* From the top down to the target: the edges, how many. */
static uint32_t write_edges(struct search *s, const struct target *target,
			    struct walk_edge edges[EDGES], struct str *texts)
{
	uint32_t count = 0;
	bool is_attribute = false;
	edges[count++] = outside_root_edge(&s->types, &target->root, texts);
	for (uint32_t n = target->top; count < EDGES && s->nodes.items[n - 1].below;
	     n = s->nodes.items[n - 1].below) {
		const struct node *node = &s->nodes.items[n - 1];
		if (node->link.kind != REMOTE_OWN_DICT)
			edges[count++] = step_of(s, node, &target->root, is_attribute, texts);
		is_attribute = node->link.kind == REMOTE_OWN_DICT;
	}
	return count;
}

/* The nearest holder that has a len(), and is not the dict of a module, a class or an instance. */
static void note_container(struct search *s, const struct target *target,
			   struct walk_holder_row *row)
{
	bool is_own = target->root.kind && target->root.kind != WALK_CACHE;
	for (uint32_t n = target->top; s->nodes.items[n - 1].below;
	     n = s->nodes.items[n - 1].below) {
		const struct node *node = &s->nodes.items[n - 1];
		const struct outside_type *type = type_of(s, node->object);
		const uint64_t length = length_of(s, type, node->object);
		if (!is_own && length < WALK_COUNT_MAX) {
			row->in_type = type->name;
			row->in_length = (int64_t)length;
		}
		is_own = node->link.kind == REMOTE_OWN_DICT;
	}
}

static int64_t known(uint64_t value)
{
	return value < WALK_COUNT_MAX ? (int64_t)value : -1;
}

static struct walk_name text_at(const struct str *texts, struct walk_text text, struct arena *arena)
{
	return (struct walk_name){arena_copy(arena, texts->text + text.at, text.length),
				  text.length};
}

/* False: what it was is no object any more. */
static bool make_row(struct search *s, const struct target *target, uint32_t site,
		     struct walk_holder_row *row)
{
	struct walk_edge edges[EDGES];
	struct str texts, expression;
	const size_t place = target->top ? outside_type_of(&s->types, target->object) : 0;
	if (!place)
		return false;
	str_init(&texts, TEXT_BYTES);
	str_init(&expression, EXPRESSION_BYTES);
	const uint32_t count = write_edges(s, target, edges, &texts);
	const struct outside_type *type = &s->types.types.items[place - 1];
	const bool is_cache = edges[0].kind == WALK_CACHE;
	*row = (struct walk_holder_row){
		.type = type->name,
		.bytes = remote_size(&s->heap, &type->sizes, target->object,
				     s->time.limits->most_bytes),
		.deep_bytes = -1,
		.shared_bytes = -1,
		.length = known(length_of(s, type, target->object)),
		.site = site == WALK_NO_SITE ? -1 : (int64_t)site,
		.maybe_recycled = true,
		.root = walk_root_name(edges[0].kind),
		.label = text_at(&texts, edges[0].label, s->types.arena),
		.in_length = -1,
		.cache_entries = is_cache ? known(edges[0].length) : -1,
		.cache_limit = is_cache ? known(edges[0].numbers[0]) : -1,
		.cache_hits = is_cache ? known(edges[0].numbers[1]) : -1,
		.cache_misses = is_cache ? known(edges[0].numbers[2]) : -1,
		.references = 1,
		.found = 1,
	};
	note_container(s, target, row);
	walk_text_write(edges, count, texts.text, (uint32_t)texts.length, &expression);
	row->expression = arena_string(s->types.arena, expression.text);
	str_free(&texts);
	str_free(&expression);
	return true;
}

enum err_kind outside_holders_find(const struct remote *remote, const struct outside_limits *limits,
				   const struct walk_target *targets, size_t count,
				   struct arena *arena, struct outside_holders *found,
				   struct err *e)
{
	struct search s = {.time = {.limits = limits, .reader = remote->context},
			   .count = count < WALK_TARGETS ? count : WALK_TARGETS};
	enum err_kind kind = remote_heap_open(remote, &s.heap, e);
	outside_types_open(&s.types, &s.heap, arena);
	for (size_t i = 0; i < s.count; i++) {
		s.targets[i].block = (uintptr_t)targets[i].address;
		*map_put(&s.blocks, targets[i].address, NULL) = i + 1;
	}
	if (kind == ERR_OK)
		kind = search(&s, e);
	found->rows = arena_alloc(arena, (s.count + 1) * sizeof *found->rows);
	for (size_t i = 0; kind == ERR_OK && i < s.count; i++)
		found->count +=
			make_row(&s, &s.targets[i], targets[i].site, &found->rows[found->count]);
	found->is_cut = s.is_cut || s.time.is_late;
	map_free(&s.blocks);
	map_free(&s.owned);
	map_free(&s.is_untracked);
	vec_free(&s.untracked);
	map_free(&s.at);
	vec_free(&s.owners);
	vec_free(&s.nodes);
	outside_types_close(&s.types);
	return kind;
}
