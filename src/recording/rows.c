#include "recording/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "recording/recording_private.h"

static const struct {
	const char *name;
	const char *rowid; /* "rowid, " where the row id is given, too */
} tables[ROW_TABLES] = {
	[ROW_META] = {"meta", ""},
	[ROW_PROCESS] = {"process", ""},
	[ROW_THREAD] = {"thread", ""},
	[ROW_TEXT] = {"text", ""},
	[ROW_CODE] = {"code", ""},
	[ROW_STACK] = {"stack", ""},
	[ROW_UNIT] = {"unit", ""},
	[ROW_EVENT] = {"event", ""},
	[ROW_USAGE] = {"usage_10s", "rowid, "},
	[ROW_HANDLE] = {"handle", ""},
	[ROW_STATEMENT] = {"statement", ""},
	[ROW_EXCEPTION] = {"exception", ""},
	[ROW_STATEMENT_VALUES] = {"statement_values", ""},
	[ROW_TASK_LOOK] = {"task_look", ""},
	[ROW_FACT] = {"fact", ""},
	[ROW_SAMPLE] = {"sample_10s", "rowid, "},
	[ROW_UNIT_SAMPLE] = {"unit_sample", ""},
	[ROW_CLIENT_REQUEST] = {"client_request", ""},
	[ROW_ENGINE] = {"engine", "rowid, "},
	[ROW_CALL_PROCESS] = {"call_process", ""},
	[ROW_CALL_WINDOW] = {"call_window", ""},
	[ROW_CALL_NODE] = {"call_node", ""},
	[ROW_CALL_HISTOGRAM] = {"call_histogram", ""},
	[ROW_CALL_LINE] = {"call_line", "rowid, "},
	[ROW_CALL_ARGUMENTS] = {"call_arguments", ""},
	[ROW_CALL_EVENT] = {"call_event", ""},
	[ROW_HEAP_PROCESS] = {"heap_process", ""},
	[ROW_HEAP_SITE] = {"heap_site", ""},
	[ROW_HEAP_SNAPSHOT] = {"heap_snapshot", ""},
	[ROW_HEAP_LIVE] = {"heap_live", "rowid, "},
	[ROW_HEAP_SECOND] = {"heap_second", "rowid, "},
	[ROW_CLOCK_PAIR] = {"clock_pair", ""},
	[ROW_LOSS] = {"loss", ""},
	[ROW_SEAL] = {"seal", ""},
	[ROW_WALK] = {"walk", ""},
	[ROW_WALK_TYPE] = {"walk_type", ""},
	[ROW_WALK_HOLDER] = {"walk_holder", ""},
	[ROW_HEAP_UNIT_PEAK] = {"heap_unit_peak", "rowid, "},
	[ROW_HEAP_NATIVE] = {"heap_native", ""},
	[ROW_HEAP_NATIVE_FRAME] = {"heap_native_frame", ""},
};

/* "INSERT OR REPLACE INTO t (c1, c2) VALUES (?, ?)", columns as the schema has them. */
static enum err_kind prepare(struct recording *r, enum row_table table, struct err *e)
{
	struct str sql, values;
	sqlite3_stmt *info = NULL;
	char query[96];
	int count = *tables[table].rowid ? 1 : 0;

	str_init(&sql, 4096);
	str_init(&values, 1024);
	str_printf(&sql, "INSERT OR REPLACE INTO %s (%s", tables[table].name, tables[table].rowid);
	str_add(&values, count ? "?, " : "");
	snprintf(query, sizeof query, "SELECT name FROM pragma_table_info('%s')",
		 tables[table].name);
	int rc = sqlite3_prepare_v2(r->db, query, -1, &info, NULL);
	for (bool first = true; rc == SQLITE_OK && sqlite3_step(info) == SQLITE_ROW;
	     first = false, count++) {
		str_printf(&sql, "%s%s", first ? "" : ", ", sqlite3_column_text(info, 0));
		str_add(&values, first ? "?" : ", ?");
	}
	sqlite3_finalize(info);
	str_printf(&sql, ") VALUES (%s)", values.text);
	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v3(r->db, sql.text, -1, SQLITE_PREPARE_PERSISTENT,
					&r->inserts[table], NULL);
	r->columns[table] = count;
	str_free(&sql);
	str_free(&values);
	if (rc != SQLITE_OK)
		return ERR(e, ERR_SYSTEM, "cannot prepare the recording's table %s: %s",
			   tables[table].name, sqlite3_errmsg(r->db));
	return ERR_OK;
}

enum err_kind rows_prepare(struct recording *r, struct err *e)
{
	for (int table = 0; table < ROW_TABLES; table++)
		TRY(prepare(r, (enum row_table)table, e));
	return ERR_OK;
}

void rows_finalize(struct recording *r)
{
	for (int table = 0; table < ROW_TABLES; table++) {
		sqlite3_finalize(r->inserts[table]);
		r->inserts[table] = NULL;
	}
}

struct row row_begin(struct recording *recording, enum row_table table)
{
	return (struct row){
		.recording = recording,
		.table = table,
		.statement = recording->failure.kind == ERR_OK ? recording->inserts[table] : NULL,
	};
}

void row_int(struct row *row, int64_t value)
{
	row->column++;
	if (row->statement)
		sqlite3_bind_int64(row->statement, row->column, value);
}

void row_uint(struct row *row, uint64_t value)
{
	row_int(row, value > INT64_MAX ? INT64_MAX : (int64_t)value);
}

void row_real(struct row *row, double value)
{
	row->column++;
	if (row->statement)
		sqlite3_bind_double(row->statement, row->column, value);
}

void row_null(struct row *row)
{
	row->column++;
	if (row->statement)
		sqlite3_bind_null(row->statement, row->column);
}

void row_id(struct row *row, uint64_t id)
{
	if (id)
		row_uint(row, id);
	else
		row_null(row);
}

void row_text(struct row *row, const char *text, size_t length)
{
	row->column++;
	if (row->statement)
		sqlite3_bind_text64(row->statement, row->column, text, length, SQLITE_STATIC,
				    SQLITE_UTF8);
}

void row_string(struct row *row, const char *text)
{
	row_text(row, text, text ? strlen(text) : 0);
}

void row_blob(struct row *row, const void *bytes, size_t length)
{
	row->column++;
	if (row->statement) /* a NULL pointer would bind NULL */
		sqlite3_bind_blob64(row->statement, row->column, length ? bytes : "", length,
				    SQLITE_STATIC);
}

void row_end(struct row *row)
{
	struct recording *r = row->recording;
	if (row->column != r->columns[row->table]) {
		log_error("recording: %d values for %d columns of %s", row->column,
			  r->columns[row->table], tables[row->table].name);
		abort();
	}
	if (!row->statement)
		return;
	const int rc = sqlite3_step(row->statement);
	if (rc != SQLITE_DONE)
		recording_fail(r, "write a row of");
	sqlite3_reset(row->statement);
}

void recording_forget(struct recording *r, enum row_table table, int64_t first, int64_t last)
{
	char sql[128];
	snprintf(sql, sizeof sql, "DELETE FROM %s WHERE rowid BETWEEN %lld AND %lld",
		 tables[table].name, (long long)first, (long long)last);
	if (r->failure.kind == ERR_OK)
		recording_exec(r, sql);
}
