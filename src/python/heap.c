/* Choosing the row of a version. */
#include "python/heap.h"

#include <stddef.h>

const struct py_heap *py_heap_for(uint32_t version_hex)
{
	for (unsigned i = 0; i < py_heap_count; i++) {
		if (py_heap_table[i].version_hex >> 16 == version_hex >> 16)
			return &py_heap_table[i];
	}
	return NULL;
}
