/* What recording.c, rows.c and space.c share: the recording being written. */
#ifndef UNSLOW_RECORDING_PRIVATE_H
#define UNSLOW_RECORDING_PRIVATE_H

#include <stdbool.h>

#include "base/vec.h"
#include "recording/recording.h"
#include "recording/rows.h"
#include "recording/space.h"

struct recording {
	sqlite3 *db;
	char *path; /* absolute */
	sqlite3_stmt *inserts[ROW_TABLES];
	int columns[ROW_TABLES];
	struct err failure; /* the first one; kind ERR_OK: none */
	uint64_t committed_ns;
	struct space space;
};

/* Keep the first failure of the file; later ones follow from it. */
void recording_fail(struct recording *r, const char *doing);
/* Run SQL that returns no rows; a failure is kept. */
void recording_exec(struct recording *r, const char *sql);
MUST_CHECK enum err_kind rows_prepare(struct recording *r, struct err *e);
void rows_finalize(struct recording *r);

#endif
