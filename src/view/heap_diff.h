/* `unslow diff A B --memory`: a struct heap_diff as text, or as unslow.memory-diff/1
 * (docs/memory-diff.schema.json). */
#ifndef UNSLOW_VIEW_HEAP_DIFF_H
#define UNSLOW_VIEW_HEAP_DIFF_H

#include <stdbool.h>
#include <stdio.h>

#include "model/heap_diff.h"

struct heap_diff_form {
	bool of_types; /* of walks, by type */
	size_t limit;  /* lines, as text */
	bool colour;
	int width, columns; /* columns: of the terminal; 0: to none */
};

/* At most `limit` lines; those that may be chance (below twice their error) are only counted. */
void view_heap_diff_text(const struct heap_diff *diff, const struct heap_diff_form *form,
			 FILE *out);
/* All of them, with "sure". */
void view_heap_diff_json(const struct heap_diff *diff, const struct heap_diff_form *form,
			 FILE *out);

#endif
