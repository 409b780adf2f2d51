/* What a frame evaluation function (calls_eval.c) can tell of the frame that it is given: it
 * begins, goes on, or only makes a generator. GIL held.
 */
#ifndef UNSLOW_AGENT_CALLS_SHAPE_H
#define UNSLOW_AGENT_CALLS_SHAPE_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/calls_frames.h"

/* How versions differ; a constant of each hook. */
struct shape {
	enum py_suspended_kind suspended;
	bool has_tstate; /* as an argument */
};

WALK_INLINE uintptr_t code_of(uintptr_t frame)
{
	return *(const uintptr_t *)(frame + agent_layout.frame_code);
}

/* 3.11: the frame only makes the object whose frame will run. */
WALK_INLINE bool makes_generator(struct shape shape, uintptr_t frame, uintptr_t code)
{
	return shape.suspended == PY_SUSPENDED_GENERATOR &&
	       UNLIKELY(frame_code_flags(code) & (CODE_GENERATOR | CODE_SUSPENDS)) &&
	       !frame_is_generators(frame);
}

WALK_INLINE bool begins(struct shape shape, uintptr_t frame, uintptr_t code)
{
	uintptr_t first;

	if (shape.suspended != PY_SUSPENDED_GENERATOR)
		return frame_has_not_begun(frame);
	if (LIKELY(!frame_is_generators(frame)))
		return true;
	first = code + agent_layout.code_instructions +
		2 * *(const uint32_t *)(code + agent_layout.code_first_traceable);
	return *(const uintptr_t *)(frame + agent_layout.frame_instr) < first;
}

#endif
