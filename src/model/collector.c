#include "model/collector.h"

#include "model/query.h"
#include "model/walk_types.h"

/* Of v1_unit only what is asked for: a LEFT JOIN would have SQLite work all of it out. */
static const char single_sql[] =
	"DROP TABLE IF EXISTS temp.gc_single;"
	"DROP TABLE IF EXISTS temp.gc_unit;"
	"CREATE TEMP TABLE gc_single AS SELECT start_ns, dur_ns, cpu_ns, result AS generation, "
	"count AS freed, unit_id, thread_id, 1 AS weight, NULL AS route, NULL AS method, NULL AS "
	"kind, NULL AS wall_ns, 0 AS finished FROM v1_event WHERE kind = 'gc' AND result BETWEEN 0 "
	"AND 2;"
	"CREATE TEMP TABLE gc_unit AS SELECT id, weight, route, method, kind, wall_ns, finished "
	"FROM v1_unit WHERE id IN (SELECT unit_id FROM gc_single);"
	"CREATE INDEX temp.gc_unit_by_id ON gc_unit (id);"
	"UPDATE gc_single SET weight = u.weight, route = u.route, method = u.method, kind = "
	"u.kind, "
	"wall_ns = u.wall_ns, finished = u.finished FROM gc_unit u WHERE u.id = gc_single.unit_id;";

/* The sums have every call. What is in them and no single one was shorter, or was not kept one by
 * one (the file's limit, records thinned); of calls without a route they do not say whether a unit
 * made them. total() and not sum(): what a hostile process says may not fit. */
static const char row_sql[] =
	"DROP TABLE IF EXISTS temp.gc_row;"
	"CREATE TEMP TABLE gc_row AS WITH long AS (SELECT route, total(weight) AS count, "
	"  total(weight * dur_ns) AS total_ns FROM gc_single GROUP BY 1), "
	"whole AS (SELECT route, total(calls) AS count, total(dur_ns) AS total_ns FROM v1_usage "
	"  WHERE kind = 'gc' GROUP BY 1) "
	"SELECT generation, CAST(total(weight) AS INTEGER) AS count, "
	"  total(weight * dur_ns) AS total_ns, max(dur_ns) AS longest_ns, "
	"  unit_id IS NOT NULL AS in_units, CAST(total(weight * freed) AS INTEGER) AS freed, "
	"  route, finished FROM gc_single GROUP BY 1, 5, 7, 8 "
	"UNION ALL SELECT -1, CAST(w.count - coalesce(l.count, 0) AS INTEGER), "
	"  max(0, w.total_ns - coalesce(l.total_ns, 0)), NULL, w.route IS NOT NULL, NULL, "
	"  w.route, 1 FROM whole w LEFT JOIN long l ON l.route IS w.route "
	"  WHERE w.count > coalesce(l.count, 0);";

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
