#include "view/heap_views.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "model/heap_finding.h"
#include "model/heap_peaks.h"
#include "model/heap_tracebacks.h"
#include "model/query.h"
#include "view/heap_collector.h"
#include "view/heap_ledger.h"
#include "view/sample_views.h"
#include "view/text.h"

enum { FOUND_MOST = 5, RECYCLE_LEAST = 10 };

/* By name and column of heap_line. */
static const char *const sort_columns[] = {"live_bytes", "slope", "made_bytes", "short_bytes",
					   "peak_bytes"};
const char *const view_memory_sorts[] = {"live", "growth", "made", "temporary", "peak", NULL};
const char *const view_memory_by[] = {"line", "file", "traceback", "route", "type", NULL};
enum { SORT_GROWTH = 1 };

enum err_kind heap_check(const struct view_options *o, struct err *e)
{
	const struct profile_filter *f = &o->filter;
	const char *other = f->thread     ? "--thread"
			    : f->state    ? "--state"
			    : f->all_time ? "--all"
			    : f->clock    ? "--clock"
			    : o->function ? "--function"
			    : o->sampled  ? "--sampled"
			    : o->request  ? "--request"
					  : NULL;
	if (other)
		return ERR(e, ERR_USAGE, "%s says nothing about \"memory\"", other);
	if (o->by_type && (f->route || f->app_only || o->memory_sort > SORT_GROWTH))
		return ERR(e, ERR_USAGE,
			   "%s goes with lines, files, tracebacks and routes: a walk of the heap "
			   "knows "
			   "what an object is, not who made it",
			   f->route      ? "--route"
			   : f->app_only ? "--app"
					 : "this --sort");
	if (f->app_only && o->heap.by == HEAP_BY_TRACEBACK)
		return ERR(e, ERR_USAGE,
			   "--app goes with --by line or file: a traceback has all "
			   "frames");
	return ERR_OK;
}

/* --- what the SELECT reads ----------------------------------------------- */

/* Of "/usr/lib/libz.so.1+0x1a2b". */
#define LIBRARY \
	"base_name(substr(rtrim(t.native, '0123456789abcdef'), 1, length(rtrim(t.native, " \
	"'0123456789abcdef')) - 3))"

static const char top_sql[] =
	"DROP TABLE IF EXISTS temp.heap_top;"
	"CREATE TEMP TABLE heap_top AS SELECT l.* FROM heap_line l JOIN heap_place p ON p.id = "
	"l.place WHERE (l.live_bytes > 0 OR l.made_bytes > 0 OR (%d AND l.peak_bytes > 0)) AND "
	"EXISTS (SELECT 1 FROM heap_at) "
	"ORDER BY l.%s DESC NULLS LAST, "
	"l.live_bytes DESC, l.made_bytes DESC, p.file, p.line, p.function, p.route, p.id LIMIT %d;";

static const char shown_sql[] =
	"DROP TABLE IF EXISTS temp.heap_shown;"
	"CREATE TEMP TABLE heap_shown AS "
	"SELECT t.*, p.file, p.line, p.function, p.kind, p.route, k.text AS traceback, p.caller, "
	"iif(n.share >= 0.01, iif(n.share < 0.995, printf('%%.0f %%%%: ', 100 * n.share), '') || "
	"n.text, NULL) AS native_frames, u.p50_bytes, u.p99_bytes, u.most_bytes, u.most_error, "
	"u.most_unit, u.file || ':' || "
	"u.line AS unit_place, "
	"CASE WHEN %d THEN NULL WHEN p.id = 0 THEN '(small ones together)' WHEN %d THEN "
	"coalesce(p.route, '(no route)') WHEN p.file IS NULL THEN coalesce(nullif(%Q, ''), " LIBRARY
	" || ' (C code)', '(no Python frame known)') ELSE p.file || coalesce(':' || "
	"p.line, '') || iif(p.kind = 'import' AND p.file <> '" HEAP_IMPORTS_AT_START
	"', ' (imports)', '') END AS "
	"place_text, iif(%d, coalesce(k.text, iif(p.id = 0, '(small ones together)', " LIBRARY
	" || ' (C code)'), "
	"'(no Python frame known)'), NULL) AS "
	"traceback_text FROM heap_top t JOIN heap_place p ON p.id = t.place LEFT JOIN "
	"heap_traceback k ON k.id = "
	"p.id LEFT JOIN heap_place_native n ON n.place = p.id LEFT JOIN "
	"heap_route_peak u ON u.route IS p.route ORDER BY "
	"t.rowid";

static enum err_kind script(sqlite3 *db, char *sql, struct err *e)
{
	const enum err_kind kind = query_script(db, sql, e);
	sqlite3_free(sql);
	return kind;
}

enum err_kind heap_views_prepare(sqlite3 *db, const struct view_options *o, struct err *e)
{
	struct heap_filter filter = o->heap;
	const enum heap_by by = filter.by;
	const bool by_traceback = by == HEAP_BY_TRACEBACK;
	filter.route = o->filter.route;
	filter.app_only = o->filter.app_only;
	/* what is the matter is told of all routes, by the application's lines, as by `why` */
	TRY(heap_findings_make(db, &(struct heap_filter){.app_only = true, .at_ns = filter.at_ns},
			       e));
	TRY(heap_to_tables(db, &filter, e));
	if (by == HEAP_BY_ROUTE) {
		TRY(heap_peaks_to_table(db, e));
		TRY(heap_peaks_join_places(db, e));
	} else {
		TRY(heap_peaks_no_table(db, e));
	}
	TRY(sample_views_functions(db, e));
	TRY(script(
		db,
		sqlite3_mprintf(top_sql, by == HEAP_BY_ROUTE, sort_columns[o->memory_sort],
				o->limit > 0 ? (int)fmin((double)o->limit, 1e6) : HEAP_VIEW_ROWS),
		e));
	TRY(heap_tracebacks(db, by_traceback ? "heap_top" : NULL, text_short_path, e));
	return script(db,
		      sqlite3_mprintf(shown_sql, by_traceback, by == HEAP_BY_ROUTE,
				      filter.app_only ? "(no application code)" : "", by_traceback),
		      e);
}

const char heap_sql[] =
	"SELECT live_bytes, live_error, live_blocks, iif(verdict IN ('grows', 'may-grow'), slope, "
	"NULL), replace(replace(nullif(verdict, 'too-few'), 'may-grow', 'may grow'), 'flat', ''), "
	"slope, slope_low, slope_high, day_bytes, verdict, made_bytes, made_blocks, short_bytes, "
	"peak_bytes, p50_bytes, p99_bytes, most_bytes, most_error, (most_unit >> 40) || '.' || "
	"(most_unit & 0xffffffffff), unit_place, live_samples, samples, recycled, function, file, "
	"line, kind, route, traceback, native, place_text, coalesce(caller, iif(kind NOT IN "
	"('app', 'import') AND traceback_text IS NULL AND file IS NOT NULL AND live_bytes > 0, "
	"'(no application)', "
	"NULL)), caller, unit_place, "
	"source_text(file, line), native_frames, native_frames, traceback_text FROM heap_shown "
	"ORDER BY rowid LIMIT ?1";

/* --- what heads it ------------------------------------------------------- */

static void line(FILE *out, struct str *text, const struct view_options *o)
{
	text_wrap(out, text->text, 0, 4, o->width);
	fputc('\n', out);
	str_clear(text);
}

static const char processes_sql[] =
	"SELECT min(interval_bytes), max(interval_bytes), sum(samples), total(sample_ns * samples) "
	"/ nullif(total(samples) FILTER (WHERE sample_ns IS NOT NULL), 0), max(doubled), "
	"sum(lost_samples), sum(thinned_bytes), sum(recycled), (SELECT group_concat(reason, '; ') "
	"FROM (SELECT DISTINCT reason FROM v1_heap_process WHERE reason IS NOT NULL)), (SELECT "
	"sum(folded) FROM v1_heap_snapshot s JOIN heap_at a ON a.snapshot_id = s.id), "
	"max(want & 2) FROM v1_heap_process"; /* HEAP_EXACT of agent/heap_file.h */
enum {
	PROCESSES_INTERVAL,
	PROCESSES_INTERVAL_MOST,
	PROCESSES_SAMPLES,
	PROCESSES_SAMPLE_NS,
	PROCESSES_DOUBLED,
	PROCESSES_LOST,
	PROCESSES_THINNED,
	PROCESSES_RECYCLED,
	PROCESSES_REASON,
	PROCESSES_FOLDED,
	PROCESSES_EXACT
};

static void add_sampling(struct str *text, sqlite3_stmt *row)
{
	char bytes[TEXT_BYTES_SIZE], more[TEXT_BYTES_SIZE], figure[TEXT_FIGURE_SIZE];
	const double least = sqlite3_column_double(row, PROCESSES_INTERVAL);
	const double most = sqlite3_column_double(row, PROCESSES_INTERVAL_MOST);
	if (most <= 1)
		str_add(text, "every allocation");
	else if (sqlite3_column_int(row, PROCESSES_EXACT))
		str_printf(text,
			   "every allocation while --memory=exact was in force, else one in %s",
			   text_bytes(most, bytes));
	else
		str_printf(text, "one sample in %s%s%s", text_bytes(least, bytes),
			   most > least ? " to " : "", most > least ? text_bytes(most, more) : "");
	str_printf(text, ": %s",
		   text_figure(sqlite3_column_double(row, PROCESSES_SAMPLES), figure));
	if (sqlite3_column_type(row, PROCESSES_SAMPLE_NS) != SQLITE_NULL)
		str_printf(text, ", %.1f µs each",
			   sqlite3_column_double(row, PROCESSES_SAMPLE_NS) / 1e3);
	if (sqlite3_column_int(row, PROCESSES_DOUBLED) > 0)
		str_add(text, "; the distance was doubled as they came too fast");
	if (sqlite3_column_int64(row, PROCESSES_LOST) > 0)
		str_printf(text, "; %s were lost",
			   text_figure(sqlite3_column_double(row, PROCESSES_LOST), figure));
	if (sqlite3_column_double(row, PROCESSES_THINNED) > 0)
		str_printf(text, "; the table was full: %s are not in what is live",
			   text_bytes(sqlite3_column_double(row, PROCESSES_THINNED), bytes));
	if (sqlite3_column_int64(row, PROCESSES_FOLDED) > 0)
		str_printf(text, "; %s small sums are together",
			   text_figure(sqlite3_column_double(row, PROCESSES_FOLDED), figure));
	const char *reason = (const char *)sqlite3_column_text(row, PROCESSES_REASON);
	if (reason)
		str_printf(text, "; %s", reason);
}

static void add_time(struct str *text, double seconds)
{
	static const struct {
		double s;
		const char *name;
	} units[] = {{86400, "days"}, {3600, "hours"}, {60, "minutes"}, {1, "seconds"}};
	size_t i = 0;
	while (i < 3 && seconds < 2 * units[i].s)
		i++;
	if (seconds >= 1000 * units[0].s)
		str_add(text, "years");
	else
		str_printf(text, "%.0f %s", seconds / units[i].s, units[i].name);
}

/* What growth is by, in words. */
static enum err_kind unit_of(sqlite3 *db, const struct heap_outlook *outlook, const char **unit,
			     struct err *e)
{
	double requests;
	TRY(query_number(db, "SELECT kind IN ('request', 'websocket') FROM basis_total LIMIT 1", 0,
			 &requests, e));
	*unit = !outlook->of_units ? "second" : requests > 0 ? "request" : "task";
	return ERR_OK;
}

/* Places that grow, most first. */
static enum err_kind growing_lines(sqlite3 *db, const char *unit, struct str *text,
				   const struct view_options *o, FILE *out, struct err *e)
{
	char bytes[3][TEXT_BYTES_SIZE];
	sqlite3_stmt *row;
	TRY(query_prepare(
		db,
		"SELECT slope, slope_low, slope_high, day_bytes, coalesce(p.route, "
		"short_path(p.file) || coalesce(':' || p.line, ''), native, '(no Python code)'), "
		"caller FROM heap_line l JOIN heap_place p ON p.id = l.place WHERE verdict = "
		"'grows' ORDER BY slope DESC LIMIT ?1",
		&row, e));
	sqlite3_bind_int(row, 1, FOUND_MOST);
	while (sqlite3_step(row) == SQLITE_ROW) {
		const char *caller = (const char *)sqlite3_column_text(row, 5);
		str_printf(text, "grows: %s", (const char *)sqlite3_column_text(row, 4));
		if (caller)
			str_printf(text, " (called from %s)", text_short_path(caller));
		str_printf(text, " keeps %s of each %s (95 %%: %s … %s)",
			   text_bytes(sqlite3_column_double(row, 0), bytes[0]), unit,
			   text_bytes(sqlite3_column_double(row, 1), bytes[1]),
			   text_bytes(sqlite3_column_double(row, 2), bytes[2]));
		str_printf(text, ", %s a day", text_bytes(sqlite3_column_double(row, 3), bytes[0]));
		line(out, text, o);
	}
	return query_finish(db, row, e);
}

static void add_outlook(struct str *text, const struct heap_outlook *outlook, const char *unit)
{
	char bytes[TEXT_BYTES_SIZE], figure[TEXT_FIGURE_SIZE];
	if (!(outlook->day_bytes > 0))
		return;
	str_printf(text, "together %s a day", text_bytes(outlook->day_bytes, bytes));
	if (outlook->of_units)
		str_printf(text, " at %s %ss a second", text_figure(outlook->rate, figure), unit);
	if (!isnan(outlook->full_s)) {
		str_printf(text, ": the limit of %s is reached in ",
			   text_bytes(outlook->limit_bytes, bytes));
		add_time(text, outlook->full_s);
	}
	if (outlook->recycle_units >= RECYCLE_LEAST)
		str_printf(text,
			   "; workers replaced after %s %ss each stay below four fifths of what is "
			   "left",
			   text_figure(outlook->recycle_units, figure), unit);
}

/* What stands for importlib's lines, where a row does. */
static enum err_kind add_imports(sqlite3 *db, struct str *text, struct err *e)
{
	return query_add_text(
		db,
		"SELECT '; imports: what importlib made for an import statement, of the "
		"application''s line that has it, at start: of none' FROM heap_shown WHERE kind = "
		"'import' AND traceback_text IS NULL LIMIT 1",
		text, e);
}

static enum err_kind head_text(sqlite3 *db, const struct view_options *o, FILE *out, struct err *e)
{
	struct heap_outlook outlook;
	sqlite3_stmt *row;
	struct str text;
	const char *unit = "";
	bool shares = false;
	str_init(&text, 8000);
	enum err_kind kind = heap_outlook_read(db, &outlook, e);
	if (kind == ERR_OK)
		kind = unit_of(db, &outlook, &unit, e);
	if (kind == ERR_OK)
		kind = heap_ledger_text(db, unit, o->width, out, e);
	if (kind == ERR_OK)
		kind = query_prepare(db, processes_sql, &row, e);
	if (kind == ERR_OK) {
		if (sqlite3_step(row) == SQLITE_ROW)
			add_sampling(&text, row);
		line(out, &text, o);
		kind = query_finish(db, row, e);
	}
	if (kind == ERR_OK)
		kind = heap_findings_text(db, unit, o->width, out, e);
	if (kind == ERR_OK)
		kind = heap_collector_text(db, outlook.of_units ? unit : "unit", o->width, out, e);
	if (kind == ERR_OK)
		kind = growing_lines(db, unit, &text, o, out, e);
	if (kind == ERR_OK)
		kind = heap_shares(db, &shares, e);
	if (kind == ERR_OK) {
		add_outlook(&text, &outlook, unit);
		if (text.length)
			line(out, &text, o);
		str_printf(
			&text,
			"live: not freed at that moment%s, error: its standard error; growth: of "
			"what survived 16 others or 1.6 s, of each %s; temporary: of made, "
			"freed before its unit of work ended; peak: at least",
			shares ? " (what was there at a fork in the parent alone; in the "
				 "sums above in each process)"
			       : "",
			unit);
		if (o->heap.by == HEAP_BY_ROUTE)
			str_add(&text,
				"; unit: the most that one unit of work had live at once of what "
				"it made (0: less than a sample stands for), error: of the "
				"largest, "
				"mostly at: where most of it was made");
		kind = add_imports(db, &text, e);
		line(out, &text, o);
		fputc('\n', out);
	}
	str_free(&text);
	return kind;
}

static void put_known(struct json *j, const char *key, double value)
{
	json_key(j, key);
	json_number(j, value, 10); /* NaN is null */
}

static void outlook_json(struct json *j, const struct heap_outlook *outlook)
{
	json_key(j, "growth");
	json_object(j);
	json_put_text(j, "per", outlook->of_units ? "unit" : "second");
	put_known(j, "rate", outlook->rate);
	put_known(j, "day_bytes", outlook->day_bytes);
	put_known(j, "limit_bytes", outlook->limit_bytes);
	put_known(j, "full_s", outlook->full_s);
	put_known(j, "recycle_units", outlook->recycle_units);
	json_object_end(j);
}

static void sampling_json(struct json *j, sqlite3_stmt *row)
{
	json_key(j, "sampling");
	json_object(j);
	json_put_uint(j, "interval_bytes",
		      (uint64_t)sqlite3_column_int64(row, PROCESSES_INTERVAL_MOST));
	json_put_uint(j, "samples", (uint64_t)sqlite3_column_int64(row, PROCESSES_SAMPLES));
	json_put_uint(j, "lost", (uint64_t)sqlite3_column_int64(row, PROCESSES_LOST));
	json_put_uint(j, "thinned_bytes", (uint64_t)sqlite3_column_int64(row, PROCESSES_THINNED));
	json_put_uint(j, "folded", (uint64_t)sqlite3_column_int64(row, PROCESSES_FOLDED));
	put_known(j, "sample_ns", query_column(row, PROCESSES_SAMPLE_NS));
	json_put_text(j, "reason", (const char *)sqlite3_column_text(row, PROCESSES_REASON));
	json_object_end(j);
}

static enum err_kind head_json(sqlite3 *db, bool rows, struct json *j, struct err *e)
{
	struct heap_outlook outlook;
	sqlite3_stmt *row;
	TRY(heap_outlook_read(db, &outlook, e));
	TRY(heap_ledger_json(db, j, e));
	TRY(heap_collector_json(db, j, e));
	outlook_json(j, &outlook);
	TRY(query_prepare(db, processes_sql, &row, e));
	if (sqlite3_step(row) == SQLITE_ROW)
		sampling_json(j, row);
	TRY(query_finish(db, row, e));
	return view_note_json(db, rows, heap_none_why, j, e);
}

const struct view_heads heap_heads = {heap_none_why, head_text, head_json};

enum err_kind heap_none_why(sqlite3 *db, struct str *text, struct err *e)
{
	return query_add_text(
		db,
		"SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM heap_at) AND EXISTS (SELECT 1 FROM "
		"v1_heap_live) THEN printf('nothing was known of memory then: the first look was "
		"%.1f s after the start', ((SELECT min(at_ns) FROM v1_heap_snapshot) - (SELECT "
		"value FROM v1_meta WHERE key = 'started_ns')) / 1e9) "
		"WHEN EXISTS (SELECT 1 FROM v1_heap_live) THEN 'nothing of this was "
		"live then; widen --route, or leave out --at' WHEN EXISTS (SELECT 1 FROM "
		"v1_heap_process WHERE reason IS NOT NULL) THEN 'memory was not sampled: ' || "
		"(SELECT group_concat(reason, '; ') FROM (SELECT DISTINCT reason FROM "
		"v1_heap_process)) WHEN EXISTS (SELECT 1 FROM v1_heap_process) THEN 'no allocation "
		"was sampled; it may have been too short, or --memory=16K takes more of them' ELSE "
		"'memory was not sampled in this recording; record again with: unslow run --memory "
		"-- ' || coalesce((SELECT value FROM v1_meta WHERE key = 'command'), 'COMMAND') "
		"END",
		text, e);
}

/* --- show flame --memory ------------------------------------------------- */

enum err_kind heap_flame_check(const struct view_options *o, struct err *e)
{
	const struct profile_filter *f = &o->filter;
	if (f->thread || f->state || f->all_time || f->clock)
		return ERR(e, ERR_USAGE, "--memory has no threads, states or clocks");
	if (f->route && f->memory != PROFILE_LIVE)
		return ERR(e, ERR_USAGE, "--route goes with --memory=live alone");
	if (o->json)
		return ERR(e, ERR_USAGE,
			   "of bytes: unslow show memory --by traceback --json, or "
			   "unslow export collapsed --memory");
	return ERR_OK;
}

enum err_kind heap_flame_head(sqlite3 *db, const struct view_options *o, FILE *out, struct err *e)
{
	static const char *const what[] = {
		[PROFILE_LIVE] = "live at the end",
		[PROFILE_PEAK] = "the most that was live of each stack, not all at one time",
		[PROFILE_MADE] = "allocated",
		[PROFILE_TEMPORARY] = "allocated and freed before its unit of work ended",
	};
	char bytes[TEXT_BYTES_SIZE];
	double whole;
	struct str text;
	TRY(query_number(db, "SELECT total(wall_ns) FROM chosen", 0, &whole, e));
	str_init(&text, 8000);
	str_printf(&text, "%s %s, by the stack that allocated it", text_bytes(whole, bytes),
		   what[o->filter.memory]);
	line(out, &text, o);
	fputc('\n', out);
	str_free(&text);
	return ERR_OK;
}
