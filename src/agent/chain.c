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
	uintptr_t newest_end; /* of the newest chunk, what is not used included */
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

		if (look->chunk_count == 0) {
			look->newest_end = end;
			end = top >= chunk && top < end ? top : end;
		}
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

/* A function that returns has given back its frame's memory while it is still named as the newest
 * one: RETURN_GENERATOR of 3.11–3.13, any return of 3.11 (pop_frame, Python/ceval.c). The frame
 * then begins right where the used part ends; nothing has written over it. *back: its caller's. */
static bool is_popped(const struct look *look, uintptr_t frame, uintptr_t *back)
{
	const struct py_layout *l = look->layout;

	if (look->chunk_count == 0 || frame != look->chunks[0].end || frame >= look->newest_end ||
	    l->frame_size > look->newest_end - frame ||
	    *(const uint8_t *)(frame + l->frame_owner) != l->frame_owner_thread)
		return false;
	*back = word(frame, l->frame_back);
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

/* A generator that yields has its link to its caller cut before the caller is named as the newest
 * frame (YIELD_VALUE, 3.12): where the chain goes on is in a register only. A _PyCFrame that is not
 * written yet may name one that is suspended, which looks the same. */
static bool is_cut_generator(const struct look *look, uintptr_t frame)
{
	struct head head;

	return read_head(look, frame, &head) && head.owner == look->layout->frame_owner_generator &&
	       head.back == 0 && !head.is_boundary;
}

/* The newest evaluation loop's frames, from `current`: *newest is the first that stands, *back what
 * lies behind the oldest. */
static enum chain_verdict walk_loop(const struct look *look, uintptr_t current, uintptr_t *newest,
				    uintptr_t *back)
{
	bool popped = is_popped(look, current, newest);

	if (!popped)
		*newest = current;
	if (!to_boundary(look, *newest, back) || !head_has_code(look, *newest))
		return CHAIN_REFUSED;
	return popped ? CHAIN_SHORT : CHAIN_WHOLE;
}

/* The two chains from one _PyCFrame to the next. */
static enum chain_verdict zips(const struct look *look, uintptr_t cframe, uintptr_t *newest)
{
	const struct py_layout *l = look->layout;
	uintptr_t root = look->thread->state + l->tstate_root_cframe;
	uintptr_t back;

	if (cframe == root) {
		*newest = 0;
		return word(root, l->cframe_current_frame) == 0 ? CHAIN_WHOLE : CHAIN_REFUSED;
	}
	if (!is_cframe(look, cframe))
		return CHAIN_REFUSED;
	uintptr_t current = word(cframe, l->cframe_current_frame);
	uintptr_t previous = word(cframe, l->cframe_previous);

	if (previous != root && (previous <= cframe || !is_cframe(look, previous)))
		return CHAIN_REFUSED;
	enum chain_verdict verdict = walk_loop(look, current, newest, &back);

	return verdict != CHAIN_REFUSED && back == word(previous, l->cframe_current_frame)
		       ? verdict
		       : CHAIN_REFUSED;
}

static enum chain_verdict by_cframes(const struct look *look, uintptr_t *newest)
{
	const struct py_layout *l = look->layout;
	uintptr_t cframe = word(look->thread->state, l->tstate_frame);
	enum chain_verdict verdict = zips(look, cframe, newest);

	if (verdict != CHAIN_REFUSED || !is_cframe(look, cframe) ||
	    is_cut_generator(look, word(cframe, l->cframe_current_frame)))
		return verdict;
	/* may be stale, too; one that leads to no frame at all would prove nothing */
	verdict = zips(look, word(cframe, l->cframe_previous), newest);
	return verdict == CHAIN_WHOLE && *newest != 0 ? CHAIN_SHORT : CHAIN_REFUSED;
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
	uintptr_t current = word(thread->state, layout->tstate_frame);

	return current == 0 ? CHAIN_WHOLE : walk_loop(&look, current, newest, &back);
}
