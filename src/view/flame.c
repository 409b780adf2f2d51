/* `show flame`: the call tree as indented text. The indent grows where a path
 * divides, not at each call, so that deep stacks fit the terminal.
 */
#include <math.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/str.h"
#include "base/vec.h"
#include "model/query.h"
#include "view/sample_views.h"
#include "view/text.h"

/* Columns before the names, with bar and own share and without; from which width on they are there.
 */
enum { BAR_CELLS = 10, LEFT_COLUMNS = 41, NARROW_COLUMNS = 20, WIDE_COLUMNS = 72 };
#define SHOWN_PERCENT 1.0 /* as in the SELECT */

/* Columns of the view's row. */
enum {
	COLUMN_DEPTH,
	COLUMN_TOTAL,
	COLUMN_OWN,
	COLUMN_WALL,
	COLUMN_CPU,
	COLUMN_NAME = 9,
	COLUMN_FILE,
	COLUMN_LINE
};

struct branch {
	int depth, indent, children; /* children that are shown */
	double total, own, shown;    /* per cent; shown: of its children */
	double ms;                   /* of memory: MB (its nanoseconds are bytes) */
	char *text;
	int parent; /* -1: none */
};

struct branches {
	VEC(struct branch) list;
};

static void read_rows(sqlite3_stmt *row, bool is_cpu, struct branches *out)
{
	while (sqlite3_step(row) == SQLITE_ROW) {
		const char *file = (const char *)sqlite3_column_text(row, COLUMN_FILE);
		struct str text;
		str_init(&text, 4096);
		str_add(&text, (const char *)sqlite3_column_text(row, COLUMN_NAME));
		const int line = sqlite3_column_int(row, COLUMN_LINE);
		if (file && *file)
			str_printf(&text, "  %s", text_short_path(file));
		if (file && *file && line > 0) /* a library's function has none */
			str_printf(&text, ":%d", line);
		struct branch *b = vec_push(&out->list);
		*b = (struct branch){
			.depth = sqlite3_column_int(row, COLUMN_DEPTH),
			.total = sqlite3_column_double(row, COLUMN_TOTAL),
			.own = sqlite3_column_double(row, COLUMN_OWN),
			.ms = sqlite3_column_double(row, is_cpu ? COLUMN_CPU : COLUMN_WALL),
			.text = text.text,
			.parent = -1,
		};
	}
}

/* Rows come in the order of the tree: the parent is the last row that is one less deep. */
static void find_parents(struct branches *b)
{
	VEC(int) open = {0}; /* by depth - 1 */
	for (size_t i = 0; i < b->list.count; i++) {
		struct branch *at = &b->list.items[i];
		while (open.count && b->list.items[open.items[open.count - 1]].depth >= at->depth)
			open.count--;
		if (open.count) {
			at->parent = open.items[open.count - 1];
			struct branch *parent = &b->list.items[at->parent];
			parent->children++;
			parent->shown += at->total;
		}
		*vec_push(&open) = (int)i;
	}
	vec_free(&open);
	for (size_t i = 0; i < b->list.count; i++) {
		struct branch *at = &b->list.items[i];
		if (at->parent < 0)
			continue;
		const struct branch *parent = &b->list.items[at->parent];
		at->indent = parent->indent + (parent->children > 1);
	}
}

/* What a row leaves for names: a narrow terminal gets no bar and no own share. */
struct layout {
	bool wide;
	int name_columns;
};

static struct layout layout_of(const struct view_options *o)
{
	const bool wide = o->width >= WIDE_COLUMNS;
	return (struct layout){wide, o->width - (wide ? LEFT_COLUMNS : NARROW_COLUMNS)};
}

/* `b` NULL: the rest of a branch, which has no time of its own. */
static void line(const struct branch *b, const char *text, double total, int indent,
		 const struct view_options *o, FILE *out)
{
	const struct layout layout = layout_of(o);
	char time[TEXT_TIME_SIZE], own[16] = "";
	const int cells = (int)lround(fmin(total, 100) / 100 * BAR_CELLS);
	const int half = layout.name_columns / 2, blank = 2 * indent < half ? 2 * indent : half;
	if (b && b->own >= SHOWN_PERCENT)
		snprintf(own, sizeof own, "%.1f %%", b->own);
	fprintf(out, "%5.1f %%  ", total);
	if (layout.wide)
		fprintf(out, "%7s  ", own);
	if (!b)
		fprintf(out, "%9s  ", "");
	else if (o->filter.memory)
		fprintf(out, "%9s  ", text_bytes(b->ms * 1e6, time));
	else
		fprintf(out, "%9s  ", text_time_ms(b->ms, time));
	if (layout.wide) {
		text_bar(out, total / 100, BAR_CELLS);
		fprintf(out, "%*s", BAR_CELLS - cells + 2, "");
	}
	fprintf(out, "%*s", blank, "");
	text_clip_right(out, text, layout.name_columns - blank);
	fputc('\n', out);
}

/* What of it is in children too small to be shown, once its subtree has been printed. */
static void rest(const struct branch *b, bool is_cut, const struct view_options *o, FILE *out)
{
	const double left = b->total - b->own - b->shown;
	if (left >= SHOWN_PERCENT && !is_cut)
		line(NULL, "… smaller parts", left, b->indent + (b->children > 0), o, out);
}

void flame_draw(const struct view_row *v, sqlite3_stmt *row, const struct view_options *o,
		FILE *out)
{
	struct branches b = {0};
	double is_cpu = 0;
	struct err e;
	if (query_number(sqlite3_db_handle(row), "SELECT clock = 'cpu' FROM profile", 0, &is_cpu,
			 &e) != ERR_OK)
		is_cpu = 0; /* the caller finds the same fault when it ends the row */
	read_rows(row, is_cpu > 0, &b);
	find_parents(&b);
	const bool is_cut = (long)b.list.count == (o->limit > 0 ? o->limit : v->limit);
	fprintf(out, "%s  total  %s%9s  %sfunction%s\n", log_style(o->colour, STYLE_BOLD),
		layout_of(o).wide ? "    own  " : "",
		o->filter.memory ? "memory"
		: is_cpu > 0     ? "CPU"
				 : "wall",
		layout_of(o).wide ? "            " : "", log_style(o->colour, STYLE_NONE));
	VEC(size_t) open = {0};
	for (size_t i = 0; i <= b.list.count; i++) {
		const int depth = i < b.list.count ? b.list.items[i].depth : 0;
		while (open.count && b.list.items[open.items[open.count - 1]].depth >= depth)
			rest(&b.list.items[open.items[--open.count]], is_cut, o, out);
		if (i == b.list.count)
			break;
		const struct branch *at = &b.list.items[i];
		line(at, at->text, at->total, at->indent, o, out);
		*vec_push(&open) = i;
	}
	vec_free(&open);
	if (is_cut)
		fprintf(out, "cut after %zu rows; -n N shows more\n", b.list.count);
	for (size_t i = 0; i < b.list.count; i++)
		free(b.list.items[i].text);
	vec_free(&b.list);
}
