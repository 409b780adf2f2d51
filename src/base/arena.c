#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_ALIGN = 16, ARENA_BLOCK_BYTES = 64 * 1024 };

struct block {
	struct block *older;
	size_t size; /* bytes after this header */
	size_t used;
	alignas(ARENA_ALIGN) unsigned char bytes[];
};

struct arena {
	struct block *newest;
	size_t used_bytes;
};

/* abort(), not exit(): a core file shows who asked for too much. */
static _Noreturn void out_of_memory(size_t size)
{
	fprintf(stderr, "unslow: out of memory (%zu bytes more were needed)\n", size);
	abort();
}

void *mem_alloc(size_t size)
{
	void *bytes = calloc(1, size ? size : 1);
	if (!bytes)
		out_of_memory(size);
	return bytes;
}

void *mem_resize(void *old, size_t size)
{
	void *bytes = realloc(old, size ? size : 1);
	if (!bytes)
		out_of_memory(size);
	return bytes;
}

struct arena *arena_new(void)
{
	return mem_alloc(sizeof(struct arena));
}

void arena_free(struct arena *arena)
{
	if (!arena)
		return;
	for (struct block *block = arena->newest; block;) {
		struct block *older = block->older;
		free(block);
		block = older;
	}
	free(arena);
}

static struct block *block_new(size_t size)
{
	if (size > SIZE_MAX - sizeof(struct block))
		out_of_memory(size);
	struct block *block = mem_alloc(sizeof *block + size);
	block->size = size;
	return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	if (size > SIZE_MAX - ARENA_ALIGN)
		out_of_memory(size);
	size = (size ? size + ARENA_ALIGN - 1 : ARENA_ALIGN) & ~(size_t)(ARENA_ALIGN - 1);
	struct block *block = arena->newest;
	if (!block || block->size - block->used < size) {
		const bool large = size > ARENA_BLOCK_BYTES / 4;
		struct block *fresh = block_new(large ? size : ARENA_BLOCK_BYTES);
		if (large && block) {
			/* Behind the newest, so that its free rest is still used. */
			fresh->older = block->older;
			block->older = fresh;
		} else {
			fresh->older = block;
			arena->newest = fresh;
		}
		block = fresh;
	}
	void *bytes = block->bytes + block->used;
	block->used += size;
	arena->used_bytes += size;
	return bytes;
}

char *arena_copy(struct arena *arena, const char *bytes, size_t length)
{
	char *copy = arena_alloc(arena, length + 1);
	if (length)
		memcpy(copy, bytes, length);
	return copy;
}

char *arena_string(struct arena *arena, const char *string)
{
	return arena_copy(arena, string, strlen(string));
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	va_list again;
	va_copy(again, args);
	const int length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length < 0) {
		/* Only an encoding error can do that, and no caller uses %ls. */
		va_end(again);
		return arena_string(arena, "");
	}
	char *text = arena_alloc(arena, (size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, format, again);
	va_end(again);
	return text;
}

size_t arena_used_bytes(const struct arena *arena)
{
	return arena->used_bytes;
}
