/* Typed growing arrays.
 *
 *     VEC(uint64_t) ids = {0};
 *     *vec_push(&ids) = 7;
 *     for (size_t i = 0; i < ids.count; i++) use(ids.items[i]);
 *     vec_free(&ids);
 */
#ifndef UNSLOW_BASE_VEC_H
#define UNSLOW_BASE_VEC_H

#include <stddef.h>

#define VEC(type) \
	struct { \
		type *items; \
		size_t count; \
		size_t capacity; \
	}

/* Pointer to a new zeroed item at the end; valid until the next push. */
#define vec_push(v) \
	((v)->items = vec_grow((v)->items, (v)->count, &(v)->capacity, sizeof *(v)->items), \
	 &(v)->items[(v)->count++])
#define vec_clear(v) ((void)((v)->count = 0))
#define vec_free(v) vec_release((void **)&(v)->items, &(v)->count, &(v)->capacity)

void *vec_grow(void *items, size_t count, size_t *capacity, size_t item_size);
void vec_release(void **items, size_t *count, size_t *capacity);

#endif
