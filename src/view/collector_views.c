#include "view/collector_views.h"

#include <math.h>

#include "base/json.h"
#include "base/str.h"
#include "model/collector.h"
#include "model/query.h"
#include "view/heap_collector.h"
#include "view/text.h"

/* The last word, for what is of none, and END follow. */
#define GENERATION "CASE generation WHEN 0 THEN 'young' WHEN 1 THEN 'middle' WHEN 2 THEN 'full' "
#define BEGAN "(SELECT max(value) FROM v1_meta WHERE key = 'started_ns')"
#define ENDED "(SELECT max(value) FROM v1_meta WHERE key = 'ended_ns')"
#define MINUTES "(SELECT (" ENDED " - " BEGAN ") / 6e10 AS minutes)" /* of the recording */

const char collector_rows_sql[] =
	"WITH routes AS (SELECT route, sum(weight * wall_ns) AS wall_ns FROM v1_unit "
	"  WHERE finished GROUP BY 1), "
	"said AS (SELECT *, " GENERATION "ELSE 'in sums' END AS name, "
	"  CASE WHEN in_units AND NOT finished THEN coalesce(route || ' ', '') || '(did not end)' "
	"    WHEN route IS NOT NULL THEN route WHEN in_units THEN '(no route)' "
	"    WHEN generation < 0 THEN '(no route, or outside of units)' "
	"    ELSE '(outside of units)' END AS place FROM gc_row) "
	"SELECT name, count, count / nullif(minutes, 0), total_ns / 1e6, total_ns / 1e6 / count, "
	"  longest_ns / 1e6, "
	"  iif(in_units AND finished, 100.0 * total_ns / nullif(w.wall_ns, 0), NULL), freed, place "
	"FROM said s JOIN " MINUTES " LEFT JOIN routes w ON w.route IS s.route "
	"ORDER BY total_ns DESC, generation DESC, place LIMIT ?1";

const char collector_slowest_sql[] =
	"SELECT (unit_id >> 40) || '.' || (unit_id & 0xffffffffff), "
	"  CASE WHEN unit_id IS NULL THEN '(outside of units)' ELSE coalesce(method || ' ', '') || "
	"    coalesce(route, iif(finished, '(no route)', '(did not end)')) END, "
	"  max(0, g.start_ns - coalesce(" BEGAN ", 0)) / 1e9, " GENERATION "END, "
	"  dur_ns / 1e6, cpu_ns / 1e6, iif(finished, 100.0 * dur_ns / nullif(wall_ns, 0), NULL), "
	"  freed, p.pid "
	"FROM gc_single g LEFT JOIN v1_thread t ON t.id = g.thread_id "
	"LEFT JOIN v1_process p ON p.id = coalesce(g.unit_id >> 40, t.process_id) "
	"ORDER BY dur_ns DESC, g.start_ns LIMIT ?1";

enum err_kind collector_prepare(sqlite3 *db, const struct view_options *o, struct err *e)
{
	(void)o;
	return collector_to_tables(db, e);
}

/* What all of it was. In the units' ledger is the CPU time of collections, not what they waited. */
static const char whole_sql[] =
	"SELECT (SELECT total(count) FROM gc_row), (SELECT total(total_ns) FROM gc_row) / 1e6, "
	"(SELECT total(count) FROM gc_row WHERE generation < 0), (SELECT total(total_ns) FROM "
	"gc_row WHERE generation < 0) / 1e6, (SELECT minutes * 60 FROM " MINUTES "), t.kind, "
	"(SELECT total(u.weight * u.gc_ns) / 1e6 FROM v1_unit u WHERE u.finished AND u.kind = "
	"t.kind), (SELECT total(u.weight * u.wall_ns) / 1e6 FROM v1_unit u WHERE u.finished AND "
	"u.kind = t.kind), (SELECT count(*) FROM v1_process WHERE python IS NOT NULL AND "
	"(agent_state = 'off' OR id IN (SELECT process_id FROM v1_fact WHERE key = 'agent.gc'))), "
	"(SELECT total(count) FROM v1_loss WHERE kind IN ('ring_full', 'no_ring')), EXISTS (SELECT "
	"1 FROM v1_walk WHERE state = 'done') FROM basis_total t";
enum { WHOLE_COUNT, WHOLE_MS, WHOLE_SUMS, WHOLE_SUMS_MS, WHOLE_S, WHOLE_KIND, WHOLE_UNITS_MS };
enum { WHOLE_WALL_MS = WHOLE_UNITS_MS + 1, WHOLE_UNSEEN, WHOLE_LOST, WHOLE_WALKED };

static void add_whole(struct str *text, sqlite3_stmt *row)
{
	char figure[TEXT_FIGURE_SIZE], time[TEXT_TIME_SIZE];
	const double wall = sqlite3_column_double(row, WHOLE_WALL_MS);
	const double count = sqlite3_column_double(row, WHOLE_COUNT);
	str_printf(text, "%s collection%s in %.1f s, %s together", text_figure(count, figure),
		   count == 1 ? "" : "s", sqlite3_column_double(row, WHOLE_S),
		   text_time_ms(sqlite3_column_double(row, WHOLE_MS), time));
	if (sqlite3_column_double(row, WHOLE_SUMS) > 0)
		str_printf(
			text,
			", of which %s only in sums: shorter than 0.05 ms, or not kept one by one",
			text_figure(sqlite3_column_double(row, WHOLE_SUMS), figure));
	if (wall > 0)
		str_printf(text, "; on the CPU %.2g %% of the time of %ss (%s)",
			   100 * sqlite3_column_double(row, WHOLE_UNITS_MS) / wall,
			   (const char *)sqlite3_column_text(row, WHOLE_KIND),
			   text_time_ms(sqlite3_column_double(row, WHOLE_UNITS_MS), time));
	if (sqlite3_column_double(row, WHOLE_UNSEEN) > 0)
		str_printf(text,
			   "; not seen in %.0f process%s, where the agent is not on or cannot",
			   sqlite3_column_double(row, WHOLE_UNSEEN),
			   sqlite3_column_double(row, WHOLE_UNSEEN) == 1 ? "" : "es");
	if (sqlite3_column_double(row, WHOLE_LOST) > 0)
		str_printf(text, "; %s records were lost, collections may be among them",
			   text_figure(sqlite3_column_double(row, WHOLE_LOST), figure));
	if (!sqlite3_column_int(row, WHOLE_WALKED))
		str_add(text, "; no heap was walked: `unslow run --walk` tells of which types the "
			      "cycles are");
}

static enum err_kind heads_text(sqlite3 *db, const struct view_options *o, FILE *out, struct err *e)
{
	sqlite3_stmt *row;
	struct str text;
	char unit[40] = "unit";
	TRY(query_prepare(db, whole_sql, &row, e));
	str_init(&text, 2000);
	if (sqlite3_step(row) == SQLITE_ROW) {
		add_whole(&text, row);
		if (sqlite3_column_type(row, WHOLE_KIND) != SQLITE_NULL)
			snprintf(unit, sizeof unit, "%s",
				 (const char *)sqlite3_column_text(row, WHOLE_KIND));
		text_wrap(out, text.text, 0, 4, o->width);
		fputc('\n', out);
	}
	str_free(&text);
	TRY(query_finish(db, row, e));
	return heap_collector_text(db, unit, o->width, out, e);
}

static enum err_kind none_why(sqlite3 *db, struct str *text, struct err *e)
{
	TRY(view_none_watched(db, text, e));
	if (text->length)
		return ERR_OK;
	return query_add_text(db,
			      "SELECT 'collections were not seen: ' || max(value) FROM v1_fact "
			      "WHERE key = 'agent.gc'",
			      text, e);
}

static enum err_kind heads_json(sqlite3 *db, bool has_rows, struct json *j, struct err *e)
{
	sqlite3_stmt *row;
	TRY(query_prepare(db, whole_sql, &row, e));
	json_key(j, "collected");
	json_object(j);
	if (sqlite3_step(row) == SQLITE_ROW) {
		const double wall = sqlite3_column_double(row, WHOLE_WALL_MS);
		json_put_number(j, "collections", sqlite3_column_double(row, WHOLE_COUNT), 15);
		json_put_number(j, "total_ms", sqlite3_column_double(row, WHOLE_MS), 9);
		json_put_number(j, "in_sums", sqlite3_column_double(row, WHOLE_SUMS), 15);
		json_put_number(j, "in_sums_ms", sqlite3_column_double(row, WHOLE_SUMS_MS), 9);
		json_put_number(j, "recorded_s", sqlite3_column_double(row, WHOLE_S), 9);
		json_put_text(j, "unit", (const char *)sqlite3_column_text(row, WHOLE_KIND));
		json_put_number(j, "in_units_cpu_ms", sqlite3_column_double(row, WHOLE_UNITS_MS),
				9);
		json_key(j, "of_units_percent");
		json_number(
			j, wall > 0 ? 100 * sqlite3_column_double(row, WHOLE_UNITS_MS) / wall : NAN,
			6);
		json_put_uint(j, "processes_not_seen",
			      (uint64_t)sqlite3_column_int64(row, WHOLE_UNSEEN));
		json_put_number(j, "lost_records", sqlite3_column_double(row, WHOLE_LOST), 15);
		json_key(j, "walked");
		json_bool(j, sqlite3_column_int(row, WHOLE_WALKED));
	}
	json_object_end(j);
	TRY(query_finish(db, row, e));
	TRY(heap_collector_json(db, j, e));
	return view_note_json(db, has_rows, none_why, j, e);
}

const struct view_heads collector_heads = {none_why, heads_text, heads_json};
