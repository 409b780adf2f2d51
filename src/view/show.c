/* `unslow show NAME`: each view is a row of a table: its columns (name, unit,
 * type) and the SELECT that fills them in that order. Text and --json come from
 * the same row, so they cannot disagree.
 */
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "base/str.h"
#include "model/ledger.h"
#include "model/query.h"
#include "rules/sql_functions.h"
#include "view/text.h"
#include "view/view.h"

enum cell { CELL_TEXT, CELL_INT, CELL_NUMBER };

struct view_column {
	const char *name;
	const char *unit; /* "" for none */
	enum cell type;
	int width;      /* of a text, at most; in the last column it may be longer */
	bool clip_left; /* paths: the end matters */
};

struct view_row {
	const char *name;
	const char *help;
	bool slowest;                   /* the form behind --slowest */
	const char *json_name;          /* NULL: name */
	long limit;                     /* rows by default */
	const char *sql;                /* ?1 = limit */
	struct view_column columns[14]; /* end: name NULL */
};

static const struct view_row views[] = {
	{
		.name = "requests",
		.help = "units of work by route: count, latency, where the time goes",
		.limit = 50,
		.sql = "SELECT coalesce(method || ' ', '') || coalesce(route, '(no route)'), "
		       "sum(weight), "
		       "sum(weight * failed), sum(wall_ns * weight) / 1e6 / sum(weight), "
		       "median(wall_ns) / 1e6, "
		       "percentile(wall_ns, 0.99) / 1e6, sum(python_ns * weight) / 1e6 / "
		       "sum(weight), "
		       "sum(io_db_ns * weight) / 1e6 / sum(weight), sum((io_net_ns + io_file_ns) * "
		       "weight) / 1e6 / "
		       "sum(weight), sum((gil_ns + lock_ns + pool_ns + sleep_ns + gc_ns + "
		       "loop_busy_ns + await_ns + "
		       "coalesce(runqueue_ns, 0)) * weight) / 1e6 / sum(weight), "
		       "sum(unexplained_ns * weight) / 1e6 / "
		       "sum(weight), 1.0 * sum(connects * weight) / sum(weight), "
		       "1.0 * sum(statements * weight) / sum(weight) "
		       "FROM basis GROUP BY 1 ORDER BY sum(wall_ns * weight) DESC LIMIT ?1",
		.columns = {{"route", "", CELL_TEXT, 24, false},
			    {"count", "", CELL_INT, 7, false},
			    {"failed", "", CELL_INT, 6, false},
			    {"mean", "ms", CELL_NUMBER, 7, false},
			    {"p50", "ms", CELL_NUMBER, 7, false},
			    {"p99", "ms", CELL_NUMBER, 7, false},
			    {"python", "ms", CELL_NUMBER, 7, false},
			    {"database", "ms", CELL_NUMBER, 8, false},
			    {"io", "ms", CELL_NUMBER, 6, false},
			    {"waits", "ms", CELL_NUMBER, 6, false},
			    {"unexplained", "ms", CELL_NUMBER, 6, false},
			    {"connects", "", CELL_NUMBER, 5, false},
			    {"statements", "", CELL_NUMBER, 5, false}},
	},
	{
		.name = "requests",
		.help = "the slowest single units",
		.slowest = true,
		.json_name = "requests-slowest",
		.limit = 10,
		.sql = "SELECT coalesce(method || ' ', '') || coalesce(route, '(no route)'), "
		       "(start_ns - (SELECT "
		       "min(start_ns) FROM v1_unit)) / 1e9, status, wall_ns / 1e6, python_ns / "
		       "1e6, io_db_ns / 1e6, "
		       "(io_net_ns + io_file_ns) / 1e6, (gil_ns + lock_ns + pool_ns + sleep_ns + "
		       "gc_ns + loop_busy_ns + "
		       "await_ns + coalesce(runqueue_ns, 0)) / 1e6, unexplained_ns / 1e6, "
		       "connects, statements, error "
		       "FROM v1_unit WHERE finished AND kind = (SELECT kind FROM basis_total) "
		       "ORDER BY wall_ns DESC LIMIT ?1",
		.columns = {{"route", "", CELL_TEXT, 24, false},
			    {"at", "s", CELL_NUMBER, 7, false},
			    {"status", "", CELL_INT, 6, false},
			    {"wall", "ms", CELL_NUMBER, 8, false},
			    {"python", "ms", CELL_NUMBER, 7, false},
			    {"database", "ms", CELL_NUMBER, 8, false},
			    {"io", "ms", CELL_NUMBER, 6, false},
			    {"waits", "ms", CELL_NUMBER, 6, false},
			    {"unexplained", "ms", CELL_NUMBER, 6, false},
			    {"connects", "", CELL_INT, 5, false},
			    {"statements", "", CELL_INT, 5, false},
			    {"error", "", CELL_TEXT, 10, false}},
	},
	{
		.name = "io",
		.help = "blocking calls by line: count, time, share of unit time, peer",
		.limit = 40,
		.sql = "SELECT f.app_file || ':' || f.app_line, g.kind, g.peer_kind, sum(g.calls), "
		       "1.0 * sum(g.calls) / "
		       "max(1, (SELECT units FROM basis_total)), sum(g.dur_ns) / 1e6, "
		       "sum(g.blocked_ns) / 1e6, "
		       "max(g.max_ns) / 1e6, 100.0 * sum(g.dur_ns) FILTER (WHERE g.route IS NOT "
		       "NULL) / "
		       "nullif((SELECT wall_ns FROM basis_total), 0), "
		       "sum(g.failed), sum(g.bytes) FROM v1_usage g LEFT JOIN v1_frame f ON f.id = "
		       "g.stack_id "
		       "WHERE g.nested = 0 AND g.kind NOT IN ('callback', 'gc', 'span', "
		       "'exception') "
		       "GROUP BY 1, 2, 3 ORDER BY sum(g.dur_ns) DESC LIMIT ?1",
		.columns = {{"line", "", CELL_TEXT, 26, true},
			    {"call", "", CELL_TEXT, 14, false},
			    {"peer", "", CELL_TEXT, 10, false},
			    {"calls", "", CELL_INT, 7, false},
			    {"each", "", CELL_NUMBER, 6, false},
			    {"total", "ms", CELL_NUMBER, 8, false},
			    {"blocked", "ms", CELL_NUMBER, 8, false},
			    {"longest", "ms", CELL_NUMBER, 7, false},
			    {"of units", "%", CELL_NUMBER, 5, false},
			    {"failed", "", CELL_INT, 6, false},
			    {"bytes", "", CELL_INT, 9, false}},
	},
	{
		.name = "sql",
		.help = "statements by text and line: count, time, rows, distinct texts",
		.limit = 40,
		.sql = "SELECT count(*), 1.0 * count(*) / max(1, (SELECT units FROM basis_total)), "
		       "sum(dur_ns) / 1e6, median(dur_ns) / 1e6, max(dur_ns) / 1e6, avg(rows), "
		       "count(DISTINCT raw_hash), "
		       "sum(failed), file || ':' || line, coalesce(fingerprint, '(encrypted)') "
		       "FROM v1_statement "
		       "GROUP BY 9, 10 ORDER BY sum(dur_ns) DESC LIMIT ?1",
		.columns = {{"count", "", CELL_INT, 7, false},
			    {"each", "", CELL_NUMBER, 6, false},
			    {"total", "ms", CELL_NUMBER, 8, false},
			    {"median", "ms", CELL_NUMBER, 7, false},
			    {"longest", "ms", CELL_NUMBER, 7, false},
			    {"rows", "", CELL_NUMBER, 5, false},
			    {"texts", "", CELL_INT, 5, false},
			    {"failed", "", CELL_INT, 6, false},
			    {"line", "", CELL_TEXT, 24, true},
			    {"statement", "", CELL_TEXT, 20, false}},
	},
	{
		.name = "config",
		.help = "versions, server, workers and switches seen in the processes",
		.limit = 500,
		.sql = "SELECT key, value, count(DISTINCT process_id) FROM v1_fact GROUP BY 1, 2 "
		       "ORDER BY key LIKE 'package.%', key LIMIT ?1",
		.columns = {{"key", "", CELL_TEXT, 34, false},
			    {"value", "", CELL_TEXT, 40, false},
			    {"processes", "", CELL_INT, 9, false}},
	},
};
#define VIEW_COUNT (sizeof views / sizeof *views)

static int column_count(const struct view_row *v)
{
	int count = 0;
	while (count < (int)(sizeof v->columns / sizeof *v->columns) && v->columns[count].name)
		count++;
	return count;
}

/* --- text --- */

#define CELL_SIZE 40

/* The cell as text: the row's own, or a number printed into `number`. */
static const char *cell_value(const struct view_column *c, sqlite3_stmt *row, int i,
			      char number[CELL_SIZE])
{
	if (sqlite3_column_type(row, i) == SQLITE_NULL)
		return c->type == CELL_TEXT ? "" : "-";
	const char *text = (const char *)sqlite3_column_text(row, i);
	if (c->type == CELL_TEXT)
		return c->clip_left ? text_path(text) : text;
	double value = sqlite3_column_double(row, i);
	if (c->type == CELL_INT)
		snprintf(number, CELL_SIZE, "%lld", (long long)sqlite3_column_int64(row, i));
	else
		snprintf(number, CELL_SIZE, "%.*f", fabs(value) < 10 ? 2 : 1, value);
	return number;
}

static void cell_text(FILE *out, const struct view_column *c, const char *value, int width,
		      bool last)
{
	int columns = (int)text_columns(value), blank = width > columns ? width - columns : 0;
	if (c->type != CELL_TEXT) {
		fprintf(out, "%*s%s", blank, "", value);
	} else if (last || columns <= width) {
		text_clean(out, value);
		fprintf(out, "%*s", last ? 0 : blank, "");
	} else if (c->clip_left) {
		text_clip_left(out, value, width);
	} else {
		char cut[256];
		snprintf(cut, sizeof cut, "%.*s", width - 1, value);
		text_clean(out, cut);
		fputs("~", out);
	}
	fputs(last ? "\n" : "  ", out);
}

/* Name and unit; returns its columns. */
static int heading_of(const struct view_column *c, char text[CELL_SIZE])
{
	return snprintf(text, CELL_SIZE, "%s%s%s", c->name, *c->unit ? " " : "", c->unit);
}

/* A column is as wide as its widest cell; texts in the middle at most as their row says. */
static size_t measure(const struct view_row *v, sqlite3_stmt *row, int count, int *widths)
{
	char text[CELL_SIZE];
	size_t rows = 0;
	for (int i = 0; i < count; i++)
		widths[i] = heading_of(&v->columns[i], text);
	for (; sqlite3_step(row) == SQLITE_ROW; rows++)
		for (int i = 0; i < count; i++) {
			const struct view_column *c = &v->columns[i];
			int columns = (int)text_columns(cell_value(c, row, i, text));
			if (c->type == CELL_TEXT && columns > c->width)
				columns = c->width;
			widths[i] = columns > widths[i] ? columns : widths[i];
		}
	sqlite3_reset(row);
	return rows;
}

static void as_text(const struct view_row *v, sqlite3_stmt *row, const struct view_options *o,
		    FILE *out)
{
	int count = column_count(v), widths[sizeof v->columns / sizeof *v->columns];
	char text[CELL_SIZE];
	if (!measure(v, row, count, widths)) {
		fprintf(out, "nothing of this kind was recorded\n");
		return;
	}
	fputs(log_style(o->colour, STYLE_BOLD), out);
	for (int i = 0; i < count; i++) {
		heading_of(&v->columns[i], text);
		fprintf(out, v->columns[i].type == CELL_TEXT ? "%-*s%s" : "%*s%s", widths[i], text,
			i + 1 == count ? "\n" : "  ");
	}
	fputs(log_style(o->colour, STYLE_NONE), out);
	while (sqlite3_step(row) == SQLITE_ROW)
		for (int i = 0; i < count; i++)
			cell_text(out, &v->columns[i], cell_value(&v->columns[i], row, i, text),
				  widths[i], i + 1 == count);
}

/* --- json --- */

static void cell_json(struct json *j, const struct view_column *c, sqlite3_stmt *row, int i)
{
	if (sqlite3_column_type(row, i) == SQLITE_NULL)
		json_null(j);
	else if (c->type == CELL_TEXT)
		json_string(j, (const char *)sqlite3_column_text(row, i));
	else if (c->type == CELL_INT)
		json_int(j, sqlite3_column_int64(row, i));
	else
		json_number(j, sqlite3_column_double(row, i), 6);
}

static void as_json(const struct view_row *v, sqlite3_stmt *row, FILE *out)
{
	static const char *const types[] = {"string", "integer", "number"};
	int count = column_count(v);
	struct json j;
	json_init(&j, out, true);
	json_object(&j);
	json_key(&j, "schema");
	json_string(&j, "unslow.view/1");
	json_key(&j, "view");
	json_string(&j, v->json_name ? v->json_name : v->name);
	json_key(&j, "columns");
	json_array(&j);
	for (int i = 0; i < count; i++) {
		json_object(&j);
		json_key(&j, "name");
		json_string(&j, v->columns[i].name);
		json_key(&j, "unit");
		json_string(&j, *v->columns[i].unit ? v->columns[i].unit : NULL);
		json_key(&j, "type");
		json_string(&j, types[v->columns[i].type]);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_key(&j, "rows");
	json_array(&j);
	while (sqlite3_step(row) == SQLITE_ROW) {
		json_array(&j);
		for (int i = 0; i < count; i++)
			cell_json(&j, &v->columns[i], row, i);
		json_array_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	fputc('\n', out);
}

/* --- */

static const struct view_row *view_find(const char *name, bool slowest, struct err *e)
{
	for (size_t i = 0; i < VIEW_COUNT; i++)
		if (!strcmp(views[i].name, name) && views[i].slowest == slowest)
			return &views[i];
	struct str names;
	str_init(&names, 200);
	for (size_t i = 0; i < VIEW_COUNT; i++)
		if (!views[i].slowest)
			str_printf(&names, "%s%s", names.length ? ", " : "", views[i].name);
	(void)ERR(e, ERR_USAGE,
		  slowest ? "--slowest goes with `show requests`, not with \"%s\" (views: %s)"
			  : "there is no view \"%s\"; choose one of %s",
		  name, names.text);
	str_free(&names);
	return NULL;
}

enum err_kind view_show(sqlite3 *db, const char *name, const struct view_options *options,
			FILE *out, struct err *e)
{
	const struct view_row *v = view_find(name, options->slowest, e);
	if (!v)
		return ERR_USAGE;
	sqlite3_stmt *row;
	TRY(sql_functions_register(db, e));
	TRY(ledger_choose_basis(db, e));
	TRY(query_prepare(db, v->sql, &row, e));
	sqlite3_bind_int64(row, 1, options->limit > 0 ? options->limit : v->limit);
	if (options->json)
		as_json(v, row, out);
	else
		as_text(v, row, options, out);
	return query_finish(db, row, e);
}

void view_list(FILE *out)
{
	for (size_t i = 0; i < VIEW_COUNT; i++)
		fprintf(out, "  %-22s %s\n",
			views[i].slowest ? "requests --slowest" : views[i].name, views[i].help);
}
