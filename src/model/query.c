#include "model/query.h"

#include <math.h>

static enum err_kind failed(sqlite3 *db, const char *sql, struct err *e)
{
	return ERR(e, ERR_RECORDING,
		   "the recording cannot be evaluated: %s, in \"%.60s…\"; if it was cut or "
		   "damaged, try "
		   "`sqlite3 FILE .recover`, else record again with this version",
		   sqlite3_errmsg(db), sql);
}

enum err_kind query_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **out, struct err *e)
{
	if (sqlite3_prepare_v2(db, sql, -1, out, NULL) != SQLITE_OK) {
		*out = NULL;
		return failed(db, sql, e);
	}
	return ERR_OK;
}

enum err_kind query_finish(sqlite3 *db, sqlite3_stmt *statement, struct err *e)
{
	char sql[80];
	sqlite3_snprintf(sizeof sql, sql, "%s", sqlite3_sql(statement));
	return sqlite3_finalize(statement) == SQLITE_OK ? ERR_OK : failed(db, sql, e);
}

enum err_kind query_script(sqlite3 *db, const char *sql, struct err *e)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ? ERR_OK : failed(db, sql, e);
}

enum err_kind query_number(sqlite3 *db, const char *sql, double fallback, double *out,
			   struct err *e)
{
	sqlite3_stmt *statement;
	TRY(query_prepare(db, sql, &statement, e));
	*out = fallback;
	if (sqlite3_step(statement) == SQLITE_ROW &&
	    sqlite3_column_type(statement, 0) != SQLITE_NULL)
		*out = sqlite3_column_double(statement, 0);
	return query_finish(db, statement, e);
}

double query_column(sqlite3_stmt *row, int column)
{
	return sqlite3_column_type(row, column) == SQLITE_NULL ? NAN
							       : sqlite3_column_double(row, column);
}

enum err_kind query_add_text(sqlite3 *db, const char *sql, struct str *text, struct err *e)
{
	sqlite3_stmt *statement;
	TRY(query_prepare(db, sql, &statement, e));
	if (sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_text(statement, 0))
		str_add(text, (const char *)sqlite3_column_text(statement, 0));
	return query_finish(db, statement, e);
}
