#include "export/export.h"

#include <string.h>

#include "base/str.h"
#include "export/formats.h"
#include "export/frame.h"
#include "model/query.h"
#include "view/sample_views.h"

const struct export_format export_formats[] = {
	{"json", "findings, ledger and facts", false, true, export_json},
	{"collapsed", "one line a stack, as flamegraph.pl and inferno read it; microseconds", true,
	 false, export_collapsed},
	{"svg", "a flame graph in one file, with zoom and search", true, false, export_svg},
	{"speedscope", "for speedscope.app, a profile a thread", true, false, export_speedscope},
	{0},
};

const struct export_format *export_find(const char *name)
{
	for (const struct export_format *f = export_formats; f->name; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

enum err_kind export_command(sqlite3 *db, struct arena *arena, const char **out, struct err *e)
{
	sqlite3_stmt *row;
	*out = "";
	TRY(query_prepare(db, "SELECT value FROM v1_meta WHERE key = 'command'", &row, e));
	if (sqlite3_step(row) == SQLITE_ROW && sqlite3_column_text(row, 0))
		*out = arena_string(arena, (const char *)sqlite3_column_text(row, 0));
	return query_finish(db, row, e);
}

enum err_kind export_check_samples(const struct export_source *source, struct err *e)
{
	double any;
	char clean[FRAME_TEXT_SIZE / 3];
	struct str why;
	TRY(profile_choose(source->db, source->filter, e));
	TRY(query_number(source->db, "SELECT 1 FROM chosen LIMIT 1", 0, &any, e));
	if (any > 0)
		return ERR_OK;
	str_init(&why, 8000);
	enum err_kind kind = sample_none_why(source->db, &why, e);
	if (kind == ERR_OK)
		kind = ERR(e, ERR_INVALID, "%s", frame_clean(why.text, clean, sizeof clean));
	str_free(&why);
	return kind;
}
