#include "view/heap_ledger.h"

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "model/query.h"
#include "view/text.h"

enum { PROCESSES_MOST = 8, TEXT_BYTES = 8000, GROWTH_SIZE = 100 };

static const char *text_of(sqlite3_stmt *row, int column)
{
	return (const char *)sqlite3_column_text(row, column);
}

static void line(FILE *out, struct str *text, int width)
{
	text_wrap(out, text->text, 0, 4, width);
	fputc('\n', out);
	str_clear(text);
}

/* --- the ledger ---------------------------------------------------------- */

static const char all_sql[] =
	"SELECT r.processes, r.at_s, p.bytes, r.pss_bytes, r.swap_bytes, r.beyond_bytes FROM "
	"heap_resident r LEFT "
	"JOIN heap_part p ON p.process_id IS NULL AND p.part = 'resident' WHERE r.process_id IS "
	"NULL";
enum { ALL_PROCESSES, ALL_AT, ALL_RESIDENT, ALL_PSS, ALL_SWAP, ALL_BEYOND };

/* A part that nothing is in and that does not grow says nothing. */
static const char parts_sql[] =
	"SELECT label, bytes, slope, slope_low, slope_high, verdict FROM heap_part WHERE "
	"process_id IS NULL AND part <> 'resident' AND (bytes <> 0 OR part = 'rest') UNION ALL "
	"SELECT label, bytes, slope, slope_low, slope_high, verdict FROM heap_part WHERE "
	"process_id IS NULL AND part = 'resident'";
enum { PART_LABEL, PART_BYTES, PART_SLOPE, PART_LOW, PART_HIGH, PART_VERDICT };

static const char each_sql[] =
	"SELECT r.pid, sum(p.bytes) FILTER (WHERE p.part = 'resident'), total(p.bytes) FILTER "
	"(WHERE p.part LIKE 'live%'), total(p.bytes) FILTER (WHERE p.part LIKE '%\\_free' ESCAPE "
	"'\\'), sum(p.bytes) FILTER (WHERE p.part = 'rest'), max(p.slope) FILTER (WHERE p.part = "
	"'resident' AND p.verdict IN ('grows', 'may-grow')), r.beyond_bytes FROM heap_resident r "
	"JOIN heap_part p "
	"ON p.process_id = r.process_id GROUP BY r.process_id ORDER BY 2 DESC, r.pid LIMIT ?1";
enum { EACH_PID, EACH_RESIDENT, EACH_LIVE, EACH_FREE, EACH_REST, EACH_SLOPE, EACH_BEYOND };

/* "2.00 KiB (1.90 KiB … 2.10 KiB)", "settles", "". */
static const char *growth_text(sqlite3_stmt *row, char out[GROWTH_SIZE])
{
	const char *verdict = text_of(row, PART_VERDICT);
	char mid[TEXT_BYTES_SIZE], low[TEXT_BYTES_SIZE], high[TEXT_BYTES_SIZE];
	const bool grows = verdict && (!strcmp(verdict, "grows") || !strcmp(verdict, "may-grow"));
	*out = '\0';
	if (grows)
		snprintf(out, GROWTH_SIZE, "%s%s (%s … %s)", *verdict == 'm' ? "may be " : "",
			 text_bytes(sqlite3_column_double(row, PART_SLOPE), mid),
			 text_bytes(sqlite3_column_double(row, PART_LOW), low),
			 text_bytes(sqlite3_column_double(row, PART_HIGH), high));
	else if (verdict && !strcmp(verdict, "settles"))
		snprintf(out, GROWTH_SIZE, "settles");
	return out;
}

static enum err_kind parts_text(sqlite3 *db, const char *unit, FILE *out, struct err *e)
{
	sqlite3_stmt *row;
	char bytes[TEXT_BYTES_SIZE], growth[GROWTH_SIZE];
	TRY(query_prepare(db, parts_sql, &row, e));
	while (sqlite3_step(row) == SQLITE_ROW) {
		growth_text(row, growth);
		fprintf(out, "%12s  %s", text_bytes(sqlite3_column_double(row, PART_BYTES), bytes),
			text_of(row, PART_LABEL));
		if (*growth)
			fprintf(out, ", %s%s%s", growth, strcmp(growth, "settles") ? " a " : "",
				strcmp(growth, "settles") ? unit : "");
		fputc('\n', out);
	}
	return query_finish(db, row, e);
}

static enum err_kind processes_text(sqlite3 *db, const char *unit, int width, struct str *text,
				    FILE *out, struct err *e)
{
	sqlite3_stmt *row;
	char bytes[TEXT_BYTES_SIZE];
	TRY(query_prepare(db, each_sql, &row, e));
	sqlite3_bind_int(row, 1, PROCESSES_MOST);
	while (sqlite3_step(row) == SQLITE_ROW) {
		str_printf(text, "process %lld: resident %s",
			   (long long)sqlite3_column_int64(row, EACH_PID),
			   text_bytes(sqlite3_column_double(row, EACH_RESIDENT), bytes));
		str_printf(text, ", live %s",
			   text_bytes(sqlite3_column_double(row, EACH_LIVE), bytes));
		str_printf(text, ", free in its allocators %s",
			   text_bytes(sqlite3_column_double(row, EACH_FREE), bytes));
		str_printf(text, ", not explained %s",
			   text_bytes(sqlite3_column_double(row, EACH_REST), bytes));
		if (sqlite3_column_double(row, EACH_BEYOND) > 0)
			str_printf(text, " (its parts are %s more than is resident)",
				   text_bytes(sqlite3_column_double(row, EACH_BEYOND), bytes));
		if (sqlite3_column_type(row, EACH_SLOPE) != SQLITE_NULL)
			str_printf(text, "; grows by %s of each %s",
				   text_bytes(sqlite3_column_double(row, EACH_SLOPE), bytes), unit);
		line(out, text, width);
	}
	return query_finish(db, row, e);
}

enum err_kind heap_ledger_text(sqlite3 *db, const char *unit, int width, FILE *out, struct err *e)
{
	sqlite3_stmt *row;
	struct str text;
	char bytes[TEXT_BYTES_SIZE];
	double processes = 0, beyond = 0;
	TRY(query_prepare(db, all_sql, &row, e));
	str_init(&text, TEXT_BYTES);
	if (sqlite3_step(row) == SQLITE_ROW) {
		processes = sqlite3_column_double(row, ALL_PROCESSES);
		beyond = sqlite3_column_double(row, ALL_BEYOND);
		str_printf(&text, "%.0f process%s at %.1f s: ", processes,
			   processes > 1 ? "es" : "", sqlite3_column_double(row, ALL_AT));
		if (sqlite3_column_type(row, ALL_RESIDENT) == SQLITE_NULL)
			str_add(&text, "resident memory is not known");
		else
			str_printf(&text, "resident %s",
				   text_bytes(sqlite3_column_double(row, ALL_RESIDENT), bytes));
		if (processes > 1 && sqlite3_column_type(row, ALL_PSS) != SQLITE_NULL)
			str_printf(&text, " (%s without counting twice what they share)",
				   text_bytes(sqlite3_column_double(row, ALL_PSS), bytes));
		if (sqlite3_column_double(row, ALL_SWAP) > 0)
			str_printf(&text, "; swapped out %s",
				   text_bytes(sqlite3_column_double(row, ALL_SWAP), bytes));
		line(out, &text, width);
	}
	enum err_kind kind = query_finish(db, row, e);
	if (kind == ERR_OK && processes > 0)
		kind = parts_text(db, unit, out, e);
	if (kind == ERR_OK && beyond > 0) {
		str_printf(&text,
			   "these parts are %s more than what is resident: live ones are estimates "
			   "from samples, and what was asked for need not be touched yet",
			   text_bytes(beyond, bytes));
		line(out, &text, width);
	}
	if (kind == ERR_OK && processes > 1)
		kind = processes_text(db, unit, width, &text, out, e);
	str_free(&text);
	return kind;
}

/* --- what is the matter -------------------------------------------------- */

/* A leak of one line is told by the rows of growth below. */
static const char findings_sql[] =
	"SELECT CASE WHEN kind <> 'no-growth' THEN replace(kind, '-', ' ') WHEN EXISTS (SELECT 1 "
	"FROM heap_finding WHERE kind = 'leak') THEN 'all together' WHEN EXISTS (SELECT 1 FROM "
	"heap_part WHERE process_id IS NULL AND part = 'resident' AND verdict = 'settles') THEN "
	"'no lasting growth' ELSE 'no growth' END, sure, bytes, low, high, each, iif(kind IN "
	"('native-leak', "
	"'peak', 'leak', 'filling'), coalesce(short_path(file) || coalesce(':' || line, ''), ''), "
	"''), because, settle, day_bytes, kind FROM heap_finding WHERE ?1 OR kind <> 'leak' OR "
	"holder IS NOT NULL OR NOT sure ORDER BY sure DESC, each DESC, bytes DESC LIMIT ?2";
enum {
	FOUND_KIND,
	FOUND_SURE,
	FOUND_BYTES,
	FOUND_LOW,
	FOUND_HIGH,
	FOUND_EACH,
	FOUND_WHERE,
	FOUND_BECAUSE,
	FOUND_SETTLE,
	FOUND_DAY,
	FOUND_NAME
};
enum { FINDINGS_MOST = 8, FINDINGS_MOST_JSON = 100 };

static void add_size(struct str *text, sqlite3_stmt *row, const char *unit)
{
	char bytes[TEXT_BYTES_SIZE], low[TEXT_BYTES_SIZE], high[TEXT_BYTES_SIZE];
	const bool each = sqlite3_column_int(row, FOUND_EACH) != 0;
	if (isnan(query_column(row, FOUND_BYTES)))
		return;
	str_printf(text, "%s%s%s", text_bytes(query_column(row, FOUND_BYTES), bytes),
		   each ? " of each " : "", each ? unit : "");
	if (!isnan(query_column(row, FOUND_LOW)) && !isnan(query_column(row, FOUND_HIGH)))
		str_printf(text, " (95 %%: %s … %s)", text_bytes(query_column(row, FOUND_LOW), low),
			   text_bytes(query_column(row, FOUND_HIGH), high));
	str_add(text, ", ");
}

enum err_kind heap_findings_text(sqlite3 *db, const char *unit, int width, FILE *out, struct err *e)
{
	sqlite3_stmt *row;
	struct str text;
	TRY(query_prepare(db, findings_sql, &row, e));
	sqlite3_bind_int(row, 1, 0);
	sqlite3_bind_int(row, 2, FINDINGS_MOST);
	str_init(&text, TEXT_BYTES);
	while (sqlite3_step(row) == SQLITE_ROW) {
		const char *where = text_of(row, FOUND_WHERE), *settle = text_of(row, FOUND_SETTLE);
		const bool tells = !strcmp(text_of(row, FOUND_NAME), "cannot-tell");
		str_printf(&text,
			   "%s%s: ", sqlite3_column_int(row, FOUND_SURE) || tells ? "" : "may be ",
			   text_of(row, FOUND_KIND));
		if (where && *where)
			str_printf(&text, "%s, ", where);
		add_size(&text, row, unit);
		str_add(&text, text_of(row, FOUND_BECAUSE));
		if (settle)
			str_printf(&text, "; to settle it: %s", settle);
		line(out, &text, width);
	}
	str_free(&text);
	return query_finish(db, row, e);
}

/* --- JSON ---------------------------------------------------------------- */

static void put_known(struct json *j, const char *key, sqlite3_stmt *row, int column)
{
	json_key(j, key);
	json_number(j, query_column(row, column), 10); /* NaN is null */
}

static const char resident_sql[] =
	"SELECT r.pid, processes, at_s, bytes, pss_bytes, swap_bytes, private_dirty_bytes, "
	"beyond_bytes, r.process_id FROM heap_resident r LEFT JOIN heap_part p ON p.process_id IS "
	"r.process_id "
	"AND p.part = 'resident' WHERE (r.process_id IS NULL) = ?1 ORDER BY r.process_id";
static const char part_sql[] =
	"SELECT part, bytes, error, slope, slope_low, slope_high, verdict FROM heap_part WHERE "
	"process_id IS ?1";

/* "rss_bytes", "parts": their bytes, "growth": theirs. */
static enum err_kind parts_json(sqlite3 *db, sqlite3_value *process, struct json *j, struct err *e)
{
	sqlite3_stmt *row;
	TRY(query_prepare(db, part_sql, &row, e));
	sqlite3_bind_value(row, 1, process);
	json_key(j, "parts");
	json_object(j);
	while (sqlite3_step(row) == SQLITE_ROW)
		put_known(j, text_of(row, 0), row, 1);
	json_object_end(j);
	sqlite3_reset(row);
	json_key(j, "growth");
	json_object(j);
	while (sqlite3_step(row) == SQLITE_ROW) {
		json_key(j, text_of(row, 0));
		json_object(j);
		put_known(j, "error", row, 2);
		put_known(j, "each", row, 3);
		put_known(j, "low", row, 4);
		put_known(j, "high", row, 5);
		json_put_text(j, "verdict", text_of(row, 6));
		json_object_end(j);
	}
	json_object_end(j);
	return query_finish(db, row, e);
}

static enum err_kind account_json(sqlite3 *db, sqlite3_stmt *row, struct json *j, struct err *e)
{
	json_object(j);
	if (sqlite3_column_type(row, 0) != SQLITE_NULL)
		json_put_uint(j, "pid", (uint64_t)sqlite3_column_int64(row, 0));
	json_put_uint(j, "processes", (uint64_t)sqlite3_column_int64(row, 1));
	put_known(j, "at_s", row, 2);
	put_known(j, "rss_bytes", row, 3);
	put_known(j, "pss_bytes", row, 4);
	put_known(j, "swap_bytes", row, 5);
	put_known(j, "private_dirty_bytes", row, 6);
	put_known(j, "beyond_bytes", row, 7);
	const enum err_kind kind = parts_json(db, sqlite3_column_value(row, 8), j, e);
	json_object_end(j);
	return kind;
}

static enum err_kind accounts_json(sqlite3 *db, bool all, struct json *j, struct err *e)
{
	sqlite3_stmt *row;
	enum err_kind kind = ERR_OK;
	bool any = false;
	TRY(query_prepare(db, resident_sql, &row, e));
	sqlite3_bind_int(row, 1, all);
	while (kind == ERR_OK && sqlite3_step(row) == SQLITE_ROW) {
		kind = account_json(db, row, j, e);
		any = true;
	}
	if (all && !any)
		json_null(j);
	if (kind != ERR_OK) {
		sqlite3_finalize(row);
		return kind;
	}
	return query_finish(db, row, e);
}

static enum err_kind findings_json(sqlite3 *db, struct json *j, struct err *e)
{
	sqlite3_stmt *row;
	TRY(query_prepare(db, findings_sql, &row, e));
	sqlite3_bind_int(row, 1, 1);
	sqlite3_bind_int(row, 2, FINDINGS_MOST_JSON);
	json_key(j, "verdicts");
	json_array(j);
	while (sqlite3_step(row) == SQLITE_ROW) {
		json_object(j);
		json_put_text(j, "verdict", text_of(row, FOUND_NAME));
		json_key(j, "sure");
		json_bool(j, sqlite3_column_int(row, FOUND_SURE) != 0);
		json_put_text(j, "of", sqlite3_column_int(row, FOUND_EACH) ? "each" : "held");
		put_known(j, "bytes", row, FOUND_BYTES);
		put_known(j, "low_bytes", row, FOUND_LOW);
		put_known(j, "high_bytes", row, FOUND_HIGH);
		put_known(j, "day_bytes", row, FOUND_DAY);
		json_put_text(j, "where", text_of(row, FOUND_WHERE));
		json_put_text(j, "because", text_of(row, FOUND_BECAUSE));
		json_put_text(j, "settle", text_of(row, FOUND_SETTLE));
		json_object_end(j);
	}
	json_array_end(j);
	return query_finish(db, row, e);
}

enum err_kind heap_ledger_json(sqlite3 *db, struct json *j, struct err *e)
{
	json_key(j, "resident");
	TRY(accounts_json(db, true, j, e));
	json_key(j, "processes");
	json_array(j);
	TRY(accounts_json(db, false, j, e));
	json_array_end(j);
	return findings_json(db, j, e);
}
