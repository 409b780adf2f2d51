/* Bytes of pymalloc's arenas: counted where Python asks the system for one and gives it back
 * (PyObjectArenaAllocator, Include/cpython/objimpl.h, the same since 3.4). */
#ifndef UNSLOW_AGENT_HEAP_ARENAS_H
#define UNSLOW_AGENT_HEAP_ARENAS_H

#include <stdint.h>

/* Both with the GIL held. Counting begins at 0. */
void heap_arenas_install(void);
void heap_arenas_remove(void);
/* UINT64_MAX: not known. */
uint64_t heap_arenas_bytes(void);

#endif
