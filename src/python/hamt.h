/* Looking up one context variable in an immutable HAMT, without the GIL.
 *
 * A Context's variables live in a hash array mapped trie that is never changed
 * after it is made (Python/hamt.c, 3.8–3.13: same node shapes, same 32-bit
 * hash), so a thread may read the one of its own current context at any moment.
 * Three kinds of node, told apart by their type:
 *
 *     bitmap     u32 of occupied cells, then (key, value) pairs; key NULL: value is a node
 *     array      32 node pointers
 *     collision  (key, value) pairs whose hashes are all equal
 *
 * Owns nothing, allocates nothing. Values returned are borrowed: the context
 * holds them. hamt_find…() read direct memory, hamt_peek…() through a reader, for
 * the context of a thread that may be running.
 */
#ifndef UNSLOW_PYTHON_HAMT_H
#define UNSLOW_PYTHON_HAMT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "python/layout.h"
#include "python/peek.h"

/* 32 bits of hash, 5 a level, and one level for collisions (_Py_HAMT_MAX_TREE_DEPTH). */
#define HAMT_LEVELS 8
/* Of pairs whose 32-bit hashes are equal: more are no node of CPython's but a hostile process's. */
#define HAMT_COLLIDING_MAX 256

/* Addresses of the node types, learnt by making contexts (the types are not
 * exported). Collision nodes are too rare to be made: known by their type's name. */
struct hamt_types {
	uintptr_t bitmap;
	uintptr_t array;
};

/* Fold what PyObject_Hash gives into the trie's hash (hamt_hash() of Python/hamt.c). */
static inline uint32_t hamt_hash_of(intptr_t object_hash)
{
	uint64_t wide = (uint64_t)(int64_t)object_hash;
	uint32_t folded = (uint32_t)wide ^ (uint32_t)(wide >> 32);

	return folded == UINT32_MAX ? UINT32_MAX - 1 : folded;
}

#define HAMT_COLLISION "hamt_collision_node"

WALK_INLINE bool hamt_is_collision(struct peek *from, const struct py_layout *layout,
				   uintptr_t type)
{
	uintptr_t name = peek(from, type, layout->type_name);

	for (size_t i = 0; i < sizeof(HAMT_COLLISION) && name != 0; i++)
		if (peek8(from, name, i) != (uint8_t)HAMT_COLLISION[i])
			return false;
	return name != 0;
}

/* Pairs of a collision node; its c_array lies where a bitmap node's b_array does. */
WALK_INLINE uintptr_t hamt_find_collision(struct peek *from, const struct py_layout *layout,
					  uintptr_t node, uintptr_t key)
{
	size_t cells = (size_t)peek(from, node, layout->bytes_size);

	if (cells > 2 * HAMT_COLLIDING_MAX)
		return 0;
	for (size_t i = 0; i + 1 < cells && !from->failed; i += 2) {
		size_t at = layout->hamt_bitmap_array + i * sizeof(uintptr_t);

		if (peek(from, node, at) == key)
			return peek(from, node, at + sizeof(uintptr_t));
	}
	return 0;
}

/* In place (Warren, Hacker's Delight, 5-1): without an instruction for it the compiler calls a
 * function that looks it up in memory. */
WALK_INLINE size_t hamt_count_bits(uint32_t bits)
{
	bits -= bits >> 1 & 0x55555555u;
	bits = (bits & 0x33333333u) + (bits >> 2 & 0x33333333u);
	return ((bits + (bits >> 4)) & 0x0f0f0f0fu) * 0x01010101u >> 24;
}

/* Value of `key` (compared by address: a ContextVar equals only itself) in the
 * trie below `root` (PyHamtObject.h_root), or 0. `hash` is hamt_hash_of() of
 * the key's hash. Method: hamt_find() of Python/hamt.c, 3.8–3.13. */
WALK_INLINE uintptr_t hamt_peek(struct peek *from, const struct py_layout *layout,
				const struct hamt_types *types, uintptr_t root, uintptr_t key,
				uint32_t hash)
{
	uintptr_t node = root;

	for (int level = 0; level < HAMT_LEVELS && node != 0; level++) {
		uintptr_t type = peek(from, node, layout->object_type);
		/* the eighth level is a collision node's; a shift by 35 is never taken */
		uint32_t cell = level < 7 ? hash >> (5 * level) & 31 : 0;

		if (type == types->array) {
			node = peek(from, node, layout->hamt_array + cell * sizeof(uintptr_t));
		} else if (type == types->bitmap) {
			uint32_t bitmap = peek32(from, node, layout->hamt_bitmap);

			if (!(bitmap >> cell & 1))
				return 0;
			size_t pair = hamt_count_bits(bitmap & ((1u << cell) - 1));
			size_t at = layout->hamt_bitmap_array + pair * 2 * sizeof(uintptr_t);
			uintptr_t found = peek(from, node, at);
			uintptr_t value = peek(from, node, at + sizeof(uintptr_t));

			if (found == key)
				return value;
			if (found != 0)
				return 0;
			node = value;
		} else if (hamt_is_collision(from, layout, type)) {
			return hamt_find_collision(from, layout, node, key);
		} else {
			return 0;
		}
	}
	return 0;
}

static inline uintptr_t hamt_find(const struct py_layout *layout, const struct hamt_types *types,
				  uintptr_t root, uintptr_t key, uint32_t hash)
{
	struct peek direct = PEEK_DIRECT;

	return hamt_peek(&direct, layout, types, root, key, hash);
}

/* The same from a Context object (tstate->context), 0 if there is none. */
WALK_INLINE uintptr_t hamt_peek_in_context(struct peek *from, const struct py_layout *layout,
					   const struct hamt_types *types, uintptr_t context,
					   uintptr_t key, uint32_t hash)
{
	if (context == 0)
		return 0;
	uintptr_t vars = peek(from, context, layout->context_vars);

	return vars == 0 ? 0
			 : hamt_peek(from, layout, types, peek(from, vars, layout->hamt_root), key,
				     hash);
}

static inline uintptr_t hamt_find_in_context(const struct py_layout *layout,
					     const struct hamt_types *types, uintptr_t context,
					     uintptr_t key, uint32_t hash)
{
	struct peek direct = PEEK_DIRECT;

	return hamt_peek_in_context(&direct, layout, types, context, key, hash);
}

#endif
