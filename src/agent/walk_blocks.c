/* Sources: Objects/obmalloc.c (debug hooks), dictobject.c (new_values), Include/cpython/
 * bytearrayobject.h, unicodeobject.h; 3.8–3.13. */
#include "agent/walk_blocks.h"

enum {
	WORD = sizeof(uintptr_t),
	DEBUG_PREFIX = 16,   /* of a block under PYTHONMALLOC=debug */
	INSIDE_BYTES = 4096, /* of an object: what is longer is of its items */
	HEADER_BYTES = 2 * WORD,
};

void walk_blocks_begin(struct walk_blocks *blocks, struct walk_block *rows, size_t count)
{
	*blocks = (struct walk_blocks){.rows = rows};
	for (size_t i = 0; i < count; i++) {
		uint64_t *place =
			rows[i].block == 0 ? NULL : walk_map_put(&blocks->places, rows[i].block);

		if (place == NULL || *place != 0)
			continue;
		*place = i + 1;
		blocks->left++;
	}
}

static void settle_at(struct walk_blocks *blocks, uintptr_t block, uintptr_t object, bool by_prefix)
{
	const uint64_t *place = block == 0 ? NULL : walk_map_find(&blocks->places, block);
	struct walk_block *row = place == NULL ? NULL : &blocks->rows[*place - 1];

	if (row == NULL || (row->object != 0 && (by_prefix || !row->by_prefix)))
		return;
	blocks->left -= row->object == 0;
	row->object = object;
	row->by_prefix = by_prefix;
}

/* Without the debug hooks, what seems to have a prefix is the neighbour of a block of 16 bytes. */
static void settle(struct walk_blocks *blocks, uintptr_t block, uintptr_t object)
{
	settle_at(blocks, block, object, false);
	if (block > DEBUG_PREFIX)
		settle_at(blocks, block - DEBUG_PREFIX, object, true);
}

/* Values of an instance or a split dict. 3.11, 3.12: a prefix lies before them, whose length is the
 * byte before them. */
static void settle_values(struct walk_blocks *blocks, uintptr_t values, uintptr_t object)
{
	if (values == 0)
		return;
	settle(blocks, values, object);
	if (walk_objects->instance_kind == PY_INSTANCE_VALUES ||
	    walk_objects->instance_kind == PY_INSTANCE_TAGGED)
		settle(blocks, values - walk_byte(values - 1, 0), object);
}

void walk_blocks_look(struct walk_blocks *blocks, const struct walk_sizes *sizes, uintptr_t object)
{
	settle(blocks, object - sizes->before, object);
	settle_values(blocks, walk_values_of(object, sizes->type), object);
	switch (sizes->kind) {
	case WALK_OF_LIST:
		settle(blocks, walk_word(object, walk_heap->list_items), object);
		break;
	case WALK_OF_DICT:
		settle(blocks, walk_word(object, walk_objects->dict_keys), object);
		settle_values(blocks, walk_word(object, walk_objects->dict_values), object);
		break;
	case WALK_OF_SET:
		settle(blocks, walk_word(object, walk_objects->set_table), object);
		break;
	case WALK_OF_BYTEARRAY:
		settle(blocks, walk_word(object, walk_heap->bytearray_bytes), object);
		break;
	default:
		break;
	}
}

/* Of others all is known; a compact str and a built-in type are shorter than tp_basicsize. */
static bool has_own_memory(enum walk_kind kind)
{
	return kind == WALK_OF_OTHER || kind == WALK_OF_EXCEPTION || kind == WALK_OF_MODULE ||
	       kind == WALK_OF_FUNCTION || kind == WALK_OF_CACHE || kind == WALK_OF_LOCAL;
}

void walk_blocks_look_inside(struct walk_blocks *blocks, const struct walk_sizes *sizes,
			     uintptr_t object)
{
	if (sizes->basic > INSIDE_BYTES || !has_own_memory(sizes->kind))
		return;
	for (size_t at = HEADER_BYTES; at + WORD <= sizes->basic && blocks->left > 0; at += WORD)
		settle_at(blocks, walk_word(object, at), object, false);
}
