/* From a block of memory to the object that it is of: an allocator's hook knows blocks, a search
 * for holders needs objects.
 *
 * Looked for while all objects are counted: the object that begins in the block, behind its
 * headers, and the one that has its items, keys, values or bytes there. What is not found by then
 * is of types with memory of their own: the first object that has the block's address among its
 * words is taken for its owner (a deque's first block, an array's data).
 */
#ifndef UNSLOW_AGENT_WALK_BLOCKS_H
#define UNSLOW_AGENT_WALK_BLOCKS_H

#include "agent/walk_memory.h"
#include "agent/walk_size.h"

struct walk_block {
	uintptr_t block;  /* 0: none */
	uintptr_t object; /* 0: none was found */
	bool by_prefix;   /* it would be, if the block had a prefix of the debug hooks' */
};

struct walk_blocks {
	struct walk_block *rows; /* the caller's */
	size_t left;             /* without an object */
	struct walk_map places;  /* by address: place in rows + 1 */
};

void walk_blocks_begin(struct walk_blocks *blocks, struct walk_block *rows, size_t count);
/* Each object, once. */
void walk_blocks_look(struct walk_blocks *blocks, const struct walk_sizes *sizes, uintptr_t object);
/* Of what is left, once all objects were looked at; each object again. */
void walk_blocks_look_inside(struct walk_blocks *blocks, const struct walk_sizes *sizes,
			     uintptr_t object);

#endif
