/* The last events of each thread, one after another: a ring in a file (calls_file.h), so that a
 * slow request can be looked at as it went. Kept only while CALLS_TIMELINE is asked for.
 *
 * Once the ring is full of what was since the first request, one that was not slow gives up its
 * entries as it ends, so that the last slow ones stay: slow is what lasts longer than nine of ten
 * of those before. Of requests that take turns on a thread (coroutines, greenlets) all are kept.
 *
 * The writer overwrites the oldest; `head` is stored after the entry, so a reader that finds it
 * moved by less than the ring while it copied has whole entries but for the oldest ones.
 */
#ifndef UNSLOW_AGENT_CALLS_TIMELINE_H
#define UNSLOW_AGENT_CALLS_TIMELINE_H

#include <stdatomic.h>
#include <stdint.h>

#include "agent/calls_file.h"

#define TIMELINE_CAPACITY (1u << 17) /* 2 MB: 200 requests of a small Flask app */

#define TIMELINE_BYTES (4096 + TIMELINE_CAPACITY * sizeof(struct timeline_entry))

/* A thread's, made now: NULL if there is no room. `number` is that of its tree. */
struct timeline_area *calls_timeline_make(uint32_t number, uint32_t tid);

/* Where a unit of work begins; and it has ended, with that duration. GIL held. */
uint64_t calls_timeline_position(const struct timeline_area *area);
void calls_timeline_unit_ended(struct timeline_area *area, uint64_t began_at, uint64_t wall_ns);

static inline void calls_timeline_add(struct timeline_area *area, uint64_t ticks, uint32_t code,
				      uint32_t event, uint32_t unit)
{
	uint64_t head = atomic_load_explicit(&area->head, memory_order_relaxed);
	struct timeline_entry *entry =
		(struct timeline_entry *)((char *)area + area->entries_offset) +
		(head & (TIMELINE_CAPACITY - 1));

	entry->ticks = ticks;
	entry->code = code;
	entry->event = event | unit << 8;
	atomic_store_explicit(&area->head, head + 1, memory_order_release);
}

#endif
