/* Choosing the row of a version. */
#include "python/objects.h"

#include <stddef.h>

const struct py_objects *py_objects_for(uint32_t version_hex)
{
	for (unsigned i = 0; i < py_objects_count; i++) {
		if (py_objects_table[i].version_hex >> 16 == version_hex >> 16)
			return &py_objects_table[i];
	}
	return NULL;
}
