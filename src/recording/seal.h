/* The seal: a hash over the whole file, made when a recording is closed.
 *
 * SQLite keeps no checksums, so a flipped bit inside a value would give a wrong
 * answer silently. Table `seal` holds one row of a fixed size; its hash covers
 * every byte of the file but its own eight. Somebody may change a recording in
 * order (an index, VACUUM, .recover): then SQLite's change counter, the number
 * of pages or the row's place in the file differ, the seal says nothing, and
 * the pages are checked by SQLite instead.
 */
#ifndef UNSLOW_RECORDING_SEAL_H
#define UNSLOW_RECORDING_SEAL_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define SEAL_MARKER_BYTES 24

/* The value of seal.data, byte for byte. */
struct seal_row {
	unsigned char marker[SEAL_MARKER_BYTES]; /* random: finds the row in the file */
	uint64_t place;                          /* offset of this struct in the file */
	uint32_t header[2]; /* SQLite's change counter and number of pages, as in the file */
	uint64_t hash;
};

/* Seal a file that no connection has open, in journal_mode=DELETE, whose row
 * holds `row` (its marker; all else zero). */
MUST_CHECK enum err_kind seal_make(const char *path, const struct seal_row *row, struct err *e);
/* *intact: the seal is there and holds. ERR_RECORDING: it is there, nobody
 * changed the file in order, and the bytes differ. */
MUST_CHECK enum err_kind seal_check(sqlite3 *db, const char *path, bool *intact, struct err *e);

#endif
