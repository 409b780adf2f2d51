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
	uint32_t instr_offset;
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

#endif
