/* Results of `unslow load` (schema unslow.load/1) read back as runs.
 *
 * A text may hold several, one after another, as `unslow load … --json >> FILE` leaves them. It is
 * the user's file: whatever breaks the schema is an error that says where, never a crash. Read by
 * SQLite's JSON functions: jansson defines json_object(), json_array() and json_string(), which
 * base/json.h does, too, and a program must not hold both.
 *
 * Ownership: what is read is the arena's.
 */
#ifndef UNSLOW_MODEL_LOAD_RESULT_H
#define UNSLOW_MODEL_LOAD_RESULT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/runs.h"

#define LOAD_RESULTS_MOST 1000
#define LOAD_RESULT_BYTES_MOST (64u << 20) /* of a file or of a command's output */

/* Whether the text is meant to be one: a JSON object that names a schema unslow.load/…. */
bool load_result_is(const char *text, size_t length);
/* All of them; ERR_RECORDING if there is none or one cannot be read. `name`: file or command, for
 * the message. */
MUST_CHECK enum err_kind load_results_read(const char *text, size_t length, const char *name,
					   struct arena *arena, struct run **runs, size_t *count,
					   struct err *e);

#endif
