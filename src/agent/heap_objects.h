/* Which loaded object an address is in: who called the allocator, said as path and offset.
 *
 * Noted when slots are looked through; read in allocation hooks, where the loader's locks must not
 * be taken (dladdr() takes them: a thread that holds them may wait for the GIL).
 */
#ifndef UNSLOW_AGENT_HEAP_OBJECTS_H
#define UNSLOW_AGENT_HEAP_OBJECTS_H

#include <stdbool.h>
#include <stdint.h>

/* One writer at a time. */
void heap_objects_note(const char *path, uintptr_t load_address, uintptr_t low, uintptr_t high);
void heap_objects_forget(void);

/* Text id of "path+0xoffset"; 0: in no object that is known. */
uint32_t heap_object_text(const void *address);
/* Is it in one that is known? A few ns where it is far from all of them. */
bool heap_object_has(uintptr_t address);
/* Are both in the same object? */
bool heap_object_shared(const void *address, const void *other);

#endif
