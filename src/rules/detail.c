#include "rules/detail.h"

#include "model/query.h"

#define KIND_LEAST 64 /* units of one kind, route and fate: so many stay whole */

/* A view, and what makes the table of its rows that takes its name's place: `event_row` for
 * v1_event. */
struct stand_in {
	const char *view, *make;
};

static const struct stand_in whole[] = {
	{"v1_frame", "CREATE TEMP TABLE frame_row(id INTEGER PRIMARY KEY, parent_id INTEGER, "
		     "depth INTEGER, file TEXT, line INTEGER, function TEXT, kind TEXT, "
		     "has_app INTEGER, app_file TEXT, app_line INTEGER, app_function TEXT, "
		     "first_line INTEGER);"
		     "INSERT INTO frame_row SELECT id, parent_id, depth, file, line, function, "
		     "kind, has_app, app_file, app_line, app_function, first_line FROM v1_frame "
		     "ORDER BY id;"},
	{"v1_unit", "CREATE TEMP TABLE unit_row AS SELECT * FROM v1_unit;"
		    "CREATE UNIQUE INDEX temp.unit_row_id ON unit_row(id);"},
	{"v1_handle", "CREATE TEMP TABLE handle_row AS SELECT * FROM v1_handle;"
		      "CREATE UNIQUE INDEX temp.handle_row_id ON handle_row(id);"
		      "CREATE INDEX temp.handle_row_unit ON handle_row(open_unit_id);"},
	{"v1_client_request",
	 "CREATE TEMP TABLE client_request_row AS SELECT * FROM v1_client_request;"},
};

#define OF_UNITS_LOOKED_AT "unit_id IN (SELECT id FROM unit_row WHERE weight > 0);"
#define LOOKED_AT "WHERE unit_id IS NULL OR " OF_UNITS_LOOKED_AT

static const struct stand_in of_units[] = {
	{"v1_event",
	 "CREATE TEMP TABLE event_row AS SELECT * FROM v1_event "
	 /* callbacks of a loop are no unit's; of short ones some show that there are any */
	 "WHERE (unit_id IS NULL AND (kind <> 'callback' OR dur_ns >= 1000000 OR "
	 "start_ns % 16 = 0)) OR " OF_UNITS_LOOKED_AT
	 "CREATE INDEX temp.event_row_unit ON event_row(unit_id);"},
	{"v1_statement", "CREATE TEMP TABLE statement_row AS SELECT * FROM v1_statement " LOOKED_AT
			 "CREATE INDEX temp.statement_row_unit ON statement_row(unit_id);"},
	{"v1_command", "CREATE TEMP TABLE command_row AS SELECT * FROM v1_command " LOOKED_AT},
	{"v1_unit_sample",
	 "CREATE TEMP TABLE unit_sample_row AS SELECT * FROM v1_unit_sample " LOOKED_AT
	 "CREATE INDEX temp.unit_sample_row_unit ON unit_sample_row(unit_id);"},
};

static enum err_kind run(sqlite3 *db, char *sql, struct err *e)
{
	const enum err_kind kind = query_script(db, sql, e);
	sqlite3_free(sql);
	return kind;
}

static enum err_kind stand_in(sqlite3 *db, const struct stand_in *rows, size_t count, struct err *e)
{
	for (size_t i = 0; i < count; i++) {
		const char *view = rows[i].view;
		TRY(query_script(db, rows[i].make, e));
		/* the connection's own view, made when it was opened (recording/open.c) */
		TRY(run(db,
			sqlite3_mprintf("DROP VIEW IF EXISTS temp.%s;"
					"CREATE TEMP VIEW %s AS SELECT * FROM %s_row;",
					view, view, view + sizeof "v1_" - 1),
			e));
	}
	return ERR_OK;
}

enum err_kind detail_tables(sqlite3 *db, struct err *e)
{
	return stand_in(db, whole, sizeof whole / sizeof *whole, e);
}

/* All units that began within half a second, then those of another one: who waits for whom, what a
 * connection did before and whether something else was under way is seen there as it was. Which one
 * of so many in a row is no matter of their order: what comes at every so many seconds would be met
 * always or never. Of a kind that came in between, one in so many; a rare kind stays whole, and so
 * do the first units of a process. */
static const char choose[] =
	"CREATE TEMP TABLE detail_unit AS WITH placed AS (SELECT id, weight, kind, route, failed, "
	"    finished, streamed AND aborted AS broken, start_ns, "
	"    (start_ns - (SELECT min(start_ns) FROM unit_row)) / 500000000 AS block "
	"  FROM unit_row WHERE weight > 0 AND NOT cold), "
	"drawn AS (SELECT *, block %% %lld = (block / %lld * 40503 >> 4) %% %lld AS inside, "
	"    ((id & 0xffffffff) * 40503 >> 8) %% %lld = 0 AS lot FROM placed), "
	"kinds AS (SELECT kind, route, failed, finished, broken, count(*) AS n, "
	"    sum(weight) AS whole, total(inside) AS met FROM drawn GROUP BY 1, 2, 3, 4, 5), "
	"kept AS (SELECT d.id, k.whole, d.weight, sum(d.weight) OVER w AS upto, "
	"    sum(d.weight) OVER (PARTITION BY k.kind, k.route, k.failed, k.finished, k.broken) AS "
	"all_kept FROM drawn d JOIN kinds k ON k.kind = d.kind AND k.route IS d.route AND "
	"    k.failed = d.failed AND k.finished = d.finished AND k.broken = d.broken "
	"  WHERE k.n <= max(%d, 16 * %lld) OR iif(4 * %lld * k.met >= k.n, d.inside, d.lot) "
	"  WINDOW w AS (PARTITION BY k.kind, k.route, k.failed, k.finished, k.broken "
	"    ORDER BY d.start_ns, d.id ROWS UNBOUNDED PRECEDING)) "
	"SELECT id, whole * upto / all_kept - whole * (upto - weight) / all_kept AS weight FROM "
	"kept;"
	"CREATE UNIQUE INDEX temp.detail_unit_id ON detail_unit(id);"
	"UPDATE unit_row SET weight = "
	"  coalesce((SELECT d.weight FROM detail_unit d WHERE d.id = unit_row.id), 0) "
	"WHERE NOT cold;"
	"DROP TABLE temp.detail_unit;"
	"DROP VIEW temp.basis_whole;"
	"CREATE TEMP TABLE basis_whole AS SELECT * FROM basis;"
	"CREATE UNIQUE INDEX temp.basis_whole_id ON basis_whole(id);"
	"DELETE FROM basis WHERE id NOT IN (SELECT id FROM unit_row WHERE weight > 0);"
	"UPDATE basis SET weight = (SELECT u.weight FROM unit_row u WHERE u.id = basis.id);";

enum err_kind detail_choose(sqlite3 *db, uint64_t rows_most, struct err *e)
{
	double rows;
	TRY(query_number(db, "SELECT count FROM v1_unit_rows", 0, &rows, e));
	const long long parts = (long long)rows / (long long)rows_most + 1;
	if (parts > 1) {
		TRY(run(db,
			sqlite3_mprintf(choose, parts, parts, parts, parts, KIND_LEAST, parts,
					parts),
			e));
		TRY(stand_in(db, of_units, sizeof of_units / sizeof *of_units, e));
	}
	return run(db,
		   sqlite3_mprintf("CREATE TEMP TABLE detail AS SELECT %lld AS rows, "
				   "%lld AS parts, (SELECT count(*) FROM basis) AS kept;",
				   (long long)rows, parts),
		   e);
}
