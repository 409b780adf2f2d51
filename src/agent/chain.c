#include "agent/chain.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "agent/guarded.h"
#include "python/walk.h"

#define CHUNKS_MAX 16
#define FRAME_BYTES_MAX 256
/* Frames looked at for a boundary. A recursion of Python functions has none
 * within itself; deeper ones than this are refused and counted. */
#define FRAMES_LOOKED_MAX 20000

struct range {
	uintptr_t start, end;
};

struct look {
	const struct py_layout *layout;
	const struct chain_thread *thread;
	struct range chunks[CHUNKS_MAX];
	unsigned chunk_count;
};

/* What one frame says, copied once. */
struct head {
	uintptr_t back, code;
	uint8_t owner;
	bool is_boundary;
};

static uintptr_t word(uintptr_t base, size_t offset)
{
	uintptr_t value;

	memcpy(&value, (const void *)(base + offset), sizeof(value));
	return value;
}

/* The list is always whole: a new chunk is linked before it is published, an old one is taken out
 * before it is unmapped (push_chunk, _PyThreadState_PopFrame of Python/pystate.c). Only in the
 * newest one does the used part end before the chunk does; between the two stores of a push or
 * pop the top belongs to another chunk. */
static void find_chunks(struct look *look)
{
	const struct py_layout *l = look->layout;
	uintptr_t top = word(look->thread->state, l->tstate_datastack_top);
	uintptr_t chunk = word(look->thread->state, l->tstate_datastack_chunk);

	for (look->chunk_count = 0; chunk != 0 && look->chunk_count < CHUNKS_MAX;
	     chunk = word(chunk, l->chunk_previous)) {
		uintptr_t end = chunk + word(chunk, l->chunk_size);

		if (look->chunk_count == 0 && top >= chunk && top < end)
			end = top;
		look->chunks[look->chunk_count++] = (struct range){chunk, end};
	}
}

static bool in_chunks(const struct look *look, uintptr_t frame)
{
	for (unsigned i = 0; i < look->chunk_count; i++)
		if (frame >= look->chunks[i].start && frame < look->chunks[i].end)
			return look->layout->frame_size <= look->chunks[i].end - frame;
	return false;
}

static bool on_stack(const struct look *look, uintptr_t address, size_t size)
{
	const struct chain_thread *t = look->thread;

	return address % sizeof(uintptr_t) == 0 && address > t->stack_pointer &&
	       address < t->stack_end && size <= t->stack_end - address;
}

static bool is_owner_possible(const struct py_layout *l, uint8_t owner)
{
	return owner == l->frame_owner_thread || owner == l->frame_owner_generator ||
	       owner == l->frame_owner_object ||
	       (owner == l->frame_owner_cstack && l->frame_owner_cstack != 0xFF);
}

static bool read_head(const struct look *look, uintptr_t frame, struct head *head)
{
	const struct py_layout *l = look->layout;
	uint8_t copy[FRAME_BYTES_MAX];
	uintptr_t at = frame;
	bool own_chunk = in_chunks(look, frame);
	bool own_stack = !own_chunk && on_stack(look, frame, l->frame_size);

	if (frame == 0 || frame % sizeof(uintptr_t) != 0)
		return false;
	if (!own_chunk && !own_stack) {
		if (!guarded_read(NULL, frame, copy, l->frame_size))
			return false;
		at = (uintptr_t)copy;
	}
	head->back = word(at, l->frame_back);
	head->code = word(at, l->frame_code);
	head->owner = *(const uint8_t *)(at + l->frame_owner);
	if (!is_owner_possible(l, head->owner) ||
	    (head->owner == l->frame_owner_thread && !own_chunk))
		return false;
	head->is_boundary = l->frame_is_entry != PY_UNKNOWN
				    ? *(const uint8_t *)(at + l->frame_is_entry) != 0
				    : head->owner == l->frame_owner_cstack;
	return true;
}

/* From `frame` to the oldest one of its evaluation loop; *back: what is older. */
static bool to_boundary(const struct look *look, uintptr_t frame, uintptr_t *back)
{
	struct walk_circle circle = {0};
	struct head head;

	for (int i = 0; i < FRAMES_LOOKED_MAX; i++, frame = head.back) {
		if (!read_head(look, frame, &head) || walk_circle_closed(&circle, frame))
			return false;
		if (head.is_boundary) {
			*back = head.back;
			return true;
		}
	}
	return false;
}

/* 3.11 clears a frame, its code's reference included, before it takes it out of the chain
 * (pop_frame, Python/ceval.c). The references are counted down to 0 before the memory is given
 * back, and the allocator writes over one of the two words. */
static bool head_has_code(const struct look *look, uintptr_t frame)
{
	struct head head;
	uintptr_t object[2];

	if (look->layout->frame_is_entry == PY_UNKNOWN)
		return true;
	return read_head(look, frame, &head) &&
	       guarded_read(NULL, head.code, object, sizeof(object)) && object[0] > 0 &&
	       object[0] < UINT32_MAX && object[1] == look->thread->code_type;
}

static bool is_cframe(const struct look *look, uintptr_t cframe)
{
	const struct py_layout *l = look->layout;

	/* current_frame and previous are its last words */
	size_t size = (l->cframe_current_frame > l->cframe_previous ? l->cframe_current_frame
								    : l->cframe_previous) +
		      sizeof(uintptr_t);
	return on_stack(look, cframe, size);
}

/* The two chains from one _PyCFrame to the next. */
static bool zips(const struct look *look, uintptr_t cframe, uintptr_t *newest)
{
	const struct py_layout *l = look->layout;
	uintptr_t root = look->thread->state + l->tstate_root_cframe;
	uintptr_t back;

	if (cframe == root) {
		*newest = 0;
		return word(root, l->cframe_current_frame) == 0;
	}
	if (!is_cframe(look, cframe))
		return false;
	uintptr_t current = word(cframe, l->cframe_current_frame);
	uintptr_t previous = word(cframe, l->cframe_previous);

	if (previous != root && (previous <= cframe || !is_cframe(look, previous)))
		return false;
	if (!to_boundary(look, current, &back) || !head_has_code(look, current))
		return false;
	*newest = current;
	return back == word(previous, l->cframe_current_frame);
}

static enum chain_verdict by_cframes(const struct look *look, uintptr_t *newest)
{
	const struct py_layout *l = look->layout;
	uintptr_t cframe = word(look->thread->state, l->tstate_frame);

	if (zips(look, cframe, newest))
		return CHAIN_WHOLE;
	if (!is_cframe(look, cframe))
		return CHAIN_REFUSED;
	/* may be stale, too; one that leads to no frame at all would prove nothing */
	return zips(look, word(cframe, l->cframe_previous), newest) && *newest != 0 ? CHAIN_SHORT
										    : CHAIN_REFUSED;
}

enum chain_verdict chain_verify(const struct py_layout *layout, const struct chain_thread *thread,
				uintptr_t *newest)
{
	struct look look = {.layout = layout, .thread = thread};
	uintptr_t back;

	*newest = 0;
	if (layout->frame_kind == PY_FRAME_OBJECT) {
		*newest = word(thread->state, layout->tstate_frame);
		return CHAIN_WHOLE;
	}
	if (layout->frame_size > FRAME_BYTES_MAX)
		return CHAIN_REFUSED;
	find_chunks(&look);
	if (layout->frame_kind == PY_FRAME_CFRAME)
		return by_cframes(&look, newest);
	*newest = word(thread->state, layout->tstate_frame);
	return *newest == 0 || to_boundary(&look, *newest, &back) ? CHAIN_WHOLE : CHAIN_REFUSED;
}
