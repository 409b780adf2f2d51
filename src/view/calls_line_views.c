#include "view/calls_line_views.h"

#include "base/str.h"
#include "model/calls_cost.h"
#include "model/query.h"
#include "view/sample_views.h"
#include "view/text.h"

/* Sums of each line, as measured; then without what counting cost: no time is taken to be more than
 * three quarters cost. It is nine tenths in model/calls_rows.c, where what does not fit is its
 * caller's: which line called is not in v1_call_line, and what would not fit would be lost. */
static const char shown_lines[] =
	"DROP TABLE IF EXISTS temp.lines_shown;"
	"CREATE TEMP TABLE lines_shown AS WITH measured AS (SELECT l.file, l.line, l.function, "
	"l.first_line, total(l.hits) AS hits, total(l.wall_ns) AS wall_ns, total(l.cpu_ns) AS "
	"cpu_ns, total(l.own_wall_ns) AS hooked_ns, total(l.cost_ns) AS cost_ns, "
	"total(l.own_cost_ns) AS own_cost_ns, total(l.await_ns) AS await_ns, total(l.gil_ns) AS "
	"gil_ns, total(l.blocked_ns) AS blocked_ns, max(l.memory_most_bytes) AS "
	"memory_most_bytes, iif(count(l.memory_bytes), total(l.memory_bytes), NULL) AS "
	"memory_bytes, max(l.memory_peak_bytes) AS memory_peak_bytes, total(l.memory_parts) AS "
	"memory_parts FROM v1_call_line l LEFT JOIN v1_thread t ON t.id = l.thread_id WHERE %Q IS "
	"NULL OR t.name = %Q OR CAST(t.tid AS TEXT) = %Q GROUP BY l.file, l.function, "
	"l.first_line, l.line) SELECT file, line, function, first_line, hits, max(wall_ns - %.17g "
	"* "
	"cost_ns, 0.25 * wall_ns) AS wall_ns, max(cpu_ns - %.17g * cost_ns, 0.25 * cpu_ns) AS "
	"cpu_ns, "
	"max(hooked_ns - %.17g * own_cost_ns, 0.25 * hooked_ns) AS own_wall_ns, hooked_ns, "
	"await_ns, "
	"gil_ns, blocked_ns, memory_most_bytes, memory_bytes, memory_peak_bytes, memory_parts "
	"FROM measured";

enum err_kind calls_lines_prepare(sqlite3 *db, const struct view_options *o, struct err *e)
{
	struct calls_cost cost;
	TRY(calls_cost_read_lines(db, &cost, e));
	char *sql = sqlite3_mprintf(shown_lines, o->filter.thread, o->filter.thread,
				    o->filter.thread, cost.factor, cost.factor, cost.factor);
	enum err_kind kind = query_script(db, sql, e);
	sqlite3_free(sql);
	return kind == ERR_OK ? sample_views_functions(db, e) : kind;
}

/* By function, the one with most time first; its lines in their order. */
const char calls_lines_sql[] =
	"WITH whole AS MATERIALIZED (SELECT file, function, first_line, total(own_wall_ns + "
	"await_ns) AS own_ns, total(wall_ns + await_ns) AS ns FROM lines_shown GROUP BY 1, 2, 3) "
	"SELECT l.hits, (l.wall_ns + l.await_ns) / 1e6, (l.wall_ns + l.await_ns) / 1e3 / "
	"nullif(l.hits, 0), 100.0 * (l.wall_ns + l.await_ns) / nullif(w.ns, 0), l.own_wall_ns / "
	"1e6, "
	"l.cpu_ns / 1e6, l.await_ns / 1e6, l.gil_ns / 1e6, l.blocked_ns / 1e6, "
	"(l.hooked_ns - l.own_wall_ns) / 1e6, "
	"l.memory_most_bytes, l.memory_bytes, l.memory_peak_bytes, l.memory_parts, l.function, "
	"l.file, "
	"l.line, l.file || ':' || l.line || iif(l.own_wall_ns < 0.5 * l.hooked_ns, "
	"'  (mostly cost)', ''), source_text(l.file, l.line) FROM lines_shown l JOIN "
	"whole "
	"w ON w.file = l.file AND w.function = l.function AND w.first_line = l.first_line ORDER BY "
	"w.ns DESC, l.file, l.first_line, l.function, l.line LIMIT ?1";

void calls_lines_lost_text(struct str *text, int64_t executions, int64_t lines, double own_ms)
{
	char figure[TEXT_FIGURE_SIZE], time[TEXT_TIME_SIZE];
	if (executions <= 0)
		return;
	str_printf(text, "; %s executions of lines found no place",
		   text_figure((double)executions, figure));
	if (lines > 0)
		str_printf(text, ": about %s line%s, %s of their own, are left out; choose less",
			   text_figure((double)lines, figure), lines == 1 ? "" : "s",
			   text_time_ms(own_ms, time));
}
