#include "model/walk_types.h"

#include "model/query.h"

static const char chosen_sql[] =
	"DROP TABLE IF EXISTS temp.walk_moment;"
	"DROP TABLE IF EXISTS temp.walk_chosen;"
	"CREATE TEMP TABLE walk_moment AS SELECT iif(%lld > 0, %lld + (SELECT value FROM v1_meta "
	"WHERE key = 'started_ns'), max(begun_ns)) AS at_ns, %lld > 0 AS is_asked FROM v1_walk "
	"WHERE state = 'done';"
	"CREATE TEMP TABLE walk_chosen AS WITH done AS (SELECT w.*, w.id IN (SELECT walk_id FROM "
	"v1_walk_holder) AS has_holders FROM v1_walk w, walk_moment m WHERE state = 'done' AND "
	"begun_ns <= at_ns AND NOT (%d AND process_id IN (SELECT id FROM v1_process WHERE end_ns < "
	"at_ns))), ranked AS (SELECT *, row_number() OVER whole AS nth_last, first_value(how) OVER "
	"whole AS last_how, first_value(cut) OVER whole AS last_cut, row_number() OVER (PARTITION "
	"BY process_id, has_holders ORDER BY cut, "
	"number DESC, id DESC) AS nth_of_holders, row_number() OVER (PARTITION BY process_id, how, "
	"cut ORDER BY number) AS nth FROM done WINDOW whole AS (PARTITION BY process_id ORDER BY "
	"cut, "
	"number DESC, id DESC)) "
	"SELECT id, process_id, number, how, cut, changed, begun_ns, nth_last = 1 AS is_last, how "
	"= last_how AND cut = last_cut AND nth = 1 AS is_first, has_holders, has_holders AND "
	"nth_of_holders = 1 AS "
	"is_last_of_holders FROM ranked;";

/* A process that was walked once has no growth: its first walk is its last. */
static const char sum_sql[] =
	"DROP TABLE IF EXISTS temp.walk_sum;"
	"CREATE TEMP TABLE walk_sum AS WITH last AS (SELECT coalesce(t.type, '(not named)') AS "
	"type, "
	"sum(t.count) AS count, sum(t.bytes) AS bytes, sum(t.deep_bytes) AS deep_bytes, "
	"max(t.is_class) AS is_class, nullif(sum(t.garbage_count), 0) AS garbage_count, "
	"nullif(sum(t.garbage_bytes), 0) AS garbage_bytes, CASE WHEN min(c.how = 'outside') THEN "
	"'outside' WHEN max(c.how = 'outside') THEN 'partly outside' END || iif(m.changed > 0, "
	"printf(', %d changed', m.changed), '') AS how FROM (SELECT sum(changed) AS changed FROM "
	"walk_chosen WHERE is_last) m JOIN walk_chosen c JOIN v1_walk_type t ON t.walk_id = c.id "
	"WHERE c.is_last GROUP BY 1), change AS (SELECT coalesce(t.type, '(not named)') AS type, "
	"sum(iif(c.is_last, 1, -1) * t.count) AS count, sum(iif(c.is_last, 1, -1) * t.bytes) AS "
	"bytes FROM walk_chosen c JOIN v1_walk_type t ON t.walk_id = c.id WHERE c.is_last <> "
	"c.is_first GROUP BY 1) "
	"SELECT l.*, c.count AS grown_count, c.bytes AS grown_bytes FROM last l LEFT JOIN change c "
	"ON c.type = l.type;";

enum err_kind walks_choose(sqlite3 *db, uint64_t at_ns, bool of_living, struct err *e)
{
	const sqlite3_int64 at = (sqlite3_int64)at_ns;
	char *sql = sqlite3_mprintf(chosen_sql, at, at, at, of_living);
	const enum err_kind kind = query_script(db, sql, e);
	sqlite3_free(sql);
	return kind;
}

enum err_kind walk_types_sum(sqlite3 *db, struct err *e)
{
	return query_script(db, sum_sql, e);
}
