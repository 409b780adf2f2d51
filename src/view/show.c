/* `unslow show NAME`: finds the row of the table of views and prints what its
 * SELECT gives.
 */
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "model/ledger.h"
#include "model/query.h"
#include "model/routes.h"
#include "rules/sql_functions.h"
#include "view/calls_views.h"
#include "view/heap_views.h"
#include "view/sample_views.h"
#include "view/table.h"
#include "view/text.h"
#include "view/view.h"

/* Of counted calls or lines; NULL: there is none of this name. */
static const struct view_row *find_counted(const char *name)
{
	for (const struct view_row *v = views; v->name; v++)
		if (!strcmp(v->name, name) && v->counted)
			return v;
	return NULL;
}

/* Another row of its name is listed before it. */
static bool is_second_form(const struct view_row *v)
{
	for (const struct view_row *before = views; before < v; before++)
		if (!strcmp(before->name, v->name))
			return true;
	return false;
}

static const struct view_row *view_find(const char *name, const struct view_options *o,
					struct err *e)
{
	const struct view_row *found = NULL;
	for (const struct view_row *v = views; v->name; v++)
		if (!strcmp(v->name, name) && v->slowest == o->slowest &&
		    (!v->by_type || o->by_type))
			found = found && !v->by_type ? found : v;
	if (found)
		return found;
	struct str names;
	str_init(&names, 200);
	for (const struct view_row *v = views; v->name; v++)
		if (!is_second_form(v))
			str_printf(&names, "%s%s", names.length ? ", " : "", v->name);
	(void)ERR(e, ERR_USAGE,
		  o->slowest ? "--slowest goes with requests and gc, not with \"%s\" (views: %s)"
			     : "there is no view \"%s\"; choose one of %s",
		  name, names.text);
	str_free(&names);
	return NULL;
}

/* A filter that says nothing about a view's rows is refused, not ignored. */
static enum err_kind check_filters(const struct view_row *v, const struct view_options *o,
				   struct err *e)
{
	const struct profile_filter *f = &o->filter;
	const char *of_profile = f->app_only   ? "--app"
				 : f->all_time ? "--all"
				 : f->clock    ? "--clock"
					       : NULL;
	const char *of_thread = f->route    ? "--route"
				: f->thread ? "--thread"
				: f->state  ? "--state"
					    : NULL;
	if (f->memory && v->draw != flame_draw)
		return ERR(e, ERR_USAGE, "--memory goes with flame, not with \"%s\"", v->name);
	if (f->memory)
		TRY(heap_flame_check(o, e));
	if (v->heads == &heap_heads || v->by_type)
		return heap_check(o, e);
	if (o->heap.at_ns || o->heap.by || o->by_type || o->memory_sort)
		return ERR(e, ERR_USAGE, "%s goes with memory, not with \"%s\"",
			   o->heap.at_ns              ? "--at"
			   : o->heap.by || o->by_type ? "--by"
						      : "--sort",
			   v->name);
	if (of_profile && v->samples != SAMPLES_PROFILE && !v->counted)
		return ERR(e, ERR_USAGE,
			   "%s goes with funcs, lines, calls and flame, not with \"%s\"",
			   of_profile, v->name);
	if (of_thread && v->samples == SAMPLES_NONE && !v->counted)
		return ERR(e, ERR_USAGE,
			   "%s goes with funcs, lines, calls, flame and threads, not with \"%s\"",
			   of_thread, v->name);
	const bool has_sampled = strcmp(v->name, "calls") != 0;
	if (v->counted && f->state)
		return ERR(e, ERR_USAGE, "--state is of samples, not of what was counted%s",
			   has_sampled ? "; add --sampled" : "");
	if (o->function && strcmp(v->name, "calls") != 0)
		return ERR(e, ERR_USAGE, "--function goes with calls, not with \"%s\"", v->name);
	if (o->sampled && (v->counted || !find_counted(v->name)))
		return ERR(e, ERR_USAGE, "--sampled goes with funcs and lines, not with \"%s\"",
			   v->name);
	if (o->request && !v->takes_request)
		return ERR(e, ERR_USAGE, "--request goes with trace, not with \"%s\"", v->name);
	return ERR_OK;
}

static bool has_rows(sqlite3_stmt *row)
{
	const bool has = sqlite3_step(row) == SQLITE_ROW;
	sqlite3_reset(row);
	return has;
}

/* Why nothing that was counted is there. */
static enum err_kind none_counted(sqlite3 *db, const struct view_row *v,
				  const struct view_options *o, struct str *text, struct err *e)
{
	const struct profile_filter *f = &o->filter;
	const bool is_filtered = f->route || f->thread || f->app_only;
	bool any;
	TRY(calls_views_any(db, v, &any, e));
	if (!any || !o->function || is_filtered)
		return calls_none_why(db, strcmp(v->name, "lines") == 0, is_filtered, text, e);
	str_printf(text,
		   "no call of %.200s was counted%s; a function is named by its qualified name or "
		   "the end of it: unslow show funcs has them",
		   o->function, f->all_time ? "" : " in requests (--all: outside, too)");
	return ERR_OK;
}

/* Requests, statements and calls are seen by the agent alone. */
enum err_kind view_none_watched(sqlite3 *db, struct str *text, struct err *e)
{
	return query_add_text(
		db,
		"SELECT 'no process had the agent, which alone sees requests, statements and "
		"calls; "
		"record again with: unslow run -- ' || coalesce((SELECT value FROM v1_meta WHERE "
		"key = 'command'), 'COMMAND') WHERE NOT EXISTS (SELECT 1 FROM v1_process WHERE "
		"agent_state <> 'off')",
		text, e);
}

/* ERR_NOTHING: what the view is of was not recorded, or the filters leave nothing of it. What was
 * looked for and is not there is an answer. */
static enum err_kind why_none(sqlite3 *db, const struct view_row *v, const struct view_options *o,
			      struct err *e)
{
	struct str text;
	char cut[sizeof e->text];
	str_init(&text, 8000);
	enum err_kind kind = o->filter.memory ? heap_none_why(db, &text, e)
			     : v->samples     ? sample_none_why(db, &text, e)
			     : v->counted     ? none_counted(db, v, o, &text, e)
			     : v->heads       ? v->heads->none(db, &text, e)
					      : view_none_watched(db, &text, e);
	if (kind == ERR_OK && text.length)
		kind = ERR(e, ERR_NOTHING, "%s", text_cut(text.text, cut, sizeof cut));
	str_free(&text);
	return kind;
}

enum err_kind view_note_json(sqlite3 *db, bool has_rows,
			     enum err_kind (*none)(sqlite3 *db, struct str *text, struct err *e),
			     struct json *j, struct err *e)
{
	struct str text;
	str_init(&text, 8000);
	const enum err_kind kind = has_rows ? ERR_OK : none(db, &text, e);
	json_key(j, "note");
	json_string(j, text.length ? text.text : NULL);
	str_free(&text);
	return kind;
}

static enum err_kind as_json(sqlite3 *db, const struct view_row *v, sqlite3_stmt *row,
			     const struct view_options *o, FILE *out, struct err *e)
{
	struct json j;
	json_document(&j, out, "unslow.view/1");
	json_key(&j, "view");
	json_string(&j, v->json_name ? v->json_name : v->name);
	table_json(&j, v, row);
	enum err_kind kind = v->samples   ? sample_head_json(db, &j, e)
			     : v->counted ? calls_head_json(db, v, &j, e)
			     : v->heads
				     ? v->heads->json(db, has_rows(row), &j, e)
				     : view_note_json(db, has_rows(row), view_none_watched, &j, e);
	json_object_end(&j);
	fputc('\n', out);
	return kind == ERR_OK && !has_rows(row) ? why_none(db, v, o, e) : kind;
}

/* Counting was asked for and gave nothing: the samples that stand in say so. */
static enum err_kind say_none_counted(sqlite3 *db, const struct view_row *v,
				      const struct view_options *o, FILE *out, struct err *e)
{
	double asked;
	struct str text;
	TRY(query_number(
		db,
		strcmp(v->name, "lines") == 0
			? "SELECT 1 FROM v1_call_process WHERE line_pattern IS NOT NULL"
			: "SELECT 1 FROM v1_call_process WHERE want & 3 OR pattern IS NOT NULL",
		0, &asked, e));
	if (asked == 0)
		return ERR_OK;
	str_init(&text, 8000);
	const enum err_kind kind =
		calls_none_why(db, strcmp(v->name, "lines") == 0, false, &text, e);
	str_add(&text, "; these are samples");
	text_wrap(out, text.text, 0, 4, o->width);
	fputc('\n', out);
	str_free(&text);
	return kind;
}

static enum err_kind as_text(sqlite3 *db, const struct view_row *v, sqlite3_stmt *row,
			     const struct view_options *o, FILE *out, struct err *e)
{
	if (!has_rows(row)) {
		TRY(why_none(db, v, o, e));
		fprintf(out, "%s\n", v->none ? v->none : "nothing of this kind was recorded");
		return ERR_OK;
	}
	if (o->filter.memory)
		TRY(heap_flame_head(db, o, out, e));
	else if (v->heads)
		TRY(v->heads->text(db, o, out, e));
	else if (v->samples)
		TRY(sample_head_text(db, v, o, out, e));
	else if (v->counted)
		TRY(calls_head_text(db, v, o, out, e));
	if (v->head) {
		text_wrap(out, v->head, 0, 0, o->width);
		fputs("\n\n", out);
	}
	if (v->draw)
		v->draw(v, row, o, out);
	else
		table_text(v, row, o, out);
	return ERR_OK;
}

enum err_kind view_check(const char *name, const struct view_options *options, struct err *e)
{
	const struct view_row *v = view_find(name, options, e);
	return v ? check_filters(v, options, e) : ERR_USAGE;
}

enum err_kind view_show(sqlite3 *db, const char *name, const struct view_options *asked, FILE *out,
			struct err *e)
{
	struct view_options found = *asked;
	const struct view_options *options = &found;
	TRY(view_check(name, options, e));
	TRY(routes_find(db, asked->filter.route, &found.filter.route, e));
	const struct view_row *v = view_find(name, options, e);
	const struct view_row *counted = options->sampled ? NULL : find_counted(name);
	sqlite3_stmt *row;
	bool any = false;
	if (counted)
		TRY(calls_views_any(db, counted, &any, e));
	if (counted && !v->counted && !any && !options->counted_only && !options->json)
		TRY(say_none_counted(db, counted, options, out, e));
	if (any || (counted && options->counted_only)) {
		v = counted;
		TRY(check_filters(v, options, e));
	}
	TRY(sql_functions_register(db, e));
	TRY(ledger_choose_basis(db, e));
	if (v->prepare)
		TRY(v->prepare(db, options, e));
	TRY(query_prepare(db, v->sql, &row, e));
	sqlite3_bind_int64(row, 1, options->limit > 0 ? options->limit : v->limit);
	const enum err_kind kind = options->json ? as_json(db, v, row, options, out, e)
						 : as_text(db, v, row, options, out, e);
	const enum err_kind read = query_finish(db, row, kind == ERR_OK ? e : NULL);
	return kind != ERR_OK ? kind : read;
}

void view_list(FILE *out)
{
	char name[40];
	for (const struct view_row *v = views; v->name; v++) {
		const char *option = v->slowest ? " --slowest" : v->by_type ? " --by type" : "";
		const bool is_beside = v->counted && is_second_form(v);
		snprintf(name, sizeof name, "%s%s", is_beside ? "" : v->name, option);
		fprintf(out, "  %-22s %s\n", name, v->help);
	}
}
