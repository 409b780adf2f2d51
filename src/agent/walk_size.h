/* How large an object is, as sys.getsizeof() says, by offsets alone.
 *
 * Right for CPython's own containers, texts, numbers, generators, and for instances of classes
 * written in Python. A type in C that says more by a __sizeof__ of its own counts with the size of
 * its object; so does what an instance keeps of its attributes without a dict (3.11+).
 */
#ifndef UNSLOW_AGENT_WALK_SIZE_H
#define UNSLOW_AGENT_WALK_SIZE_H

#include "agent/walk_objects.h"

/* What is the same of all instances of a type; worked out once a type. */
struct walk_sizes {
	uintptr_t type;
	enum walk_kind kind;
	uint64_t basic, item; /* tp_basicsize, tp_itemsize */
	uint64_t before;      /* headers before the object */
	bool owns;            /* instances may be in the collector's lists */
	bool asks;            /* … which tp_is_gc says of each */
};
struct walk_sizes walk_sizes_of(uintptr_t type);
uint64_t walk_size(const struct walk_sizes *sizes, uintptr_t object);

#endif
