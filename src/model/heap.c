#include "model/heap.h"

#include <stdio.h>
#include <string.h>

#include "base/map.h"
#include "base/str.h"
#include "model/heap_native.h"
#include "model/heap_sums.h"
#include "model/query.h"

const char *const heap_by_names[] = {"line", "file", "traceback", "route", NULL};

enum err_kind heap_are_there(sqlite3 *db, bool *out, struct err *e)
{
	double any;
	TRY(query_number(db, "SELECT 1 FROM v1_heap_process LIMIT 1", 0, &any, e));
	*out = any > 0;
	return ERR_OK;
}

enum err_kind heap_shares(sqlite3 *db, bool *out, struct err *e)
{
	char sql[200];
	double any;
	snprintf(sql, sizeof sql,
		 "SELECT 1 FROM v1_heap_live WHERE snapshot_id IN (SELECT snapshot_id FROM "
		 "heap_at) AND age >= %d LIMIT 1",
		 HEAP_INHERITED_AGE);
	TRY(query_number(db, sql, 0, &any, e));
	*out = any > 0;
	return ERR_OK;
}

/* --- places -------------------------------------------------------------- */

/* Processes that lived at the moment: their last snapshot until then. At the end of a recording not
 * all of them end at once. Hooks that were put in again begin anew. Unless it is asked for, the
 * moment is that at which the work was done: a server that is told to end gives free what it kept.
 */
static const char at_sql[] =
	"DROP TABLE IF EXISTS temp.heap_at;"
	"DROP TABLE IF EXISTS temp.heap_moment;"
	"CREATE TEMP TABLE heap_moment AS SELECT iif(%lld > 0, %lld + (SELECT value FROM v1_meta "
	"WHERE key = 'started_ns'), coalesce((SELECT max(at_ns) FROM (SELECT process_id, "
	"min(at_ns) AS at_ns FROM (SELECT *, max(units) OVER (PARTITION BY process_id) AS most "
	"FROM "
	"(SELECT *, max(at_ns) OVER (PARTITION BY process_id) AS end_ns FROM v1_heap_snapshot) "
	"WHERE at_ns < end_ns) WHERE units = most AND units > 0 GROUP BY process_id)), "
	"max(at_ns))) AS at_ns, max(at_ns) AS last_ns FROM v1_heap_snapshot;"
	"CREATE TEMP TABLE heap_at AS SELECT s.process_id, s.id AS snapshot_id, max(s.at_ns) AS "
	"at_ns, s.units FROM v1_heap_snapshot s, heap_moment m WHERE s.at_ns <= m.at_ns AND "
	"s.process_id IN (SELECT process_id FROM v1_heap_snapshot GROUP BY 1 HAVING max(at_ns) >= "
	"min((SELECT at_ns FROM heap_moment), (SELECT last_ns - 5000000000 FROM heap_moment))) "
	"GROUP BY s.process_id;";

/* Columns file, line, function, kind, stack_id, caller and library of a site. A LEFT JOIN would
 * have SQLite write down all of v1_frame. Of the application's frames alone: what they call is
 * theirs. */
static const char site_of_app[] =
	"SELECT s.id, iif(f.has_app, f.app_file, NULL) AS file, iif(f.has_app, f.app_line, NULL) "
	"AS line, iif(f.has_app, f.app_function, NULL) AS function, iif(f.has_app, 'app', f.kind) "
	"AS kind, s.stack_id, NULL AS caller, NULL AS library FROM v1_heap_site s CROSS JOIN "
	"v1_frame f ON f.id = s.stack_id UNION ALL SELECT id, NULL, NULL, NULL, NULL, stack_id, "
	"NULL, NULL FROM v1_heap_site s WHERE NOT EXISTS (SELECT 1 FROM v1_frame f WHERE f.id = "
	"s.stack_id)";

/* The lines of importlib say nothing: what it made for an import statement is of the application's
 * line that had it run. Without a Python frame, by whose C code called the allocator. */
static const char site_of_all[] =
	"SELECT id, CASE WHEN NOT imports THEN file WHEN has_app THEN app_file ELSE "
	"'" HEAP_IMPORTS_AT_START "' END AS file, CASE WHEN NOT imports THEN line WHEN has_app "
	"THEN app_line END AS line, iif(imports, '<import>', function) AS function, iif(imports, "
	"'import', kind) AS kind, stack_id, iif(imports OR kind = 'app' OR NOT has_app, NULL, "
	"app_file || ':' || app_line) AS caller, NULL AS library FROM (SELECT s.id, s.stack_id, "
	"f.file, f.line, f.function, f.kind, f.has_app, f.app_file, f.app_line, f.file LIKE "
	"'<frozen importlib%' OR f.file = '<frozen zipimport>' AS imports FROM v1_heap_site s "
	"CROSS "
	"JOIN v1_frame f ON f.id = s.stack_id) UNION ALL SELECT id, NULL, NULL, NULL, NULL, "
	"stack_id, NULL, substr(rtrim(native, '0123456789abcdef'), 1, length(rtrim(native, "
	"'0123456789abcdef')) - 3) FROM v1_heap_site s WHERE NOT EXISTS (SELECT 1 FROM v1_frame f "
	"WHERE f.id = s.stack_id)";

static enum err_kind script(sqlite3 *db, char *sql, struct err *e)
{
	const enum err_kind kind = query_script(db, sql, e);
	sqlite3_free(sql);
	return kind;
}

enum { SITE_ID, SITE_FILE, SITE_LINE, SITE_FUNCTION, SITE_KIND, SITE_STACK, SITE_CALLER };
enum { SITE_LIBRARY = SITE_CALLER + 1, SITE_COLUMNS };

/* What makes two sites one place. */
static const int key_columns[][SITE_COLUMNS] = {
	[HEAP_BY_LINE] = {SITE_FILE, SITE_LINE, SITE_FUNCTION, SITE_LIBRARY, -1},
	[HEAP_BY_FILE] = {SITE_FILE, SITE_KIND, SITE_LIBRARY, -1},
	[HEAP_BY_TRACEBACK] = {SITE_STACK, -1},
	[HEAP_BY_ROUTE] = {-1},
};

/* Of a file, imports alone are apart. */
static void add_key(struct str *key, sqlite3_stmt *row, int column)
{
	const char *text = (const char *)sqlite3_column_text(row, column);
	if (column == SITE_KIND)
		text = text && !strcmp(text, "import") ? text : "";
	str_add(key, text ? text : "\001");
	str_add(key, "\n");
}

static enum err_kind write_places(sqlite3 *db, enum heap_by by, sqlite3_stmt *row,
				  sqlite3_stmt *into, struct err *e)
{
	struct intern *places = intern_new();
	struct str key;
	int done = SQLITE_DONE;
	str_init(&key, 1 << 16);
	while (done == SQLITE_DONE && sqlite3_step(row) == SQLITE_ROW) {
		bool is_new;
		str_clear(&key);
		for (const int *column = key_columns[by]; *column >= 0; column++)
			add_key(&key, row, *column);
		for (int i = 0; i < SITE_COLUMNS; i++)
			sqlite3_bind_value(into, 1 + i, sqlite3_column_value(row, i));
		if (by == HEAP_BY_FILE) { /* it is of many */
			sqlite3_bind_null(into, 1 + SITE_LINE);
			sqlite3_bind_null(into, 1 + SITE_FUNCTION);
		}
		sqlite3_bind_int64(into, 1 + SITE_COLUMNS,
				   intern_id(places, key.text, key.length, &is_new));
		done = sqlite3_step(into);
		sqlite3_reset(into);
	}
	str_free(&key);
	intern_free(places);
	return done == SQLITE_DONE ? ERR_OK
				   : ERR(e, ERR_SYSTEM, "SQLite refused a place of the heap: %s",
					 sqlite3_errmsg(db));
}

/* heap_site_place: a row a site. Ranked by SQL, it took as long to sort them as all else. */
static enum err_kind make_places(sqlite3 *db, const struct heap_filter *f, struct err *e)
{
	const bool app = f->app_only && f->by != HEAP_BY_TRACEBACK;
	sqlite3_stmt *row, *into = NULL;
	TRY(query_script(
		db,
		"DROP TABLE IF EXISTS temp.heap_site_place;"
		"CREATE TEMP TABLE heap_site_place(id INTEGER, file TEXT, line "
		"INTEGER, function TEXT, kind TEXT, stack_id INTEGER, caller TEXT, library "
		"TEXT, place INTEGER);"
		"CREATE INDEX temp.heap_site_place_by_id ON heap_site_place (id);",
		e));
	TRY(query_prepare(db, app ? site_of_app : site_of_all, &row, e));
	enum err_kind kind = query_prepare(
		db, "INSERT INTO heap_site_place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", &into, e);
	if (kind == ERR_OK)
		kind = write_places(db, f->by, row, into, e);
	sqlite3_finalize(into);
	const enum err_kind read = query_finish(db, row, kind == ERR_OK ? e : NULL);
	return kind == ERR_OK ? read : kind;
}

static const char place_of_sites[] =
	"CREATE TEMP TABLE heap_place AS SELECT place AS id, file, line, function, kind, "
	"min(stack_id) AS stack_id, NULL AS route, NULL AS caller FROM heap_site_place GROUP BY "
	"place;"
	"CREATE UNIQUE INDEX temp.heap_place_by_id ON heap_place (id);"
	/* who it was made for most */
	"UPDATE heap_place SET caller = c.caller FROM (SELECT place, caller, max(bytes) FROM "
	"(SELECT "
	"p.place, p.caller, sum(l.bytes) AS bytes FROM heap_site_place p JOIN heap_site_live l ON "
	"l.id = p.id GROUP BY 1, 2) GROUP BY place) c WHERE c.place = heap_place.id;"
	/* sums too small for a snapshot have no site, but are live */
	"INSERT INTO heap_place SELECT 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM heap_sum "
	"WHERE place = 0;";
static const char place_of_routes[] =
	"CREATE TEMP TABLE heap_place AS SELECT s.place AS id, NULL AS file, NULL AS line, NULL AS "
	"function, NULL AS kind, NULL AS stack_id, r.route, NULL AS caller FROM heap_sum s LEFT "
	"JOIN "
	"v1_route r ON r.id = s.route_id;";

/* A peak of one of its stacks was one of the place, too; so was what a snapshot saw of a process.
 */
static const char line_sql[] =
	"DROP TABLE IF EXISTS temp.heap_place;"
	"DROP TABLE IF EXISTS temp.heap_line;"
	"%s"
	"CREATE TEMP TABLE heap_line AS WITH site AS (SELECT p.place, total(s.made_bytes) AS "
	"made_bytes, total(s.made_blocks) AS made_blocks, total(s.short_bytes) AS short_bytes, "
	"max(s.peak_bytes) AS peak_bytes, total(s.samples) AS samples, min(s.native) AS native "
	"FROM "
	"heap_site_place p JOIN v1_heap_site s ON s.id = p.id WHERE NOT %d GROUP BY 1) "
	"SELECT p.id AS place, coalesce(l.bytes, 0) AS live_bytes, sqrt(coalesce(l.variance, 0)) "
	"AS live_error, coalesce(l.blocks, 0) AS live_blocks, coalesce(l.samples, 0) AS "
	"live_samples, coalesce(l.recycled, 0) AS recycled, s.made_bytes, s.made_blocks, "
	"s.short_bytes, max(coalesce(s.peak_bytes, 0), coalesce(l.most, 0), coalesce(l.bytes, 0)) "
	"AS peak_bytes, s.samples, s.native, l.slope, l.slope_low, l.slope_high, l.day_bytes, "
	"l.grown_samples, l.more_work, l.verdict FROM heap_place p LEFT JOIN heap_sum l ON l.place "
	"= p.id LEFT JOIN site s ON "
	"s.place = p.id;"
	"CREATE UNIQUE INDEX temp.heap_line_by_place ON heap_line (place)";

enum err_kind heap_choose_moment(sqlite3 *db, uint64_t at_ns, struct err *e)
{
	return script(db, sqlite3_mprintf(at_sql, (sqlite3_int64)at_ns, (sqlite3_int64)at_ns), e);
}

enum err_kind heap_to_tables(sqlite3 *db, const struct heap_filter *f, struct err *e)
{
	const bool by_route = f->by == HEAP_BY_ROUTE;
	TRY(heap_choose_moment(db, f->at_ns, e));
	TRY(make_places(db, f, e));
	TRY(heap_sums_make(db, f, e));
	TRY(script(db,
		   sqlite3_mprintf(line_sql, by_route ? place_of_routes : place_of_sites,
				   by_route || f->route),
		   e));
	return heap_native_of_places(db, !by_route, e);
}
