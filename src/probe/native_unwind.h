/* From a copied stack (agent/heap_file.h, struct heap_native) to the C functions between the
 * allocator and Python: modules by /proc/PID/maps, steps by native_cfi.h, names by native_elf.h.
 *
 * Maps are read anew for each lot of stacks; those of before are good while the process is gone.
 * Files are opened as the process has them and kept mapped; one that is not the file that is mapped
 * (by its inode) is not read. All of it may be hostile: frames, files and symbols looked at are
 * bounded.
 */
#ifndef UNSLOW_PROBE_NATIVE_UNWIND_H
#define UNSLOW_PROBE_NATIVE_UNWIND_H

#include <stdint.h>

#include "agent/heap_file.h"
#include "base/arena.h"
#include "recording/heap_native.h"

struct native_unwinder;

struct native_unwinder *native_unwinder_new(uint32_t pid);
void native_unwinder_free(struct native_unwinder *unwinder); /* NULL is allowed */

/* Before a lot of stacks. */
void native_unwinder_begin(struct native_unwinder *unwinder);
/* One of a copy that nobody writes any more; frames into the arena. *out has no frame where nothing
 * is known of who called the allocator. */
void native_unwind(struct native_unwinder *unwinder, const struct heap_native *stack,
		   struct arena *arena, struct heap_native_chain *out);

#endif
