/* Which function of the application took more or less time in B: the lines part of recorded.h. */
#ifndef UNSLOW_MODEL_RECORDED_LINES_H
#define UNSLOW_MODEL_RECORDED_LINES_H

#include <sqlite3.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/comparison.h"

/* Fills line_source and lines; out->unit stands, and each db has a basis. mean_ms: a unit of A. */
MUST_CHECK enum err_kind recorded_lines_compare(sqlite3 *const dbs[2], double mean_ms,
						struct arena *arena, struct comparison *out,
						struct err *e);

#endif
