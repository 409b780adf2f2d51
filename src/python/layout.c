/* Choosing the row of a version. */
#include "python/layout.h"

#include <stddef.h>

const struct py_layout *py_layout_for(uint32_t version_hex)
{
	for (unsigned i = 0; i < py_layout_count; i++) {
		if (py_layout_table[i].version_hex >> 16 == version_hex >> 16)
			return &py_layout_table[i];
	}
	return NULL;
}
