#include "view/table.h"

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "view/text.h"

/* --- text --- */

#define CELL_SIZE 40
/* Columns below which a text that wraps goes under its row, and how far it is put in. */
enum { WRAP_LEAST = 20, WRAP_INDENT = 4 };

/* Numbers of the columns of this form; returns how many. */
static int columns_of(const struct view_row *v, enum form not_in, int at[VIEW_COLUMNS_MAX])
{
	int count = 0;
	for (int i = 0; i < VIEW_COLUMNS_MAX && v->columns[i].name; i++)
		if (v->columns[i].form != not_in)
			at[count++] = i;
	return count;
}

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
	if (c->type == CELL_BYTES)
		return text_bytes(value, number);
	if (c->type == CELL_INT)
		snprintf(number, CELL_SIZE, "%lld", (long long)sqlite3_column_int64(row, i));
	else
		snprintf(number, CELL_SIZE, "%.*f", fabs(value) < 10 ? 2 : 1,
			 fabs(value) < 0.005 ? 0 : value);
	return number;
}

/* *owed: blanks to be printed before the next text, so that no line ends in them. */
static void cell_text(FILE *out, const struct view_column *c, const char *value, int width,
		      bool last, int *owed)
{
	int columns = (int)text_columns(value), blank = width > columns ? width - columns : 0;
	if (c->type != CELL_TEXT)
		*owed += blank;
	if (*value) {
		fprintf(out, "%*s", *owed, "");
		*owed = 0;
	}
	if (last || columns <= width)
		text_clean(out, value);
	else if (c->clip_left)
		text_clip_left(out, value, width);
	else
		text_clip_right(out, value, width);
	*owed += (c->type == CELL_TEXT ? blank : 0) + 2;
	if (last)
		fputc('\n', out);
}

/* Name and unit; returns its columns. */
static int heading_of(const struct view_column *c, char text[CELL_SIZE])
{
	return snprintf(text, CELL_SIZE, "%s%s%s", c->name, *c->unit ? " " : "", c->unit);
}

/* A column is as wide as its widest cell; texts in the middle at most as their row says. Those that
 * nothing is known of leave `at` and `widths`. What is given back as an option is cut for a
 * terminal alone: from a pipe it is copied. */
static void measure(const struct view_row *v, sqlite3_stmt *row, const struct view_options *o,
		    int *at, int *count, int *widths)
{
	char text[CELL_SIZE];
	bool known[VIEW_COLUMNS_MAX] = {false};
	int kept = 0;
	for (int i = 0; i < *count; i++)
		widths[i] = heading_of(&v->columns[at[i]], text);
	while (sqlite3_step(row) == SQLITE_ROW)
		for (int i = 0; i < *count; i++) {
			const struct view_column *c = &v->columns[at[i]];
			known[i] |= sqlite3_column_type(row, at[i]) != SQLITE_NULL &&
				    (!c->if_any || sqlite3_column_double(row, at[i]) != 0);
			int columns = (int)text_columns(cell_value(c, row, at[i], text));
			const bool is_whole = c->is_given && o->columns <= 0;
			if (c->type == CELL_TEXT && columns > c->width && !is_whole)
				columns = c->width;
			widths[i] = columns > widths[i] ? columns : widths[i];
		}
	sqlite3_reset(row);
	for (int i = 0; i < *count; i++)
		if (known[i] || !(v->columns[at[i]].if_known || v->columns[at[i]].if_any)) {
			widths[kept] = widths[i];
			at[kept++] = at[i];
		}
	*count = kept;
}

void table_text(const struct view_row *v, sqlite3_stmt *row, const struct view_options *o,
		FILE *out)
{
	int at[VIEW_COLUMNS_MAX], widths[VIEW_COLUMNS_MAX];
	int count = columns_of(v, FORM_JSON, at);
	char text[CELL_SIZE];
	measure(v, row, o, at, &count, widths);
	fputs(log_style(o->colour, STYLE_BOLD), out);
	for (int i = 0; i < count; i++) {
		heading_of(&v->columns[at[i]], text);
		const bool is_last = i + 1 == count;
		fprintf(out, v->columns[at[i]].type == CELL_TEXT ? "%-*s%s" : "%*s%s",
			is_last && v->columns[at[i]].type == CELL_TEXT ? 0 : widths[i], text,
			is_last ? "\n" : "  ");
	}
	fputs(log_style(o->colour, STYLE_NONE), out);
	while (sqlite3_step(row) == SQLITE_ROW)
		for (int i = 0, owed = 0, left = 0; i < count; left += widths[i++] + 2) {
			const struct view_column *c = &v->columns[at[i]];
			const char *value = cell_value(c, row, at[i], text);
			if (c->wraps && i + 1 == count && o->columns > 0) {
				const bool is_beside = o->columns - left >= WRAP_LEAST;
				const int at_column = is_beside ? left : WRAP_INDENT;
				fprintf(out, "%s%*s", is_beside ? "" : "\n",
					is_beside ? owed : at_column, "");
				text_wrap(out, value, at_column, at_column, o->columns);
				fputc('\n', out);
			} else {
				cell_text(out, c, value, widths[i], i + 1 == count, &owed);
			}
		}
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
		json_number(j, sqlite3_column_double(row, i), c->type == CELL_BYTES ? 15 : 6);
}

void table_json(struct json *j, const struct view_row *v, sqlite3_stmt *row)
{
	static const char *const types[] = {"string", "integer", "number", "number"};
	int at[VIEW_COLUMNS_MAX];
	const int count = columns_of(v, FORM_TEXT, at);
	json_key(j, "columns");
	json_array(j);
	for (int i = 0; i < count; i++) {
		const struct view_column *c = &v->columns[at[i]];
		json_object(j);
		json_key(j, "name");
		json_string(j, c->name);
		json_key(j, "unit");
		json_string(j, c->type == CELL_BYTES ? "B" : *c->unit ? c->unit : NULL);
		json_key(j, "type");
		json_string(j, types[c->type]);
		json_object_end(j);
	}
	json_array_end(j);
	json_key(j, "rows");
	json_array(j);
	while (sqlite3_step(row) == SQLITE_ROW) {
		json_array(j);
		for (int i = 0; i < count; i++)
			cell_json(j, &v->columns[at[i]], row, at[i]);
		json_array_end(j);
	}
	json_array_end(j);
}
