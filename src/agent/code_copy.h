/* A code object's names and line table, copied so that they can be read as if the copy were the
 * original: for a thread that may run again before they are written to the dictionary.
 *
 * The copy is the object's head with its pointers turned to copies of its file name, its name and
 * its line table (cut at 32 KiB). All of them lie in one static arena, until code_copies_forget().
 * Memory comes through a reader that survives wild addresses; no allocation; one thread.
 */
#ifndef UNSLOW_AGENT_CODE_COPY_H
#define UNSLOW_AGENT_CODE_COPY_H

#include <stdint.h>

#include "python/peek.h"

/* Address of the copy; 0: something could not be read, or the arena is full. */
uintptr_t code_copy(struct peek *from, const struct py_layout *layout, uintptr_t code);
void code_copies_forget(void);

#endif
