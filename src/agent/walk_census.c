#include "agent/walk_census.h"

struct census_type *census_type_of(struct census *census, uintptr_t type)
{
	struct census_type *row;
	uint64_t *place;

	if (census->last_place != 0 && census->last_type == type)
		return census_type_at(census, census->last_place - 1);
	place = walk_map_put(&census->places, type);
	if (place == NULL)
		return NULL;
	if (*place != 0) {
		census->last_type = type;
		census->last_place = *place;
		return census_type_at(census, *place - 1);
	}
	row = walk_row_add(&census->types, sizeof(*row));
	if (row == NULL)
		return NULL;
	row->sizes = walk_sizes_of(type);
	row->deep_bytes = UINT64_MAX;
	*place = census->types.count;
	return row;
}

/* --- who is looked at again ---------------------------------------------------- */

static void keep_sample(struct census *census, struct census_type *row, uintptr_t object)
{
	if (row->count == 0) {
		row->samples[0] = object;
		return;
	}
	/* each of all has the same chance to be there at the end (reservoir; Vitter 1985, R) */
	census->random = census->random * UINT64_C(6364136223846793005) + 1442695040888963407;
	const uint64_t place = (census->random >> 33) % (row->count + 1);
	if (place + 1 < CENSUS_SAMPLES)
		row->samples[place + 1] = object;
	else if (row->count < CENSUS_SAMPLES)
		row->samples[row->count] = object;
}

static void keep_largest(struct census *census, uintptr_t object, uint64_t bytes)
{
	size_t at = CENSUS_LARGEST;

	if (bytes <= census->largest[CENSUS_LARGEST - 1].bytes)
		return;
	for (at = CENSUS_LARGEST - 1; at > 0 && census->largest[at - 1].bytes < bytes; at--)
		census->largest[at] = census->largest[at - 1];
	census->largest[at] = (struct census_largest){object, bytes};
}

static bool holds_many(enum walk_kind kind)
{
	return kind == WALK_OF_LIST || kind == WALK_OF_DICT || kind == WALK_OF_SET ||
	       kind == WALK_OF_TUPLE;
}

/* --- the pass ------------------------------------------------------------------ */

static void count(struct census *census, struct census_type *row, uintptr_t object, bool tracked)
{
	const uint64_t bytes = walk_size(&row->sizes, object);

	keep_sample(census, row, object);
	if (holds_many(row->sizes.kind))
		keep_largest(census, object, bytes);
	if (census->blocks.places.count > 0)
		walk_blocks_look(&census->blocks, &row->sizes, object);

	row->count++;
	row->tracked += tracked;
	row->bytes += bytes;
	census->objects++;
	census->tracked += tracked;
	census->bytes += bytes;
}

static bool is_code(const struct census_type *row)
{
	return row->sizes.type == (uintptr_t)py.code_type;
}

/* May what it refers to be asked for? Its parts are set before anybody can refer to it, and it is
 * in no list because the collector took it out, or none takes it in. Of other types an object in no
 * list may be half made, or half gone. */
static bool is_container(const struct census_type *row)
{
	return is_code(row) || (row->sizes.owns && walk_is_plain(row->sizes.type));
}

static void keep(struct walk_row *row, uintptr_t object, bool *cut)
{
	uintptr_t *place = walk_row_add(row, sizeof(*place));

	if (place != NULL)
		*place = object;
	else
		*cut = true;
}

static int visit(py_object referred, void *context)
{
	struct census *census = context;
	const uintptr_t object = (uintptr_t)referred;
	struct census_type *row;

	census->references++;
	row = census_type_of(census, walk_type_of(object));
	if (row == NULL) {
		census->cut = true;
		return 0;
	}
	if (row->sizes.owns && walk_is_gc(object, row->sizes.type) && walk_is_tracked(object))
		return 0; /* it comes by itself */
	if (!walk_set_add(&census->outside, object)) {
		census->cut = census->cut || census->outside.full;
		return 0;
	}
	count(census, row, object, false);
	if (is_container(row))
		keep(&census->containers, object, &census->cut);
	if (is_code(row))
		keep(&census->codes, object, &census->cut);
	return 0;
}

static uintptr_t container_at(const struct census *census, size_t at)
{
	return ((const uintptr_t *)(const void *)census->containers.items)[at];
}

/* From `at` on: what they refer to may add more of them. */
static size_t follow_containers(struct census *census, size_t at)
{
	while (at < census->containers.count && !walk_late())
		walk_references(container_at(census, at++), visit, census);
	return at;
}

static void count_tracked(uintptr_t object, void *context)
{
	struct census *census = context;
	struct census_type *row = census_type_of(census, walk_type_of(object));

	if (row == NULL) {
		census->cut = true;
		return;
	}
	count(census, row, object, true);
	walk_references(object, visit, census);
}

static void count_frame(const struct walk_running *running, void *context)
{
	struct census *census = context;

	visit((py_object)running->code, census);
	walk_frame_references(running->frame, visit, census);
}

static void look_inside(uintptr_t object, void *context)
{
	struct census *census = context;
	const struct census_type *type = census_type_of(census, walk_type_of(object));

	if (type != NULL && census->blocks.left > 0)
		walk_blocks_look_inside(&census->blocks, &type->sizes, object);
}

static void find_owners(struct census *census)
{
	if (census->blocks.left == 0 || !walk_tracked(look_inside, census))
		return;
	for (size_t i = 0; census->outside.slots != NULL && i <= census->outside.mask; i++) {
		if (walk_late())
			return;
		if (census->outside.slots[i] != 0)
			look_inside(census->outside.slots[i], census);
	}
}

void census_take(struct census *census)
{
	walk_frames(count_frame, census);
	if (!walk_tracked(count_tracked, census))
		census->cut = true;
	if (follow_containers(census, 0) < census->containers.count)
		census->cut = true;
	find_owners(census);
}

bool census_holders(const struct census *census, walk_each *each, void *context)
{
	if (!walk_tracked(each, context))
		return false;
	for (size_t i = 0; i < census->containers.count; i++) {
		if (walk_late())
			return false;
		each(container_at(census, i), context);
	}
	return true;
}
