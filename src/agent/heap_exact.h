/* Every allocation a sample, for a time: the hooks' jumps lead to the exact ones meanwhile. */
#ifndef UNSLOW_AGENT_HEAP_EXACT_H
#define UNSLOW_AGENT_HEAP_EXACT_H

#include <stdbool.h>
#include <stdint.h>

/* For so long; 0: until heap_exact_end(). Hooks are in place, GIL held. `lines`: their memory is
 * wanted, too (heap_bytes.h). */
void heap_exact_begin(uint32_t ms, bool lines);
void heap_exact_end(void);
/* Ends it if its time is over. Any thread, in a hook. */
void heap_exact_look(uint64_t now_ns);

#endif
