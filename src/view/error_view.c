#include "view/error_view.h"

/* The first exception of a unit is the one that was not mended on its way. Cold units count: the
 * first request fails as any other, and one that had its answer when it failed. */
const char errors_sql[] =
	"WITH meta AS (SELECT (SELECT value FROM v1_meta WHERE key = 'started_ns') AS began_ns, "
	"(SELECT value FROM v1_meta WHERE key = 'ended_ns') AS ended_ns), "
	"units AS (SELECT id, coalesce(method || ' ', '') || coalesce(route, '(no route)') AS "
	"route, wall_ns, end_ns, weight, status, failed, error FROM v1_unit WHERE finished AND "
	"kind = (SELECT kind FROM basis_total)), "
	"routes AS (SELECT route, sum(weight) AS units FROM units GROUP BY 1), "
	"raised AS (SELECT unit_id, min(at_ns), class, file, line, function FROM v1_exception "
	"GROUP BY unit_id), "
	"failing AS (SELECT u.*, coalesce(u.error, x.class) AS class, x.file, x.line, x.function "
	"FROM units u LEFT JOIN raised x ON x.unit_id = u.id WHERE u.failed OR x.class IS NOT "
	"NULL) "
	"SELECT coalesce(iif(class LIKE 'builtins.%', substr(class, 10), class), 'status ' || "
	"status, '(not known)'), f.route, sum(weight), 60e9 * sum(weight) / nullif((SELECT "
	"ended_ns - began_ns FROM meta), 0), 100.0 * sum(weight) / max(r.units), sum(weight * "
	"wall_ns) / 1e6 / sum(weight), sum(weight * wall_ns) / 1e6, max(status), (max(end_ns) - "
	"(SELECT began_ns FROM meta)) / 1e9, file, line, function, file || ':' || line FROM "
	"failing f JOIN routes r ON r.route = f.route GROUP BY 1, 2, file, line, function ORDER "
	"BY 3 DESC, 7 DESC, 1, 2 LIMIT ?1";
