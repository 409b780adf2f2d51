/* Types of objects of a heap that is read from outside: each is looked at once, its name and what
 * makes its instances large kept. Bounded; the caller closes what it opened.
 */
#ifndef UNSLOW_PROBE_OUTSIDE_TYPES_H
#define UNSLOW_PROBE_OUTSIDE_TYPES_H

#include "base/arena.h"
#include "base/map.h"
#include "base/vec.h"
#include "python/remote_size.h"
#include "recording/walks.h"

#define OUTSIDE_TYPES_MAX 65536u

struct outside_type {
	struct remote_sizes sizes;
	struct walk_name name; /* as a walk inside has it; the arena's */
};

struct outside_types {
	const struct remote_heap *heap; /* the caller's, as the arena */
	struct arena *arena;
	struct map places; /* of a type, by address: its place in `types`, from 1 */
	VEC(struct outside_type) types;
	uintptr_t last_type; /* looked up last, and … */
	uint64_t last_place; /* … its place; 0: it is none */
	bool too_many;       /* some were left out */
};

void outside_types_open(struct outside_types *types, const struct remote_heap *heap,
			struct arena *arena);
/* Place of an object's type in `types`, from 1; 0: it has none, or there are too many. */
size_t outside_type_of(struct outside_types *types, uintptr_t object);
/* "module.qualname" of a class, the C name of a type; the arena's. */
struct walk_name outside_type_name(const struct outside_types *types, uintptr_t type,
				   bool is_class);
void outside_types_close(struct outside_types *types);

#endif
