/* From a recording's path to a diagnosis: what `run`, `why` and `export` share. */
#ifndef UNSLOW_CMD_ANSWER_H
#define UNSLOW_CMD_ANSWER_H

#include <limits.h>
#include <sqlite3.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/diagnosis.h"

struct answer {
	char path[PATH_MAX];
	bool is_live; /* it is still being written */
	sqlite3 *db;
	struct arena *arena; /* of the diagnosis */
	struct diagnosis diagnosis;
};

/* `path` NULL: the last recording. One that is still being written is read as it is at this moment.
 * answer_close in any case. */
MUST_CHECK enum err_kind answer_open(struct answer *answer, const char *path, struct err *e);
/* Runs the rules. `rules_dir` may be NULL; so may `route`, as routes_find() takes it: all. */
MUST_CHECK enum err_kind answer_diagnose(struct answer *answer, const char *rules_dir,
					 const char *route, struct err *e);
/* Say that it is still being written, if it is: for what has no other place to say so. */
void answer_warn(const struct answer *answer);
void answer_close(struct answer *answer);

#endif
