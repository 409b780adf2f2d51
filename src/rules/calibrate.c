#include "rules/calibrate.h"

#include "model/query.h"
#include "rules/rank.h"

static const char *const levels[] = {"", "possible", "likely", "proven"};

static void calibrate_one(sqlite3_stmt *find, struct candidate *c, struct arena *arena)
{
	const char *evidence = rank_rivals_excluded(c) ? "excluded" : "open";
	sqlite3_bind_text(find, 1, c->rule->id, -1, SQLITE_STATIC);
	sqlite3_bind_text(find, 2, levels[c->confidence], -1, SQLITE_STATIC);
	sqlite3_bind_text(find, 3, evidence, -1, SQLITE_STATIC);
	if (sqlite3_step(find) == SQLITE_ROW) {
		c->confidence--;
		c->because = arena_printf(arena,
					  "%s; its evidence says %s, but in the corpus that was "
					  "right %d of %d times%s",
					  c->because ? c->because : "", levels[c->confidence + 1],
					  sqlite3_column_int(find, 0), sqlite3_column_int(find, 1),
					  sqlite3_column_int(find, 2) ? " for this cause" : "");
	}
	sqlite3_reset(find);
}

enum err_kind calibrate(sqlite3 *db, struct candidates *all, struct arena *arena, struct err *e)
{
	sqlite3_stmt *find;
	TRY(query_prepare(db,
			  "SELECT hits, times, cause <> '' FROM calibrated WHERE cause IN (?1, '') "
			  "AND level = ?2 AND (evidence = ?3 OR cause <> '')"
			  " ORDER BY cause DESC LIMIT 1",
			  &find, e));
	for (size_t i = 0; i < all->list.count; i++) {
		struct candidate *c = &all->list.items[i];
		if (c->fires && c->confidence > CONFIDENCE_POSSIBLE)
			calibrate_one(find, c, arena);
	}
	return query_finish(db, find, e);
}
