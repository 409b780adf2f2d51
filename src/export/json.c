/* json: the answer, and the facts about the recording that are behind it. */
#include "base/json.h"
#include "export/formats.h"
#include "view/view.h"

/* Rows of a SELECT as an array of objects. */
static enum err_kind write_rows(struct json *j, sqlite3 *db, const char *sql, struct err *e)
{
	sqlite3_stmt *statement;
	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
		return ERR(e, ERR_RECORDING, "cannot read the recording: %s", sqlite3_errmsg(db));
	int rc;
	json_array(j);
	while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
		json_object(j);
		for (int i = 0; i < sqlite3_column_count(statement); i++) {
			json_key(j, sqlite3_column_name(statement, i));
			switch (sqlite3_column_type(statement, i)) {
			case SQLITE_INTEGER:
				json_int(j, sqlite3_column_int64(statement, i));
				break;
			case SQLITE_FLOAT:
				json_number(j, sqlite3_column_double(statement, i), 15);
				break;
			case SQLITE_NULL:
				json_null(j);
				break;
			default:
				json_string_bytes(j,
						  (const char *)sqlite3_column_text(statement, i),
						  (size_t)sqlite3_column_bytes(statement, i));
			}
		}
		json_object_end(j);
	}
	json_array_end(j);
	const enum err_kind kind = rc == SQLITE_DONE ? ERR_OK
						     : ERR(e, ERR_RECORDING,
							   "cannot read the recording: %s; try: "
							   "sqlite3 FILE .recover",
							   sqlite3_errmsg(db));
	sqlite3_finalize(statement);
	return kind;
}

enum err_kind export_json(const struct export_source *source, FILE *out, struct err *e)
{
	static const struct {
		const char *key;
		const char *sql;
	} parts[] = {
		{"meta", "SELECT * FROM v1_meta ORDER BY key"},
		{"processes", "SELECT * FROM v1_process ORDER BY id"},
		{"facts", "SELECT * FROM v1_fact ORDER BY process_id, key"},
		{"losses", "SELECT * FROM v1_loss ORDER BY process_id, kind"},
	};
	struct json j;
	json_document(&j, out, "unslow.export/1");
	json_key(&j, "answer");
	json_foreign(&j);
	view_why_json(source->diagnosis, out);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		json_key(&j, parts[i].key);
		TRY(write_rows(&j, source->db, parts[i].sql, e));
	}
	json_object_end(&j);
	return ERR_OK;
}
