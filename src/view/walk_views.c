#include "view/walk_views.h"

#include "base/json.h"
#include "base/str.h"
#include "model/query.h"
#include "view/text.h"

/* From outside fewer objects are counted: growth is between walks alike. The last is the last that
 * came to its end, if one did. */
#define DONE_IF \
	"WITH done AS MATERIALIZED (SELECT id, process_id, how, changed, row_number() OVER " \
	"(PARTITION BY process_id, how ORDER BY number) AS nth, row_number() OVER (PARTITION BY " \
	"process_id ORDER BY cut, number DESC, id DESC) AS nth_last, how = first_value(how) OVER " \
	"(PARTITION BY process_id ORDER BY cut, number DESC, id DESC) AS is_alike FROM v1_walk " \
	"WHERE " \
	"state = 'done'"
#define DONE DONE_IF ")"
/* The last one that found holders: from outside none may have been looked for. */
#define DONE_HOLDERS DONE_IF " AND id IN (SELECT walk_id FROM v1_walk_holder)) "

/* A process that was walked once has no growth: its first walk is its last. */
const char walk_types_sql[] = DONE
	", last AS (SELECT coalesce(t.type, '(not named)') AS type, sum(t.count) AS count, "
	"sum(t.bytes) AS bytes, sum(t.deep_bytes) AS deep_bytes, max(t.is_class) AS is_class, "
	"nullif(sum(t.garbage_count), 0) AS garbage, nullif(sum(t.garbage_bytes), 0) AS "
	"garbage_bytes, CASE WHEN min(d.how = 'outside') THEN 'outside' WHEN max(d.how = "
	"'outside') THEN 'partly outside' END || iif(m.changed > 0, printf(', %d changed', "
	"m.changed), '') AS how FROM (SELECT sum(changed) AS changed FROM done WHERE nth_last = 1) "
	"m JOIN "
	"done d JOIN v1_walk_type t ON "
	"t.walk_id = d.id WHERE d.nth_last = 1 GROUP BY 1), "
	"change AS (SELECT coalesce(t.type, '(not named)') AS type, sum(iif(d.nth_last = 1, 1, -1) "
	"* t.count) AS count, sum(iif(d.nth_last = 1, 1, -1) * t.bytes) AS bytes FROM done d JOIN "
	"v1_walk_type t ON t.walk_id = d.id WHERE d.is_alike AND (d.nth_last = 1) <> (d.nth = 1) "
	"GROUP BY 1) "
	"SELECT l.count, c.count, l.bytes / 1048576.0, c.bytes / 1048576.0, 1.0 * l.bytes / "
	"nullif(l.count, 0), l.deep_bytes / 1048576.0, l.garbage, l.garbage_bytes / "
	"1048576.0, l.is_class, l.how, l.type FROM last l LEFT JOIN "
	"change c ON c.type = l.type "
	"ORDER BY l.bytes DESC, l.count DESC, l.type LIMIT ?1";

/* Workers that do alike are one row. What would free next to nothing, as others lead to all of it
 * as well (a server's objects, each of which leads to all), is left out, but where a live sample
 * asked for it. */
const char walk_holders_sql[] = DONE_HOLDERS
	"SELECT h.type, count(DISTINCT h.process_id), max(h.length), max(h.bytes) / 1024.0, "
	"max(h.deep_bytes) / 1024.0, max(h.shared_bytes) / 1024.0, h.in_type, "
	"max(h.in_length), h.root, h.label, "
	"max(h.cache_entries), h.cache_limit, max(h.cache_hits), max(h.cache_misses), "
	"(SELECT app_file || ':' || app_line FROM v1_frame f WHERE f.id = s.stack_id) || "
	"iif(h.maybe_recycled, '?', '') AS made_at, "
	"h.expression FROM done d JOIN "
	"v1_walk_holder h ON h.walk_id = d.id LEFT JOIN v1_heap_site s ON s.id = h.site_id "
	"WHERE "
	"d.nth_last = 1 AND NOT (h.site_id IS NULL AND coalesce(h.shared_bytes >= 0.9 * "
	"h.deep_bytes "
	"AND h.deep_bytes - h.shared_bytes < 4096, 0)) GROUP BY h.expression, h.type, h.in_type, "
	"h.root, h.label, "
	"h.cache_limit, made_at ORDER BY max(coalesce(h.deep_bytes, h.bytes)) DESC, "
	"min(h.id) LIMIT ?1";

/* --- above them ----------------------------------------------------------- */

static const char cut_sql[] =
	DONE "SELECT p.pid, w.cut, w.holders_cut FROM done d JOIN v1_walk w ON w.id = d.id JOIN "
	     "v1_process p ON p.id = d.process_id WHERE d.nth_last = 1 AND (w.cut OR "
	     "w.holders_cut) ORDER BY p.pid";

static const char lost_sql[] = "SELECT p.pid, sum(l.count) FROM v1_loss l JOIN v1_process p ON "
			       "p.id = l.process_id WHERE l.kind = 'walk_rows' AND l.count > 0 "
			       "GROUP BY p.id ORDER BY p.pid";

static enum err_kind lost_text(sqlite3 *db, const struct view_options *o, FILE *out, struct err *e)
{
	sqlite3_stmt *row;
	struct str text;
	char figure[TEXT_FIGURE_SIZE];
	TRY(query_prepare(db, lost_sql, &row, e));
	str_init(&text, 200);
	while (sqlite3_step(row) == SQLITE_ROW) {
		const double lost = sqlite3_column_double(row, 1);
		str_clear(&text);
		str_printf(&text,
			   "process %lld: %s row%s of its walks found no place in the recording: "
			   "there are more types than these",
			   (long long)sqlite3_column_int64(row, 0), text_figure(lost, figure),
			   lost == 1 ? "" : "s");
		text_wrap(out, text.text, 0, 4, o->width);
		fputc('\n', out);
	}
	str_free(&text);
	return query_finish(db, row, e);
}

/* A walk that came to its end and found none of this has answered. */
static enum err_kind none_why(sqlite3 *db, struct str *text, struct err *e)
{
	return query_add_text(
		db,
		"SELECT CASE WHEN EXISTS (SELECT 1 FROM v1_walk WHERE state = 'done') THEN '' "
		"WHEN EXISTS (SELECT 1 FROM v1_walk) THEN 'no walk of a heap came to its end (' || "
		"(SELECT group_concat(state, ', ') FROM (SELECT DISTINCT state FROM v1_walk)) || "
		"'); record for longer, or walk it less often: unslow run --walk=60 -- ' || "
		"command "
		"ELSE 'no heap was walked in this recording; record again with: unslow run --walk "
		"-- ' || command || ', or ask a process that runs: unslow attach PID --walk' END "
		"FROM (SELECT coalesce((SELECT value FROM v1_meta WHERE key = 'command'), "
		"'COMMAND') AS command)",
		text, e);
}

static enum err_kind cut_text(sqlite3 *db, const struct view_options *o, FILE *out, struct err *e)
{
	sqlite3_stmt *row;
	struct str text;
	TRY(query_prepare(db, cut_sql, &row, e));
	str_init(&text, 200);
	while (sqlite3_step(row) == SQLITE_ROW) {
		str_clear(&text);
		str_printf(&text, "process %lld: time or memory was over before all %s",
			   (long long)sqlite3_column_int64(row, 0),
			   sqlite3_column_int(row, 1)
				   ? "objects were counted: there are more"
				   : "holders were found: those that are missing say so");
		text_wrap(out, text.text, 0, 4, o->width);
		fputc('\n', out);
	}
	str_free(&text);
	TRY(query_finish(db, row, e));
	return lost_text(db, o, out, e);
}

static enum err_kind cut_json(sqlite3 *db, bool has_rows, struct json *j, struct err *e)
{
	sqlite3_stmt *row;
	TRY(query_prepare(db, cut_sql, &row, e));
	json_key(j, "cut");
	json_array(j);
	while (sqlite3_step(row) == SQLITE_ROW)
		json_int(j, sqlite3_column_int64(row, 0));
	json_array_end(j);
	TRY(query_finish(db, row, e));
	double lost;
	TRY(query_number(db, "SELECT total(count) FROM v1_loss WHERE kind = 'walk_rows'", 0, &lost,
			 e));
	json_key(j, "lost_rows");
	json_number(j, lost, 15);
	struct str why;
	str_init(&why, 8000);
	const enum err_kind kind = has_rows ? ERR_OK : none_why(db, &why, e);
	json_key(j, "note");
	json_string(j, why.length ? why.text : NULL);
	str_free(&why);
	return kind;
}

const struct view_heads walk_heads = {none_why, cut_text, cut_json};
