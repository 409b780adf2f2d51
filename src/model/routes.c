#include "model/routes.h"

#include <string.h>

#include "base/str.h"
#include "model/query.h"

#define SHOWN_MOST 8
#define SHOWN_CHARS 40

/* Of all that --route filters, those that most units had first. */
static const char routes_sql[] =
	"SELECT route, total(units) FROM (SELECT route, count(*) AS units FROM v1_unit GROUP BY 1 "
	"UNION ALL SELECT DISTINCT route, 0 FROM v1_sample UNION ALL SELECT DISTINCT route, 0 FROM "
	"v1_call UNION ALL SELECT DISTINCT route, 0 FROM v1_heap_live) WHERE route IS NOT "
	"NULL GROUP BY route ORDER BY 2 DESC, 1";

/* "GET /orders" → "/orders"; NULL: no method stands before it. */
static const char *behind_method(const char *asked)
{
	const size_t method = strspn(asked, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-");
	return method && asked[method] == ' ' ? asked + method + 1 : NULL;
}

enum err_kind routes_find(sqlite3 *db, const char *asked, const char **out, struct err *e)
{
	*out = asked;
	if (!asked)
		return ERR_OK;
	const char *path = behind_method(asked);
	const char *found = NULL;
	size_t count = 0;
	sqlite3_stmt *row;
	struct str names;
	TRY(query_prepare(db, routes_sql, &row, e));
	str_init(&names, 1000);
	while (sqlite3_step(row) == SQLITE_ROW) {
		const char *route = (const char *)sqlite3_column_text(row, 0);
		if (strcmp(route, asked) == 0)
			found = asked;
		else if (!found && path && strcmp(route, path) == 0)
			found = path;
		if (count++ < SHOWN_MOST)
			str_printf(&names, "%s%.*s", names.length ? ", " : "", SHOWN_CHARS, route);
	}
	enum err_kind kind = query_finish(db, row, e);
	if (kind == ERR_OK && count && !found)
		kind = ERR(e, ERR_USAGE, "no unit of work has the route '%.*s'; there %s %s%s",
			   SHOWN_CHARS, asked, count == 1 ? "is" : "are", names.text,
			   count > SHOWN_MOST ? ", … (all: unslow show requests)" : "");
	if (found)
		*out = found;
	str_free(&names);
	return kind;
}
