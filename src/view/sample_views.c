#include "view/sample_views.h"

#include <stdlib.h>

#include "base/json.h"
#include "base/str.h"
#include "model/query.h"
#include "rules/source_line.h"
#include "view/text.h"

/* --- what the SELECTs read ----------------------------------------------- */

static void source_text(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	const int64_t *as_of_ns = sqlite3_user_data(context);
	const char *file = (const char *)sqlite3_value_text(values[0]);
	struct arena *arena = arena_new();
	const char *text =
		file ? source_line_as_of(arena, file, sqlite3_value_int(values[1]), *as_of_ns)
		     : NULL;
	if (text)
		sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
	arena_free(arena);
}

static void short_path(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	const char *path = (const char *)sqlite3_value_text(values[0]);
	if (path)
		sqlite3_result_text(context, text_short_path(path), -1, SQLITE_TRANSIENT);
}

static enum err_kind register_function(sqlite3 *db, const char *name, int arguments, void *data,
				       void (*call)(sqlite3_context *, int, sqlite3_value **),
				       struct err *e)
{
	if (sqlite3_create_function_v2(db, name, arguments, SQLITE_UTF8 | SQLITE_DIRECTONLY, data,
				       call, NULL, NULL, data ? free : NULL) != SQLITE_OK)
		return ERR(e, ERR_SYSTEM, "SQLite refused a function of the views: %s",
			   sqlite3_errmsg(db));
	return ERR_OK;
}

/* The recording began then; a file that was changed since may have other lines. */
static enum err_kind register_source_text(sqlite3 *db, struct err *e)
{
	double began_ns;
	TRY(query_number(db, "SELECT value FROM v1_meta WHERE key = 'started_realtime_ns'", 0,
			 &began_ns, e));
	int64_t *as_of_ns = mem_alloc(sizeof *as_of_ns);
	/* a double holds such a time to 256 ns */
	*as_of_ns = began_ns > 0 && began_ns < 9e18 ? (int64_t)began_ns : 0;
	return register_function(db, "source_text", 2, as_of_ns, source_text, e);
}

enum err_kind sample_views_functions(sqlite3 *db, struct err *e)
{
	TRY(register_source_text(db, e));
	return register_function(db, "short_path", 1, NULL, short_path, e);
}

enum err_kind sample_views_profile(sqlite3 *db, const struct view_options *o, struct err *e)
{
	struct arena *arena = arena_new();
	struct profile profile;
	enum err_kind kind = profile_read(db, &o->filter, arena, &profile, e);
	if (kind == ERR_OK)
		kind = profile_to_tables(db, &profile, e);
	if (kind == ERR_OK)
		kind = sample_views_functions(db, e);
	arena_free(arena);
	return kind;
}

enum err_kind sample_views_threads(sqlite3 *db, const struct view_options *o, struct err *e)
{
	struct profile_filter filter = o->filter;
	filter.all_time = true;
	return profile_choose(db, &filter, e);
}

const char sample_threads_sql[] =
	"WITH placed AS MATERIALIZED (SELECT c.thread_id, c.process_id, c.state, c.ticks, "
	"1.0 * c.wall_ns AS wall_ns, c.cpu_ns, c.target, coalesce(f.has_app, 0) AS in_app, "
	"f.app_function || '  ' || base_name(f.app_file) || ':' || f.app_line AS place, "
	"h.app_function || '  ' || base_name(h.app_file) || ':' || h.app_line AS holder "
	"FROM chosen c LEFT JOIN v1_frame f ON f.id = c.stack_id "
	"LEFT JOIN v1_frame h ON h.id = c.holder_stack_id), "
	"sums AS (SELECT process_id, thread_id, total(wall_ns) AS wall, total(cpu_ns) AS cpu, "
	"CAST(total(ticks) AS INTEGER) AS ticks, "
	"total(wall_ns) FILTER (WHERE state = 'python') AS python_ns, "
	"total(wall_ns) FILTER (WHERE state = 'holding') AS holding_ns, "
	"total(wall_ns) FILTER (WHERE state = 'gil') AS gil_ns, "
	"total(wall_ns) FILTER (WHERE state = 'native') AS native_ns, "
	"total(wall_ns) FILTER (WHERE state = 'runqueue') AS runqueue_ns, "
	"total(wall_ns) FILTER (WHERE state = 'call') AS call_ns, "
	"total(wall_ns) FILTER (WHERE state = 'lock') AS lock_ns, "
	"total(wall_ns) FILTER (WHERE state = 'sleep') AS sleep_ns "
	"FROM placed GROUP BY 1, 2), "
	"places AS (SELECT process_id, thread_id, place, row_number() OVER (PARTITION BY "
	"process_id, thread_id ORDER BY max(in_app) DESC, total(wall_ns) DESC, place) AS nth "
	"FROM placed WHERE place IS NOT NULL GROUP BY 1, 2, 3), "
	"targets AS (SELECT process_id, thread_id, target, row_number() OVER (PARTITION BY "
	"process_id, thread_id ORDER BY total(wall_ns) DESC, target) AS nth "
	"FROM placed WHERE target IS NOT NULL GROUP BY 1, 2, 3), "
	"holders AS (SELECT process_id, thread_id, holder, row_number() OVER (PARTITION BY "
	"process_id, thread_id ORDER BY total(wall_ns) DESC, holder) AS nth "
	"FROM placed WHERE holder IS NOT NULL GROUP BY 1, 2, 3) "
	"SELECT p.pid, t.tid, coalesce(t.name, ''), s.wall / 1e9, 100.0 * s.cpu / nullif(s.wall, "
	"0), "
	"s.ticks, "
	"100.0 * s.python_ns / nullif(s.wall, 0), "
	"100.0 * s.holding_ns / nullif(s.wall, 0), "
	"100.0 * s.gil_ns / nullif(s.wall, 0), "
	"100.0 * s.native_ns / nullif(s.wall, 0), "
	"100.0 * s.runqueue_ns / nullif(s.wall, 0), "
	"100.0 * s.call_ns / nullif(s.wall, 0), "
	"100.0 * s.lock_ns / nullif(s.wall, 0), "
	"100.0 * s.sleep_ns / nullif(s.wall, 0), "
	"l.place, h.holder, w.target FROM sums s "
	"LEFT JOIN v1_process p ON p.id = s.process_id "
	"LEFT JOIN v1_thread t ON t.id = s.thread_id "
	"LEFT JOIN places l ON l.process_id = s.process_id AND l.thread_id = s.thread_id "
	"AND l.nth = 1 LEFT JOIN holders h ON h.process_id = s.process_id AND h.thread_id = "
	"s.thread_id AND h.nth = 1 LEFT JOIN targets w ON w.process_id = s.process_id "
	"AND w.thread_id = s.thread_id AND w.nth = 1 ORDER BY p.pid, s.cpu DESC, s.wall DESC, "
	"t.tid LIMIT ?1";

/* --- what heads them ----------------------------------------------------- */

/* A row an engine: sums over its processes. cpu_share: of one core, while recording. */
static const char engines[] =
	"SELECT name, (SELECT group_concat(reason, '; ') FROM (SELECT DISTINCT o.reason FROM "
	"v1_engine o WHERE o.name = g.name)) AS reason, count(*) AS processes, "
	"total(rate_hz * scheduled) / nullif(total(scheduled), 0) AS rate_hz, "
	"CAST(total(scheduled) AS INTEGER) AS scheduled, CAST(total(verified) AS INTEGER) AS "
	"verified, CAST(total(caught) AS INTEGER) AS caught, CAST(total(torn) AS INTEGER) AS torn, "
	"CAST(total(late) AS INTEGER) AS late, CAST(total(interrupted) AS INTEGER) AS interrupted, "
	"total(stopped_ns) / 1e6 AS stopped_ms, max(stop_p99_ns) / 1e6 AS stop_p99_ms, "
	"total(cpu_ns) / 1e6 AS cpu_ms, total(cpu_ns) / nullif((SELECT "
	"(SELECT value FROM v1_meta WHERE key = 'ended_ns') - "
	"(SELECT value FROM v1_meta WHERE key = 'started_ns')), 0) AS cpu_share "
	"FROM v1_engine g WHERE name <> 'none' GROUP BY name ORDER BY name";
enum {
	ENGINE_NAME,
	ENGINE_REASON,
	ENGINE_PROCESSES,
	ENGINE_RATE,
	ENGINE_SCHEDULED,
	ENGINE_VERIFIED,
	ENGINE_CAUGHT,
	ENGINE_TORN,
	ENGINE_LATE,
	ENGINE_INTERRUPTED,
	ENGINE_STOPPED,
	ENGINE_STOP_P99,
	ENGINE_CPU,
	ENGINE_SHARE
};

static void add_cost(struct str *text, sqlite3_stmt *row)
{
	char time[TEXT_TIME_SIZE];
	if (sqlite3_column_double(row, ENGINE_STOPPED) > 0)
		str_printf(text, "; threads stopped %s in all",
			   text_time_ms(sqlite3_column_double(row, ENGINE_STOPPED), time));
	if (sqlite3_column_type(row, ENGINE_STOP_P99) != SQLITE_NULL)
		str_printf(text, ", 99 of 100 stops below %s",
			   text_time_ms(sqlite3_column_double(row, ENGINE_STOP_P99), time));
	if (sqlite3_column_int64(row, ENGINE_INTERRUPTED) > 0)
		str_printf(text, "; %lld system call%s of the app interrupted",
			   (long long)sqlite3_column_int64(row, ENGINE_INTERRUPTED),
			   sqlite3_column_int64(row, ENGINE_INTERRUPTED) == 1 ? "" : "s");
	str_printf(text, "; cost %s of CPU",
		   text_time_ms(sqlite3_column_double(row, ENGINE_CPU), time));
	if (sqlite3_column_type(row, ENGINE_SHARE) != SQLITE_NULL)
		str_printf(text, ", %.2f %% of a core",
			   100 * sqlite3_column_double(row, ENGINE_SHARE));
}

static void engine_line(sqlite3_stmt *row, const struct view_options *o, FILE *out)
{
	struct str text;
	char ticks[5][TEXT_FIGURE_SIZE];
	for (int i = 0; i < 5; i++)
		text_figure((double)sqlite3_column_int64(row, ENGINE_SCHEDULED + i), ticks[i]);
	str_init(&text, 2000);
	str_printf(&text,
		   "engine %s %.1f Hz: %s ticks = %s verified + %s caught + %s torn + %s late",
		   (const char *)sqlite3_column_text(row, ENGINE_NAME),
		   sqlite3_column_double(row, ENGINE_RATE), ticks[0], ticks[1], ticks[2], ticks[3],
		   ticks[4]);
	add_cost(&text, row);
	str_printf(&text, " (%s)", (const char *)sqlite3_column_text(row, ENGINE_REASON));
	text_wrap(out, text.text, 0, 4, o->width);
	fputc('\n', out);
	str_free(&text);
}

/* Looks are given the CPU that the clocks counted, what none was given is not seen (unplaced.h). */
static const char unseen[] = "SELECT total(cpu_ns) FROM chosen WHERE state = '" PROFILE_UNSEEN "'";

static enum err_kind scope_line(sqlite3 *db, const struct view_row *v, const struct view_options *o,
				FILE *out, struct err *e)
{
	double in_units, wall_ns, cpu_ns, unseen_ns;
	bool is_cpu;
	struct str text;
	char wall[TEXT_TIME_SIZE], cpu[TEXT_TIME_SIZE];
	TRY(query_number(db, "SELECT in_units FROM chosen_by", 0, &in_units, e));
	TRY(query_number(db, "SELECT total(wall_ns) FROM chosen", 0, &wall_ns, e));
	TRY(query_number(db, "SELECT total(cpu_ns) FROM chosen", 0, &cpu_ns, e));
	TRY(query_number(db, unseen, 0, &unseen_ns, e));
	is_cpu = o->filter.clock == PROFILE_CPU ||
		 (o->filter.clock == PROFILE_AUTO && in_units == 0);
	str_init(&text, 300);
	str_printf(&text, "%s of thread time (%s CPU) %s", text_time_ms(wall_ns / 1e6, wall),
		   text_time_ms(cpu_ns / 1e6, cpu),
		   in_units > 0 ? "in units of work; --all adds the rest" : "of all threads");
	if (v->samples == SAMPLES_PROFILE)
		str_printf(&text, "; shares are of %s time", is_cpu ? "CPU" : "wall");
	if (unseen_ns > 0)
		str_printf(&text, "; CPU between looks, place not seen: %s, %.1f %% of it",
			   text_time_ms(unseen_ns / 1e6, cpu), 100 * unseen_ns / cpu_ns);
	text_wrap(out, text.text, 0, 0, o->width);
	fputs("\n\n", out);
	str_free(&text);
	return ERR_OK;
}

enum err_kind sample_head_text(sqlite3 *db, const struct view_row *v, const struct view_options *o,
			       FILE *out, struct err *e)
{
	sqlite3_stmt *row;
	TRY(query_prepare(db, engines, &row, e));
	while (sqlite3_step(row) == SQLITE_ROW)
		engine_line(row, o, out);
	TRY(query_finish(db, row, e));
	return scope_line(db, v, o, out, e);
}

/* What a user can do about it stands behind the semicolon. */
enum err_kind sample_none_why(sqlite3 *db, struct str *text, struct err *e)
{
	return query_add_text(
		db,
		"SELECT CASE WHEN EXISTS (SELECT 1 FROM v1_sample) THEN 'no sample is left by the "
		"filters; widen --route, --thread or --state, or add --all' "
		"WHEN EXISTS (SELECT 1 FROM v1_engine WHERE name <> 'none') THEN 'the sampling "
		"engine made ' || (SELECT CAST(total(scheduled) AS INTEGER) FROM v1_engine) || ' "
		"ticks and none of them found a thread; record again with: ' || again "
		"WHEN EXISTS (SELECT 1 FROM v1_engine) THEN 'no samples were taken: ' || "
		"(SELECT group_concat(reason, '; ') FROM (SELECT DISTINCT reason FROM v1_engine)) "
		"|| '; once that is changed, "
		"record again with: ' || again "
		"WHEN EXISTS (SELECT 1 FROM v1_process WHERE python IS NOT NULL) THEN 'this "
		"recording was made without sampling; record again with: ' || again "
		"ELSE 'no Python process was watched; record again with: ' || again END "
		"FROM (SELECT 'unslow run -- ' || coalesce((SELECT value FROM v1_meta WHERE key = "
		"'command'), 'COMMAND') AS again)",
		text, e);
}

static void engine_json(struct json *j, sqlite3_stmt *row)
{
	json_object(j);
	for (int i = 0; i < sqlite3_column_count(row); i++) {
		json_key(j, sqlite3_column_name(row, i));
		switch (sqlite3_column_type(row, i)) {
		case SQLITE_INTEGER:
			json_int(j, sqlite3_column_int64(row, i));
			break;
		case SQLITE_FLOAT:
			json_number(j, sqlite3_column_double(row, i), 6);
			break;
		default: /* NULL text writes null */
			json_string(j, (const char *)sqlite3_column_text(row, i));
		}
	}
	json_object_end(j);
}

enum err_kind sample_head_json(sqlite3 *db, struct json *j, struct err *e)
{
	sqlite3_stmt *row;
	double left, unseen_ns;
	TRY(query_prepare(db, engines, &row, e));
	json_key(j, "engines");
	json_array(j);
	while (sqlite3_step(row) == SQLITE_ROW)
		engine_json(j, row);
	json_array_end(j);
	TRY(query_finish(db, row, e));
	TRY(query_number(db, unseen, 0, &unseen_ns, e));
	json_key(j, "unseen_cpu_ms");
	json_number(j, unseen_ns / 1e6, 6);
	TRY(query_number(db, "SELECT 1 FROM chosen LIMIT 1", 0, &left, e));
	struct str text;
	str_init(&text, 8000);
	const enum err_kind kind = left > 0 ? ERR_OK : sample_none_why(db, &text, e);
	json_key(j, "note");
	json_string(j, text.length ? text.text : NULL);
	str_free(&text);
	return kind;
}
