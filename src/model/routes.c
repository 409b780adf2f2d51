#include "model/routes.h"

#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "model/query.h"

#define SHOWN_MOST 6
#define SHOWN_BYTES 48

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

/* What a terminal would obey, and what is no UTF-8, as '?'; cut at a whole character. */
static void add_shown(struct str *out, const char *text)
{
	size_t left = strlen(text);
	for (size_t used = 0; left && used < SHOWN_BYTES;) {
		const unsigned char *s = (const unsigned char *)text;
		const size_t length = utf8_length(s, left), taken = length ? length : 1;
		const bool is_control = *s < 0x20 || *s == 0x7f || (*s == 0xc2 && s[1] < 0xa0);
		if (length && !is_control)
			str_printf(out, "%.*s", (int)length, text);
		else
			str_add(out, "?");
		text += taken;
		left -= taken;
		used += taken;
	}
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
	struct str names, shown;
	TRY(query_prepare(db, routes_sql, &row, e));
	str_init(&names, 1000);
	str_init(&shown, 100);
	while (sqlite3_step(row) == SQLITE_ROW) {
		const char *route = (const char *)sqlite3_column_text(row, 0);
		if (strcmp(route, asked) == 0)
			found = asked;
		else if (!found && path && strcmp(route, path) == 0)
			found = path;
		if (count++ >= SHOWN_MOST)
			continue;
		if (names.length)
			str_add(&names, ", ");
		add_shown(&names, route);
	}
	enum err_kind kind = query_finish(db, row, e);
	add_shown(&shown, asked);
	if (kind == ERR_OK && count && !found)
		kind = ERR(e, ERR_USAGE, "no unit of work has the route '%s'; there %s %s%s",
			   shown.text, count == 1 ? "is" : "are", names.text,
			   count > SHOWN_MOST ? ", … (all: unslow show requests)" : "");
	if (found)
		*out = found;
	str_free(&names);
	str_free(&shown);
	return kind;
}
