/* The ledger of threads: where no unit of work is known, each thread's wall time is cut into the
 * states of the ledger by its samples.
 *
 * Left in temporary tables: `thread_time`, the rows of v1_sample with their state of the ledger
 * (`ledger`) and `idle`: blocked where a thread waits for its next work (accept, the loop's poll,
 * an executor's queue), below no frame of the application that a server or library called. Rules
 * look at `looked`: on the basis of threads its busy rows, else the samples of units. Idle time is
 * kept apart: forty threads that wait for work would hide the one that is slow.
 */
#ifndef UNSLOW_MODEL_THREADS_H
#define UNSLOW_MODEL_THREADS_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/err.h"

/* True: the recording holds no finished unit, and samples that were taken from outside. */
MUST_CHECK enum err_kind threads_are_basis(sqlite3 *db, bool *out, struct err *e);
/* Makes both tables; `is_basis` as told by threads_are_basis(). */
MUST_CHECK enum err_kind threads_prepare(sqlite3 *db, bool is_basis, struct err *e);

#endif
