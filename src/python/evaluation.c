/* Choosing the row of a version. */
#include "python/evaluation.h"

#include <stddef.h>

const struct py_evaluation *py_evaluation_for(uint32_t version_hex)
{
	for (unsigned i = 0; i < py_evaluation_count; i++) {
		if (py_evaluation_table[i].version_hex >> 16 == version_hex >> 16)
			return &py_evaluation_table[i];
	}
	return NULL;
}
