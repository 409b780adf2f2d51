/* Room on the disk: the size cap and a nearly full file system.
 *
 * The exact sums are small, the raw rows (event, statement) are not, so those
 * give way first: above 7/8 of the cap the oldest raw rows are deleted, a
 * quarter of them at a time, and their pages are used again. When that frees
 * no more, or the file system has less than SPACE_RAW_FREE_BYTES left, no raw
 * rows are taken any more; past the cap, or below SPACE_STOP_FREE_BYTES,
 * recording ends. Everything dropped is counted.
 */
#ifndef UNSLOW_RECORDING_SPACE_H
#define UNSLOW_RECORDING_SPACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"

#define SPACE_RAW_FREE_BYTES (UINT64_C(128) << 20)
#define SPACE_STOP_FREE_BYTES (UINT64_C(32) << 20)

struct recording;

/* Last row ids of the raw tables at the end of a second. */
struct space_mark {
	int64_t event;
	int64_t statement;
	int64_t unit_sample;
};

struct space {
	uint64_t max_bytes;
	bool raw_stopped;
	VEC(struct space_mark) marks; /* oldest first */
	uint64_t dropped;             /* raw rows deleted or not taken */
};

/* Called after each commit, outside a transaction. ERR_LIMIT: cap reached or
 * disk nearly full; recording must end. */
MUST_CHECK enum err_kind space_check(struct recording *r, struct err *e);
void space_free(struct space *space);

#endif
