/* SQL of our own against a recording: an error becomes a struct err that says
 * which statement failed and what to do.
 */
#ifndef UNSLOW_MODEL_QUERY_H
#define UNSLOW_MODEL_QUERY_H

#include <sqlite3.h>

#include "base/err.h"
#include "base/str.h"

/* *out is NULL on error, else the caller ends it with query_finish(). */
MUST_CHECK enum err_kind query_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **out,
				       struct err *e);
/* Finalise; ERR_RECORDING if stepping had failed (broken page, out of disk). */
MUST_CHECK enum err_kind query_finish(sqlite3 *db, sqlite3_stmt *statement, struct err *e);
/* Several statements without results. */
MUST_CHECK enum err_kind query_script(sqlite3 *db, const char *sql, struct err *e);
/* First column of the first row; `fallback` if there is none or it is NULL. */
MUST_CHECK enum err_kind query_number(sqlite3 *db, const char *sql, double fallback, double *out,
				      struct err *e);
/* The same of a text, added to `text`; none and NULL: nothing. */
MUST_CHECK enum err_kind query_add_text(sqlite3 *db, const char *sql, struct str *text,
					struct err *e);
/* A number of the row that is stepped to; NaN: NULL. */
double query_column(sqlite3_stmt *row, int column);

#endif
