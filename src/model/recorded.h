/* Two recordings compared: their units of work, routes, states of the ledger and lines.
 *
 * Units are those of the ledger's basis (ledger.h): finished, the cold first ones of each process
 * apart. Stretches of as many units each take the place of blocks (runs.h). States are means a
 * unit; lines are sums of samples, or of calls where neither side was sampled, by function of the
 * application: a function is the same one if file (as seen from where the command ran) and name
 * are, its lines may have moved; or if its name is that of one function alone which only A has, and
 * of one alone which only B has: its file was renamed.
 */
#ifndef UNSLOW_MODEL_RECORDED_H
#define UNSLOW_MODEL_RECORDED_H

#include <sqlite3.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/comparison.h"

#define RECORDED_ROUTES_MOST 50

/* Fills all of *out but the sides' names. ERR_RECORDING if one holds no unit of work, or the two
 * hold different kinds. */
MUST_CHECK enum err_kind recordings_compare(sqlite3 *const dbs[2], struct arena *arena,
					    struct comparison *out, struct err *e);

#endif
