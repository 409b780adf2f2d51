#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/log.h"
#include "cmd/answer.h"
#include "cmd/cmd.h"
#include "view/view.h"

struct export_values {
	const char *output;
};

const struct opt export_options[] = {
	{OPT_STRING, 'o', "output", "FILE", "where to write; - is standard output, the default",
	 offsetof(struct export_values, output)},
	{0},
};

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

static enum err_kind export_json(struct answer *answer, FILE *out, struct err *e)
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
	json_init(&j, out, true);
	json_object(&j);
	json_key(&j, "schema");
	json_string(&j, "unslow.export/1");
	json_key(&j, "answer");
	json_foreign(&j);
	view_why_json(&answer->diagnosis, out);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		json_key(&j, parts[i].key);
		TRY(write_rows(&j, answer->db, parts[i].sql, e));
	}
	json_object_end(&j);
	return ERR_OK;
}

/* A row a format; the first one is what completion and messages name. */
static const struct {
	const char *name;
	enum err_kind (*write)(struct answer *answer, FILE *out, struct err *e);
} formats[] = {
	{"json", export_json},
};

static enum err_kind write_file(struct answer *answer, size_t format, const char *path,
				struct err *e)
{
	if (!path || strcmp(path, "-") == 0)
		return formats[format].write(answer, stdout, e);
	const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (!out) {
		const enum err_kind kind = ERR(e, ERR_SYSTEM, "cannot write %s", path);
		if (fd >= 0)
			close(fd);
		return kind;
	}
	enum err_kind kind = formats[format].write(answer, out, e);
	const int failed = ferror(out);
	if ((fclose(out) != 0 || failed) && kind == ERR_OK)
		kind = ERR(e, ERR_SYSTEM, "cannot write %s", path);
	return kind;
}

int cmd_export(int argc, char **argv)
{
	const struct verb *verb = verb_find("export");
	struct export_values values = {0};
	struct opt_result result;
	struct err e = {0};
	int status;
	if (!cmd_parse(verb, argc, argv, &values, &result, &status))
		return status;
	enum err_kind kind = ERR_OK;
	size_t format = 0;
	const size_t format_count = sizeof formats / sizeof *formats;
	if (result.operand_count < 1 || result.operand_count > 2) {
		ERR(&e, ERR_USAGE, "takes a format (json) and at most one recording");
		return cmd_fail(verb, &e);
	}
	while (format < format_count && strcmp(formats[format].name, result.operands[0]) != 0)
		format++;
	if (format == format_count) {
		ERR(&e, ERR_USAGE, "there is no format '%.40s'; there is: json",
		    result.operands[0]);
		return cmd_fail(verb, &e);
	}
	struct answer answer = {0};
	kind = answer_open(&answer, result.operands[1], &e);
	if (kind == ERR_OK)
		kind = answer_diagnose(&answer, NULL, &e);
	if (kind == ERR_OK)
		kind = write_file(&answer, format, values.output, &e);
	if (kind != ERR_OK)
		status = cmd_fail(verb, &e);
	else if (values.output && strcmp(values.output, "-") != 0)
		log_info("wrote %s", values.output);
	answer_close(&answer);
	return status;
}
