#include "model/collector.h"

#include "model/query.h"
#include "model/walk_types.h"

static const char single_sql[] =
	"DROP TABLE IF EXISTS temp.gc_single;"
	"CREATE TEMP TABLE gc_single AS SELECT e.start_ns, e.dur_ns, e.cpu_ns, e.result AS "
	"generation, e.count AS freed, e.unit_id, e.thread_id, coalesce(u.weight, 1) AS weight, "
	"u.route, u.method, u.kind, u.wall_ns, coalesce(u.finished, 0) AS finished FROM v1_event e "
	"LEFT "
	"JOIN v1_unit u ON u.id = e.unit_id WHERE e.kind = 'gc' AND e.result BETWEEN 0 AND 2;";

/* The sums have every call. What is in them and no single one was shorter; of calls without a route
 * they do not say whether a unit made them. */
static const char row_sql[] =
	"DROP TABLE IF EXISTS temp.gc_row;"
	"CREATE TEMP TABLE gc_row AS WITH long AS (SELECT route, sum(weight) AS count, "
	"sum(weight * dur_ns) AS total_ns FROM gc_single GROUP BY 1), whole AS (SELECT route, "
	"sum(calls) AS count, sum(dur_ns) AS total_ns FROM v1_usage WHERE kind = 'gc' GROUP BY 1) "
	"SELECT generation, sum(weight) AS count, sum(weight * dur_ns) AS total_ns, max(dur_ns) AS "
	"longest_ns, unit_id IS NOT NULL AS in_units, sum(weight * freed) AS freed, route, "
	"finished "
	"FROM gc_single GROUP BY 1, 5, 7, 8 UNION ALL SELECT -1, w.count - coalesce(l.count, 0), "
	"max(0, "
	"w.total_ns - coalesce(l.total_ns, 0)), NULL, w.route IS NOT NULL, NULL, w.route, 1 FROM "
	"whole w LEFT JOIN long l ON l.route IS w.route WHERE w.count > coalesce(l.count, 0);";

static const char garbage_sql[] =
	"DROP TABLE IF EXISTS temp.gc_garbage;"
	"CREATE TEMP TABLE gc_garbage AS SELECT t.type, total(t.garbage_count) FILTER (WHERE "
	"c.is_last) AS count, count(DISTINCT t.walk_id) AS walks FROM walk_chosen c JOIN "
	"v1_walk_type t ON t.walk_id = c.id WHERE NOT c.cut AND t.garbage_count > 0 AND t.type IS "
	"NOT NULL GROUP BY 1 HAVING count > 0;";

enum err_kind collector_to_tables(sqlite3 *db, struct err *e)
{
	TRY(query_script(db, single_sql, e));
	TRY(query_script(db, row_sql, e));
	TRY(walks_choose(db, 0, false, e));
	return query_script(db, garbage_sql, e);
}
