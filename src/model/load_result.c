#include "model/load_result.h"

#include <math.h>
#include <sqlite3.h>
#include <string.h>

#include "base/vec.h"
#include "model/query.h"

#define SCHEMA "unslow.load/1"
#define SCHEMA_FAMILY "unslow.load/"

/* Bytes of the JSON object that begins at text[0], 0 if it has no end. What is in it is SQLite's
 * to judge. */
static size_t object_length(const char *text, size_t length)
{
	size_t depth = 0;
	bool in_string = false;
	for (size_t i = 0; i < length; i++) {
		const char c = text[i];
		if (in_string) {
			i += c == '\\';
			in_string = c != '"';
		} else if (c == '"') {
			in_string = true;
		} else if (c == '{' || c == '[') {
			depth++;
		} else if ((c == '}' || c == ']') && (depth == 0 || --depth == 0)) {
			return i + 1;
		}
	}
	return 0;
}

static size_t blanks(const char *text, size_t length)
{
	size_t i = 0;
	while (i < length && strchr(" \t\r\n", text[i]) && text[i])
		i++;
	return i;
}

bool load_result_is(const char *text, size_t length)
{
	const size_t from = blanks(text, length);
	const char *at = text + from;
	const size_t whole = from < length && *at == '{' ? object_length(at, length - from) : 0;
	/* the writer names the schema first */
	return whole && memmem(at, whole < 200 ? whole : 200, SCHEMA_FAMILY, strlen(SCHEMA_FAMILY));
}

static double column(sqlite3_stmt *row, int i)
{
	const int type = sqlite3_column_type(row, i);
	if (type != SQLITE_INTEGER && type != SQLITE_FLOAT)
		return NAN;
	const double value = sqlite3_column_double(row, i);
	return value >= 0 ? value : NAN;
}

static enum err_kind start(sqlite3 *db, const char *sql, const char *text, size_t length,
			   sqlite3_stmt **out, struct err *e)
{
	TRY(query_prepare(db, sql, out, e));
	sqlite3_bind_text(*out, 1, text, (int)length, SQLITE_STATIC);
	return ERR_OK;
}

struct head {
	char schema[40];
	double second_s, window_s;
};

static enum err_kind read_whole(sqlite3 *db, const char *text, size_t length, struct run *run,
				struct head *head, struct err *e)
{
	sqlite3_stmt *row;
	TRY(start(db,
		  "SELECT json_extract(?1, '$.schema'), json_extract(?1, '$.response_ms.p50'), "
		  "json_extract(?1, '$.response_ms.p90'), json_extract(?1, '$.response_ms.p99'), "
		  "json_extract(?1, '$.response_ms.mean'), "
		  "json_extract(?1, '$.requests.answered_per_s'), "
		  "json_extract(?1, '$.errors.all'), json_extract(?1, '$.requests.due'), "
		  "json_extract(?1, '$.second_s'), json_extract(?1, '$.window_s'), "
		  "json_extract(?1, '$.invalid'), json_extract(?1, '$.plan.rate_per_s') WHERE "
		  "json_valid(?1)",
		  text, length, &row, e));
	if (sqlite3_step(row) == SQLITE_ROW) {
		const char *schema = (const char *)sqlite3_column_text(row, 0);
		strncpy(head->schema, schema ? schema : "", sizeof head->schema - 1);
		run->whole.value[RUN_P50] = column(row, 1);
		run->whole.value[RUN_P90] = column(row, 2);
		run->whole.value[RUN_P99] = column(row, 3);
		run->whole.value[RUN_MEAN] = column(row, 4);
		run->whole.value[RUN_RATE] = column(row, 5);
		const double due = column(row, 7);
		if (due > 0) {
			run->whole.value[RUN_ERRORS] = column(row, 6) / due;
			run->requests = (uint64_t)fmin(due, 0x1p62);
		}
		head->second_s = column(row, 8);
		head->window_s = column(row, 9);
		run->invalid = sqlite3_column_int(row, 10) != 0;
		const double offered = column(row, 11);
		run->offered_per_s = offered > 0 ? offered : 0;
	}
	return query_finish(db, row, e);
}

static enum err_kind read_counts(sqlite3 *db, const char *text, size_t length, struct arena *arena,
				 struct run *run, bool *broken, struct err *e)
{
	sqlite3_stmt *row;
	VEC(struct run_count) counts = {0};
	TRY(start(db,
		  "SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') "
		  "FROM json_each(?1, '$.response_histogram')",
		  text, length, &row, e));
	double last = 0;
	while (sqlite3_step(row) == SQLITE_ROW) {
		const double value_ms = column(row, 0) / 1e6, count = column(row, 1);
		*broken |= !(value_ms >= last) || !(count >= 0);
		last = value_ms;
		*vec_push(&counts) = (struct run_count){value_ms, count};
	}
	run->count_count = counts.count;
	run->counts = arena_alloc(arena, counts.count * sizeof *run->counts);
	if (counts.count)
		memcpy(run->counts, counts.items, counts.count * sizeof *run->counts);
	vec_free(&counts);
	return query_finish(db, row, e);
}

/* Whole rows only: the last one may be shorter than its length says. */
static enum err_kind read_seconds(sqlite3 *db, const char *text, size_t length,
				  const struct head *head, struct arena *arena, struct run *run,
				  struct err *e)
{
	sqlite3_stmt *row;
	VEC(struct run_part) parts = {0};
	if (!(head->second_s > 0) || !isfinite(head->window_s))
		return ERR_OK;
	TRY(start(db,
		  "SELECT json_extract(value, '$.at_s'), json_extract(value, '$.p50_ms'), "
		  "json_extract(value, '$.p99_ms'), json_extract(value, '$.completed'), "
		  "json_extract(value, '$.errors'), json_extract(value, '$.due') "
		  "FROM json_each(?1, '$.seconds')",
		  text, length, &row, e));
	while (sqlite3_step(row) == SQLITE_ROW) {
		const double due = column(row, 5);
		if (!(column(row, 0) + head->second_s <= head->window_s * (1 + 1e-6)))
			continue;
		struct run_part *part = vec_push(&parts);
		run_part_clear(part);
		if (due > 0) { /* nobody waited in it: its percentiles are 0, not known */
			part->value[RUN_P50] = column(row, 1);
			part->value[RUN_P99] = column(row, 2);
			part->value[RUN_ERRORS] = column(row, 4) / due;
		}
		part->value[RUN_RATE] = column(row, 3) / head->second_s;
	}
	run->part_count = parts.count;
	run->parts = arena_alloc(arena, parts.count * sizeof *run->parts);
	if (parts.count)
		memcpy(run->parts, parts.items, parts.count * sizeof *run->parts);
	vec_free(&parts);
	return query_finish(db, row, e);
}

static enum err_kind read_one(sqlite3 *db, const char *text, size_t length, const char *name,
			      struct arena *arena, struct run *run, struct err *e)
{
	struct head head = {.second_s = NAN, .window_s = NAN};
	bool broken = false;
	*run = (struct run){0};
	run_part_clear(&run->whole);
	TRY(read_whole(db, text, length, run, &head, e));
	if (!head.schema[0])
		return ERR(e, ERR_RECORDING,
			   "%.200s: it is no JSON that can be read, or names no schema; make it "
			   "again: unslow load URL --json > FILE",
			   name);
	if (strcmp(head.schema, SCHEMA) != 0)
		return ERR(e, ERR_RECORDING,
			   "%.200s: not a result of schema " SCHEMA " but of '%.40s'; make it with "
			   "this version: unslow load URL --json > FILE",
			   name, head.schema);
	TRY(read_counts(db, text, length, arena, run, &broken, e));
	TRY(read_seconds(db, text, length, &head, arena, run, e));
	if (broken || run->requests == 0)
		return ERR(e, ERR_RECORDING,
			   "%.200s: %s; load it again: unslow load URL --json > FILE", name,
			   broken ? "its response_histogram is broken" : "it holds no request");
	return ERR_OK;
}

enum err_kind load_results_read(const char *text, size_t length, const char *name,
				struct arena *arena, struct run **runs, size_t *count,
				struct err *e)
{
	sqlite3 *db = NULL;
	enum err_kind kind = ERR_OK;
	VEC(struct run) read = {0};
	if (sqlite3_open(":memory:", &db) != SQLITE_OK)
		kind = ERR(e, ERR_SYSTEM, "cannot open SQLite in memory");
	for (size_t at = blanks(text, length); kind == ERR_OK && at < length;
	     at += blanks(text + at, length - at)) {
		const size_t whole = text[at] == '{' ? object_length(text + at, length - at) : 0;
		if (!whole || read.count == LOAD_RESULTS_MOST) {
			kind = ERR(e, ERR_RECORDING,
				   whole ? "%.200s: more than 1,000 results; keep those of one "
					   "machine and one day (byte %zu)"
					 : "%.200s: no JSON object begins and ends at byte %zu; "
					   "is it what `unslow load URL --json` printed, whole?",
				   name, at);
			break;
		}
		kind = read_one(db, text + at, whole, name, arena, vec_push(&read), e);
		at += whole;
	}
	if (kind == ERR_OK && !read.items)
		kind = ERR(e, ERR_RECORDING,
			   "%.200s: it is empty; make it by: unslow load URL --json > FILE", name);
	if (kind == ERR_OK && read.items) {
		*count = read.count;
		*runs = arena_alloc(arena, read.count * sizeof **runs);
		memcpy(*runs, read.items, read.count * sizeof **runs);
	}
	vec_free(&read);
	sqlite3_close(db);
	return kind;
}
