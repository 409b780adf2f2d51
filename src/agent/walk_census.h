/* How many objects of each type there are, and how large they are.
 *
 * One pass over the heap. Of what it finds outside of the collector's lists it keeps the addresses
 * (so that each counts once), and those that hold objects themselves, for the passes after it.
 */
#ifndef UNSLOW_AGENT_WALK_CENSUS_H
#define UNSLOW_AGENT_WALK_CENSUS_H

#include "agent/walk_blocks.h"
#include "agent/walk_heap.h"
#include "agent/walk_memory.h"
#include "agent/walk_size.h"

enum { CENSUS_SAMPLES = 3, CENSUS_LARGEST = 36 };

struct census_type {
	struct walk_sizes sizes;
	uint64_t count, tracked, bytes;
	uint64_t garbage_count, garbage_bytes; /* of them (walk_garbage.h) */
	uintptr_t samples[CENSUS_SAMPLES];     /* the first, and some of all */
	uint64_t deep_bytes;                   /* DEEP_UNKNOWN: not worked out (walk_deep.h) */
	uint32_t name;                         /* of walk_write.c: place in the file + 1 */
};

struct census {
	struct walk_row types;      /* struct census_type */
	struct walk_map places;     /* of a type: its place in `types` + 1 */
	uintptr_t last_type;        /* looked up last … */
	uint64_t last_place;        /* … and its place; 0: none was */
	struct walk_set outside;    /* objects that are in no list */
	struct walk_row containers; /* uintptr_t: those of them that hold objects */
	struct walk_row codes;      /* uintptr_t: of these the code objects */
	uint64_t objects, tracked, references, bytes;
	struct census_largest { /* containers, the largest first */
		uintptr_t object;
		uint64_t bytes;
	} largest[CENSUS_LARGEST];
	struct walk_blocks blocks; /* whose objects are looked for */
	uint64_t random;
	bool cut; /* time or memory was over */
};

/* All zeros before, but `blocks`, where there are any. */
void census_take(struct census *census);
/* The row of a type, made if there is none; NULL: no room. */
struct census_type *census_type_of(struct census *census, uintptr_t type);
static inline struct census_type *census_type_at(const struct census *census, size_t at)
{
	return (struct census_type *)(void *)census->types.items + at;
}

/* Each object that holds others: those in the lists, containers outside of them. False: late. */
bool census_holders(const struct census *census, walk_each *each, void *context);

#endif
