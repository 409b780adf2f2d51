/* The offsets a running CPython 3.13+ says about itself.
 *
 * _PyRuntime begins with struct _Py_DebugOffsets: a cookie, the version, and one
 * u64 a field. The order of the fields belongs to the minor version and is kept
 * here as data; a minor without a row is refused, never guessed. What the
 * struct does not hold (context, HAMT, the condition variables of the GIL …)
 * comes from the minor's row of layout_table.c.
 * All bytes come from the target: each value is checked before it is used.
 */
#ifndef UNSLOW_PYTHON_DEBUG_OFFSETS_H
#define UNSLOW_PYTHON_DEBUG_OFFSETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "python/heap.h"
#include "python/layout.h"
#include "python/objects.h"

/* How many bytes of _PyRuntime a decoder may need; more do no harm. */
#define DEBUG_OFFSETS_BYTES_MAX 1024

/* Decode a copy of the first `size` bytes of _PyRuntime into *layout. False and
 * a reason (which field, which numbers, what to do) if it is not a known
 * layout; *layout is then untouched. Free-threaded builds are refused. */
bool debug_offsets_decode(const uint8_t *bytes, size_t size, struct py_layout *layout, char *reason,
			  size_t reason_size);

/* The same for what struct py_objects has of it; `size` bytes that were decoded above. */
void debug_offsets_decode_objects(const uint8_t *bytes, struct py_objects *objects);
/* Likewise of struct py_heap. */
void debug_offsets_decode_heap(const uint8_t *bytes, struct py_heap *heap);

#endif
