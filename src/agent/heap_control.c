#include "agent/heap_control.h"

#include <stdio.h>
#include <time.h>

#include "agent/core.h"
#include "agent/heap_arenas.h"
#include "agent/heap_exact.h"
#include "agent/heap_mapped.h"
#include "agent/heap_native.h"
#include "agent/heap_peaks.h"
#include "agent/heap_pymem.h"
#include "agent/heap_sample.h"
#include "agent/heap_seconds.h"
#include "agent/heap_slots.h"
#include "agent/heap_store.h"
#include "agent/heap_thin.h"
#include "agent/heap_tracer.h"
#include "agent/late_reader.h"
#include "agent/python_api.h"
#include "agent/raw.h"

#define NOBODY_READS UINT32_MAX /* as a generation: nothing is asked for */

/* Written with the GIL held. */
static _Atomic uint32_t in_force; /* generation */
static _Atomic bool hooked;
static bool over; /* Python ends */

bool heap_control_waits_for_reader(void)
{
	return atomic_load_explicit(&hooked, memory_order_relaxed) &&
	       !atomic_load_explicit(&agent_awake, memory_order_relaxed);
}

uint32_t heap_control_generation(void)
{
	uint32_t generation;

	if (agent_control == NULL)
		return 0;
	generation = atomic_load_explicit(&agent_control->heap.generation, memory_order_acquire);
	if (generation == 0 || atomic_load_explicit(&agent_awake, memory_order_relaxed))
		return generation;
	return heap_control_waits_for_reader() && late_reader_is_there()
		       ? atomic_load_explicit(&in_force, memory_order_relaxed)
		       : NOBODY_READS;
}

static void take_out(void)
{
	heap_peaks_flush();
	heap_store_close();
	heap_exact_end();
	heap_tracer_remove();
	heap_pymem_remove();
	heap_arenas_remove();
	(void)heap_slots_set(false);
	hooked = false;
	if (heap_store.file != NULL)
		atomic_store(&heap_store.file->hooks, 0);
}

static uint32_t interval_of(const struct heap_control *control)
{
	uint32_t asked = control->interval_bytes;

	if (asked == 0)
		return HEAP_INTERVAL_DEFAULT;
	if (asked < HEAP_INTERVAL_MIN)
		return HEAP_INTERVAL_MIN;
	return asked > HEAP_INTERVAL_MAX ? HEAP_INTERVAL_MAX : asked;
}

/* Another allocator in some of the objects: its blocks are not seen. */
static void say_what_is_foreign(struct heap_file *file)
{
	uint32_t foreign = heap_slots_foreign();

	if (foreign > 0 && file->reason[0] == '\0')
		snprintf(file->reason, sizeof file->reason,
			 "%u calls to malloc lead to an allocator of the library's own: its "
			 "blocks are not seen",
			 (unsigned)foreign);
}

/* Another thread may be at slots for a moment. */
static bool patch_slots(void)
{
	struct timespec pause = {.tv_nsec = 200000};

	for (int i = 0; i < 50 && !heap_slots_set(true); i++)
		raw_call(SYS_nanosleep, &pause, NULL);
	return heap_slots_patched() > 0;
}

static void put_in(const struct heap_control *control)
{
	struct heap_file *file;
	uint32_t hooks = 0, interval = interval_of(control);
	bool slots, mapped;

	if (!heap_store_prepare())
		return; /* the channel's losses say that there is no room */
	file = heap_store.file;
	file->reason[0] = '\0';
	if (agent_layout.free_threaded) {
		snprintf(file->reason, sizeof file->reason,
			 "Python without GIL is not yet followed");
		heap_store_open(); /* shown, with nothing in it */
		heap_store_close();
		return;
	}
	late_reader_note();
	heap_native_prepare();
	mapped = heap_mapped_prepare();
	slots = patch_slots();
	if (slots)
		hooks |= HEAP_HOOK_MALLOC | (mapped ? HEAP_HOOK_MMAP : 0);
	else
		snprintf(file->reason, sizeof file->reason, "the C library's malloc is not found");
	hooks |= heap_pymem_install(slots, file->reason, sizeof file->reason);
	if (control->want & HEAP_RECYCLED && heap_tracer_install(file->reason, sizeof file->reason))
		hooks |= HEAP_HOOK_TRACER;
	say_what_is_foreign(file);
	atomic_store(&file->interval_bytes, interval);
	atomic_store(&file->hooks, hooks);
	heap_sample_every(interval);
	heap_thin_begin(control->interval_bytes == 0 ? 0 : interval);
	heap_arenas_install();
	heap_seconds_begin();
	heap_store_open();
	hooked = true;
	if (control->want & HEAP_EXACT)
		heap_exact_begin(control->exact_ms, (agent_control->calls.want & CALLS_LINES) != 0);
}

void heap_control_apply(void)
{
	uint32_t generation = heap_control_generation();
	uint32_t want =
		generation == NOBODY_READS || generation == 0 ? 0 : agent_control->heap.want;
	py_object type, value, traceback;

	if (generation == in_force || over)
		return;
	if (want != 0 || hooked) {
		py.PyErr_Fetch(&type, &value, &traceback);
		take_out();
		if (want != 0)
			put_in(&agent_control->heap);
		py.PyErr_Restore(type, value, traceback);
	}
	in_force = generation;
	if (heap_store.file != NULL)
		atomic_store_explicit(&heap_store.file->generation, generation,
				      memory_order_release);
}

void heap_control_at_unit(void)
{
	if (LIKELY(!hooked))
		return;
	heap_seconds_with_gil();
	heap_tracer_look();
}

void heap_control_unit_over(uint64_t unit, uint32_t route)
{
	if (UNLIKELY(hooked))
		heap_peaks_unit_over(unit, route);
}

void heap_control_over(void)
{
	over = true;
	if (hooked)
		take_out();
}

void heap_control_not_over(void)
{
	over = false;
	in_force = 0;
	heap_control_apply();
}

void heap_control_after_fork(void)
{
	heap_store_after_fork();
	heap_native_after_fork();
	heap_peaks_after_fork();
	heap_thin_after_fork();
	heap_slots_after_fork();
	heap_seconds_after_fork();
}
