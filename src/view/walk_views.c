#include "view/walk_views.h"

#include <math.h>

#include "base/json.h"
#include "base/str.h"
#include "model/query.h"
#include "model/walk_types.h"
#include "view/text.h"

const char walk_types_sql[] =
	"SELECT count, grown_count, bytes / 1048576.0, grown_bytes / 1048576.0, 1.0 * bytes / "
	"nullif(count, 0), deep_bytes / 1048576.0, garbage_count, garbage_bytes / 1048576.0, "
	"is_class, how, type FROM walk_sum ORDER BY bytes DESC, count DESC, type LIMIT ?1";

const char walk_memory_sql[] =
	"SELECT bytes, grown_bytes, count, grown_count, 1.0 * bytes / nullif(count, 0), "
	"deep_bytes, garbage_bytes, garbage_count, is_class, how, type FROM walk_sum, walk_order "
	"ORDER BY iif(by_growth, grown_bytes, bytes) DESC NULLS LAST, bytes DESC, count DESC, "
	"type "
	"LIMIT ?1";

/* Workers that do alike are one row. What would free next to nothing, as others lead to all of it
 * as well (a server's objects, each of which leads to all), is left out, but where a live sample
 * asked for it. From outside no holders may have been looked for: the last walk that found some. */
const char walk_holders_sql[] =
	"SELECT h.type, count(DISTINCT h.process_id), max(h.length), max(h.bytes) / 1024.0, "
	"max(h.deep_bytes) / 1024.0, max(h.shared_bytes) / 1024.0, h.in_type, "
	"max(h.in_length), h.root, h.label, "
	"max(h.cache_entries), h.cache_limit, max(h.cache_hits), max(h.cache_misses), "
	"(SELECT app_file || ':' || app_line FROM v1_frame f WHERE f.id = s.stack_id) || "
	"iif(h.maybe_recycled, '?', '') AS made_at, "
	"max(o.kind), h.expression FROM walk_chosen d JOIN "
	"v1_walk_holder h ON h.walk_id = d.id LEFT JOIN walk_owner o ON o.root = h.root AND "
	"o.label = h.label LEFT JOIN v1_heap_site s ON s.id = h.site_id "
	"WHERE "
	"d.is_last_of_holders AND NOT (h.site_id IS NULL AND coalesce(h.shared_bytes >= 0.9 * "
	"h.deep_bytes "
	"AND h.deep_bytes - h.shared_bytes < 4096, 0)) GROUP BY h.expression, h.type, h.in_type, "
	"h.root, h.label, "
	"h.cache_limit, made_at ORDER BY max(coalesce(h.deep_bytes, h.bytes)) DESC, "
	"min(h.id) LIMIT ?1";

/* Whose module (the longest beginning of the label that is one), or whose function: as far as code
 * of its file was seen. Modules of the application may lie anywhere, all others below the folder of
 * their installation. Of several kinds none is said. */
static const char owners_sql[] =
	"DROP TABLE IF EXISTS temp.walk_file;"
	"DROP TABLE IF EXISTS temp.walk_owner;"
	"CREATE TEMP TABLE walk_file AS SELECT DISTINCT file, kind, CASE WHEN kind = 'app' THEN "
	"NULL WHEN file LIKE '<frozen %>' THEN substr(file, 9, length(file) - 9) ELSE "
	"replace(replace(replace(CASE WHEN file LIKE '%-packages/%' THEN substr(file, instr(file, "
	"'-packages/') + 10) ELSE substr(file, instr(file, '/python3.') + 9 + instr(substr(file, "
	"instr(file, '/python3.') + 9), '/')) END, '/__init__.py', ''), '.py', ''), '/', '.') END "
	"AS module FROM v1_frame WHERE kind <> 'generated';"
	"CREATE INDEX temp.walk_file_by_module ON walk_file (module);"
	"CREATE TEMP TABLE walk_owner AS WITH RECURSIVE label AS (SELECT DISTINCT root, label FROM "
	"v1_walk_holder WHERE label IS NOT NULL), part(root, label, name) AS (SELECT root, label, "
	"label FROM label WHERE root IN ('module', 'class', 'cache') UNION SELECT root, label, "
	"rtrim(rtrim(name, replace(name, '.', '')), '.') FROM part WHERE name LIKE '%.%'), app AS "
	"MATERIALIZED (SELECT file FROM walk_file WHERE kind = 'app'), path AS (SELECT root, "
	"label, "
	"name, '/' || replace(name, '.', '/') AS path FROM part WHERE name <> ''), found AS "
	"(SELECT "
	"p.root, p.label, 'app' AS kind, length(p.name) AS long FROM path p JOIN app f ON "
	"substr('/' || f.file, -length(p.path) - 3) = p.path || '.py' OR substr('/' || f.file, "
	"-length(p.path) - 12) = p.path || '/__init__.py' UNION ALL SELECT p.root, p.label, "
	"f.kind, "
	"length(p.name) FROM part p JOIN walk_file f ON f.module = p.name), most AS (SELECT *, "
	"max(long) OVER (PARTITION BY root, label) AS most FROM found) "
	"SELECT root, label, iif(count(DISTINCT kind) = 1, min(kind), NULL) AS kind FROM most "
	"WHERE long = most GROUP BY 1, 2 UNION ALL SELECT l.root, l.label, iif(count(DISTINCT "
	"f.kind) = 1, min(f.kind), NULL) FROM v1_frame f CROSS JOIN label l ON l.label = "
	"f.function "
	"WHERE l.root IN ('frame', 'suspended', 'thread') GROUP BY 1, 2;"
	"CREATE INDEX temp.walk_owner_by_label ON walk_owner (label, root);";

enum err_kind walk_holders_prepare(sqlite3 *db, const struct view_options *o, struct err *e)
{
	(void)o;
	TRY(walks_choose(db, 0, false, e));
	return query_script(db, owners_sql, e);
}

enum err_kind walk_types_prepare(sqlite3 *db, const struct view_options *o, struct err *e)
{
	TRY(walks_choose(db, o->heap.at_ns, o->by_type, e));
	return walk_types_sum(db, e);
}

enum err_kind walk_memory_prepare(sqlite3 *db, const struct view_options *o, struct err *e)
{
	TRY(walk_types_prepare(db, o, e));
	TRY(query_script(db, "DROP TABLE IF EXISTS temp.walk_order;", e));
	return query_script(db,
			    o->memory_sort
				    ? "CREATE TEMP TABLE walk_order AS SELECT 1 AS by_growth"
				    : "CREATE TEMP TABLE walk_order AS SELECT 0 AS by_growth",
			    e);
}

/* --- above them ----------------------------------------------------------- */

static const char cut_sql[] =
	"SELECT p.pid, w.cut, w.holders_cut FROM walk_chosen d JOIN v1_walk w ON w.id = d.id JOIN "
	"v1_process p ON p.id = d.process_id WHERE d.is_last AND (w.cut OR "
	"(?1 AND w.holders_cut)) ORDER BY p.pid";

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
		"SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM walk_chosen) AND EXISTS (SELECT 1 FROM "
		"v1_walk WHERE state = 'done') THEN printf('no heap had been walked then: the "
		"first walk was %.1f s after the start', ((SELECT min(begun_ns) FROM v1_walk WHERE "
		"state = 'done') - (SELECT value FROM v1_meta WHERE key = 'started_ns')) / 1e9) "
		"WHEN EXISTS (SELECT 1 FROM v1_walk WHERE state = 'done') THEN '' "
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

static enum err_kind cut_text(sqlite3 *db, bool of_holders, const struct view_options *o, FILE *out,
			      struct err *e)
{
	sqlite3_stmt *row;
	struct str text;
	TRY(query_prepare(db, cut_sql, &row, e));
	sqlite3_bind_int(row, 1, of_holders);
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

static enum err_kind cut_json(sqlite3 *db, bool of_holders, bool has_rows, struct json *j,
			      struct err *e)
{
	sqlite3_stmt *row;
	TRY(query_prepare(db, cut_sql, &row, e));
	sqlite3_bind_int(row, 1, of_holders);
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
	return view_note_json(db, has_rows, none_why, j, e);
}

static enum err_kind walk_text(sqlite3 *db, const struct view_options *o, FILE *out, struct err *e)
{
	return cut_text(db, true, o, out, e);
}

static enum err_kind walk_json(sqlite3 *db, bool has_rows, struct json *j, struct err *e)
{
	return cut_json(db, true, has_rows, j, e);
}

const struct view_heads walk_heads = {none_why, walk_text, walk_json};

/* --- show memory --by type ------------------------------------------------ */

enum { PROCESSES_MOST = 4 };

static const char walked_sql[] =
	"SELECT p.pid, l.number, f.number, max(0, l.begun_ns - s.ns) / 1e9, max(0, f.begun_ns - "
	"s.ns) / 1e9, l.how = 'outside', w.objects, w.bytes, (SELECT h.live_bytes FROM "
	"v1_heap_snapshot h WHERE h.process_id = l.process_id AND h.at_ns <= l.begun_ns ORDER BY "
	"h.at_ns DESC LIMIT 1) FROM (SELECT coalesce((SELECT value FROM v1_meta WHERE key = "
	"'started_ns'), 0) AS ns) s JOIN walk_chosen l JOIN v1_walk w ON w.id = l.id JOIN "
	"v1_process p ON p.id = l.process_id LEFT JOIN walk_chosen f ON f.process_id = "
	"l.process_id AND f.is_first AND NOT f.is_last WHERE l.is_last ORDER BY w.bytes DESC, "
	"p.pid";
enum { W_PID, W_NUMBER, W_FIRST, W_AT, W_FIRST_AT, W_OUTSIDE, W_OBJECTS, W_BYTES, W_LIVE };

/* Python that lived then, or later where no moment is asked for, and that no walk came to its end
 * in. */
static const char not_walked_sql[] =
	"SELECT p.pid, (SELECT coalesce(w.reason, w.state) FROM v1_walk w WHERE w.process_id = "
	"p.id AND w.state <> 'done' ORDER BY w.number DESC LIMIT 1) FROM v1_process p, "
	"walk_moment m WHERE p.python IS NOT NULL AND coalesce(p.end_ns >= m.at_ns, 1) AND "
	"(p.start_ns <= m.at_ns OR NOT m.is_asked) AND p.id NOT IN (SELECT process_id FROM "
	"walk_chosen) ORDER BY p.pid";

static void add_walked(struct str *text, sqlite3_stmt *row)
{
	char bytes[TEXT_BYTES_SIZE], figure[TEXT_FIGURE_SIZE];
	str_printf(text, "process %lld at %.1f s%s: %s objects of %s",
		   (long long)sqlite3_column_int64(row, W_PID), sqlite3_column_double(row, W_AT),
		   sqlite3_column_int(row, W_OUTSIDE) ? ", from outside" : "",
		   text_figure(sqlite3_column_double(row, W_OBJECTS), figure),
		   text_bytes(sqlite3_column_double(row, W_BYTES), bytes));
	if (sqlite3_column_type(row, W_LIVE) != SQLITE_NULL)
		str_printf(text, ", of %s of blocks that were live then",
			   text_bytes(sqlite3_column_double(row, W_LIVE), bytes));
	if (sqlite3_column_type(row, W_FIRST) != SQLITE_NULL)
		str_printf(text, "; growth since %.1f s", sqlite3_column_double(row, W_FIRST_AT));
	else
		str_add(text, "; walked once, so no growth");
}

static enum err_kind memory_text(sqlite3 *db, const struct view_options *o, FILE *out,
				 struct err *e)
{
	sqlite3_stmt *row;
	struct str text;
	size_t rows = 0;
	TRY(cut_text(db, false, o, out, e));
	TRY(query_prepare(db, walked_sql, &row, e));
	str_init(&text, 4000);
	for (; sqlite3_step(row) == SQLITE_ROW; rows++) {
		if (rows >= PROCESSES_MOST)
			continue;
		str_clear(&text);
		add_walked(&text, row);
		text_wrap(out, text.text, 0, 4, o->width);
		fputc('\n', out);
	}
	if (rows > PROCESSES_MOST)
		fprintf(out, "and %zu processes more; --json has them\n", rows - PROCESSES_MOST);
	enum err_kind kind = query_finish(db, row, e);
	if (kind == ERR_OK)
		kind = query_prepare(db, not_walked_sql, &row, e);
	str_clear(&text);
	while (kind == ERR_OK && sqlite3_step(row) == SQLITE_ROW) {
		const char *why = (const char *)sqlite3_column_text(row, 1);
		str_printf(&text, "%s process %lld%s%s%s", text.length ? "," : "not walked:",
			   (long long)sqlite3_column_int64(row, 0), why ? " (" : "", why ? why : "",
			   why ? ")" : "");
	}
	if (kind == ERR_OK)
		kind = query_finish(db, row, e);
	if (kind == ERR_OK && text.length) {
		text_wrap(out, text.text, 0, 4, o->width);
		fputc('\n', out);
	}
	str_free(&text);
	return kind;
}

static enum err_kind walks_json(sqlite3 *db, struct json *j, struct err *e)
{
	sqlite3_stmt *row;
	TRY(query_prepare(db, walked_sql, &row, e));
	json_key(j, "walks");
	json_array(j);
	while (sqlite3_step(row) == SQLITE_ROW) {
		json_object(j);
		json_put_uint(j, "pid", (uint64_t)sqlite3_column_int64(row, W_PID));
		json_put_uint(j, "number", (uint64_t)sqlite3_column_int64(row, W_NUMBER));
		json_put_number(j, "at_s", sqlite3_column_double(row, W_AT), 9);
		json_key(j, "since_s");
		json_number(j,
			    isnan(query_column(row, W_FIRST)) ? NAN : query_column(row, W_FIRST_AT),
			    9);
		json_put_text(j, "how", sqlite3_column_int(row, W_OUTSIDE) ? "outside" : "fork");
		json_put_uint(j, "objects", (uint64_t)sqlite3_column_int64(row, W_OBJECTS));
		json_put_number(j, "bytes", sqlite3_column_double(row, W_BYTES), 15);
		json_key(j, "live_bytes");
		json_number(j, query_column(row, W_LIVE), 15);
		json_object_end(j);
	}
	json_array_end(j);
	return query_finish(db, row, e);
}

static enum err_kind memory_json(sqlite3 *db, bool has_rows, struct json *j, struct err *e)
{
	sqlite3_stmt *row;
	TRY(walks_json(db, j, e));
	TRY(query_prepare(db, not_walked_sql, &row, e));
	json_key(j, "not_walked");
	json_array(j);
	while (sqlite3_step(row) == SQLITE_ROW) {
		json_object(j);
		json_put_uint(j, "pid", (uint64_t)sqlite3_column_int64(row, 0));
		json_put_text(j, "reason", (const char *)sqlite3_column_text(row, 1));
		json_object_end(j);
	}
	json_array_end(j);
	TRY(query_finish(db, row, e));
	return cut_json(db, false, has_rows, j, e);
}

const struct view_heads walk_memory_heads = {none_why, memory_text, memory_json};
