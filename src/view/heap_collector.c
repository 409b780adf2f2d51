#include "view/heap_collector.h"

#include "base/json.h"
#include "base/str.h"
#include "model/collector.h"
#include "model/query.h"
#include "view/text.h"

enum { TYPES_MOST = 5, TEXT_BYTES = 4000 };

/* Collections of 50 µs and more by generation, oldest first; those inside units of work that ended,
 * of the kind that is looked at, and those units. */
static const char generations_sql[] =
	"WITH seen AS (SELECT *, finished AND kind IS (SELECT kind FROM basis_total) AS in_units "
	"FROM gc_single) "
	"SELECT generation, total(weight), max(dur_ns) / 1e6, total(weight * dur_ns) FILTER (WHERE "
	"in_units) / 1e6, total(weight) FILTER (WHERE in_units), total(weight * freed), (SELECT "
	"total(weight) FROM v1_unit WHERE finished AND kind IS (SELECT kind FROM basis_total)) "
	"FROM "
	"seen GROUP BY 1 ORDER BY 1 DESC";
enum { GC_GENERATION, GC_COUNT, GC_LONGEST, GC_IN_UNITS_MS, GC_IN_UNITS, GC_FREED, GC_UNITS };

static const char types_sql[] =
	"SELECT type, count, walks FROM gc_garbage ORDER BY count DESC, 1 LIMIT ?1";
enum { TYPE_NAME, TYPE_COUNT, TYPE_WALKS };

const char *const collector_generations[] = {"young", "middle", "full"};

static enum err_kind generations_text(sqlite3 *db, const char *unit, struct str *text,
				      struct err *e)
{
	sqlite3_stmt *row;
	char time[TEXT_TIME_SIZE], figure[TEXT_FIGURE_SIZE];
	TRY(query_prepare(db, generations_sql, &row, e));
	while (sqlite3_step(row) == SQLITE_ROW) {
		const int64_t count = sqlite3_column_int64(row, GC_COUNT);
		const double units = sqlite3_column_double(row, GC_UNITS);
		str_printf(text, "%s%s %s collection%s",
			   text->length ? "; " : "collector: ", text_figure((double)count, figure),
			   collector_generations[sqlite3_column_int(row, GC_GENERATION)],
			   count == 1 ? "" : "s");
		str_printf(text, " of up to %s",
			   text_time_ms(sqlite3_column_double(row, GC_LONGEST), time));
		if (units > 0 && sqlite3_column_int64(row, GC_IN_UNITS) > 0)
			str_printf(text, ", %s in %ss: %s of each",
				   text_figure(sqlite3_column_double(row, GC_IN_UNITS), figure),
				   unit,
				   text_time_ms(sqlite3_column_double(row, GC_IN_UNITS_MS) / units,
						time));
		str_printf(text, ", freed %s objects",
			   text_figure(sqlite3_column_double(row, GC_FREED), figure));
	}
	return query_finish(db, row, e);
}

static enum err_kind types_text(sqlite3 *db, struct str *text, struct err *e)
{
	sqlite3_stmt *row;
	char figure[TEXT_FIGURE_SIZE];
	bool first = true;
	TRY(query_prepare(db, types_sql, &row, e));
	sqlite3_bind_int(row, 1, TYPES_MOST);
	while (sqlite3_step(row) == SQLITE_ROW) {
		if (first)
			str_printf(text, "%sin cycles at the last walk: ",
				   text->length ? "; " : "collector: ");
		str_printf(text, "%s%s %s%s", first ? "" : ", ",
			   text_figure(sqlite3_column_double(row, TYPE_COUNT), figure),
			   (const char *)sqlite3_column_text(row, TYPE_NAME),
			   sqlite3_column_int(row, TYPE_WALKS) > 1 ? " (at earlier ones, too)"
								   : "");
		first = false;
	}
	return query_finish(db, row, e);
}

enum err_kind heap_collector_text(sqlite3 *db, const char *unit, int width, FILE *out,
				  struct err *e)
{
	struct str text;
	TRY(collector_to_tables(db, e));
	str_init(&text, TEXT_BYTES);
	enum err_kind kind = generations_text(db, unit, &text, e);
	if (kind == ERR_OK)
		kind = types_text(db, &text, e);
	if (kind == ERR_OK && text.length) {
		text_wrap(out, text.text, 0, 4, width);
		fputc('\n', out);
	}
	str_free(&text);
	return kind;
}

static enum err_kind generations_json(sqlite3 *db, struct json *j, struct err *e)
{
	sqlite3_stmt *row;
	TRY(query_prepare(db, generations_sql, &row, e));
	json_key(j, "generations");
	json_array(j);
	while (sqlite3_step(row) == SQLITE_ROW) {
		json_object(j);
		json_put_text(j, "generation",
			      collector_generations[sqlite3_column_int(row, GC_GENERATION)]);
		json_put_uint(j, "collections", (uint64_t)sqlite3_column_int64(row, GC_COUNT));
		json_put_number(j, "longest_ms", sqlite3_column_double(row, GC_LONGEST), 6);
		json_put_uint(j, "in_units", (uint64_t)sqlite3_column_int64(row, GC_IN_UNITS));
		json_put_number(j, "in_units_ms", sqlite3_column_double(row, GC_IN_UNITS_MS), 6);
		json_put_number(j, "freed", sqlite3_column_double(row, GC_FREED), 10);
		json_object_end(j);
	}
	json_array_end(j);
	return query_finish(db, row, e);
}

static enum err_kind types_json(sqlite3 *db, struct json *j, struct err *e)
{
	sqlite3_stmt *row;
	TRY(query_prepare(db, types_sql, &row, e));
	sqlite3_bind_int(row, 1, 100);
	json_key(j, "garbage");
	json_array(j);
	while (sqlite3_step(row) == SQLITE_ROW) {
		json_object(j);
		json_put_text(j, "type", (const char *)sqlite3_column_text(row, TYPE_NAME));
		json_put_number(j, "count", sqlite3_column_double(row, TYPE_COUNT), 10);
		json_put_uint(j, "walks", (uint64_t)sqlite3_column_int64(row, TYPE_WALKS));
		json_object_end(j);
	}
	json_array_end(j);
	return query_finish(db, row, e);
}

enum err_kind heap_collector_json(sqlite3 *db, struct json *j, struct err *e)
{
	TRY(collector_to_tables(db, e));
	json_key(j, "collector");
	json_object(j);
	TRY(generations_json(db, j, e));
	TRY(types_json(db, j, e));
	json_object_end(j);
	return ERR_OK;
}
