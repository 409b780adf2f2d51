/* The frame that runs; and of one that is entered or left, on 3.8 to 3.11: does it begin, is it
 * suspended, who waits.
 * All without a Python call; GIL held.
 */
#ifndef UNSLOW_AGENT_CALLS_FRAMES_H
#define UNSLOW_AGENT_CALLS_FRAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/abi.h"
#include "python/evaluation.h"
#include "python/walk.h"

#define CODE_GENERATOR 0x20u
#define CODE_SUSPENDS \
	(0x80u | 0x100u | 0x200u) /* coroutine, iterable coroutine, async generator \
				   */
#define CODE_ASYNC_GENERATOR 0x200u
#define FRAME_STATE_SUSPENDED (-1) /* FRAME_SUSPENDED of 3.10 and 3.11, pycore_frame.h */

/* Type of what an asynchronous generator's `yield x` hands over; NULL: not known. */
extern void *frames_wrapped_type;
void frames_prepare(void);

/* Of the calling thread, which holds the GIL. */
WALK_INLINE void *frame_thread_state(void)
{
	return py.PyThreadState_GetUnchecked != NULL ? py.PyThreadState_GetUnchecked()
						     : py._PyThreadState_UncheckedGet();
}

/* 3.12+: of the calling thread, which runs one (no C function is between). */
WALK_INLINE uintptr_t frame_running(void)
{
	const struct py_layout *l = &agent_layout;
	uintptr_t tstate = (uintptr_t)frame_thread_state();
	uintptr_t frame = *(const uintptr_t *)(tstate + l->tstate_frame);

	if (l->frame_kind == PY_FRAME_CFRAME)
		frame = *(const uintptr_t *)(frame + l->cframe_current_frame);
	return frame;
}

WALK_INLINE uint32_t frame_code_flags(uintptr_t code)
{
	return *(const uint32_t *)(code + agent_layout.code_flags);
}

/* 3.11: it lies in a generator's object. */
WALK_INLINE bool frame_is_generators(uintptr_t frame)
{
	return *(const uint8_t *)(frame + agent_layout.frame_owner) ==
	       agent_layout.frame_owner_generator;
}

/* 3.8–3.10: no instruction of it has run. */
WALK_INLINE bool frame_has_not_begun(uintptr_t frame)
{
	return *(const int32_t *)(frame + agent_layout.frame_instr) < 0;
}

/* Of a frame that was just left, without an exception. */
WALK_INLINE bool frame_is_suspended(const struct py_evaluation *at, uintptr_t frame)
{
	switch ((enum py_suspended_kind)at->suspended_kind) {
	case PY_SUSPENDED_STACK:
		return *(void *const *)(frame + at->frame_suspended) != NULL;
	case PY_SUSPENDED_FRAME:
		return *(const int8_t *)(frame + at->frame_suspended) == FRAME_STATE_SUSPENDED;
	case PY_SUSPENDED_GENERATOR:
		return frame_is_generators(frame) &&
		       *(const int8_t *)(frame - agent_layout.gen_frame + at->generator_state) ==
			       FRAME_STATE_SUSPENDED;
	}
	return false;
}

/* For whom the time until the resume is a wait: 0, or the frame. `value`: handed over, or NULL. */
WALK_INLINE uintptr_t frame_waiter(uintptr_t frame, uintptr_t code, py_object value)
{
	uint32_t flags = frame_code_flags(code);

	if (!(flags & CODE_SUSPENDS) || (flags & CODE_ASYNC_GENERATOR && value != NULL &&
					 py_type_of(value) == frames_wrapped_type))
		return 0;
	return frame;
}

#endif
