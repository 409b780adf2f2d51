/* Looking at a Python process at an instant when no thread can change a frame.
 *
 * Only the holder of a GIL changes frames. So it is enough that each GIL's holder stands: stopped
 * for the look if it runs (freeze.h), or blocked and not put on a CPU meanwhile, which the kernel's
 * count of timeslices tells. Where a GIL is free, all threads must have stood, or one might have
 * taken it. Checked before and after; a look that was not still is thrown away and made again. All
 * that was stopped runs on before the next try.
 */
#ifndef UNSLOW_PROBE_STILL_H
#define UNSLOW_PROBE_STILL_H

#include <stddef.h>

#include "base/err.h"
#include "probe/python_process.h"
#include "target/freeze.h"

struct still_thread {
	int tid, inner_tid;
	bool is_running;
	uint64_t timeslices;
	uint64_t cpu_ns, runqueue_ns; /* of its life */
};

struct still {
	struct freeze freeze; /* and what stopping cost */
	struct still_thread *threads;
	size_t count;
	uint32_t looks, torn; /* made, and thrown away */
	int tries;            /* of one look; 0: as many as a person waits for */
	bool never_stop;      /* look at what moves as it moves: for what proves itself */
};

void still_begin(struct still *still);
void still_end(struct still *still);
/* The threads of the process by the kernel's word, now. */
void still_list(const struct python_process *process, struct still *still);
/* The process's thread of this inner number, 0: it has none. */
int still_outer_tid(const struct still *still, int inner_tid);

/* What looks; ERR_INVALID: what it saw cannot be, so it is called again. */
typedef enum err_kind still_body(void *context, struct err *e);
/* ERR_INVALID with the last reason after all tries; other errors of the body at once. */
MUST_CHECK enum err_kind still_look(struct python_process *process, struct still *still,
				    still_body *look, void *context, struct err *e);

#endif
