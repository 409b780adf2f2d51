#include "agent/walk_deep.h"

/* What is known of a part: how often the others refer to it; and: */
#define STAYS (UINT64_C(1) << 63) /* without the object that it begins at, too */
#define BEGIN (UINT64_C(1) << 62) /* it is that object */
#define COUNT (BEGIN - 1)

struct deep {
	struct census *census;
	const struct holders *holders;
	struct walk_map parts;
	struct walk_row queue; /* uintptr_t: found, not followed yet */
	uint64_t bytes, shared;
	uintptr_t type; /* whose instances it begins at; 0: any */
	bool cut;
};

static bool leads_everywhere(const struct deep *deep, enum walk_kind kind, uintptr_t object)
{
	switch (kind) {
	case WALK_OF_MODULE:
	case WALK_OF_TYPE:
	case WALK_OF_CACHE:
		return true;
	case WALK_OF_DICT:
		return holders_owner_of(deep->holders, object) != 0;
	case WALK_OF_FRAME:
		return holders_owner_of(deep->holders, walk_frame_of(object)) != 0;
	default:
		/* made by `def` each time it runs, from one constant */
		return walk_type_of(object) == (uintptr_t)py.code_type && walk_refcount(object) > 1;
	}
}

static bool has_parts(const struct census_type *type, uintptr_t object)
{
	if (type->sizes.type == (uintptr_t)py.code_type)
		return true;
	return type->sizes.owns &&
	       (walk_is_plain(type->sizes.type) ||
		(walk_is_gc(object, type->sizes.type) && walk_is_tracked(object)));
}

static void push(struct deep *deep, uintptr_t object)
{
	uintptr_t *place = walk_row_add(&deep->queue, sizeof(*place));

	if (place != NULL)
		*place = object;
	else
		deep->cut = true;
}

static uintptr_t pop(struct deep *deep)
{
	return ((const uintptr_t *)(const void *)deep->queue.items)[--deep->queue.count];
}

/* --- all parts ------------------------------------------------------------------ */

/* A part met for the first time. */
static void add(struct deep *deep, const struct census_type *type, uintptr_t object)
{
	deep->bytes += walk_size(&type->sizes, object);
	if (has_parts(type, object))
		push(deep, object);
}

static int visit(py_object referred, void *context)
{
	struct deep *deep = context;
	const uintptr_t object = (uintptr_t)referred;
	const struct census_type *type = census_type_of(deep->census, walk_type_of(object));
	uint64_t *found;

	if (type == NULL || leads_everywhere(deep, type->sizes.kind, object))
		return 0;
	found = walk_map_put(&deep->parts, object);
	if (found == NULL) {
		deep->cut = true;
		return 0;
	}
	if ((*found)++ == 0)
		add(deep, type, object);
	return 0;
}

static void begin_at(struct deep *deep, uintptr_t object)
{
	struct census_type *type = census_type_of(deep->census, walk_type_of(object));
	uint64_t *found = type == NULL ? NULL : walk_map_put(&deep->parts, object);

	if (found == NULL) {
		deep->cut = true;
		return;
	}
	if (*found == 0 && type->sizes.kind != WALK_OF_MODULE && type->sizes.kind != WALK_OF_TYPE)
		add(deep, type, object);
	else if (*found == 0)
		deep->bytes += walk_size(&type->sizes, object);
	*found |= BEGIN;
}

static void follow(struct deep *deep, walk_visit *each)
{
	while (deep->queue.count > 0 && !deep->cut) {
		deep->cut = walk_late();
		walk_references(pop(deep), each, deep);
	}
}

/* --- what would stay -------------------------------------------------------------- */

static void mark(struct deep *deep, uintptr_t object, uint64_t *found)
{
	const struct census_type *type = census_type_of(deep->census, walk_type_of(object));

	if (*found & (STAYS | BEGIN) || type == NULL)
		return;
	*found |= STAYS;
	deep->shared += walk_size(&type->sizes, object);
	if (has_parts(type, object))
		push(deep, object);
}

static int visit_stays(py_object referred, void *context)
{
	struct deep *deep = context;
	uint64_t *found = walk_map_find(&deep->parts, (uintptr_t)referred);

	if (found != NULL)
		mark(deep, (uintptr_t)referred, found);
	return 0;
}

/* Below 3.11 a key may be found twice (walk_heap.c): then one that stays may seem to go. */
static void mark_what_stays(struct deep *deep)
{
	for (size_t i = 0; deep->parts.slots != NULL && i <= deep->parts.mask && !deep->cut; i++) {
		struct walk_slot *slot = &deep->parts.slots[i];

		deep->cut = walk_late();
		if (slot->key == 0 || walk_refcount(slot->key) <= (slot->value & COUNT))
			continue;
		mark(deep, slot->key, &slot->value);
		follow(deep, visit_stays);
	}
}

/* --- the two ----------------------------------------------------------------------- */

static struct deep_size end(struct deep *deep)
{
	walk_map_free(&deep->parts);
	walk_row_free(&deep->queue, sizeof(uintptr_t));
	return deep->cut ? (struct deep_size){DEEP_UNKNOWN, DEEP_UNKNOWN}
			 : (struct deep_size){deep->bytes, deep->shared};
}

struct deep_size deep_size(struct census *census, const struct holders *holders, uintptr_t object)
{
	struct deep deep = {.census = census, .holders = holders};

	begin_at(&deep, object);
	follow(&deep, visit);
	mark_what_stays(&deep);
	return end(&deep);
}

static void visit_instance(uintptr_t object, void *context)
{
	struct deep *deep = context;

	if (walk_type_of(object) == deep->type)
		begin_at(deep, object);
}

uint64_t deep_size_of_type(struct census *census, const struct holders *holders, uintptr_t type)
{
	struct deep deep = {.census = census, .holders = holders, .type = type};

	if (!walk_tracked(visit_instance, &deep))
		deep.cut = true;
	follow(&deep, visit);
	return end(&deep).bytes;
}
