#include "agent/calls_timeline.h"

#include <stdio.h>

#include "agent/calls_control.h"
#include "agent/channel_file.h"

struct timeline_area *calls_timeline_make(uint32_t number, uint32_t tid)
{
	char suffix[24];
	struct timeline_area *area;

	snprintf(suffix, sizeof suffix, "timeline-%u", number);
	area = channel_file_extend(suffix, 0, TIMELINE_BYTES, NULL);
	if (area == NULL)
		return NULL;
	area->number = number;
	area->tid = tid;
	area->entries_offset = CHANNEL_PAGE;
	area->capacity = TIMELINE_CAPACITY;
	atomic_fetch_add(&calls_process->timeline_areas, 1);
	atomic_store_explicit(&area->magic, TIMELINE_AREA_MAGIC, memory_order_release);
	return area;
}

/* --- slow units ------------------------------------------------------------- */

/* What nine of ten last at most, as far as it has shown: a step up is nine times one down. */
static bool is_slow(uint64_t wall_ns)
{
	static uint64_t most_ns;
	bool slow = wall_ns > most_ns;

	if (most_ns == 0)
		most_ns = wall_ns;
	else if (slow)
		most_ns += most_ns * 9 / 100;
	else
		most_ns -= most_ns / 100;
	return slow;
}

uint64_t calls_timeline_position(const struct timeline_area *area)
{
	return atomic_load_explicit(&area->head, memory_order_relaxed);
}

void calls_timeline_unit_ended(struct timeline_area *area, uint64_t began_at, uint64_t wall_ns)
{
	uint64_t head = atomic_load_explicit(&area->head, memory_order_relaxed);
	uint64_t reached = atomic_load_explicit(&area->reached, memory_order_relaxed);

	if (reached < head)
		reached = head;
	if (area->first == 0)
		area->first = began_at + 1;
	/* one that is longer than the ring has written over all before it: nothing else is there */
	if (is_slow(wall_ns) || reached - (area->first - 1) < TIMELINE_CAPACITY ||
	    began_at > head || head - began_at >= TIMELINE_CAPACITY)
		return;
	atomic_store_explicit(&area->reached, reached, memory_order_release);
	atomic_store_explicit(&area->head, began_at, memory_order_release);
}
