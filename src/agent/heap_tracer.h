/* Blocks from CPython's free lists: who makes an object out of one has it from then on.
 *
 * A float, list, tuple or dict that comes from a free list never reaches an allocator, so a sample
 * would stay with whoever allocated the block first: all of a leak is then blamed on a function
 * that keeps nothing. From 3.13 on PyRefTracer_SetTracer() tells each object's birth
 * (Objects/object.c, new_reference()); before, there is no such hook. There is one place for a
 * tracer: it is not taken from another tool, and given up when another takes it.
 */
#ifndef UNSLOW_AGENT_HEAP_TRACER_H
#define UNSLOW_AGENT_HEAP_TRACER_H

#include <stdbool.h>
#include <stddef.h>

/* All with the GIL held. False: `reason` says why, if it says nothing yet. */
bool heap_tracer_install(char *reason, size_t reason_size);
void heap_tracer_remove(void);
/* Is it still ours? */
void heap_tracer_look(void);

#endif
