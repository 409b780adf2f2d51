/* Arena: memory that lives as long as its owner and is freed at once.
 *
 * One arena per recording, per report or per tick. Nothing in it is freed
 * singly; the callee never frees what it did not make. Running out of memory
 * aborts the program with a message (the agent does not use this file).
 */
#ifndef UNSLOW_BASE_ARENA_H
#define UNSLOW_BASE_ARENA_H

#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena); /* NULL is allowed */

/* Zeroed, 16-byte aligned; size 0 gives a unique pointer. */
__attribute__((malloc, returns_nonnull)) void *arena_alloc(struct arena *arena, size_t size);
__attribute__((returns_nonnull)) char *arena_copy(struct arena *arena, const char *bytes,
						  size_t length); /* adds a NUL */
__attribute__((returns_nonnull)) char *arena_string(struct arena *arena, const char *string);
__attribute__((returns_nonnull, nonnull(1, 2), format(printf, 2, 3))) char *
arena_printf(struct arena *arena, const char *format, ...);

size_t arena_used_bytes(const struct arena *arena);

/* For what must outlive every arena: malloc that aborts when memory is out. */
__attribute__((malloc, returns_nonnull)) void *mem_alloc(size_t size); /* zeroed */
__attribute__((returns_nonnull)) void *mem_resize(void *old, size_t size);

#endif
