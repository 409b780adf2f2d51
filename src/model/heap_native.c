#include "model/heap_native.h"

#include "model/query.h"

/* Who writes out more of them than this says so. */
#define SHOWN "6"

static const char ways_sql[] =
	"DROP TABLE IF EXISTS temp.heap_native_step;"
	"DROP TABLE IF EXISTS temp.heap_native_way;"
	"CREATE TEMP TABLE heap_native_step AS WITH frame AS (SELECT *, replace(library, "
	"rtrim(library, replace(library, '/', '')), '') AS base FROM v1_heap_native_frame), judged "
	"AS (SELECT *, base GLOB 'libffi.*' OR base GLOB '_ctypes.*' OR base GLOB "
	"'_cffi_backend.*' "
	"AS is_bridge FROM frame WHERE base NOT GLOB 'python*' AND base NOT GLOB 'libpython*') "
	"SELECT native_id, row_number() OVER (PARTITION BY native_id ORDER BY depth) AS nth, "
	"coalesce(function, printf('%s+0x%llx', base, offset)) AS function, library, base, "
	"function IS NULL AS is_bare FROM judged WHERE NOT is_bridge OR native_id NOT IN (SELECT "
	"native_id FROM judged WHERE NOT is_bridge);"
	"CREATE INDEX temp.heap_native_step_by_id ON heap_native_step (native_id, nth);"
	/* a library is said once, after the last of its functions that follow one another */
	"CREATE TEMP TABLE heap_native_way AS WITH said AS (SELECT native_id, nth, function || "
	"iif(is_bare OR base IS lead(base) OVER way, '', ' (' || base || ')') AS text FROM "
	"heap_native_step WINDOW way AS (PARTITION BY native_id ORDER BY nth)), joined AS (SELECT "
	"native_id, group_concat(text, ' < ') FILTER (WHERE nth <= " SHOWN
	") || iif(max(nth) > " SHOWN ", ' < \u2026', '') AS text FROM (SELECT * FROM said ORDER BY "
	"native_id, nth) GROUP BY native_id) "
	"SELECT n.id AS native_id, n.site_id, s.stack_id, n.captures * 1.0 / total(n.captures) "
	"OVER (PARTITION BY n.site_id) AS share, j.text || iif(n.ended = 'unknown', ' < ?', '') AS "
	"text FROM v1_heap_native n JOIN v1_heap_site s ON s.id = n.site_id LEFT JOIN joined j ON "
	"j.native_id = n.id WHERE n.captures > 0;"
	"CREATE INDEX temp.heap_native_way_by_site ON heap_native_way (site_id);"
	"DROP TABLE IF EXISTS temp.heap_place_native;";

/* By what is live; where nothing is, by what was made. */
static const char places_sql[] =
	"CREATE TEMP TABLE heap_place_native AS WITH whole AS (SELECT p.place, total(l.bytes) AS "
	"live, total(s.made_bytes) AS made FROM heap_site_place p JOIN v1_heap_site s ON s.id = "
	"p.id "
	"LEFT JOIN heap_site_live l ON l.id = p.id GROUP BY 1), part AS (SELECT p.place, w.text, "
	"total(w.share * iif(a.live > 0, l.bytes, s.made_bytes)) / nullif(iif(a.live > 0, a.live, "
	"a.made), 0) AS share FROM heap_native_way w JOIN heap_site_place p ON p.id = w.site_id "
	"JOIN "
	"whole a ON a.place = p.place JOIN v1_heap_site s ON s.id = w.site_id LEFT JOIN "
	"heap_site_live l ON l.id = w.site_id WHERE w.text IS NOT NULL GROUP BY 1, 2), nth AS "
	"(SELECT *, row_number() OVER (PARTITION BY place ORDER BY share DESC, text) AS nth, "
	"count(*) OVER (PARTITION BY place) AS ways FROM part WHERE share > 0) "
	"SELECT place, share, text || iif(ways > 1, printf(', and %d other way%s', ways - 1, "
	"iif(ways > 2, 's', '')), '') AS text FROM nth WHERE nth = 1;";

enum err_kind heap_native_to_tables(sqlite3 *db, struct err *e)
{
	return query_script(db, ways_sql, e);
}

enum err_kind heap_native_of_places(sqlite3 *db, bool of_sites, struct err *e)
{
	TRY(heap_native_to_tables(db, e));
	return query_script(db,
			    of_sites ? places_sql
				     : "CREATE TEMP TABLE heap_place_native(place, share, text);",
			    e);
}
