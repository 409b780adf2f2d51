#include "view/calls_views.h"

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "model/calls.h"
#include "model/query.h"
#include "view/calls_line_views.h"
#include "view/calls_part.h"
#include "view/sample_views.h"
#include "view/text.h"

/* --- what the SELECTs read ----------------------------------------------- */

/* Parts below 1 % are cut, as in a flame graph. */
static const char shown_tree[] = "DROP TABLE IF EXISTS temp.calls_shown;"
				 "CREATE TEMP TABLE calls_shown AS SELECT NULL AS part, t.* FROM "
				 "calls_tree t, calls_whole w "
				 "WHERE t.total_ns >= 0.01 * w.known_ns ORDER BY t.rowid";

/* A function by its qualified name or the end of it. */
static const char shown_function[] =
	"DROP TABLE IF EXISTS temp.calls_shown;"
	"DROP TABLE IF EXISTS temp.calls_chosen;"
	"CREATE TEMP TABLE calls_chosen AS SELECT id FROM calls_function WHERE name = %Q OR "
	"substr(name, -length(%Q) - 1) = '.' || %Q;"
	"CREATE TEMP TABLE calls_shown AS SELECT * FROM ("
	"SELECT 'caller' AS part, 1 AS depth, 0 AS indent, caller AS function, calls, primitive, "
	"resumes, raised, open, own_wall_ns, own_cpu_ns, total_wall_ns, total_cpu_ns, waiting_ns, "
	"ready_ns, own_suspended_ns, cost_ns, own_ns, total_ns FROM calls_edge WHERE callee IN "
	"(SELECT id "
	"FROM "
	"calls_chosen) AND caller IS NOT NULL UNION ALL "
	"SELECT 'function', 0, 0, id, calls, primitive, resumes, raised, open, own_wall_ns, "
	"own_cpu_ns, total_wall_ns, total_cpu_ns, waiting_ns, ready_ns, own_suspended_ns, cost_ns, "
	"own_ns, "
	"total_ns FROM calls_function WHERE id IN (SELECT id FROM calls_chosen) UNION ALL "
	"SELECT 'callee', 1, 1, callee, calls, primitive, resumes, raised, open, own_wall_ns, "
	"own_cpu_ns, total_wall_ns, total_cpu_ns, waiting_ns, ready_ns, own_suspended_ns, cost_ns, "
	"own_ns, "
	"total_ns FROM calls_edge WHERE caller IN (SELECT id FROM calls_chosen)) "
	"ORDER BY CASE part WHEN 'caller' THEN 0 WHEN 'function' THEN 1 ELSE 2 END, total_ns DESC, "
	"calls DESC";

enum err_kind calls_views_prepare(sqlite3 *db, const struct view_options *o, struct err *e)
{
	struct arena *arena = arena_new();
	struct calls_profile profile;
	enum err_kind kind = calls_read(db, &o->filter, arena, &profile, e);
	if (kind == ERR_OK)
		kind = calls_to_tables(db, &profile, e);
	if (kind == ERR_OK) {
		char *sql = o->function ? sqlite3_mprintf(shown_function, o->function, o->function,
							  o->function)
					: sqlite3_mprintf("%s", shown_tree);
		kind = query_script(db, sql, e);
		sqlite3_free(sql);
	}
	if (kind == ERR_OK)
		kind = sample_views_functions(db, e);
	arena_free(arena);
	return kind;
}

/* Marked where more of the time was cost than not: the rest is a difference of two large figures.
 */
#define FUNCTION_TEXT(sums) \
	"f.name || coalesce('  ' || nullif(short_path(f.file), '') || ':' || f.line, '') || " \
	"iif(" sums ".cost_ns > " sums ".own_cpu_ns AND " sums ".cost_ns > 0.01 * w.own_cpu_ns, " \
	"'  (mostly cost of counting)', '') || " \
	"iif(f.demoted, '  (not counted to the end)', '')"

const char calls_sql[] =
	"SELECT s.part, s.depth, 100.0 * s.total_ns / nullif(w.total_ns, 0), "
	"iif(f.kind IN ('root', 'work'), NULL, s.calls), s.total_ns / "
	"1e6, "
	"s.own_wall_ns / 1e6, s.own_cpu_ns / 1e6, s.total_wall_ns / 1e6, s.total_cpu_ns / 1e6, "
	"s.waiting_ns / 1e6, s.ready_ns / 1e6, s.resumes, s.raised, s.open, f.name, f.file, "
	"f.line, "
	"f.kind, substr('                                                            ', 1, 2 * "
	"s.indent) || " FUNCTION_TEXT("s") " FROM calls_shown s JOIN calls_function f ON f.id = "
					   "s.function, calls_whole w ORDER BY s.rowid LIMIT ?1";

/* Quantiles of single calls, where they were kept: the middle of their sixteenth of a doubling. */
const char calls_funcs_sql[] =
	"WITH single AS MATERIALIZED (SELECT c.function, c.file, c.line, h.at_ns, total(h.wall) AS "
	"calls, min(c.least_ns) AS least_ns, max(c.most_ns) AS most_ns FROM v1_call_histogram h "
	"JOIN "
	"v1_call c ON c.id = h.node_id GROUP BY 1, 2, 3, 4), "
	"ranked AS (SELECT *, total(calls) OVER (PARTITION BY function, file, line ORDER BY at_ns) "
	"AS "
	"upto, total(calls) OVER (PARTITION BY function, file, line) AS whole, "
	"max(least_ns, min(most_ns, 1.03125 * at_ns)) AS middle_ns FROM single), "
	"quantile AS MATERIALIZED (SELECT function, coalesce(file, '') AS file, coalesce(line, 0) "
	"AS "
	"line, min(middle_ns) FILTER (WHERE upto >= 0.5 * whole) AS p50_ns, min(middle_ns) FILTER "
	"(WHERE upto >= 0.99 * whole) AS p99_ns FROM ranked GROUP BY 1, 2, 3), "
	"argued AS MATERIALIZED (SELECT function, coalesce(file, '') AS file, line, "
	"sum(comparable) AS comparable, sum(distinct_arguments) AS distincts, sum(repeated) AS "
	"repeated FROM v1_call_arguments GROUP BY 1, 2, 3) "
	"SELECT f.calls, f.primitive, 100.0 * f.own_ns / nullif(w.own_ns, 0), f.own_wall_ns / 1e6, "
	"f.own_cpu_ns / 1e6, f.total_ns / 1e6, f.total_wall_ns / 1e6, f.total_cpu_ns / 1e6, "
	"f.waiting_ns / 1e6, f.ready_ns / 1e6, f.total_ns / 1e3 / nullif(f.primitive, 0), q.p50_ns "
	"/ "
	"1e3, q.p99_ns / 1e3, f.resumes, f.raised, 100.0 * a.distincts / nullif(a.comparable, 0), "
	"a.comparable, a.repeated, f.open, f.cost_ns / 1e6, f.name, f.file, "
	"f.line, "
	"f.kind, " FUNCTION_TEXT("f") " FROM calls_function f LEFT JOIN quantile q ON q.function = "
				      "f.name AND q.file = "
				      "f.file AND q.line = f.line LEFT JOIN argued a ON "
				      "a.function = f.name AND a.file = f.file AND a.line = "
				      "f.line, calls_whole w WHERE f.kind NOT "
				      "IN ('root', 'work') AND "
				      "(f.calls "
				      "OR f.resumes OR f.own_ns) ORDER BY f.own_ns DESC, "
				      "f.total_ns DESC, f.calls DESC, f.name, "
				      "f.file LIMIT ?1";

/* --- what heads them ----------------------------------------------------- */

static bool is_of_lines(const struct view_row *v)
{
	return strcmp(v->name, "lines") == 0;
}

enum err_kind calls_views_any(sqlite3 *db, const struct view_row *v, bool *out, struct err *e)
{
	double any;
	if (!is_of_lines(v))
		return calls_are_there(db, out, e);
	TRY(query_number(db, "SELECT 1 FROM v1_call_line LIMIT 1", 0, &any, e));
	*out = any > 0;
	return ERR_OK;
}

/* What `--arguments` looked at, and what that took. */
struct argued {
	double functions, calls, comparable, each_ns;
};

static enum err_kind argued_read(sqlite3 *db, struct argued *out, struct err *e)
{
	TRY(query_number(db, "SELECT count(DISTINCT file || ':' || line) FROM v1_call_arguments", 0,
			 &out->functions, e));
	TRY(query_number(db, "SELECT total(calls) FROM v1_call_arguments", 0, &out->calls, e));
	TRY(query_number(db, "SELECT total(comparable) FROM v1_call_arguments", 0, &out->comparable,
			 e));
	return query_number(db,
			    "SELECT total(cost_ns) / nullif(total(calls), 0) FROM "
			    "v1_call_arguments",
			    0, &out->each_ns, e);
}

static void argued_text(struct str *text, const struct argued *argued)
{
	char figure[TEXT_FIGURE_SIZE];
	if (argued->calls <= 0)
		return;
	str_printf(text,
		   "; arguments of %.0f function%s were compared, %s ns a call, which times are "
		   "corrected by, too",
		   argued->functions, argued->functions == 1 ? "" : "s",
		   text_figure(argued->each_ns, figure));
	if (argued->comparable > 0)
		str_add(text, "; distinct: of 100 calls that can be compared, so many had "
			      "arguments that no other had before");
	if (argued->comparable < argued->calls)
		str_printf(text,
			   "; %.3g %% of the calls cannot be: an argument may change (a list, a "
			   "dict, an instance) or is too large",
			   100 * (1 - argued->comparable / argued->calls));
}

static void argued_json(struct json *j, const struct argued *argued)
{
	json_key(j, "arguments");
	if (argued->calls <= 0) {
		json_null(j);
		return;
	}
	json_object(j);
	json_put_number(j, "functions", argued->functions, 6);
	json_put_number(j, "calls", argued->calls, 6);
	json_put_number(j, "call_ns", argued->each_ns, 6);
	json_object_end(j);
}

/* A row for each way in which processes counted. */
static const char counted_sql[] =
	"SELECT CASE iif(?1, line_engine, engine) WHEN 'monitoring' THEN 'sys.monitoring' WHEN "
	"'eval' THEN 'frame evaluation (PEP 523)' WHEN 'profile' THEN 'PyEval_SetProfile' WHEN "
	"'trace' THEN 'PyEval_SetTrace' END AS engine, count(*) AS processes, "
	"CAST(total(iif(?1, line_events, events)) AS INTEGER) AS events, clock, cpu_clock, "
	"iif(?1, line_pattern, pattern) AS pattern, CAST(total(lost_nodes) AS INTEGER) AS "
	"lost_calls, "
	"CAST(total(lost_threads) AS INTEGER) AS lost_threads, CAST(total(lost_suspended) AS "
	"INTEGER) "
	"AS lost_suspensions, CAST(total(lost_lines) AS INTEGER) AS lost_lines, "
	"CAST(total(demoted) "
	"AS INTEGER) AS demoted, iif(?1, line_reason, reason) AS reason, "
	"CAST(total(lost_line_count) AS INTEGER) AS lost_line_count, total(lost_line_ns) / 1e6 AS "
	"lost_line_ms FROM v1_call_process WHERE iif(?1, line_engine, engine) <> 'none' OR iif(?1, "
	"line_reason, "
	"reason) IS NOT NULL GROUP BY 1, 4, 5, 6, 12 ORDER BY 3 DESC, 1, 12";
enum {
	COUNTED_ENGINE,
	COUNTED_PROCESSES,
	COUNTED_EVENTS,
	COUNTED_CLOCK,
	COUNTED_CPU_CLOCK,
	COUNTED_PATTERN,
	COUNTED_LOST_CALLS,
	COUNTED_LOST_THREADS,
	COUNTED_LOST_SUSPENSIONS,
	COUNTED_LOST_LINES,
	COUNTED_DEMOTED,
	COUNTED_REASON,
	COUNTED_LOST_LINE_COUNT,
	COUNTED_LOST_LINE_MS
};

static enum err_kind read_cost(sqlite3 *db, const struct view_row *v, struct calls_cost *out,
			       struct err *e)
{
	return is_of_lines(v) ? calls_cost_read_lines(db, out, e) : calls_cost_read(db, out, e);
}

static enum err_kind prepare_counted(sqlite3 *db, const struct view_row *v, sqlite3_stmt **row,
				     struct err *e)
{
	TRY(query_prepare(db, counted_sql, row, e));
	sqlite3_bind_int(*row, 1, is_of_lines(v));
	return ERR_OK;
}

static const char *text_of(sqlite3_stmt *row, int column)
{
	const char *text = (const char *)sqlite3_column_text(row, column);
	return text ? text : "";
}

static void add_loss(struct str *text, sqlite3_stmt *row, int column, const char *words)
{
	char figure[TEXT_FIGURE_SIZE];
	const int64_t count = sqlite3_column_int64(row, column);
	if (count > 0)
		str_printf(text, "; %s %s", text_figure((double)count, figure), words);
}

static void add_lost_calls(struct str *text, sqlite3_stmt *row)
{
	add_loss(text, row, COUNTED_LOST_CALLS,
		 "calls found the tree full and count at their caller");
	add_loss(text, row, COUNTED_LOST_THREADS, "threads were not counted");
	add_loss(text, row, COUNTED_LOST_SUSPENSIONS, "suspensions have no waiting time");
	add_loss(text, row, COUNTED_DEMOTED,
		 "functions cost more to count than to run and were counted for a while only");
}

static void add_counted(struct str *text, sqlite3_stmt *row, bool of_lines)
{
	char figure[TEXT_FIGURE_SIZE];
	const int64_t processes = sqlite3_column_int64(row, COUNTED_PROCESSES);
	const char *what = of_lines ? "lines" : "calls";
	if (text->length)
		str_add_char(text, '\n');
	if (sqlite3_column_type(row, COUNTED_ENGINE) == SQLITE_NULL) {
		str_printf(text, "%s are not counted in %lld process%s: %s", what,
			   (long long)processes, processes == 1 ? "" : "es",
			   text_of(row, COUNTED_REASON));
		return;
	}
	str_printf(text, "%s counted by %s", what, text_of(row, COUNTED_ENGINE));
	if (*text_of(row, COUNTED_PATTERN))
		str_printf(text, ", of %s alone", text_of(row, COUNTED_PATTERN));
	if (processes > 1)
		str_printf(text, ", in %lld processes", (long long)processes);
	str_printf(text, ": %s events; wall by %s, CPU by %s",
		   text_figure((double)sqlite3_column_int64(row, COUNTED_EVENTS), figure),
		   strcmp(text_of(row, COUNTED_CLOCK), "tsc") == 0 ? "time stamp counter"
								   : "CLOCK_MONOTONIC",
		   text_of(row, COUNTED_CPU_CLOCK));
	if (of_lines)
		calls_lines_lost_text(text, sqlite3_column_int64(row, COUNTED_LOST_LINES),
				      sqlite3_column_int64(row, COUNTED_LOST_LINE_COUNT),
				      sqlite3_column_double(row, COUNTED_LOST_LINE_MS));
	else
		add_lost_calls(text, row);
	if (*text_of(row, COUNTED_REASON))
		str_printf(text, "; %s", text_of(row, COUNTED_REASON));
}

static void add_cost(struct str *text, const struct calls_cost *cost, bool of_lines)
{
	char figures[2][TEXT_FIGURE_SIZE];
	if (!cost->known)
		str_add(text, "what an event costs was not measured: times hold it");
	else if (!cost->from_run)
		str_printf(text,
			   "an event cost about %s ns, measured at start with functions of "
			   "unslow's own%s; times are corrected by it",
			   text_figure(cost->event_ns, figures[0]),
			   of_lines ? "" : " (on 3.12+ partly in the program)");
	else
		str_printf(text,
			   "each event cost %s … %s ns (95 %%, by %s%s with hooks and "
			   "without); times are corrected by it",
			   text_figure(cost->low, figures[0]), text_figure(cost->high, figures[1]),
			   *cost->repeats ? "calls of " : "requests", cost->repeats);
	if (cost->known && !cost->from_run && !cost->tried && !cost->duty)
		str_add(text, " (--duty measures it in the app)");
	else if (cost->known && !cost->from_run && cost->tried)
		str_printf(text, "; %s with hooks and without do not tell it: %s … %s ns (95 %%)",
			   *cost->repeats ? "calls" : "requests",
			   text_figure(cost->run_low, figures[0]),
			   text_figure(cost->run_high, figures[1]));
	if (cost->checked)
		str_printf(text,
			   "; checked: corrected CPU of a %s is %.1f %% %s that without hooks",
			   *cost->repeats ? "call" : "request", 100 * fabs(cost->check_share),
			   cost->check_share < 0 ? "below" : "above");
}

/* What is below the last row of the table. */
static enum err_kind add_left_out(struct str *text, sqlite3 *db, long limit, struct err *e)
{
	double lines;
	TRY(query_number(db, "SELECT count(*) FROM lines_shown", 0, &lines, e));
	if (lines > (double)limit)
		str_printf(text, "%.0f more lines of %.0f are left out, -n %.0f shows them; ",
			   lines - (double)limit, lines, lines);
	return ERR_OK;
}

enum err_kind calls_head_text(sqlite3 *db, const struct view_row *v, const struct view_options *o,
			      FILE *out, struct err *e)
{
	struct calls_cost cost;
	struct str text;
	sqlite3_stmt *row;
	TRY(read_cost(db, v, &cost, e));
	TRY(prepare_counted(db, v, &row, e));
	while (sqlite3_step(row) == SQLITE_ROW) {
		str_init(&text, 4000);
		add_counted(&text, row, is_of_lines(v));
		text_wrap(out, text.text, 0, 4, o->width);
		fputc('\n', out);
		str_free(&text);
	}
	TRY(query_finish(db, row, e));
	double in_units = 0, overlaps = 0, any_work = 0, memory = 0;
	if (!is_of_lines(v)) {
		TRY(query_number(db, "SELECT in_units FROM calls_whole", 0, &in_units, e));
		if (strcmp(v->name, "calls") == 0)
			TRY(query_number(db, "SELECT overlaps FROM calls_whole", 0, &overlaps, e));
		TRY(query_number(db,
				 "SELECT 1 FROM calls_tree t JOIN calls_function f ON f.id = "
				 "t.function WHERE f.kind = 'work' LIMIT 1",
				 0, &any_work, e));
	} else {
		TRY(query_number(db, "SELECT 1 FROM lines_shown WHERE memory_parts > 0 LIMIT 1", 0,
				 &memory, e));
	}
	str_init(&text, 2000);
	calls_part_text(&text, is_of_lines(v) ? "lines" : "calls", &cost);
	if (text.length) {
		text_wrap(out, text.text, 0, 4, o->width);
		fputc('\n', out);
		str_clear(&text);
	}
	if (in_units > 0)
		str_add(&text, "calls of requests; --all adds the rest; ");
	if (any_work > 0)
		str_add(&text, "what another thread did for a call is beside the call's time, in "
			       "which it may have waited for that; ");
	if (overlaps > 0)
		str_add(&text, "tasks waited beside each other, and beside what runs them: totals "
			       "of that, and of requests, hold such time once; ");
	if (is_of_lines(v)) {
		const enum err_kind left =
			add_left_out(&text, db, o->limit > 0 ? o->limit : v->limit, e);
		if (left != ERR_OK) {
			str_free(&text);
			return left;
		}
		str_add(&text,
			"time: running, what it called included, and await; own: without the "
			"Python functions it called");
	}
	if (memory > 0)
		str_add(&text,
			"; memory: live of the process after the line, of what was made since all "
			"allocations are looked at, the most of its times; increment: what its "
			"thread allocated less what it freed in it, what it called included; peak: "
			"the "
			"most it had at once above what it began with; times hold what looking at "
			"each allocation took, also of other lines: they are not corrected by "
			"that");
	if (is_of_lines(v))
		str_add(&text, "; ");
	add_cost(&text, &cost, is_of_lines(v));
	struct argued argued = {0};
	const enum err_kind kind = is_of_lines(v) ? ERR_OK : argued_read(db, &argued, e);
	argued_text(&text, &argued);
	text_wrap(out, text.text, 0, 4, o->width);
	fputs("\n\n", out);
	str_free(&text);
	return kind;
}

static void cost_json(struct json *j, const struct calls_cost *cost)
{
	json_key(j, "cost");
	if (!cost->known) {
		json_null(j);
		return;
	}
	json_object(j);
	json_put_number(j, "event_ns", cost->event_ns, 6);
	json_put_number(j, "low_ns", cost->low, 6);
	json_put_number(j, "high_ns", cost->high, 6);
	json_put_text(j, "from", cost->from_run ? "run" : "start");
	json_key(j, "check_share");
	if (cost->checked)
		json_number(j, cost->check_share, 4);
	else
		json_null(j);
	json_object_end(j);
}

enum err_kind calls_head_json(sqlite3 *db, const struct view_row *v, struct json *j, struct err *e)
{
	struct calls_cost cost;
	struct str why;
	sqlite3_stmt *row;
	bool any;
	TRY(read_cost(db, v, &cost, e));
	TRY(prepare_counted(db, v, &row, e));
	json_key(j, "counted");
	json_array(j);
	while (sqlite3_step(row) == SQLITE_ROW) {
		json_object(j);
		for (int i = 0; i < sqlite3_column_count(row); i++) {
			json_key(j, sqlite3_column_name(row, i));
			if (sqlite3_column_type(row, i) == SQLITE_INTEGER)
				json_int(j, sqlite3_column_int64(row, i));
			else if (sqlite3_column_type(row, i) == SQLITE_FLOAT)
				json_number(j, sqlite3_column_double(row, i), 6);
			else /* NULL text writes null */
				json_string(j, (const char *)sqlite3_column_text(row, i));
		}
		json_object_end(j);
	}
	json_array_end(j);
	TRY(query_finish(db, row, e));
	if (!is_of_lines(v)) {
		double in_units;
		struct argued argued;
		TRY(argued_read(db, &argued, e));
		argued_json(j, &argued);
		TRY(query_number(db, "SELECT in_units FROM calls_whole", 0, &in_units, e));
		json_put_text(j, "scope", in_units > 0 ? "requests" : "all");
	}
	cost_json(j, &cost);
	calls_part_json(j, is_of_lines(v) ? "lines" : "calls", &cost);
	TRY(calls_views_any(db, v, &any, e));
	str_init(&why, 8000);
	const enum err_kind kind =
		any ? ERR_OK : calls_none_why(db, is_of_lines(v), false, &why, e);
	json_key(j, "note");
	json_string(j, why.length ? why.text : NULL);
	str_free(&why);
	return kind;
}

enum err_kind calls_none_why(sqlite3 *db, bool of_lines, bool filtered, struct str *text,
			     struct err *e)
{
	sqlite3_stmt *row;
	TRY(query_prepare(
		db,
		"SELECT CASE WHEN ?2 AND iif(?1, EXISTS (SELECT 1 FROM v1_call_line), EXISTS "
		"(SELECT 1 FROM v1_call WHERE kind NOT IN ('root', 'requests'))) THEN 'no ' || "
		"what "
		"|| ' is left by "
		"the "
		"filters; widen them' "
		"WHEN EXISTS (SELECT 1 FROM v1_call_process WHERE iif(?1, line_reason, reason) IS "
		"NOT "
		"NULL) THEN what || 's were not counted: ' || (SELECT group_concat(reason, '; ') "
		"FROM "
		"(SELECT DISTINCT iif(?1, line_reason, reason) AS reason FROM v1_call_process)) "
		"WHEN EXISTS (SELECT 1 FROM v1_call_process) THEN 'no ' || what || ' was seen "
		"while "
		"they were counted' || coalesce(', of ' || (SELECT max(iif(?1, line_pattern, "
		"pattern)) FROM v1_call_process) || ': none of it ran in that time, or it has "
		"another name. A "
		"pattern is a module "
		"as it is imported (of a package, PACKAGE.* are its modules), or its FILE.py (a "
		"script that is run also without .py), "
		"MODULE:Class.method, or FILE.py:LINE of a def; `*` stands "
		"for any characters', '') "
		"ELSE what || 's were not counted in this recording; record again with: unslow run "
		"' "
		"|| iif(?1, '--lines MODULE:FUNCTION', '--calls') || ' -- ' || coalesce((SELECT "
		"value "
		"FROM v1_meta WHERE key = 'command'), 'COMMAND') END "
		"FROM (SELECT iif(?1, 'line', 'call') AS what)",
		&row, e));
	sqlite3_bind_int(row, 1, of_lines);
	sqlite3_bind_int(row, 2, filtered);
	if (sqlite3_step(row) == SQLITE_ROW && sqlite3_column_text(row, 0))
		str_add(text, (const char *)sqlite3_column_text(row, 0));
	return query_finish(db, row, e);
}
