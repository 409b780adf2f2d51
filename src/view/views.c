/* The table of views: a new one is one row. */
#include "view/calls_line_views.h"
#include "view/calls_views.h"
#include "view/collector_views.h"
#include "view/error_view.h"
#include "view/heap_views.h"
#include "view/io_view.h"
#include "view/sample_views.h"
#include "view/table.h"
#include "view/trace.h"
#include "view/walk_views.h"

#define REQUESTS_PARTS \
	"from python to unexplained they add up to it (beyond, where there is any: so much more " \
	"was " \
	"measured than passed); io: network and files; waits: for a CPU, the GIL, locks, pools, " \
	"sleep, garbage collection, the loop, awaiting"

#define CALLS_PARTS \
	"total: with what it called, running and suspended; own: running itself; waiting, ready: " \
	"suspended, of which ready: it could have gone on, and the loop ran something else"

static const char funcs_sql[] =
	"SELECT 100.0 * f.own_weight / nullif(p.weight, 0), "
	"100.0 * f.weight / nullif(p.weight, 0), f.own_wall_ns / 1e6, f.own_cpu_ns / 1e6, "
	"f.wall_ns / 1e6, f.cpu_ns / 1e6, f.own_ticks, f.ticks, f.states, f.python / 1e6, "
	"f.holding / 1e6, f.gil / 1e6, f.native / 1e6, f.runqueue / 1e6, f.call / 1e6, "
	"f.lock / 1e6, f.sleep / 1e6, f.name, f.file, f.line, f.kind, "
	"f.name || coalesce('  ' || nullif(short_path(f.file), '') || ':' || f.line, '') "
	"FROM profile_function f, profile p "
	"ORDER BY f.own_weight DESC, f.weight DESC, f.name, f.file LIMIT ?1";

static const char lines_sql[] =
	/* texts are read for the rows that are shown */
	"WITH top AS MATERIALIZED (SELECT l.*, p.weight AS whole FROM profile_line l, profile p "
	"ORDER BY l.own_weight DESC, l.weight DESC, l.file, l.line LIMIT ?1) "
	"SELECT 100.0 * own_weight / nullif(whole, 0), 100.0 * weight / nullif(whole, 0), "
	"own_wall_ns / 1e6, own_cpu_ns / 1e6, wall_ns / 1e6, cpu_ns / 1e6, own_ticks, ticks, "
	"function, file, line, file || ':' || line, source_text(file, line) FROM top";

static const char flame_sql[] =
	"SELECT n.depth, 100.0 * n.weight / nullif(p.weight, 0), "
	"100.0 * n.own_weight / nullif(p.weight, 0), n.wall_ns / 1e6, n.cpu_ns / 1e6, "
	"n.own_wall_ns / 1e6, n.own_cpu_ns / 1e6, n.ticks, n.own_ticks, n.name, n.file, n.line, "
	"n.kind FROM profile_node n, profile p "
	"WHERE n.weight >= 0.01 * p.weight AND n.weight > 0 ORDER BY n.rowid LIMIT ?1";

const struct view_row views[] = {
	{
		.name = "requests",
		.help = "units of work by route: count, latency, where the time goes",
		.limit = 50,
		.head = "means of a unit of work; " REQUESTS_PARTS
			"; connects, statements: to databases, in each",
		.sql = "SELECT coalesce(method || ' ', '') || coalesce(route, '(no route)'), "
		       "sum(weight), "
		       "sum(weight * failed), sum(wall_ns * weight) / 1e6 / sum(weight), "
		       "median(wall_ns) / 1e6, "
		       "percentile(wall_ns, 0.99) / 1e6, sum(python_ns * weight) / 1e6 / "
		       "sum(weight), "
		       "sum(io_db_ns * weight) / 1e6 / sum(weight), sum((io_net_ns + io_file_ns) * "
		       "weight) / 1e6 / "
		       "sum(weight), sum((gil_ns + lock_ns + pool_ns + sleep_ns + gc_ns + "
		       "loop_busy_ns + await_ns + "
		       "coalesce(runqueue_ns, 0)) * weight) / 1e6 / sum(weight), "
		       "max(0, sum(unexplained_ns * weight)) / 1e6 / sum(weight), "
		       "round(max(0, -sum(unexplained_ns * weight)) / 1e6 / sum(weight), 2), "
		       "1.0 * sum(connects * weight) / sum(weight), "
		       "1.0 * sum(statements * weight) / sum(weight) "
		       "FROM basis GROUP BY 1 ORDER BY sum(wall_ns * weight) DESC LIMIT ?1",
		.columns = {{"route", "", CELL_TEXT, 24, .is_given = true},
			    {"count", "", CELL_INT, 7, false},
			    {"failed", "", CELL_INT, 6, false},
			    {"mean", "ms", CELL_NUMBER, 7, false},
			    {"p50", "ms", CELL_NUMBER, 7, false},
			    {"p99", "ms", CELL_NUMBER, 7, false},
			    {"python", "ms", CELL_NUMBER, 7, false},
			    {"database", "ms", CELL_NUMBER, 8, false},
			    {"io", "ms", CELL_NUMBER, 6, false},
			    {"waits", "ms", CELL_NUMBER, 6, false},
			    {"unexplained", "ms", CELL_NUMBER, 6, false},
			    {"beyond", "ms", CELL_NUMBER, 6, .if_any = true},
			    {"connects", "", CELL_NUMBER, 5, false},
			    {"statements", "", CELL_NUMBER, 5, false}},
	},
	{
		.name = "requests",
		.help = "the slowest single units; for the client, where it was measured",
		.slowest = true,
		.json_name = "requests-slowest",
		.head = "request: for `unslow show trace --request`; at: since the first one; "
			"client: "
			"from due to answered, of which late: not sent yet, before: sent and not "
			"begun, after: answered and not read; wall: of the unit; " REQUESTS_PARTS,
		.limit = 10,
		.sql = "SELECT (u.id >> 40) || '.' || (u.id & 0xffffffffff), "
		       "coalesce(method || ' ', '') || coalesce(route, '(no route)'), "
		       "(start_ns - (SELECT "
		       "min(start_ns) FROM v1_unit)) / 1e9, u.status, c.response_ns / 1e6, "
		       "c.late_ns / 1e6, c.before_ns / 1e6, c.after_ns / 1e6, wall_ns / 1e6, "
		       "python_ns / "
		       "1e6, io_db_ns / 1e6, "
		       "(io_net_ns + io_file_ns) / 1e6, (gil_ns + lock_ns + pool_ns + sleep_ns + "
		       "gc_ns + loop_busy_ns + "
		       "await_ns + coalesce(runqueue_ns, 0)) / 1e6, max(0, unexplained_ns) / 1e6, "
		       "round(max(0, -unexplained_ns) / 1e6, 2), connects, statements, u.error "
		       "FROM v1_unit u LEFT JOIN v1_client_request c ON c.unit_id = u.id "
		       "WHERE finished AND kind = (SELECT kind FROM basis_total) "
		       "ORDER BY coalesce(c.response_ns, wall_ns) DESC LIMIT ?1",
		.columns = {{"request", "", CELL_TEXT, 12, false},
			    {"route", "", CELL_TEXT, 24, .is_given = true},
			    {"at", "s", CELL_NUMBER, 7, false},
			    {"status", "", CELL_INT, 6, false},
			    {"client", "ms", CELL_NUMBER, 8, .if_known = true},
			    {"late", "ms", CELL_NUMBER, 7, .if_known = true},
			    {"before", "ms", CELL_NUMBER, 7, .if_known = true},
			    {"after", "ms", CELL_NUMBER, 7, .if_known = true},
			    {"wall", "ms", CELL_NUMBER, 8, false},
			    {"python", "ms", CELL_NUMBER, 7, false},
			    {"database", "ms", CELL_NUMBER, 8, false},
			    {"io", "ms", CELL_NUMBER, 6, false},
			    {"waits", "ms", CELL_NUMBER, 6, false},
			    {"unexplained", "ms", CELL_NUMBER, 6, false},
			    {"beyond", "ms", CELL_NUMBER, 6, .if_any = true},
			    {"connects", "", CELL_INT, 5, false},
			    {"statements", "", CELL_INT, 5, false},
			    {"error", "", CELL_TEXT, 10, false}},
	},
	{
		.name = "trace",
		.help = "one request in time: calls, statements, what its threads did in between",
		.head = "at: since the server began it; a sample stands for the time to the next "
			"look, calls shorter than 0.05 ms are not kept one by one",
		.limit = 200,
		.prepare = trace_prepare,
		.takes_request = true,
		.sql = trace_sql,
		.columns = {{"at", "ms", CELL_NUMBER, 9, false},
			    {"took", "ms", CELL_NUMBER, 9, false},
			    {"what", "", CELL_TEXT, 14, false},
			    {"where", "", CELL_TEXT, 34, false, FORM_TEXT},
			    {"file", "", CELL_TEXT, 24, true, FORM_JSON},
			    {"line", "", CELL_INT, 6, false, FORM_JSON},
			    {"function", "", CELL_TEXT, 24, false, FORM_JSON},
			    {"detail", "", CELL_TEXT, 60, false}},
	},
	{
		.name = "errors",
		.help = "what failed, by exception and line: count, rate, part of its route, cost",
		.none = "no request or other unit of work failed",
		.head = ERRORS_HEAD,
		.limit = 50,
		.sql = errors_sql,
		.columns = {{"error", "", CELL_TEXT, 34, false},
			    {"route", "", CELL_TEXT, 24, .is_given = true},
			    {"count", "", CELL_INT, 6, false},
			    {"rate", "/min", CELL_NUMBER, 6, false},
			    {"of route", "%", CELL_NUMBER, 5, false},
			    {"mean", "ms", CELL_NUMBER, 7, false},
			    {"total", "ms", CELL_NUMBER, 8, false},
			    {"status", "", CELL_INT, 6, .if_known = true},
			    {"at", "s", CELL_NUMBER, 6, false},
			    {"file", "", CELL_TEXT, 30, true, FORM_JSON},
			    {"line", "", CELL_INT, 6, false, FORM_JSON},
			    {"function", "", CELL_TEXT, 24, false, FORM_JSON},
			    {"where", "", CELL_TEXT, 30, true, FORM_TEXT}},
	},
	{
		.name = "io",
		.help = "blocking calls by line: count, time, share of unit time, peer",
		.limit = 40,
		.head = "each: calls a unit of work; total, longest: time in the call; blocked: "
			"the part of "
			"total off the CPU; of units: share of their time. imports: what import "
			"statements read, of all lines",
		.sql = io_sql,
		.columns = {{"line", "", CELL_TEXT, 26, true},
			    {"call", "", CELL_TEXT, 14, false},
			    {"peer", "", CELL_TEXT, 10, false},
			    {"calls", "", CELL_INT, 7, false},
			    {"each", "", CELL_NUMBER, 6, false},
			    {"total", "ms", CELL_NUMBER, 8, false},
			    {"blocked", "ms", CELL_NUMBER, 8, false},
			    {"longest", "ms", CELL_NUMBER, 7, false},
			    {"of units", "%", CELL_NUMBER, 5, false},
			    {"failed", "", CELL_INT, 6, false},
			    {"bytes", "", CELL_INT, 9, false}},
	},
	{
		.name = "sql",
		.help = "statements by text and line: count, time, rows, distinct texts",
		.limit = 40,
		.sql = "SELECT count(*), 1.0 * count(*) / max(1, (SELECT units FROM basis_total)), "
		       "sum(dur_ns) / 1e6, median(dur_ns) / 1e6, max(dur_ns) / 1e6, avg(rows), "
		       "count(DISTINCT raw_hash), "
		       "sum(failed), file || ':' || line, coalesce(fingerprint, '(encrypted)') "
		       "FROM v1_statement "
		       "GROUP BY 9, 10 ORDER BY sum(dur_ns) DESC LIMIT ?1",
		.columns = {{"count", "", CELL_INT, 7, false},
			    {"each", "", CELL_NUMBER, 6, false},
			    {"total", "ms", CELL_NUMBER, 8, false},
			    {"median", "ms", CELL_NUMBER, 7, false},
			    {"longest", "ms", CELL_NUMBER, 7, false},
			    {"rows", "", CELL_NUMBER, 5, false},
			    {"texts", "", CELL_INT, 5, false},
			    {"failed", "", CELL_INT, 6, false},
			    {"line", "", CELL_TEXT, 24, true},
			    {"statement", "", CELL_TEXT, 20, false}},
	},
	{
		.name = "config",
		.help = "versions, server, workers and switches seen in the processes",
		.limit = 500,
		/* the rate of ticks changes as processes come and work: one row */
		.sql = "SELECT key, count(DISTINCT process_id), iif(hz IS NULL, value, printf('at "
		       "%d%s%s', min(hz), iif(max(hz) > min(hz), printf(' to %d', max(hz)), ''), "
		       "rest)) FROM (SELECT *, iif(hz IS NULL, value, substr(value, instr(value, "
		       "' Hz '))) AS rest FROM (SELECT *, iif(value GLOB 'at [0-9]* Hz instead of "
		       "*', CAST(substr(value, 4) AS INTEGER), NULL) AS hz FROM v1_fact)) GROUP BY "
		       "key, rest ORDER BY key LIKE 'package.%', key, value LIMIT ?1",
		.columns = {{"key", "", CELL_TEXT, 34, false},
			    {"processes", "", CELL_INT, 9, false},
			    {"value", "", CELL_TEXT, 40, .wraps = true}},
	},
	{
		.name = "funcs",
		.help = "functions by own time: wall, CPU, what their threads did (sampled)",
		.limit = 40,
		.samples = SAMPLES_PROFILE,
		.prepare = sample_views_profile,
		.sql = funcs_sql,
		.columns = {{"own", "%", CELL_NUMBER, 5, false},
			    {"total", "%", CELL_NUMBER, 5, false},
			    {"own wall", "ms", CELL_NUMBER, 8, false},
			    {"own cpu", "ms", CELL_NUMBER, 8, false},
			    {"total wall", "ms", CELL_NUMBER, 8, false},
			    {"total cpu", "ms", CELL_NUMBER, 8, false, FORM_JSON},
			    {"own ticks", "", CELL_INT, 7, false},
			    {"total ticks", "", CELL_INT, 7, false, FORM_JSON},
			    {"state", "", CELL_TEXT, 22, false, FORM_TEXT},
			    {"python", "ms", CELL_NUMBER, 8, false, FORM_JSON},
			    {"holding", "ms", CELL_NUMBER, 8, false, FORM_JSON},
			    {"gil", "ms", CELL_NUMBER, 8, false, FORM_JSON},
			    {"native", "ms", CELL_NUMBER, 8, false, FORM_JSON},
			    {"runqueue", "ms", CELL_NUMBER, 8, false, FORM_JSON},
			    {"call", "ms", CELL_NUMBER, 8, false, FORM_JSON},
			    {"lock", "ms", CELL_NUMBER, 8, false, FORM_JSON},
			    {"sleep", "ms", CELL_NUMBER, 8, false, FORM_JSON},
			    {"name", "", CELL_TEXT, 30, false, FORM_JSON},
			    {"file", "", CELL_TEXT, 30, true, FORM_JSON},
			    {"line", "", CELL_INT, 6, false, FORM_JSON},
			    {"kind", "", CELL_TEXT, 8, false, FORM_JSON},
			    {"function", "", CELL_TEXT, 40, false, FORM_TEXT}},
	},
	{
		.name = "funcs",
		.help = "the same by exact counts, where calls were counted: calls, waiting, ready "
			"(--sampled: not)",
		.json_name = "funcs-counted",
		.limit = 40,
		.counted = true,
		.prepare = calls_views_prepare,
		.sql = calls_funcs_sql,
		.head = CALLS_PARTS
		"; share, by which they are ordered: own and suspended in itself, of all; each: "
		"total of a call, of a recursive function: of an outermost one",
		.columns = {{"calls", "", CELL_INT, 7, false},
			    {"primitive", "", CELL_INT, 7, false, FORM_JSON},
			    {"share", "%", CELL_NUMBER, 5, false},
			    {"own", "ms", CELL_NUMBER, 8, false},
			    {"own cpu", "ms", CELL_NUMBER, 8, false},
			    {"total", "ms", CELL_NUMBER, 8, false},
			    {"running", "ms", CELL_NUMBER, 8, false},
			    {"total cpu", "ms", CELL_NUMBER, 8, false, FORM_JSON},
			    {"waiting", "ms", CELL_NUMBER, 8, .if_any = true},
			    {"ready", "ms", CELL_NUMBER, 8, .if_any = true},
			    {"each", "us", CELL_NUMBER, 8, false},
			    {"p50", "us", CELL_NUMBER, 8, .if_known = true},
			    {"p99", "us", CELL_NUMBER, 8, .if_known = true},
			    {"resumes", "", CELL_INT, 7, .if_any = true},
			    {"raised", "", CELL_INT, 7, .if_any = true},
			    {"distinct", "%", CELL_NUMBER, 8, .if_known = true},
			    {"comparable", "", CELL_INT, 7, false, FORM_JSON},
			    {"repeated", "", CELL_INT, 7, false, FORM_JSON},
			    {"open", "", CELL_INT, 7, false, FORM_JSON},
			    {"cost", "ms", CELL_NUMBER, 8, false, FORM_JSON},
			    {"name", "", CELL_TEXT, 30, false, FORM_JSON},
			    {"file", "", CELL_TEXT, 30, true, FORM_JSON},
			    {"line", "", CELL_INT, 6, false, FORM_JSON},
			    {"kind", "", CELL_TEXT, 8, false, FORM_JSON},
			    {"function", "", CELL_TEXT, 40, false, FORM_TEXT}},
	},
	{
		.name = "lines",
		.help = "source lines by own time, with their text where the file is unchanged "
			"(sampled)",
		.limit = 40,
		.samples = SAMPLES_PROFILE,
		.prepare = sample_views_profile,
		.sql = lines_sql,
		.columns = {{"own", "%", CELL_NUMBER, 5, false},
			    {"total", "%", CELL_NUMBER, 5, false},
			    {"own wall", "ms", CELL_NUMBER, 8, false},
			    {"own cpu", "ms", CELL_NUMBER, 8, false},
			    {"total wall", "ms", CELL_NUMBER, 8, false},
			    {"total cpu", "ms", CELL_NUMBER, 8, false, FORM_JSON},
			    {"own ticks", "", CELL_INT, 7, false},
			    {"total ticks", "", CELL_INT, 7, false, FORM_JSON},
			    {"function", "", CELL_TEXT, 30, false, FORM_JSON},
			    {"file", "", CELL_TEXT, 30, true, FORM_JSON},
			    {"line", "", CELL_INT, 6, false, FORM_JSON},
			    {"where", "", CELL_TEXT, 30, true, FORM_TEXT},
			    {"text", "", CELL_TEXT, 40, false}},
	},
	{
		.name = "lines",
		.help = "the same by exact counts, where lines were counted: hits, await, GIL, "
			"memory (--sampled: not)",
		.json_name = "lines-counted",
		.limit = 200,
		.counted = true,
		.prepare = calls_lines_prepare,
		.sql = calls_lines_sql,
		.columns = {{"hits", "", CELL_INT, 7, false},
			    {"time", "ms", CELL_NUMBER, 8, false},
			    {"per hit", "us", CELL_NUMBER, 8, false},
			    {"share", "%", CELL_NUMBER, 5, false},
			    {"own", "ms", CELL_NUMBER, 8, false},
			    {"cpu", "ms", CELL_NUMBER, 8, false, FORM_JSON},
			    {"await", "ms", CELL_NUMBER, 8, .if_any = true},
			    {"gil", "ms", CELL_NUMBER, 8, .if_any = true},
			    {"blocked", "ms", CELL_NUMBER, 8, .if_any = true},
			    {"cost", "ms", CELL_NUMBER, 8, false, FORM_JSON},
			    {"memory", "", CELL_BYTES, 9, .if_known = true},
			    {"increment", "", CELL_BYTES, 9, .if_known = true},
			    {"peak", "", CELL_BYTES, 9, .if_known = true},
			    {"measured", "", CELL_INT, 7, false, FORM_JSON},
			    {"function", "", CELL_TEXT, 30, false, FORM_JSON},
			    {"file", "", CELL_TEXT, 30, true, FORM_JSON},
			    {"line", "", CELL_INT, 6, false, FORM_JSON},
			    {"where", "", CELL_TEXT, 30, true, FORM_TEXT},
			    {"text", "", CELL_TEXT, 40, false}},
	},
	{
		.name = "calls",
		.help = "the tree of counted calls, parts below 1 % cut; --function: who calls it "
			"and "
			"what it calls",
		.limit = 200,
		.counted = true,
		.prepare = calls_views_prepare,
		.sql = calls_sql,
		.head = CALLS_PARTS,
		.columns = {{"part", "", CELL_TEXT, 8, .if_known = true},
			    {"depth", "", CELL_INT, 5, false, FORM_JSON},
			    {"share", "%", CELL_NUMBER, 5, false},
			    {"calls", "", CELL_INT, 7, false},
			    {"total", "ms", CELL_NUMBER, 8, false},
			    {"own", "ms", CELL_NUMBER, 8, false},
			    {"own cpu", "ms", CELL_NUMBER, 8, false},
			    {"running", "ms", CELL_NUMBER, 8, false, FORM_JSON},
			    {"total cpu", "ms", CELL_NUMBER, 8, false, FORM_JSON},
			    {"waiting", "ms", CELL_NUMBER, 8, .if_any = true},
			    {"ready", "ms", CELL_NUMBER, 8, .if_any = true},
			    {"resumes", "", CELL_INT, 7, .if_any = true},
			    {"raised", "", CELL_INT, 7, .if_any = true},
			    {"open", "", CELL_INT, 7, false, FORM_JSON},
			    {"name", "", CELL_TEXT, 30, false, FORM_JSON},
			    {"file", "", CELL_TEXT, 30, true, FORM_JSON},
			    {"line", "", CELL_INT, 6, false, FORM_JSON},
			    {"kind", "", CELL_TEXT, 8, false, FORM_JSON},
			    {"function", "", CELL_TEXT, 60, false, FORM_TEXT}},
	},
	{
		.name = "flame",
		.help = "the tree of calls, largest first, parts below 1 % cut (sampled)",
		.limit = 200,
		.samples = SAMPLES_PROFILE,
		.prepare = sample_views_profile,
		.draw = flame_draw,
		.sql = flame_sql,
		.columns = {{"depth", "", CELL_INT, 5, false},
			    {"total", "%", CELL_NUMBER, 5, false},
			    {"own", "%", CELL_NUMBER, 5, false},
			    {"total wall", "ms", CELL_NUMBER, 8, false},
			    {"total cpu", "ms", CELL_NUMBER, 8, false},
			    {"own wall", "ms", CELL_NUMBER, 8, false},
			    {"own cpu", "ms", CELL_NUMBER, 8, false},
			    {"total ticks", "", CELL_INT, 7, false},
			    {"own ticks", "", CELL_INT, 7, false},
			    {"name", "", CELL_TEXT, 30, false},
			    {"file", "", CELL_TEXT, 30, true},
			    {"line", "", CELL_INT, 6, false},
			    {"kind", "", CELL_TEXT, 8, false}},
	},
	{
		.name = "threads",
		.help = "each thread: what it did, where, who held the GIL while it waited "
			"(sampled)",
		.limit = 100,
		.samples = SAMPLES_BY_THREAD,
		.prepare = sample_views_threads,
		.sql = sample_threads_sql,
		.columns = {{"pid", "", CELL_INT, 7, false},
			    {"tid", "", CELL_INT, 7, false},
			    {"thread", "", CELL_TEXT, 14, false},
			    {"sampled", "s", CELL_NUMBER, 6, false},
			    {"cpu", "%", CELL_NUMBER, 5, false},
			    {"ticks", "", CELL_INT, 7, false, FORM_JSON},
			    {"python", "%", CELL_NUMBER, 4, false},
			    {"holding", "%", CELL_NUMBER, 4, false, FORM_JSON},
			    {"gil", "%", CELL_NUMBER, 4, false},
			    {"native", "%", CELL_NUMBER, 4, false, FORM_JSON},
			    {"runqueue", "%", CELL_NUMBER, 4, false, FORM_JSON},
			    {"call", "%", CELL_NUMBER, 4, false},
			    {"lock", "%", CELL_NUMBER, 4, false},
			    {"sleep", "%", CELL_NUMBER, 4, false},
			    {"where", "", CELL_TEXT, 28, false},
			    {"held by", "", CELL_TEXT, 28, false},
			    {"call on", "", CELL_TEXT, 28, false}},
	},
	{
		.name = "types",
		.help = "objects by type: count, size, growth between walks of the heap (--walk)",
		.head = WALK_TYPES_HEAD,
		.heads = &walk_heads,
		.prepare = walk_types_prepare,
		.limit = 40,
		.sql = walk_types_sql,
		.columns = {{"count", "", CELL_INT, 9, false},
			    {"grown", "", CELL_INT, 9, .if_known = true},
			    {"size", "MiB", CELL_NUMBER, 8, false},
			    {"size grown", "MiB", CELL_NUMBER, 8, .if_known = true},
			    {"each", "B", CELL_NUMBER, 7, false},
			    {"keeps", "MiB", CELL_NUMBER, 8, .if_known = true},
			    {"garbage", "", CELL_INT, 8, .if_known = true},
			    {"garbage size", "MiB", CELL_NUMBER, 8, .if_known = true},
			    {"class", "", CELL_INT, 5, false, FORM_JSON},
			    {"read", "", CELL_TEXT, 30, .if_known = true},
			    {"type", "", CELL_TEXT, 60, false}},
	},
	{
		.name = "holders",
		.help = "what keeps the largest objects: module, class, cache, closure … (--walk)",
		.head = WALK_HOLDERS_HEAD,
		.heads = &walk_heads,
		.none = "no holder was found in the last walk; from outside few are, `unslow run "
			"--walk -- "
			"COMMAND` finds more",
		.limit = 60,
		.prepare = walk_holders_prepare,
		.sql = walk_holders_sql,
		.columns = {{"object", "", CELL_TEXT, 24, false},
			    {"processes", "", CELL_INT, 9, false, FORM_JSON},
			    {"length", "", CELL_INT, 8, .if_known = true},
			    {"size", "KiB", CELL_NUMBER, 8, false},
			    {"keeps", "KiB", CELL_NUMBER, 8, .if_known = true},
			    {"shared", "KiB", CELL_NUMBER, 8, .if_known = true},
			    {"in", "", CELL_TEXT, 14, .if_known = true},
			    {"in length", "", CELL_INT, 8, .if_known = true},
			    {"root", "", CELL_TEXT, 9, false, FORM_JSON},
			    {"root name", "", CELL_TEXT, 24, false, FORM_JSON},
			    {"cache entries", "", CELL_INT, 8, false, FORM_JSON},
			    {"cache limit", "", CELL_INT, 8, false, FORM_JSON},
			    {"cache hits", "", CELL_INT, 8, false, FORM_JSON},
			    {"cache misses", "", CELL_INT, 8, false, FORM_JSON},
			    {"made at", "", CELL_TEXT, 28, .clip_left = true, .if_known = true},
			    {"of", "", CELL_TEXT, 8, .if_known = true},
			    {"held by", "", CELL_TEXT, 80, false}},
	},
	{
		.name = "memory",
		.help = "what is live, grows, is made and freed again, by line, file, traceback or "
			"route (--memory)",
		.limit = HEAP_VIEW_ROWS,
		.heads = &heap_heads,
		.prepare = heap_views_prepare,
		.sql = heap_sql,
		.columns = {{"live", "", CELL_BYTES, 9, false},
			    {"error", "", CELL_BYTES, 9, false},
			    {"blocks", "", CELL_INT, 7, false},
			    {"growth", "", CELL_BYTES, 9, false, FORM_TEXT, .if_known = true},
			    {"trend", "", CELL_TEXT, 8, false, FORM_TEXT, .if_known = true},
			    {"growth", "", CELL_BYTES, 9, false, FORM_JSON},
			    {"growth_low", "", CELL_BYTES, 9, false, FORM_JSON},
			    {"growth_high", "", CELL_BYTES, 9, false, FORM_JSON},
			    {"growth_day", "", CELL_BYTES, 9, false, FORM_JSON},
			    {"verdict", "", CELL_TEXT, 9, false, FORM_JSON},
			    {"made", "", CELL_BYTES, 9, .if_known = true},
			    {"made_blocks", "", CELL_NUMBER, 9, false, FORM_JSON},
			    {"temporary", "", CELL_BYTES, 9, .if_known = true},
			    {"peak", "", CELL_BYTES, 9, .if_known = true},
			    {"unit p50", "", CELL_BYTES, 9, .if_known = true},
			    {"unit p99", "", CELL_BYTES, 9, .if_known = true},
			    {"unit most", "", CELL_BYTES, 9, .if_known = true},
			    {"unit error", "", CELL_BYTES, 9, .if_known = true},
			    {"unit_id", "", CELL_TEXT, 12, false, FORM_JSON},
			    {"unit_mostly_at", "", CELL_TEXT, 26, true, FORM_JSON},
			    {"samples", "", CELL_INT, 7, false, FORM_JSON},
			    {"samples_made", "", CELL_INT, 7, false, FORM_JSON},
			    {"recycled", "", CELL_INT, 7, false, FORM_JSON},
			    {"function", "", CELL_TEXT, 30, false, FORM_JSON},
			    {"file", "", CELL_TEXT, 30, true, FORM_JSON},
			    {"line", "", CELL_INT, 6, false, FORM_JSON},
			    {"kind", "", CELL_TEXT, 8, false, FORM_JSON},
			    {"route", "", CELL_TEXT, 20, false, FORM_JSON},
			    {"traceback", "", CELL_TEXT, 40, false, FORM_JSON},
			    {"native", "", CELL_TEXT, 40, false, FORM_JSON},
			    {"where", "", CELL_TEXT, 34, true, FORM_TEXT, .if_known = true},
			    {"called from", "", CELL_TEXT, 26, true, FORM_TEXT, .if_known = true},
			    {"called_from", "", CELL_TEXT, 26, true, FORM_JSON},
			    {"mostly at", "", CELL_TEXT, 26, true, FORM_TEXT, .if_known = true},
			    {"text", "", CELL_TEXT, 40, .if_known = true},
			    {"c_functions", "", CELL_TEXT, 60, false, FORM_JSON},
			    {"by C functions", "", CELL_TEXT, 60, false, FORM_TEXT,
			     .if_known = true},
			    {"traceback", "", CELL_TEXT, 60, false, FORM_TEXT, .if_known = true,
			     .wraps = true}},
	},
	{
		.name = "memory",
		.by_type = true,
		.json_name = "memory-by-type",
		.help = "live objects by type, and growth, at a walk of the heap (--walk)",
		.head = WALK_MEMORY_HEAD,
		.heads = &walk_memory_heads,
		.prepare = walk_memory_prepare,
		.limit = 30,
		.sql = walk_memory_sql,
		.columns = {{"live", "", CELL_BYTES, 9, false},
			    {"growth", "", CELL_BYTES, 9, .if_known = true},
			    {"objects", "", CELL_INT, 8, false},
			    {"objects grown", "", CELL_INT, 8, .if_known = true},
			    {"each", "", CELL_BYTES, 9, false},
			    {"keeps", "", CELL_BYTES, 9, .if_known = true},
			    {"garbage", "", CELL_BYTES, 9, .if_known = true},
			    {"garbage objects", "", CELL_INT, 8, .if_known = true},
			    {"class", "", CELL_INT, 5, false, FORM_JSON},
			    {"read", "", CELL_TEXT, 30, .if_known = true},
			    {"type", "", CELL_TEXT, 60, false}},
	},
	{
		.name = "gc",
		.help = "garbage collections by generation and route: count, time, share, freed",
		.none = "the garbage collector did not run",
		.head = COLLECTOR_HEAD,
		.heads = &collector_heads,
		.prepare = collector_prepare,
		.limit = 40,
		.sql = collector_rows_sql,
		.columns = {{"generation", "", CELL_TEXT, 10, false},
			    {"count", "", CELL_INT, 7, false},
			    {"rate", "/min", CELL_NUMBER, 7, false},
			    {"total", "ms", CELL_NUMBER, 8, false},
			    {"mean", "ms", CELL_NUMBER, 7, false},
			    {"longest", "ms", CELL_NUMBER, 7, false},
			    {"of route", "%", CELL_NUMBER, 6, .if_known = true},
			    {"freed", "", CELL_INT, 8, .if_known = true},
			    {"route", "", CELL_TEXT, 30, .is_given = true}},
	},
	{
		.name = "gc",
		.slowest = true,
		.json_name = "gc-slowest",
		.help = "the longest single collections, and the requests they were in",
		.none = "no collection of 0.05 ms or more was seen",
		.head = COLLECTOR_SLOWEST_HEAD,
		.heads = &collector_heads,
		.prepare = collector_prepare,
		.limit = 10,
		.sql = collector_slowest_sql,
		.columns = {{"request", "", CELL_TEXT, 12, .if_known = true},
			    {"route", "", CELL_TEXT, 30, .is_given = true},
			    {"at", "s", CELL_NUMBER, 7, false},
			    {"generation", "", CELL_TEXT, 10, false},
			    {"took", "ms", CELL_NUMBER, 8, false},
			    {"cpu", "ms", CELL_NUMBER, 8, .if_known = true},
			    {"of request", "%", CELL_NUMBER, 6, .if_known = true},
			    {"freed", "", CELL_INT, 8, false},
			    {"pid", "", CELL_INT, 7, .if_known = true}},
	},
	{0},
};
