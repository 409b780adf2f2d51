#include "agent/walk_deep.h"

struct deep {
	struct census *census;
	struct walk_set seen;
	struct walk_row queue; /* uintptr_t: seen, not followed yet */
	size_t followed;
	uint64_t bytes;
	uintptr_t type; /* whose instances it begins at; 0: any */
	bool cut;
};

static bool leads_everywhere(enum walk_kind kind)
{
	return kind == WALK_OF_MODULE || kind == WALK_OF_TYPE || kind == WALK_OF_FUNCTION ||
	       kind == WALK_OF_FRAME || kind == WALK_OF_CACHE;
}

static int visit(py_object referred, void *context)
{
	struct deep *deep = context;
	const uintptr_t object = (uintptr_t)referred;
	const struct census_type *type = census_type_of(deep->census, walk_type_of(object));
	uintptr_t *place;

	if (type == NULL || leads_everywhere(type->sizes.kind))
		return 0;
	if (!walk_set_add(&deep->seen, object)) {
		deep->cut = deep->cut || deep->seen.full;
		return 0;
	}
	deep->bytes += walk_size(&type->sizes, object);
	if (!type->sizes.owns ||
	    (!walk_is_plain(type->sizes.type) &&
	     !(walk_is_gc(object, type->sizes.type) && walk_is_tracked(object))))
		return 0;
	place = walk_row_add(&deep->queue, sizeof(*place));
	if (place != NULL)
		*place = object;
	else
		deep->cut = true;
	return 0;
}

static void follow(struct deep *deep)
{
	while (deep->followed < deep->queue.count && !deep->cut) {
		const uintptr_t *queue = (const uintptr_t *)(const void *)deep->queue.items;

		deep->cut = walk_late();
		walk_references(queue[deep->followed++], visit, deep);
	}
}

static uint64_t end(struct deep *deep)
{
	walk_set_free(&deep->seen);
	walk_row_free(&deep->queue, sizeof(uintptr_t));
	return deep->cut ? DEEP_UNKNOWN : deep->bytes;
}

uint64_t deep_size(struct census *census, uintptr_t object)
{
	struct deep deep = {.census = census};

	visit((py_object)object, &deep);
	follow(&deep);
	return end(&deep);
}

static void visit_instance(uintptr_t object, void *context)
{
	struct deep *deep = context;

	if (walk_type_of(object) == deep->type)
		visit((py_object)object, deep);
}

uint64_t deep_size_of_type(struct census *census, uintptr_t type)
{
	struct deep deep = {.census = census, .type = type};

	if (!walk_tracked(visit_instance, &deep))
		deep.cut = true;
	follow(&deep);
	return end(&deep);
}
