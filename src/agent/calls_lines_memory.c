#include "agent/calls_lines_memory.h"

#include <stdio.h>

#include "agent/calls_control.h"
#include "agent/calls_tree.h"
#include "agent/channel_file.h"

#define MEMORY_BYTES (LINES_CAPACITY * sizeof(struct calls_line_memory))
_Static_assert(MEMORY_BYTES % CHANNEL_PAGE == 0, "whole pages");

/* The thread's sums, made now if they can be, else NULL. */
static struct calls_line_memory *memory_of(struct lines_thread *t)
{
	char suffix[32];
	bool in_hook;

	if (t->memory != NULL || t->no_memory)
		return t->memory;
	snprintf(suffix, sizeof suffix, "lines-%u", (unsigned)t->number);
	in_hook = t->thread->in_hook;
	t->thread->in_hook = true;
	t->memory = channel_file_extend(suffix, LINES_AREA_BYTES, MEMORY_BYTES, NULL);
	t->thread->in_hook = in_hook;
	t->no_memory = t->memory == NULL;
	if (t->no_memory)
		calls_control_line_reason("memory of lines is not counted: the channel has no "
					  "room for it (a larger tmpfs)");
	else
		atomic_store_explicit(&t->area->memory_offset, LINES_AREA_BYTES,
				      memory_order_release);
	return t->memory;
}

static void keep_most(_Atomic int64_t *most, int64_t value)
{
	if (value > atomic_load_explicit(most, memory_order_relaxed))
		atomic_store_explicit(most, value, memory_order_relaxed);
}

/* What passed since the thread's last event was made below each frame that is on its stack. */
static void raise_all(struct lines_thread *t, uint32_t round, int64_t high)
{
	for (uint32_t i = 0; i < t->depth; i++)
		if (t->frames[i].bytes_round == round && t->frames[i].high < high)
			t->frames[i].high = high;
}

/* Its line ends, `live` of the process now. */
static void close_line(struct lines_thread *t, const struct line_frame *f, int64_t mine,
		       int64_t live)
{
	struct calls_line_memory *memory = memory_of(t);
	int64_t before;

	if (memory == NULL)
		return;
	memory += f->now - lines_of(t->area);
	before = atomic_load_explicit(&memory->bytes, memory_order_relaxed);
	atomic_store_explicit(&memory->bytes, before + (mine - f->bytes), memory_order_relaxed);
	keep_most(&memory->most, live);
	keep_most(&memory->peak, f->high - f->bytes);
	calls_add64(&memory->parts, 1);
}

static void look(struct lines_thread *t, uintptr_t frame, const void *number, bool ends)
{
	uint32_t round = atomic_load_explicit(&heap_bytes_round, memory_order_relaxed);
	struct line_frame *f = lines_find(t, frame);
	int64_t own, mine;

	if (UNLIKELY(heap_bytes_are_full())) {
		calls_control_line_reason("memory of lines was counted until there was no room "
					  "for more blocks: choose a shorter time "
					  "(--memory=exact:TIME)");
		heap_bytes_end();
		return;
	}
	if (f == NULL || round == 0)
		return;
	own = number != NULL ? (int64_t)heap_bytes_of(number) : 0;
	mine = heap_bytes_mine - own;
	raise_all(t, round, heap_bytes_high > heap_bytes_mine ? heap_bytes_high : mine);
	heap_bytes_high = heap_bytes_mine;
	/* one of an earlier round, or from before it, has nothing to go by */
	if (ends && f->bytes_round == round && f->now != NULL)
		close_line(t, f, mine, heap_bytes_all() - own);
	f->bytes = f->high = mine;
	f->bytes_round = round;
}

void lines_memory_begin(struct lines_thread *t, uintptr_t frame, const void *number)
{
	look(t, frame, number, false);
}

void lines_memory_event(struct lines_thread *t, uintptr_t frame, const void *number)
{
	look(t, frame, number, true);
}
