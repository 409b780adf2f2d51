/* What `attach` would do to a target, found out without doing it: `attach --dry-run` and `doctor
 * TARGET` are this.
 *
 * Reads what attach's start reads, its memory too, so that what stands in the way is met, not
 * deduced; stops nothing, and makes no file.
 */
#ifndef UNSLOW_CMD_PLAN_H
#define UNSLOW_CMD_PLAN_H

#include "base/arena.h"
#include "base/err.h"
#include "probe/sampled_process.h"
#include "view/plan.h"

struct plan_wish {
	int root_pid;
	enum sampled_engine engine;
	double rate_hz;
	bool keep_rate;     /* the user's number: own CPU does not lower it */
	const char *output; /* NULL: a name is chosen */
	const char *name;   /* of the app; NULL: its server's */
	uint64_t max_bytes;
};

/* All of *out lives in `arena`. */
void plan_make(const struct plan_wish *wish, struct arena *arena, struct plan *out);
/* What cures a refusal of this kind where its text does not say; NULL. */
const char *plan_fix(enum err_kind kind);

#endif
