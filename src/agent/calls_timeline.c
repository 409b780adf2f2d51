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
