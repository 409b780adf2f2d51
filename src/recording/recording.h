/* A recording: made, opened, closed.
 *
 * Making: WAL while recording, one transaction a second, closed with
 * journal_mode=DELETE so that it is one file (unless somebody reads it then), mode 0600. SIGKILL at
 * any moment loses at most the last second. The size cap and a nearly full disk stop the raw rows
 * first, then the recording; both are rows of `loss`. Opening: read-only; wrong application_id,
 * newer user_version, truncation and broken pages are ERR_RECORDING with what to do (`sqlite3 FILE
 * .recover`).
 */
#ifndef UNSLOW_RECORDING_RECORDING_H
#define UNSLOW_RECORDING_RECORDING_H

#include <sqlite3.h>
#include <stdint.h>

#include "base/err.h"

#define RECORDING_APPLICATION_ID 0x756e736c
#define RECORDING_FORMAT 1
/* SQLite opens no longer path (mxPathname of os_unix.c, less 8). */
#define RECORDING_PATH_BYTES 504
#define RECORDING_DEFAULT_MAX_BYTES (UINT64_C(1) << 30)

struct recording;

MUST_CHECK enum err_kind recording_create(struct recording **out, const char *path,
					  uint64_t max_bytes, struct err *e);
sqlite3 *recording_db(struct recording *r);
const char *recording_path(const struct recording *r);
void recording_set_meta_text(struct recording *r, const char *key, const char *value);
void recording_set_meta_int(struct recording *r, const char *key, int64_t value);
/* Commit what is pending if a second has passed, or now if `force`. */
MUST_CHECK enum err_kind recording_commit(struct recording *r, int force, struct err *e);
/* Indexes, meta.closed, journal_mode=DELETE. Frees r in any case. */
MUST_CHECK enum err_kind recording_close(struct recording *r, struct err *e);

/* Open for reading; the v1_… views are this program's, not those stored in the file.
 * The caller closes with sqlite3_close. */
MUST_CHECK enum err_kind recording_open(sqlite3 **out, const char *path, struct err *e);
/* What a failed SQLite call on a recording means: broken pages are ERR_RECORDING
 * with the line that saves what can be read, all else ERR_SYSTEM. Every reader
 * turns its failures into errors by this. */
enum err_kind recording_error(sqlite3 *db, const char *path, struct err *e);
/* Newest ./unslow-*.rec, else of the state directory. ERR_RECORDING if none. */
MUST_CHECK enum err_kind recording_find_last(char *path, size_t size, struct err *e);

#endif
