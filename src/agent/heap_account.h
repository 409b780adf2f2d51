/* What a sample does to the sums: of its site, of the file, of the process. Inside the gate. */
#ifndef UNSLOW_AGENT_HEAP_ACCOUNT_H
#define UNSLOW_AGENT_HEAP_ACCOUNT_H

#include <stdint.h>

#include "agent/heap_file.h"

/* Made at its site; not yet live. */
void heap_account_made(const struct heap_live *sample);
/* Live, or no more: `sign` 1 or -1. Times for the peaks: CLOCK_MONOTONIC. */
void heap_account_live(const struct heap_live *sample, int sign, uint64_t now_ns);
/* Live with another weight, after it was accounted as no more: it is not born now. */
void heap_account_again(const struct heap_live *sample, uint64_t now_ns);
/* Its block was freed while the unit that made it was open. */
void heap_account_short(const struct heap_live *sample);

#endif
