/* Levels that the corpus did not confirm are lowered.
 *
 * calibration.sql, written by `make corpus`, holds how often each level was right there, in all and
 * of each cause. A level that was right in less than 90 % of its findings becomes the next lower
 * one, and the finding says so. What counts as less is in levels.sql.
 */
#ifndef UNSLOW_RULES_CALIBRATE_H
#define UNSLOW_RULES_CALIBRATE_H

#include "rules/evaluate.h"

/* After rank_judge(): lowers `confidence` of candidates that fire; `uncalibrated` keeps what it
 * was. */
MUST_CHECK enum err_kind calibrate(sqlite3 *db, struct candidates *all, struct arena *arena,
				   struct err *e);

#endif
