/* Levels that the corpus did not confirm are lowered.
 *
 * calibration.sql, written by `make corpus`, has the levels that were right in less than 90 % of
 * their findings there, of all causes or of one (corpus/score.py decides). They become the next
 * lower one, and the finding says so.
 */
#ifndef UNSLOW_RULES_CALIBRATE_H
#define UNSLOW_RULES_CALIBRATE_H

#include "rules/evaluate.h"

/* After rank_judge(): lowers `confidence` of candidates that fire; `uncalibrated` keeps what it
 * was. */
MUST_CHECK enum err_kind calibrate(sqlite3 *db, struct candidates *all, struct arena *arena,
				   struct err *e);

#endif
