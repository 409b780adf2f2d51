#include "base/vec.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum { VEC_FIRST_ITEMS = 8 };

/* Called before each push: makes room for one item and zeroes it. */
void *vec_grow(void *items, size_t count, size_t *capacity, size_t item_size)
{
	if (count == *capacity) {
		const size_t wider = *capacity ? *capacity * 2 : VEC_FIRST_ITEMS;
		/* A size that no machine has, so that mem_resize says so and aborts. */
		const size_t bytes = wider > SIZE_MAX / item_size ? SIZE_MAX : wider * item_size;
		items = mem_resize(items, bytes);
		*capacity = wider;
	}
	memset((char *)items + count * item_size, 0, item_size);
	return items;
}

void vec_release(void **items, size_t *count, size_t *capacity)
{
	free(*items);
	*items = NULL;
	*count = 0;
	*capacity = 0;
}
