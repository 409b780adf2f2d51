/* Walking the Python frames of a thread, inside the target or from outside.
 *
 * One step reads one frame through a reader and says what it is. The loop
 * belongs to the caller, who knows his bounds and checks: the agent walks its own
 * standing frames, a sampler adds the checks of a moving thread between steps.
 * All is static inline and the reader is a constant function, so that the
 * agent's direct loads cost nothing for the abstraction.
 *
 * Sources: Objects/frameobject.c (3.8–3.10), Include/internal/pycore_frame.h
 * (3.11–3.13: _PyFrame_IsIncomplete, _PyInterpreterFrame_LASTI).
 * Instruction offsets are in bytes from the first instruction, as lines.h and
 * dict_frame take them. Nothing is owned, nothing allocated.
 */
#ifndef UNSLOW_PYTHON_WALK_H
#define UNSLOW_PYTHON_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "python/layout.h"

#define WALK_INLINE static inline __attribute__((always_inline))

/* An instruction offset past this is not a code object's (CPython's own
 * limit is INT_MAX; the longest of the standard library is below 100 kB). */
#define WALK_OFFSET_MAX (64u << 20)

/* Copies `size` bytes at `address` of the target to `to`. False: unreadable. */
typedef bool walk_reader(void *context, uintptr_t address, void *to, size_t size);

enum walk_frame_kind {
	WALK_PYTHON = 1, /* a frame with a code object */
	WALK_SHIM,       /* C-stack frame between two evaluation loops */
	WALK_INCOMPLETE, /* being entered: tracebacks do not show it either */
	WALK_OTHER,      /* 3.13+: something that is not a code object */
};

struct walk_frame {
	uintptr_t frame;
	uintptr_t back; /* next older frame, 0: this is the root */
	uintptr_t code; /* WALK_PYTHON, WALK_INCOMPLETE */
	int64_t offset; /* as the frame has it: negative before the first instruction */
	uint8_t owner;  /* 3.11+ */
	uint32_t instr_offset;
	enum walk_frame_kind kind;
};

/* Reader of one's own memory. */
WALK_INLINE bool walk_read_direct(void *context, uintptr_t address, void *to, size_t size)
{
	(void)context;
	memcpy(to, (const void *)address, size);
	return true;
}

/* Newest frame of a thread state; 0 with true: the thread runs no Python now. */
WALK_INLINE bool walk_newest(const struct py_layout *layout, walk_reader *read, void *context,
			     uintptr_t tstate, uintptr_t *frame)
{
	if (!read(context, tstate + layout->tstate_frame, frame, sizeof(*frame)))
		return false;
	if (layout->frame_kind != PY_FRAME_CFRAME || *frame == 0)
		return true;
	/* a thread state is in the list before its cframe is set: 0 above */
	return read(context, *frame + layout->cframe_current_frame, frame, sizeof(*frame));
}

/* The frame at f->frame and what it leads to, without its code object: kind is WALK_SHIM, or
 * WALK_PYTHON for what walk_judge() has yet to tell apart. False: memory is unreadable or the
 * frame impossible. */
WALK_INLINE bool walk_link(const struct py_layout *layout, walk_reader *read, void *context,
			   struct walk_frame *f)
{
	uintptr_t instruction;
	int32_t lasti;

	f->instr_offset = 0;
	f->kind = WALK_PYTHON;
	if (f->frame % sizeof(uintptr_t) != 0 ||
	    !read(context, f->frame + layout->frame_back, &f->back, sizeof(f->back)) ||
	    !read(context, f->frame + layout->frame_code, &f->code, sizeof(f->code)))
		return false;
	if (layout->frame_kind == PY_FRAME_OBJECT) { /* 3.8–3.10: a PyFrameObject */
		if (!read(context, f->frame + layout->frame_instr, &lasti, sizeof(lasti)))
			return false;
		f->offset = lasti;
		if (layout->instr_kind == PY_INSTR_LASTI_UNITS && lasti > 0)
			f->offset *= 2;
		return true;
	}
	if (!read(context, f->frame + layout->frame_owner, &f->owner, sizeof(f->owner)))
		return false;
	if (f->owner == layout->frame_owner_cstack) {
		f->kind = WALK_SHIM;
		return true;
	}
	if (!read(context, f->frame + layout->frame_instr, &instruction, sizeof(instruction)))
		return false;
	f->offset = (int64_t)(instruction - (f->code + layout->code_instructions));
	return true;
}

/* Whether walk_judge() needs the code object's first traceable instruction. */
WALK_INLINE bool walk_needs_code(const struct py_layout *layout, uint8_t owner)
{
	return layout->frame_kind != PY_FRAME_OBJECT && owner != layout->frame_owner_generator;
}

/* What a linked frame is, which is no shim; first_traceable is of its code object, in units. False:
 * the frame is impossible. */
WALK_INLINE bool walk_judge(const struct py_layout *layout, int32_t first_traceable,
			    struct walk_frame *f)
{
	if (walk_needs_code(layout, f->owner) && f->offset < (int64_t)first_traceable * 2)
		f->kind = WALK_INCOMPLETE;
	/* -1: before the first instruction; a generator not yet started stands one unit before it
	 */
	f->instr_offset = f->offset < 0 ? 0 : (uint32_t)f->offset;
	return f->offset <= WALK_OFFSET_MAX &&
	       (layout->frame_kind == PY_FRAME_OBJECT || f->offset >= -(int64_t)sizeof(uint16_t));
}

/* Reads the frame at f->frame into *f. `code_type` is the address of
 * PyCode_Type, 0: do not check (the frame's code is believed). False: memory is
 * unreadable or the frame impossible; stop, the rest of the chain is unknown. */
WALK_INLINE bool walk_read_frame(const struct py_layout *layout, walk_reader *read, void *context,
				 uintptr_t code_type, struct walk_frame *f)
{
	int32_t first_traceable = 0;
	uintptr_t type = 0;

	if (!walk_link(layout, read, context, f))
		return false;
	if (f->kind == WALK_SHIM)
		return true;
	if (layout->frame_kind != PY_FRAME_OBJECT && code_type != 0) {
		if (f->code != 0 &&
		    !read(context, f->code + layout->object_type, &type, sizeof(type)))
			return false;
		if (type != code_type) {
			f->kind = WALK_OTHER;
			return true;
		}
	}
	if (walk_needs_code(layout, f->owner) &&
	    !read(context, f->code + layout->code_first_traceable, &first_traceable,
		  sizeof(first_traceable)))
		return false;
	return walk_judge(layout, first_traceable, f);
}

/* Notices that a chain runs in a circle (Brent): start with {0}; true after at
 * most twice the length of tail and circle. Hostile chains end here or at the
 * caller's limit. */
struct walk_circle {
	uintptr_t mark;
	uint32_t steps;
	uint32_t limit;
};

static inline bool walk_circle_closed(struct walk_circle *c, uintptr_t frame)
{
	if (c->limit != 0 && frame == c->mark)
		return true;
	if (c->steps == c->limit) {
		c->mark = frame;
		c->limit = c->limit == 0 ? 1 : c->limit * 2;
		c->steps = 0;
	}
	c->steps++;
	return false;
}

#endif
