/* Run every cause over a recording and rank what they find. */
#ifndef UNSLOW_RULES_RULES_H
#define UNSLOW_RULES_RULES_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/diagnosis.h"

struct rules_options {
	const char *rules_dir; /* --rules DIR, may be NULL */
	bool uncalibrated;     /* levels are those of the evidence alone (calibrate.h) */
	const char *route;     /* only its units, as recorded; NULL: all */
	bool is_live;          /* the recording is still being written (recording/live.h) */
};

/* db is from recording_open(). The diagnosis lives in `arena`. */
MUST_CHECK enum err_kind rules_diagnose(sqlite3 *db, const struct rules_options *options,
					struct arena *arena, struct diagnosis *out, struct err *e);

#endif
