#include "view/io_view.h"

/* What import statements read is no line's own: from the call up to the application's frame there
 * is one of importlib. A hostile stack may be a ring, so the walk is bounded. */
const char io_sql[] =
	"WITH RECURSIVE up(stack_id, at, steps) AS ("
	"SELECT DISTINCT stack_id, stack_id, 0 FROM v1_usage WHERE kind IN ('open', 'read', "
	"'close') UNION ALL SELECT u.stack_id, f.parent_id, steps + 1 FROM up u "
	"JOIN v1_frame f ON f.id = u.at WHERE f.kind <> 'app' "
	"AND f.file NOT LIKE '<frozen importlib%' AND steps < 100), "
	"imports AS MATERIALIZED (SELECT DISTINCT u.stack_id FROM up u "
	"JOIN v1_frame f ON f.id = u.at WHERE f.file LIKE '<frozen importlib%'), "
	/* the sums have the cold ones in them */
	"whole AS (SELECT sum(weight) AS units, sum(weight * wall_ns) AS wall_ns FROM v1_unit "
	"WHERE finished AND kind = (SELECT kind FROM basis_total)), "
	"calls AS (SELECT g.*, i.stack_id IS NOT NULL AS importing, "
	"g.route IN (SELECT route FROM basis) AS in_basis, "
	"coalesce(f.app_file || ':' || f.app_line, '(no place)') AS place "
	"FROM v1_usage g LEFT JOIN v1_frame f ON f.id = g.stack_id "
	"LEFT JOIN imports i ON i.stack_id = g.stack_id "
	"WHERE g.nested = 0 AND g.kind NOT IN ('callback', 'gc', 'span', 'exception')) "
	"SELECT iif(importing, 'imports', place), iif(importing, 'import', kind), "
	"iif(importing, NULL, peer_kind), sum(calls), "
	"1.0 * sum(calls) FILTER (WHERE in_basis) / nullif((SELECT units FROM whole), 0), "
	"sum(dur_ns) / 1e6, sum(blocked_ns) / 1e6, max(max_ns) / 1e6, "
	"100.0 * sum(dur_ns) FILTER (WHERE in_basis) / "
	"nullif((SELECT wall_ns FROM whole), 0), sum(failed), sum(bytes) "
	"FROM calls GROUP BY 1, 2, 3 ORDER BY max(importing), sum(dur_ns) DESC LIMIT ?1";
