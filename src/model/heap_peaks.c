#include "model/heap_peaks.h"

#include "model/query.h"

#define TABLE \
	"DROP TABLE IF EXISTS temp.heap_route_peak;" \
	"CREATE TEMP TABLE heap_route_peak(route, units, seen, p50_bytes, p99_bytes, most_bytes, " \
	"most_error, most_unit, most_at_ns, stack_id, file, line, function, place_share);"

/* max() takes the other columns along (https://www.sqlite.org/lang_select.html#bareagg). */
static const char peaks_sql[] = TABLE
	"INSERT INTO heap_route_peak WITH "
	/* a task that goes on after its unit has ended may give it a second one */
	"peak AS MATERIALIZED (SELECT route, unit_id, at_ns, variance, stack_id, site_bytes, "
	"weight, max(peak_bytes) AS peak_bytes FROM v1_heap_unit_peak WHERE coalesce(kind, '') <> "
	"'run' OR NOT EXISTS (SELECT 1 FROM v1_unit WHERE kind <> 'run') GROUP BY process_id, "
	"unit_id), "
	"ended AS MATERIALIZED (SELECT u.route, count(*) AS units FROM v1_unit u JOIN "
	"v1_heap_process h ON h.process_id = u.process_id WHERE u.finished AND u.start_ns >= "
	"coalesce(h.began_ns, 0) GROUP BY u.route), "
	"seen AS MATERIALIZED (SELECT route, total(weight) AS seen, total(1.0 * weight * "
	"peak_bytes) AS bytes FROM peak GROUP BY route), "
	"whole AS MATERIALIZED (SELECT s.route, s.seen, s.bytes, max(s.seen, coalesce(e.units, 0)) "
	"AS units FROM seen s LEFT JOIN ended e ON e.route IS s.route), "
	/* units without a peak come first */
	"ranked AS (SELECT p.route, p.peak_bytes, w.units, w.units - w.seen AS below, w.units - "
	"w.seen + total(p.weight) OVER (PARTITION BY p.route ORDER BY p.peak_bytes ROWS BETWEEN "
	"UNBOUNDED PRECEDING AND CURRENT ROW) AS upto FROM peak p JOIN whole w ON w.route IS "
	"p.route), "
	"quantile AS MATERIALIZED (SELECT route, iif(below >= 0.5 * units, 0, min(peak_bytes) "
	"FILTER (WHERE upto >= 0.5 * units)) AS p50, iif(below >= 0.99 * units, 0, "
	"min(peak_bytes) FILTER (WHERE upto >= 0.99 * units)) AS p99 FROM ranked GROUP BY route), "
	"most AS MATERIALIZED (SELECT route, unit_id, at_ns, variance, max(peak_bytes) AS bytes "
	"FROM peak GROUP BY route), "
	"line AS (SELECT p.route, min(p.stack_id) AS stack_id, iif(f.has_app, f.app_file, f.file) "
	"AS file, iif(f.has_app, f.app_line, f.line) AS line, iif(f.has_app, f.app_function, "
	"f.function) AS function, total(1.0 * p.weight * p.site_bytes) AS bytes FROM peak p LEFT "
	"JOIN v1_frame f ON f.id = p.stack_id GROUP BY 1, 3, 4, 5), "
	"place AS MATERIALIZED (SELECT route, stack_id, file, line, function, max(bytes) AS bytes "
	"FROM line GROUP BY route) "
	"SELECT w.route, w.units, w.seen, q.p50, q.p99, m.bytes, sqrt(max(0, m.variance)), "
	"m.unit_id, m.at_ns, l.stack_id, l.file, l.line, l.function, min(1, l.bytes / "
	"nullif(w.bytes, 0)) FROM whole w JOIN quantile q ON q.route IS w.route JOIN most m ON "
	"m.route IS w.route JOIN place l ON l.route IS w.route";

static const char join_sql[] =
	"INSERT INTO heap_place SELECT (SELECT coalesce(max(id), 0) FROM heap_place) + "
	"row_number() OVER (), NULL, NULL, NULL, NULL, NULL, r.route, NULL FROM heap_route_peak r "
	"WHERE NOT EXISTS (SELECT 1 FROM heap_place p WHERE p.route IS r.route);"
	"INSERT INTO heap_line(place, live_bytes, live_error, live_blocks, live_samples, recycled, "
	"peak_bytes) SELECT p.id, 0, 0, 0, 0, 0, 0 FROM heap_place p WHERE NOT EXISTS (SELECT 1 "
	"FROM heap_line l WHERE l.place = p.id);"
	"UPDATE heap_line SET peak_bytes = max(coalesce(heap_line.peak_bytes, 0), r.most_bytes) "
	"FROM heap_place p JOIN heap_route_peak r ON r.route IS p.route WHERE p.id = "
	"heap_line.place";

enum err_kind heap_peaks_to_table(sqlite3 *db, struct err *e)
{
	return query_script(db, peaks_sql, e);
}

enum err_kind heap_peaks_no_table(sqlite3 *db, struct err *e)
{
	return query_script(db, TABLE, e);
}

enum err_kind heap_peaks_join_places(sqlite3 *db, struct err *e)
{
	return query_script(db, join_sql, e);
}
