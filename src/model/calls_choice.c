#include "model/calls_choice.h"

#include <stdio.h>
#include <string.h>

#include "agent/calls_file.h"
#include "model/query.h"

/* Own time by code object: samples, and where there are none counted calls. */
static const char top_sql[] =
	"WITH own AS (SELECT f.file, f.first_line AS line, total(s.wall_ns) AS ns FROM v1_sample s "
	"JOIN v1_frame f ON f.id = s.stack_id WHERE s.state NOT IN ('lock', 'sleep', 'unseen') OR "
	"s.in_unit GROUP BY 1, 2 UNION ALL SELECT file, line, total(own_wall_ns) FROM v1_call "
	"WHERE "
	"kind = 'function' AND NOT EXISTS (SELECT 1 FROM v1_sample) GROUP BY 1, 2) "
	"SELECT file, line FROM own WHERE line > 0 AND file IS NOT NULL AND ns > 0 ORDER BY ns "
	"DESC, "
	"file, line LIMIT ?1";

/* What was on a stack of the route, callers included: samples and calls that were recorded. A
 * hostile stack cannot be a ring (recording_open), but long. */
static const char route_sql[] =
	"WITH RECURSIVE seen(id) AS (SELECT stack_id FROM v1_sample WHERE route = ?1 UNION SELECT "
	"stack_id FROM v1_usage WHERE route = ?1), up(id) AS (SELECT id FROM seen WHERE id > 0 "
	"UNION "
	"SELECT f.parent_id FROM up u JOIN v1_frame f ON f.id = u.id WHERE f.parent_id > 0) "
	"SELECT DISTINCT f.file, f.first_line FROM up u JOIN v1_frame f ON f.id = u.id WHERE "
	"f.kind = "
	"'app' AND f.first_line > 0 ORDER BY 1, 2 LIMIT ?2";
enum { ROUTE_FUNCTIONS_MAX = 200 };

/* The path's last two parts: enough to tell it from others, and it may lie elsewhere next time. */
static const char *tail_of(const char *path)
{
	const char *at = path + strlen(path);
	for (int slashes = 0; at > path && (slashes += at[-1] == '/') < 2; at--)
		;
	return at;
}

static enum err_kind add_all(sqlite3 *db, sqlite3_stmt *row, struct str *out, size_t *chosen,
			     struct err *e)
{
	while (sqlite3_step(row) == SQLITE_ROW) {
		char one[512];
		const char *file = (const char *)sqlite3_column_text(row, 0);
		const int line = sqlite3_column_int(row, 1);
		if (!file || *file == '<' || strpbrk(tail_of(file), ",*"))
			continue;
		const int length = snprintf(one, sizeof one, "%s%s:%d", out->length ? "," : "",
					    tail_of(file), line);
		if (length >= (int)sizeof one ||
		    out->length + (size_t)length >= CALLS_PATTERN_BYTES)
			continue;
		str_add(out, one);
		(*chosen)++;
	}
	return query_finish(db, row, e);
}

enum err_kind calls_choice_top(sqlite3 *db, size_t count, struct str *out, size_t *chosen,
			       struct err *e)
{
	sqlite3_stmt *row;
	*chosen = 0;
	TRY(query_prepare(db, top_sql, &row, e));
	sqlite3_bind_int64(row, 1, (sqlite3_int64)count);
	TRY(add_all(db, row, out, chosen, e));
	if (*chosen == 0)
		return ERR(e, ERR_INVALID,
			   "the last recording has neither samples nor counted calls to choose "
			   "functions by; make one with: unslow run -- COMMAND");
	return ERR_OK;
}

enum err_kind calls_choice_route(sqlite3 *db, const char *route, struct str *out, size_t *chosen,
				 struct err *e)
{
	sqlite3_stmt *row;
	char names[300] = "none";
	*chosen = 0;
	TRY(query_prepare(db, route_sql, &row, e));
	sqlite3_bind_text(row, 1, route, -1, SQLITE_STATIC);
	sqlite3_bind_int(row, 2, ROUTE_FUNCTIONS_MAX);
	TRY(add_all(db, row, out, chosen, e));
	if (*chosen)
		return ERR_OK;
	TRY(query_prepare(db,
			  "SELECT substr(group_concat(route, ', '), 1, 200) FROM (SELECT DISTINCT "
			  "route FROM v1_unit WHERE route IS NOT NULL LIMIT 20)",
			  &row, e));
	if (sqlite3_step(row) == SQLITE_ROW && sqlite3_column_text(row, 0))
		str_copy(names, sizeof names, (const char *)sqlite3_column_text(row, 0));
	TRY(query_finish(db, row, e));
	for (char *c = names; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	return ERR(e, ERR_INVALID,
		   "no function of route %.60s was seen in the last recording; its routes: %s",
		   route, names);
}
