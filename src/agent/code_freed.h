/* Has any code object been freed?
 *
 * A server frees none all day; only what compiles in a loop does. As long as none was, what is
 * known of one by its address still holds. The destructor in PyCode_Type is ours, which counts and
 * goes on to Python's own: code has no subclasses (no Py_TPFLAGS_BASETYPE), and every way to its
 * end is _Py_Dealloc(), which looks there (Objects/codeobject.c, Objects/object.c, 3.8–3.13). The
 * number has grown before the memory is anybody else's, so who runs code at an address that was
 * used before sees that.
 */
#ifndef UNSLOW_AGENT_CODE_FREED_H
#define UNSLOW_AGENT_CODE_FREED_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

extern _Atomic uint64_t code_freed_count; /* 0: not counted; else 1 more than were freed */

/* Begins to count, if the destructor lies where it is looked for. GIL held, no exception set or
 * left. */
void code_freed_prepare(void);

static inline uint64_t code_freed_now(void)
{
	return atomic_load_explicit(&code_freed_count, memory_order_acquire);
}

#endif
