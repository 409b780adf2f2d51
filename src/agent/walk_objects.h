/* Objects of this process, read where they lie while nobody can change them: with the GIL held, or
 * in the copy that a forked child has.
 *
 * Nothing is called that counts references, allocates or runs Python code. A type's own
 * tp_traverse and tp_is_gc are called as the collector calls them; of objects that the collector
 * does not follow, the parts of those that CPython defines are read by offset. Where memory is not
 * as the layout says, the child dies, and the process goes on.
 */
#ifndef UNSLOW_AGENT_WALK_OBJECTS_H
#define UNSLOW_AGENT_WALK_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/agent.h"
#include "python/heap.h"
#include "python/objects.h"
#include "python/walk.h"

/* Types that are told apart by address; a subclass counts as its base, but dict and tuple. */
enum walk_kind {
	WALK_OF_OTHER,
	WALK_OF_TYPE,
	WALK_OF_DICT,
	WALK_OF_LIST,
	WALK_OF_TUPLE,
	WALK_OF_SET, /* and frozenset */
	WALK_OF_STR,
	WALK_OF_BYTES,
	WALK_OF_LONG,
	WALK_OF_EXCEPTION,
	WALK_OF_BYTEARRAY,
	WALK_OF_MODULE,
	WALK_OF_FUNCTION,
	WALK_OF_METHOD,
	WALK_OF_CELL,
	WALK_OF_FRAME,
	WALK_OF_TRACEBACK,
	WALK_OF_GENERATOR, /* and coroutine, asynchronous generator */
	WALK_OF_CACHE,     /* functools.lru_cache's wrapper in C */
	WALK_OF_LOCAL,     /* threading.local */
};

extern const struct py_objects *walk_objects; /* NULL: not known */
extern const struct py_heap *walk_heap;
extern uintptr_t walk_interpreter;

/* Finds types by name; once, in the process itself: dlsym takes a lock. GIL held. False: this
 * version is not known. */
bool walk_objects_prepare(void);

static inline uintptr_t walk_word(uintptr_t base, size_t offset)
{
	uintptr_t value;

	memcpy(&value, (const void *)(base + offset), sizeof(value));
	return value;
}

static inline int32_t walk_int(uintptr_t base, size_t offset)
{
	int32_t value;

	memcpy(&value, (const void *)(base + offset), sizeof(value));
	return value;
}

static inline uint8_t walk_byte(uintptr_t base, size_t offset)
{
	return *(const uint8_t *)(base + offset);
}

static inline uintptr_t walk_type_of(uintptr_t object)
{
	return walk_word(object, agent_layout.object_type);
}

static inline uintptr_t walk_flags_of(uintptr_t type)
{
	return walk_word(type, walk_objects->type_flags);
}

#define WALK_IMMORTAL (UINT64_C(1) << 29) /* more references than this are none (PEP 683) */
/* References to it, as they are counted (ob_refcnt). */
static inline uint64_t walk_refcount(uintptr_t object)
{
	const int32_t count = walk_int(object, 0);

	return count < 0 ? UINT32_MAX : (uint64_t)count; /* 3.12: 2^32 - 1 */
}

#define WALK_GC_HEADER 16u                 /* PyGC_Head, 3.8–3.13 */
#define WALK_TYPE_HAS_GC (1ul << 14)       /* Py_TPFLAGS_HAVE_GC, object.h, 3.8–3.13 */
#define WALK_TYPE_IS_HEAP (1ul << 9)       /* Py_TPFLAGS_HEAPTYPE */
#define WALK_TYPE_MANAGED_DICT (1ul << 4)  /* Py_TPFLAGS_MANAGED_DICT, 3.11+ */
#define WALK_TYPE_INLINE_VALUES (1ul << 2) /* Py_TPFLAGS_INLINE_VALUES, 3.13 */

/* Is it dict or made from it (Py_TPFLAGS_DICT_SUBCLASS)? */
static inline bool walk_is_dict(uintptr_t type)
{
	return (walk_flags_of(type) >> 29 & 1) != 0;
}

/* May it be in the collector's lists at all (PyObject_IS_GC)? */
bool walk_is_gc(uintptr_t object, uintptr_t type);
/* Is it in them (_PyObject_GC_IS_TRACKED: the link to the next is set)? It may be (walk_is_gc). */
static inline bool walk_is_tracked(uintptr_t object)
{
	return walk_word(object - WALK_GC_HEADER, 0) != 0;
}

enum walk_kind walk_kind_of_type(uintptr_t type);
static inline enum walk_kind walk_kind_of(uintptr_t object)
{
	return walk_kind_of_type(walk_type_of(object));
}
/* Exactly a dict or a tuple, which the collector may leave out of its lists though they hold
 * objects. */
bool walk_is_plain(uintptr_t type);

/* Is the C text of a type's tp_name this one? */
bool walk_type_is_named(uintptr_t type, const char *name);

/* len() of a list, tuple, dict or set; UINT64_MAX: it is none. */
uint64_t walk_length_of(uintptr_t object);

/* --- dicts and instances --------------------------------------------------- */

struct walk_entry {
	uintptr_t key, value;
};
/* Goes through a dict's entries, or an instance's values by the keys of its class. */
struct walk_entries {
	uintptr_t entries, values; /* values 0: they stand beside the keys */
	size_t count, at, entry_bytes, key_at;
};
void walk_dict_begin(struct walk_entries *walk, uintptr_t dict);
/* The values of an instance, in no dict, or (3.13) in it and in its dict; 0: there are none. */
uintptr_t walk_values_of(uintptr_t object, uintptr_t type);
/* False: the object has no values of its own. */
bool walk_values_begin(struct walk_entries *walk, uintptr_t object);
bool walk_entries_next(struct walk_entries *walk, struct walk_entry *entry);
/* The value of a key, an ASCII text; 0: none. */
uintptr_t walk_dict_get(uintptr_t dict, const char *key);
/* The dict of an instance; 0: it has none, or only values. */
uintptr_t walk_dict_of(uintptr_t object);

/* --- frames ---------------------------------------------------------------- */

/* The local variables of a frame: places, some of them 0. Code 0: there are none to be read. */
struct walk_locals {
	uintptr_t code;
	uintptr_t first;
	size_t count;
};
/* `frame` as walk.h's: a frame object (3.8–3.10), an interpreter frame (3.11+). */
struct walk_locals walk_locals_of(uintptr_t frame);
/* The frame of a frame object, a generator, a coroutine; 0: none. */
uintptr_t walk_frame_of(uintptr_t object);
/* The name of a local variable, a str; 0: not known. */
uintptr_t walk_local_name(uintptr_t code, size_t place);

#endif
