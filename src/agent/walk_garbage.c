#include "agent/walk_garbage.h"

#include "agent/walk_file.h"

/* What is left to a tracked object of its references; or one of these: */
#define REACHED (UINT64_C(1) << 63)
#define OVERDRAWN (UINT64_C(1) << 62) /* more were found than are counted: something holds it */

struct garbage {
	struct census *census;
	struct walk_map left; /* of each object in the lists */
	struct walk_row next; /* uintptr_t: reached, or gone, and not followed yet */
	struct walk_map gone; /* of what is in no list: references to it by garbage */
	struct walk_garbage sums;
	bool cut;
};

static void push(struct garbage *g, uintptr_t object)
{
	uintptr_t *place = walk_row_add(&g->next, sizeof(*place));

	if (place != NULL)
		*place = object;
	else
		g->cut = true;
}

static uintptr_t pop(struct garbage *g)
{
	return ((const uintptr_t *)(const void *)g->next.items)[--g->next.count];
}

/* --- live ---------------------------------------------------------------------- */

static void note(uintptr_t object, void *context)
{
	struct garbage *g = context;
	uint64_t *left = g->cut ? NULL : walk_map_put(&g->left, object);

	if (left == NULL)
		g->cut = true;
	else
		*left = walk_refcount(object) < WALK_IMMORTAL ? walk_refcount(object) : OVERDRAWN;
}

static int subtract(py_object referred, void *context)
{
	struct garbage *g = context;
	uint64_t *left = walk_map_find(&g->left, (uintptr_t)referred);

	if (left != NULL && *left < OVERDRAWN)
		*left = *left > 0 ? *left - 1 : OVERDRAWN;
	return 0;
}

static void subtract_its(uintptr_t object, void *context)
{
	walk_traverse(object, subtract, context);
}

static int reach(py_object referred, void *context)
{
	struct garbage *g = context;
	uint64_t *left = walk_map_find(&g->left, (uintptr_t)referred);

	if (left != NULL && *left != REACHED) {
		*left = REACHED;
		push(g, (uintptr_t)referred);
	}
	return 0;
}

/* All that can be reached from one that something holds. */
static void reach_from(uintptr_t object, void *context)
{
	struct garbage *g = context;
	const uint64_t *left = walk_map_find(&g->left, object);

	if (g->cut || left == NULL || *left == 0 || *left == REACHED)
		return;
	reach((py_object)object, g);
	while (g->next.count > 0 && !g->cut) {
		g->cut = walk_late();
		walk_traverse(pop(g), reach, g);
	}
}

/* --- garbage ------------------------------------------------------------------- */

static void add(struct garbage *g, uintptr_t object)
{
	struct census_type *type = census_type_of(g->census, walk_type_of(object));

	if (type == NULL) {
		g->cut = true;
		return;
	}
	const uint64_t bytes = walk_size(&type->sizes, object);

	type->garbage_count++;
	type->garbage_bytes += bytes;
	g->sums.bytes += bytes;
}

/* In no list, and all of its references are by what goes: it goes, too. */
static int let_go(py_object referred, void *context)
{
	struct garbage *g = context;
	const uintptr_t object = (uintptr_t)referred;
	uint64_t *found;

	if (walk_map_find(&g->left, object) != NULL || walk_refcount(object) >= WALK_IMMORTAL)
		return 0;
	found = walk_map_put(&g->gone, object);
	if (found == NULL) {
		g->cut = true;
		return 0;
	}
	if (++*found != walk_refcount(object))
		return 0;
	add(g, object);
	if (walk_is_plain(walk_type_of(object)))
		push(g, object);
	return 0;
}

/* A reference is to be counted once, lest what others hold as well seems to be explained: where it
 * cannot be told whether dict_traverse visits the keys (below 3.11), they are left out. */
static void let_go_of_its(struct garbage *g, uintptr_t object)
{
	if (walk_objects->keys_kind == PY_KEYS_SIZE)
		walk_traverse(object, let_go, g);
	else
		walk_references(object, let_go, g);
}

static void look_at(uintptr_t object, void *context)
{
	struct garbage *g = context;
	const uint64_t *left = walk_map_find(&g->left, object);

	if (g->cut || left == NULL || *left == REACHED)
		return;
	g->sums.objects++;
	add(g, object);
	let_go_of_its(g, object);
	while (g->next.count > 0 && !g->cut) {
		g->cut = walk_late();
		let_go_of_its(g, pop(g));
	}
}

static bool is_garbage(const struct garbage *g, uintptr_t object)
{
	const uint64_t *left = walk_map_find(&g->left, object);
	const uint64_t *gone = left != NULL ? NULL : walk_map_find(&g->gone, object);

	return left != NULL ? *left != REACHED : gone != NULL && *gone == walk_refcount(object);
}

struct walk_garbage walk_garbage_find(struct census *census, const uintptr_t *asked, size_t count,
				      bool *among)
{
	struct garbage g = {.census = census};
	bool done = walk_tracked(note, &g) && walk_tracked(subtract_its, &g) &&
		    walk_tracked(reach_from, &g) && !g.cut && walk_tracked(look_at, &g) && !g.cut;

	for (size_t i = 0; i < count; i++)
		among[i] = done && is_garbage(&g, asked[i]);
	walk_map_free(&g.left);
	walk_map_free(&g.gone);
	walk_row_free(&g.next, sizeof(uintptr_t));
	return done ? g.sums : (struct walk_garbage){WALK_UNKNOWN, WALK_UNKNOWN};
}
