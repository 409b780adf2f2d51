/* The same requests as their client had them: `unslow run --load` joins each unit to the request
 * that its load generator sent (v1_client_request). A unit's wall time begins when the server calls
 * the application; what its client waited before that is here.
 *
 * Means over the units of the basis whose client had an answer, in nanoseconds; they add up to
 * response_ns. Needs what evaluate_prepare() makes.
 */
#ifndef UNSLOW_MODEL_CLIENT_TIME_H
#define UNSLOW_MODEL_CLIENT_TIME_H

#include <sqlite3.h>

#include "base/err.h"
#include "model/diagnosis.h"

/* out->seen is 0 where no client was measured. */
MUST_CHECK enum err_kind client_time_read(sqlite3 *db, struct client_time *out, struct err *e);

/* Share of a client's time that it waited for the application to begin; 0: too little to speak of.
 */
double client_time_queued(const struct client_time *client);

#endif
