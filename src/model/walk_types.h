/* Objects by type as walks of the heap counted them: of each process's last walk until a moment,
 * and how many more than in its first. The last is the last that came to its end; where all of them
 * were cut, the last of those. From outside fewer objects are seen: growth is between walks alike.
 *
 * Results are temporary tables, for SQL of views to read:
 *
 *     walk_moment   one row: at_ns, is_asked (or it is that of the last walk)
 *     walk_chosen   a row a walk until the moment that is done: id, process_id, number, how, cut,
 *                   changed, begun_ns, is_last, is_first (of those that are as the last one),
 *                   has_holders, is_last_of_holders (of those that found holders)
 *     walk_sum      a row a type: type ('(not named)': there was no room for it), count, bytes,
 *                   deep_bytes, is_class, garbage_count, garbage_bytes, how ("outside", "partly
 *                   outside", NULL; with what changed while it was read), grown_count and
 *                   grown_bytes (NULL: no process was walked twice alike)
 */
#ifndef UNSLOW_MODEL_WALK_TYPES_H
#define UNSLOW_MODEL_WALK_TYPES_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* walk_moment and walk_chosen; `at_ns` since the recording began, 0: the last walk. `of_living`:
 * of processes that had not ended by then. */
MUST_CHECK enum err_kind walks_choose(sqlite3 *db, uint64_t at_ns, bool of_living, struct err *e);
/* After that: walk_sum. */
MUST_CHECK enum err_kind walk_types_sum(sqlite3 *db, struct err *e);

#endif
