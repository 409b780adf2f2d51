/* Words of memory through a walk_reader, with failures remembered.
 *
 * Reading by a constant reader costs what the reader costs: with
 * walk_read_direct a peek is a load. A caller that may meet wild addresses looks
 * at `failed` once at the end; what could not be read was 0 until then, so no
 * loop may depend on memory alone to end.
 */
#ifndef UNSLOW_PYTHON_PEEK_H
#define UNSLOW_PYTHON_PEEK_H

#include "python/walk.h"

struct peek {
	walk_reader *read;
	void *context;
	bool failed;
};

#define PEEK_DIRECT ((struct peek){.read = walk_read_direct})

WALK_INLINE void peek_bytes(struct peek *from, uintptr_t address, void *to, size_t size)
{
	if (!from->read(from->context, address, to, size)) {
		from->failed = true;
		memset(to, 0, size);
	}
}

WALK_INLINE uint64_t peek(struct peek *from, uintptr_t base, size_t offset)
{
	uint64_t value;

	peek_bytes(from, base + offset, &value, sizeof(value));
	return value;
}

WALK_INLINE uint32_t peek32(struct peek *from, uintptr_t base, size_t offset)
{
	uint32_t value;

	peek_bytes(from, base + offset, &value, sizeof(value));
	return value;
}

WALK_INLINE uint8_t peek8(struct peek *from, uintptr_t base, size_t offset)
{
	uint8_t value;

	peek_bytes(from, base + offset, &value, sizeof(value));
	return value;
}

#endif
