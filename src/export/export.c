#include "export/export.h"

#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "export/formats.h"
#include "model/calls.h"
#include "model/query.h"
#include "view/calls_part.h"
#include "view/calls_views.h"
#include "view/heap_views.h"
#include "view/sample_views.h"
#include "view/text.h"

const struct export_format export_formats[] = {
	{"json", "findings, ledger and facts", false, true, export_json},
	{"collapsed", "one line a stack, as flamegraph.pl and inferno read it; microseconds", true,
	 false, export_collapsed, NULL, true},
	{"svg", "a flame graph in one file, with zoom and search", true, false, export_svg, NULL,
	 true},
	{"speedscope", "for speedscope.app, a profile a thread; of bytes, one", true, false,
	 export_speedscope, export_speedscope_calls, true},
	{"pstats",
	 "counted calls for Python's pstats, snakeviz and gprof2dot; tottime and cumtime hold what "
	 "was suspended",
	 false, false, NULL, export_pstats, .is_binary = true},
	{"callgrind", "counted calls for KCachegrind and gprof2dot", false, false, NULL,
	 export_callgrind},
	{"chrome", "the timeline, for chrome://tracing and ui.perfetto.dev", false, false,
	 export_chrome},
	{"pprof",
	 "the sampled heap for pprof, Pyroscope and Speedscope: alloc and inuse, objects "
	 "and space",
	 false, false, export_pprof, .is_binary = true},
	{"memory",
	 "memory over time, with walks and the largest request, a picture in one file (SVG)", false,
	 false, export_memory},
	{0},
};

const struct export_format *export_find(const char *name)
{
	for (const struct export_format *f = export_formats; f->name; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

enum err_kind export_warn_of_part(sqlite3 *db, struct err *e)
{
	struct calls_cost cost;
	struct str text;
	TRY(calls_cost_read(db, &cost, e));
	str_init(&text, 300);
	if (cost.paused)
		calls_part_text(&text, "calls", &cost);
	if (text.length)
		log_warn("%s", text.text);
	str_free(&text);
	return ERR_OK;
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

/* There is nothing: says why, and what to do. */
static enum err_kind refuse(const struct export_source *source, bool counted, struct err *e)
{
	char cut[sizeof e->text];
	struct str why;
	str_init(&why, 8000);
	enum err_kind kind = counted ? calls_none_why(source->db, false, true, &why, e)
				     : sample_none_why(source->db, &why, e);
	if (kind == ERR_OK)
		kind = ERR(e, ERR_NOTHING, "%s", text_cut(why.text, cut, sizeof cut));
	str_free(&why);
	return kind;
}

enum err_kind export_check_heap(sqlite3 *db, struct err *e)
{
	char cut[sizeof e->text];
	struct str why;
	bool any;
	TRY(heap_are_there(db, &any, e));
	if (any)
		return ERR_OK;
	TRY(heap_choose_moment(db, 0, e));
	str_init(&why, 8000);
	enum err_kind kind = heap_none_why(db, &why, e);
	if (kind == ERR_OK)
		kind = ERR(e, ERR_NOTHING, "%s", text_cut(why.text, cut, sizeof cut));
	str_free(&why);
	return kind;
}

enum err_kind export_choose(const struct export_format *format, const struct export_source *source,
			    bool sampled, export_write *out, struct err *e)
{
	double samples;
	bool counted = false;
	*out = format->write;
	if (source->filter->memory)
		return export_check_heap(source->db, e);
	if (format->write_counted && !sampled)
		TRY(calls_are_there(source->db, &counted, e));
	if (counted)
		*out = format->write_counted;
	else if (!format->write)
		return refuse(source, true, e);
	if (counted || !format->of_samples)
		return ERR_OK;
	TRY(profile_choose(source->db, source->filter, e));
	TRY(query_number(source->db, "SELECT 1 FROM chosen LIMIT 1", 0, &samples, e));
	return samples > 0 ? ERR_OK : refuse(source, false, e);
}

enum err_kind export_read_calls(const struct export_source *source, bool by_thread,
				struct arena *arena, struct calls_profile *out, struct err *e)
{
	struct profile_filter filter = *source->filter;
	filter.by_thread = by_thread;
	TRY(calls_read(source->db, &filter, arena, out, e));
	return out->edge_count ? ERR_OK : refuse(source, true, e);
}
