#include "model/heap_finding.h"

#include <math.h>
#include <string.h>

#include "base/embedded.h"
#include "model/heap_ledger.h"
#include "model/heap_sums.h"
#include "model/query.h"

extern const struct embedded_file embedded_model[];

/* "NAME.sql", as it is in this folder. */
static enum err_kind run(sqlite3 *db, const char *name, struct err *e)
{
	const struct embedded_file *f = embedded_model;
	while (strcmp(f->path, name))
		f++;
	return query_script(db, f->text, e);
}

/* Growth of all that one holder keeps, as that of a line is told: their sums are what is judged,
 * which of their lines alone may be too few to be. */
static const char growth_sql[] =
	"DROP TABLE IF EXISTS temp.heap_holder;"
	"CREATE TEMP TABLE heap_holder AS SELECT k.holder AS id, k.name, h.root, h.label, "
	"iif(k.is_direct, h.in_type, NULL) AS in_type, "
	"iif(k.is_direct, h.in_length, NULL) AS in_length, h.cache_entries, h.cache_limit, "
	"h.cache_hits, h.cache_misses, "
	"coalesce(s.bytes, "
	"0) AS live_bytes, coalesce(s.samples, 0) AS samples, s.slope, s.slope_low, s.slope_high, "
	"s.day_bytes, s.verdict FROM (SELECT holder, name, coalesce(max(iif(is_direct, "
	"row_id, NULL)), max(row_id)) AS row_id, max(is_direct) AS is_direct FROM "
	"heap_held_stack GROUP BY holder) k JOIN v1_walk_holder h ON h.id = k.row_id LEFT JOIN "
	"heap_sum s ON s.place = k.holder;"
	"CREATE UNIQUE INDEX temp.heap_holder_by_id ON heap_holder (id);";

static enum err_kind make_holders(sqlite3 *db, const struct heap_filter *filter, struct err *e)
{
	double any;
	TRY(heap_choose_moment(db, filter->at_ns, e));
	TRY(run(db, "heap_holder.sql", e));
	TRY(query_number(db, "SELECT count(*) FROM heap_held_stack", 0, &any, e));
	if (any > 0)
		TRY(heap_sums_make(db, filter, e));
	else /* none of it is asked for below, but its columns are */
		TRY(query_script(
			db,
			"DROP TABLE IF EXISTS temp.heap_sum;"
			"CREATE TEMP TABLE heap_sum(place, bytes, samples, slope, slope_low, "
			"slope_high, day_bytes, grown_samples, more_work, verdict);",
			e));
	return query_script(db, growth_sql, e);
}

enum err_kind heap_findings_make(sqlite3 *db, const struct heap_filter *filter, struct err *e)
{
	if (filter->by == HEAP_BY_ROUTE || filter->route)
		return ERR(e, ERR_INVALID, "what is the matter with memory is asked of all routes");
	TRY(make_holders(db, filter, e));
	TRY(heap_to_tables(db, filter, e));
	TRY(heap_ledger_make(db, e));
	TRY(run(db, "heap_container.sql", e));
	return run(db, "heap_finding.sql", e);
}

enum err_kind heap_outlook_read(sqlite3 *db, struct heap_outlook *out, struct err *e)
{
	sqlite3_stmt *row;
	*out = (struct heap_outlook){.limit_bytes = NAN, .full_s = NAN, .recycle_units = NAN};
	TRY(query_prepare(db,
			  "SELECT of_units, rate, day_bytes, limit_bytes, room_bytes, full_s, "
			  "recycle_units FROM heap_outlook",
			  &row, e));
	if (sqlite3_step(row) == SQLITE_ROW)
		*out = (struct heap_outlook){
			.of_units = sqlite3_column_int(row, 0) != 0,
			.rate = sqlite3_column_double(row, 1),
			.day_bytes = sqlite3_column_double(row, 2),
			.limit_bytes = query_column(row, 3),
			.room_bytes = query_column(row, 4),
			.full_s = query_column(row, 5),
			.recycle_units = query_column(row, 6),
		};
	return query_finish(db, row, e);
}
