#include "rules/fix.h"

#include "model/query.h"

/* Frames from the leaf to the application; a framework below (above in the file: Flask calling the
 * handler) does not count, so the walk ends at the first application frame. */
static const char choose[] =
	"WITH RECURSIVE walk(id, parent_id, kind, file) AS ("
	"  SELECT id, parent_id, kind, file FROM v1_frame WHERE id = ?2 "
	"  UNION ALL SELECT f.id, f.parent_id, f.kind, f.file FROM walk w "
	"  JOIN v1_frame f ON f.id = w.parent_id WHERE w.kind <> 'app'"
	"), package AS (SELECT DISTINCT package_of(file) AS name FROM walk "
	"  UNION SELECT substr(key, 9) FROM v1_fact WHERE key LIKE 'package.%' "
	"    AND NOT EXISTS (SELECT 1 FROM walk WHERE package_of(file) IS NOT NULL)"
	"    AND ?2 IS NULL)"
	"SELECT text FROM fix WHERE cause = ?1 "
	"  AND (package IS NULL OR package IN (SELECT name FROM package)) "
	"  AND (peer_kind IS NULL OR peer_kind IS ?3) "
	"ORDER BY rowid LIMIT 1";

enum err_kind fix_choose(sqlite3 *db, const struct candidate *c, struct arena *arena,
			 const char **out, struct err *e)
{
	sqlite3_stmt *statement;
	TRY(query_prepare(db, choose, &statement, e));
	sqlite3_bind_text(statement, 1, c->rule->id, -1, SQLITE_STATIC);
	if (c->stack_id)
		sqlite3_bind_int64(statement, 2, c->stack_id);
	if (c->peer_kind)
		sqlite3_bind_text(statement, 3, c->peer_kind, -1, SQLITE_STATIC);
	*out = c->fix ? c->fix : c->rule->fix;
	if (!c->fix && sqlite3_step(statement) == SQLITE_ROW)
		*out = arena_string(arena, (const char *)sqlite3_column_text(statement, 0));
	if (c->fix_more)
		*out = arena_printf(arena, "%s; %s", *out, c->fix_more);
	return query_finish(db, statement, e);
}
