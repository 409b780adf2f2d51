/* How large an object of a Python read from outside is, as sys.getsizeof() says, for those in the
 * collector's lists, by offsets alone: their header counts.
 *
 * Right for CPython's own containers, generators, and for instances of classes written in Python,
 * also such that are made from a text or a number. A type in C that says more by a __sizeof__ of
 * its own counts with the size of its object; so does what an instance keeps of its attributes
 * without a dict (3.11+). What cannot be, as it was changed while it was read, or is made up,
 * counts with the size of the object alone.
 */
#ifndef UNSLOW_PYTHON_REMOTE_SIZE_H
#define UNSLOW_PYTHON_REMOTE_SIZE_H

#include "python/remote_heap.h"

enum remote_size_kind {
	REMOTE_SIZE_PLAIN, /* of its type, with its items if it has any */
	REMOTE_SIZE_FIXED,
	REMOTE_SIZE_DICT,
	REMOTE_SIZE_LIST,
	REMOTE_SIZE_SET,
	REMOTE_SIZE_STR,
	REMOTE_SIZE_LONG,
	REMOTE_SIZE_BYTEARRAY,
	REMOTE_SIZE_GENERATOR,
};

/* What is the same of all instances of a type. */
struct remote_sizes {
	uintptr_t type;
	uint64_t flags; /* tp_flags */
	enum remote_size_kind kind;
	uint64_t basic, item; /* tp_basicsize, tp_itemsize */
	uint64_t before;      /* headers before the object */
	bool is_type;         /* its instances are types, … */
	bool is_tuple;        /* … tuples */
	bool is_class;        /* made while the program ran, as a class statement does */
};

/* False: there is no type. */
bool remote_sizes_of(const struct remote_heap *heap, uintptr_t type, struct remote_sizes *sizes);
/* `most`: no object can have more. */
uint64_t remote_size(const struct remote_heap *heap, const struct remote_sizes *sizes,
		     uintptr_t object, uint64_t most);

#endif
