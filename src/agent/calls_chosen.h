/* What was decided of a code object once: is it counted, are its lines?
 *
 * Engines that see every frame ask here by the code's key (calls_code.h): one look into a table.
 * The patterns are matched at first sight. GIL held.
 */
#ifndef UNSLOW_AGENT_CALLS_CHOSEN_H
#define UNSLOW_AGENT_CALLS_CHOSEN_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/agent.h"
#include "base/hash.h"

struct chosen {
	uint64_t key;    /* 0: free */
	uint32_t lines;  /* code id whose lines are wanted, 0: they are not */
	bool calls;      /* its calls are wanted */
	bool counted;    /* calls_monitoring.c has set its events */
	bool watched;    /* calls_line_events.c has */
	bool left_alone; /* it was seen, and has none */
};

#define CHOSEN_SLOTS 65536u /* a power of two */
extern struct chosen chosen_slots[CHOSEN_SLOTS];

/* First sight. `globals` of its frame, a dict. NULL: there is no room, counted as not chosen. */
struct chosen *chosen_decide(uint64_t key, uintptr_t code, void *globals);

static inline struct chosen *chosen_find(uint64_t key)
{
	uint32_t at = (uint32_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 48);

	for (;; at = (at + 1) & (CHOSEN_SLOTS - 1)) {
		if (LIKELY(chosen_slots[at].key == key))
			return &chosen_slots[at];
		if (chosen_slots[at].key == 0)
			return NULL;
	}
}

/* Patterns or code ids have changed. */
void chosen_forget(void);

#endif
