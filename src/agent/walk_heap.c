/* Sources: Modules/gcmodule.c, Python/gc.c, Include/internal/pycore_gc.h (3.8–3.13). */
#include "agent/walk_heap.h"

#include <stdio.h>

#include "agent/raw.h"

enum {
	WORD = sizeof(uintptr_t),
	GENERATIONS = 3,
	THREADS_MAX = 1 << 16,
	FRAMES_MAX = 1 << 17, /* of a thread */
	LOOKS = 1024,         /* objects between two looks at the clock */
};
#define LINK_MASK (~(uintptr_t)3) /* flags below: _gc_prev, 3.8–3.13 */

static uint64_t until_ns;
static bool late;
long walk_parent;

void walk_until(uint64_t ns)
{
	until_ns = ns;
	late = false;
}

bool walk_late(void)
{
	static unsigned looks;

	if (++looks % LOOKS != 0)
		return late;
	if (raw_call(SYS_getppid) != walk_parent)
		raw_call(SYS_exit_group, 0);
	late = agent_now_ns() > until_ns;
	return late;
}

static uintptr_t state(void)
{
	return (walk_heap->gc_kind == PY_GC_RUNTIME ? (uintptr_t)py.runtime : walk_interpreter) +
	       walk_heap->gc_state;
}

uintptr_t walk_collector(void)
{
	return walk_int(state(), walk_heap->gc_collecting) != 0 ? 0 : state();
}

/* Of a generation, or of what gc.freeze() put aside (GENERATIONS). */
static uintptr_t head_of(unsigned generation)
{
	return state() + (generation == GENERATIONS
				  ? walk_heap->gc_permanent
				  : walk_heap->gc_generations +
					    generation * (size_t)walk_heap->gc_generation_size);
}

static uintptr_t next_of(uintptr_t header)
{
	return walk_word(header, 0) & LINK_MASK;
}

static uintptr_t previous_of(uintptr_t header)
{
	return walk_word(header, WORD) & LINK_MASK;
}

bool walk_heap_check(char *reason, size_t reason_size)
{
	for (unsigned g = 0; g <= GENERATIONS; g++) {
		const uintptr_t head = head_of(g), next = next_of(head), last = previous_of(head);

		if (next == 0 || last == 0 || previous_of(next) != head || next_of(last) != head) {
			snprintf(reason, reason_size,
				 "the collector's lists are not where CPython %s has them",
				 py.version);
			return false;
		}
	}
	return true;
}

/* dict_traverse leaves keys out where all are str: they hold nothing that is followed. */
static void text_keys(uintptr_t dict, walk_visit *visit, void *context)
{
	struct walk_entries walk;
	struct walk_entry entry;

	walk_dict_begin(&walk, dict);
	if (walk.values != 0)
		return; /* they are the class's */
	if (walk_objects->keys_kind == PY_KEYS_LOG2 && walk.key_at != 0)
		return; /* not all are: visited; below 3.11 there is no telling, and a key may be
			   visited twice */
	while (walk_entries_next(&walk, &entry))
		if (walk_type_of(entry.key) == (uintptr_t)py.unicode_type)
			visit((py_object)entry.key, context);
}

void walk_traverse(uintptr_t object, walk_visit *visit, void *context)
{
	int (*traverse)(py_object, walk_visit *, void *);
	const uintptr_t address = walk_word(walk_type_of(object), walk_heap->type_traverse);

	memcpy(&traverse, &address, sizeof(traverse));
	if (address != 0)
		traverse((py_object)object, visit, context);
}

/* A code object has no tp_traverse with the GIL: it cannot be in a cycle. */
static void code_parts(uintptr_t code, walk_visit *visit, void *context)
{
	const size_t parts[] = {
		walk_heap->code_constants,    walk_heap->code_used_names,
		walk_heap->code_names,        walk_heap->code_cell_names,
		walk_heap->code_free_names,   agent_layout.code_filename,
		agent_layout.code_name,       agent_layout.code_qualname,
		agent_layout.code_line_table,
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const uintptr_t part = parts[i] == PY_UNKNOWN ? 0 : walk_word(code, parts[i]);

		if (part != 0)
			visit((py_object)part, context);
	}
}

void walk_references(uintptr_t object, walk_visit *visit, void *context)
{
	if (walk_type_of(object) == (uintptr_t)py.code_type) {
		code_parts(object, visit, context);
		return;
	}
	walk_traverse(object, visit, context);
	if (walk_is_dict(walk_type_of(object)))
		text_keys(object, visit, context);
}

bool walk_tracked(walk_each *each, void *context)
{
	static const unsigned order[] = {GENERATIONS, 2, 1, 0};

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		const uintptr_t head = head_of(order[i]);

		for (uintptr_t at = next_of(head); at != head; at = next_of(at)) {
			if (walk_late())
				return false;
			each(at + WALK_GC_HEADER, context);
		}
	}
	return true;
}

/* --- threads ----------------------------------------------------------------- */

uintptr_t walk_first_thread(void)
{
	return walk_word(walk_interpreter, agent_layout.interp_threads_head);
}

uintptr_t walk_next_thread(uintptr_t tstate)
{
	return walk_word(tstate, agent_layout.tstate_next);
}

static void frames_of(uintptr_t tstate, walk_each_frame *each, void *context)
{
	struct walk_frame frame = {0};

	if (!walk_newest(&agent_layout, walk_read_direct, NULL, tstate, &frame.frame))
		return;
	for (int i = 0; frame.frame != 0 && i < FRAMES_MAX; i++, frame.frame = frame.back) {
		if (!walk_read_frame(&agent_layout, walk_read_direct, NULL, (uintptr_t)py.code_type,
				     &frame))
			return;
		if (frame.kind == WALK_PYTHON)
			each(&(struct walk_running){tstate, frame.frame, frame.code}, context);
	}
}

void walk_frames(walk_each_frame *each, void *context)
{
	uintptr_t tstate = walk_first_thread();

	for (int i = 0; tstate != 0 && i < THREADS_MAX; i++, tstate = walk_next_thread(tstate))
		frames_of(tstate, each, context);
}

void walk_frame_references(uintptr_t frame, walk_visit *visit, void *context)
{
	const struct walk_locals locals = walk_locals_of(frame);
	size_t count = locals.count;

	/* 3.11+: of a frame that has called another, items on its stack count from the variables
	   on; -1: it runs C code, and nobody knows */
	if (agent_layout.frame_kind != PY_FRAME_OBJECT && locals.code != 0) {
		const int32_t top = walk_int(frame, walk_objects->frame_top);

		if (top > 0 && (size_t)top > count)
			count = (size_t)top;
	}
	for (size_t i = 0; i < count; i++) {
		const uintptr_t value = walk_word(locals.first, i * WORD);

		if (value != 0)
			visit((py_object)value, context);
	}
}
