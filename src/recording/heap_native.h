/* Native stacks of sampled blocks on their way into the recording: heap_native with its frames.
 *
 * The probe hands over what it has unwound (probe/native_reader.h), names as sources have them
 * where that is known (probe/native_name.h), else as the process's files do. What came the same way
 * again is counted in the row that is there. Ceilings count what did not fit as losses of the
 * process, as in heap.h.
 */
#ifndef UNSLOW_RECORDING_HEAP_NATIVE_H
#define UNSLOW_RECORDING_HEAP_NATIVE_H

#include <stddef.h>
#include <stdint.h>

#include "recording/ingest.h"

#define HEAP_NATIVE_FRAMES_MAX 64u      /* of a chain */
#define HEAP_NATIVE_ROWS_MAX (1u << 16) /* heap_native of a recording */

enum heap_native_end {
	HEAP_NATIVE_PYTHON,  /* the next frame is Python's evaluation of a frame */
	HEAP_NATIVE_THREAD,  /* nobody called the last frame */
	HEAP_NATIVE_UNKNOWN, /* who called the last frame is not known */
	HEAP_NATIVE_ENDS
};

struct heap_native_frame {
	const char *library;  /* path, as the process calls it */
	const char *function; /* NULL: not known */
	uint64_t offset;      /* from the function's beginning; without one from the library's load
				 address, as in its file */
};

struct heap_native_chain {
	uint32_t site; /* index in the process */
	uint64_t size; /* of the block, as asked for */
	enum heap_native_end end;
	const struct heap_native_frame *frames; /* who called the allocator first */
	size_t count;                           /* HEAP_NATIVE_FRAMES_MAX at most, not 0 */
};

/* `sites`: the process has no site with that index or a higher one. Nothing where the process is
 * not known. */
void ingest_heap_native(struct ingest *in, uint32_t serial, const struct heap_native_chain *chain,
			uint32_t sites);

/* For ingest.c: of a process; NULL is allowed. */
struct process_natives;
void process_natives_free(struct process_natives *natives);

#endif
