/* Rows on their way into the file: one prepared INSERT a table.
 *
 *     struct row row = row_begin(recording, ROW_TEXT);
 *     row_int(&row, id);
 *     row_text(&row, bytes, length);
 *     row_end(&row);
 *
 * Values are given in the order of schema.sql's columns; row_end() aborts if
 * their number is not the table's (a programming error). A failure of the file
 * (disk full, I/O) is kept by the recording and comes out of the next
 * recording_commit(): a row's caller has nothing to check.
 * Owns nothing; bytes are used before row_end() returns.
 */
#ifndef UNSLOW_RECORDING_ROWS_H
#define UNSLOW_RECORDING_ROWS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recording/recording.h"

enum row_table {
	ROW_META,
	ROW_PROCESS,
	ROW_THREAD,
	ROW_TEXT,
	ROW_CODE,
	ROW_STACK,
	ROW_UNIT,
	ROW_EVENT,
	ROW_USAGE, /* first value: the rowid, so that a row can be written again */
	ROW_HANDLE,
	ROW_STATEMENT,
	ROW_EXCEPTION,
	ROW_STATEMENT_VALUES,
	ROW_TASK_LOOK,
	ROW_FACT,
	ROW_SAMPLE, /* first value: the rowid, likewise */
	ROW_UNIT_SAMPLE,
	ROW_CLIENT_REQUEST,
	ROW_ENGINE, /* first value: the rowid, the process's */
	ROW_CALL_PROCESS,
	ROW_CALL_WINDOW,
	ROW_CALL_NODE,
	ROW_CALL_HISTOGRAM,
	ROW_CALL_LINE, /* first value: the rowid, likewise */
	ROW_CALL_ARGUMENTS,
	ROW_CALL_EVENT,
	ROW_HEAP_PROCESS,
	ROW_HEAP_SITE,
	ROW_HEAP_SNAPSHOT,
	ROW_HEAP_LIVE,   /* first value: the rowid */
	ROW_HEAP_SECOND, /* likewise */
	ROW_CLOCK_PAIR,
	ROW_LOSS,
	ROW_SEAL,
	ROW_WALK,
	ROW_WALK_TYPE,
	ROW_WALK_HOLDER,
	ROW_HEAP_UNIT_PEAK, /* first value: the rowid, so that a row can be written again */
	ROW_HEAP_NATIVE,
	ROW_HEAP_NATIVE_FRAME,
	ROW_TABLES
};

struct row {
	struct recording *recording;
	enum row_table table;
	sqlite3_stmt *statement; /* NULL: the recording has failed, the row goes nowhere */
	int column;
};

struct row row_begin(struct recording *recording, enum row_table table);
void row_int(struct row *row, int64_t value);
void row_uint(struct row *row, uint64_t value); /* past INT64_MAX: INT64_MAX */
void row_id(struct row *row, uint64_t id);      /* 0: NULL */
void row_real(struct row *row, double value);
void row_null(struct row *row);
/* UTF-8 is not checked here; embedded NUL bytes are the caller's to remove. NULL: NULL. */
void row_text(struct row *row, const char *text, size_t length);
void row_string(struct row *row, const char *text);
void row_blob(struct row *row, const void *bytes, size_t length);
void row_end(struct row *row);

/* Delete the rows whose rowid is one of these. */
void recording_forget(struct recording *recording, enum row_table table, int64_t first,
		      int64_t last);

/* May a raw row (event, statement) be written? Counts it as dropped if not (space.h). */
bool recording_take_raw(struct recording *recording);
/* Raw rows given up so far, for the size cap or a nearly full disk. */
uint64_t recording_raw_dropped(const struct recording *recording);
/* Empty the table `loss`: it is written anew when a count has changed. */
void recording_clear_losses(struct recording *recording);

#endif
