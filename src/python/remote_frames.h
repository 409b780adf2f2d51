/* The Python frames of one thread, read from outside, each step proved.
 *
 * 3.11 and 3.12 publish a new evaluation loop before its frame is set (Python/ceval.c), so at each
 * boundary between two loops the chain of frames and the chain of loops must meet (research:
 * giltick.md, rule 5). A chain that fails is not a stack; of a thread that stands still it fails
 * for some nanoseconds of its life, so the caller lets it run and looks again.
 */
#ifndef UNSLOW_PYTHON_REMOTE_FRAMES_H
#define UNSLOW_PYTHON_REMOTE_FRAMES_H

#include "python/remote.h"

enum { REMOTE_CHAIN_MAX = 1 << 20 }; /* frames followed; recursion is limited to less by default */

struct remote_frame {
	uintptr_t frame, code;
	int64_t offset; /* walk_frame's, which is judged by the code object */
	uint8_t owner;
	uint32_t instr_offset; /* of a frame that was judged */
};

/* What a frame is judged by; never changes while the code object lives. */
struct remote_code_bounds {
	uintptr_t instruction_bytes;
	int32_t first_traceable; /* in units, 3.11+ */
};

struct remote_chain {
	struct remote_frame *frames; /* the caller's, room for `max`; newest first */
	size_t max;
	size_t count;   /* filled */
	size_t skipped; /* older ones that found no room */
	/* Asked for: begin at the loop before the newest, whose frames are complete when the newest
	 * is just being published (3.11 and 3.12; else there is no such loop, ERR_INVALID). */
	bool from_caller;
};

/* ERR_INVALID: it is not a whole, proved chain. No frames: the thread runs no Python now. */
MUST_CHECK enum err_kind remote_frames(const struct remote *remote, uintptr_t tstate,
				       struct remote_chain *chain, struct err *e);

/* The same in two steps, for whom the second may not be made while a thread stands still: the chain
 * with each frame's link and loop proved, no code object read; then each frame by its code
 * (`is_newest`: the first that is shown), which is_shown says not to be one that is just entered.
 */
MUST_CHECK enum err_kind remote_links(const struct remote *remote, uintptr_t tstate,
				      struct remote_chain *chain, struct err *e);
/* ERR_INVALID: there is no code object. */
MUST_CHECK enum err_kind remote_code_bounds(const struct remote *remote, uintptr_t code,
					    struct remote_code_bounds *bounds, struct err *e);
MUST_CHECK enum err_kind remote_frame_judge(const struct remote *remote, struct remote_frame *frame,
					    const struct remote_code_bounds *bounds, bool is_newest,
					    bool *is_shown, struct err *e);

#endif
