#include "model/recorded_lines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "model/query.h"

#define LINES_MOST 5    /* what changed most, not all that changed */
#define LINE_LEAST 0.01 /* of a unit's time: less is no answer to where it came from */
#define Z 1.96          /* 19 in 20 of a normal distribution lie within */

/* A function's line is that with most of its time (bare columns of a query with max() are of that
 * row: sqlite.org/lang_select.html#bareagg). File: from where the command ran. */
#define BY_FUNCTION \
	"SELECT CASE WHEN substr(file, 1, length(cwd) + 1) = cwd || '/' " \
	"  THEN substr(file, length(cwd) + 2) ELSE file END, function, line, total(ns), " \
	"total(n), " \
	"  max(ns) FROM line, (SELECT coalesce(max(value), '') AS cwd FROM v1_meta WHERE key = " \
	"'cwd') " \
	"GROUP BY file, function ORDER BY 4 DESC LIMIT 2000"

static const struct {
	const char *name, *sql;
} sources[] = {
	{"samples",
	 "WITH line AS (SELECT f.app_file AS file, f.app_function AS function, f.app_line AS line, "
	 "  total(s.wall_ns) AS ns, total(s.ticks) AS n FROM v1_sample s "
	 "  JOIN v1_frame f ON f.id = s.stack_id WHERE s.in_unit AND f.has_app GROUP BY 1, 2, "
	 "3) " BY_FUNCTION},
	{"calls",
	 "WITH line AS (SELECT f.app_file AS file, f.app_function AS function, f.app_line AS line, "
	 "  total(u.dur_ns) AS ns, total(u.calls) AS n FROM v1_usage u "
	 "  JOIN v1_frame f ON f.id = u.stack_id "
	 "  WHERE u.route IS NOT NULL AND NOT u.nested AND f.has_app GROUP BY 1, 2, "
	 "3) " BY_FUNCTION},
};

struct function {
	const char *file, *name;
	const char *file_b; /* NULL: file */
	int line[2];
	double ns[2], n[2];
	bool in[2]; /* none: it went into that of A */
};

struct functions {
	struct function *items;
	size_t count, capacity;
};

static struct function *find(struct functions *f, const char *file, const char *name)
{
	for (size_t i = 0; i < f->count; i++)
		if (!strcmp(f->items[i].file, file) && !strcmp(f->items[i].name, name))
			return &f->items[i];
	return NULL;
}

static const char *text(sqlite3_stmt *row, int i)
{
	const char *value = (const char *)sqlite3_column_text(row, i);
	return value ? value : "";
}

static enum err_kind read_side(sqlite3 *db, const char *sql, int side, struct arena *arena,
			       struct functions *f, bool *any, struct err *e)
{
	sqlite3_stmt *row;
	*any = false;
	TRY(query_prepare(db, sql, &row, e));
	while (sqlite3_step(row) == SQLITE_ROW) {
		struct function *at = find(f, text(row, 0), text(row, 1));
		if (!at) {
			at = vec_push(f);
			at->file = arena_string(arena, text(row, 0));
			at->name = arena_string(arena, text(row, 1));
		}
		at->in[side] = true;
		at->line[side] = sqlite3_column_int(row, 2);
		at->ns[side] += sqlite3_column_double(row, 3);
		at->n[side] += sqlite3_column_double(row, 4);
		*any = true;
	}
	return query_finish(db, row, e);
}

/* The one function of this name that only this side has; NULL: none, or several. */
static struct function *only_one(const struct functions *f, const char *name, int side)
{
	struct function *found = NULL;
	for (size_t i = 0; i < f->count; i++) {
		struct function *at = &f->items[i];
		if (!at->in[side] || at->in[!side] || strcmp(at->name, name) != 0)
			continue;
		if (found)
			return NULL;
		found = at;
	}
	return found;
}

/* Names such as <lambda> and <module> are no names. */
static void match_renamed_files(struct functions *f)
{
	for (size_t i = 0; i < f->count; i++) {
		struct function *a = &f->items[i];
		if (!a->in[0] || a->in[1] || strchr(a->name, '<') || only_one(f, a->name, 0) != a)
			continue;
		struct function *b = only_one(f, a->name, 1);
		if (!b)
			continue;
		a->file_b = b->file;
		a->line[1] = b->line[1];
		a->ns[1] = b->ns[1];
		a->n[1] = b->n[1];
		a->in[1] = true;
		b->in[1] = false;
	}
}

/* All units of the kind, cold ones and such that never ended too: the sums are of them all. */
static enum err_kind count_units(sqlite3 *db, const char *unit, double *count, struct err *e)
{
	sqlite3_stmt *row;
	*count = 0;
	TRY(query_prepare(db, "SELECT count(*) FROM v1_unit WHERE kind = ?1", &row, e));
	sqlite3_bind_text(row, 1, unit, -1, SQLITE_STATIC);
	if (sqlite3_step(row) == SQLITE_ROW)
		*count = sqlite3_column_double(row, 0);
	return query_finish(db, row, e);
}

static int larger_change(const void *a, const void *b)
{
	const struct comparison_line *x = a, *y = b;
	const double of_x = fabs(x->ms[1] - x->ms[0]), of_y = fabs(y->ms[1] - y->ms[0]);
	return (of_x < of_y) - (of_x > of_y);
}

static void keep_changed(const struct functions *f, const double units[2], double mean_ms,
			 struct arena *arena, struct comparison *out)
{
	out->lines = arena_alloc(arena, f->count * sizeof *out->lines);
	for (size_t i = 0; i < f->count; i++) {
		const struct function *at = &f->items[i];
		struct comparison_line line = {
			.file = at->file, .file_b = at->file_b, .function = at->name};
		double squares = 0;
		if (!at->in[0] && !at->in[1])
			continue;
		for (int side = 0; side < 2; side++) {
			line.line[side] = at->line[side];
			line.ms[side] = at->ns[side] / units[side] / 1e6;
			/* n samples or calls are right to one in √n (Poisson) */
			if (at->n[side] > 0)
				squares += line.ms[side] * line.ms[side] / at->n[side];
		}
		line.error_ms = Z * sqrt(squares);
		const double change = fabs(line.ms[1] - line.ms[0]);
		if (change > line.error_ms && change > mean_ms * LINE_LEAST)
			out->lines[out->line_count++] = line;
	}
	qsort(out->lines, out->line_count, sizeof *out->lines, larger_change);
	if (out->line_count > LINES_MOST)
		out->line_count = LINES_MOST;
}

enum err_kind recorded_lines_compare(sqlite3 *const dbs[2], double mean_ms, struct arena *arena,
				     struct comparison *out, struct err *e)
{
	double units[2];
	enum err_kind kind = ERR_OK;
	for (int side = 0; side < 2; side++)
		TRY(count_units(dbs[side], out->unit, &units[side], e));
	for (size_t s = 0; s < sizeof sources / sizeof *sources && !out->line_source; s++) {
		struct functions f = {0};
		bool any[2] = {false, false};
		for (int side = 0; side < 2 && kind == ERR_OK; side++)
			kind = read_side(dbs[side], sources[s].sql, side, arena, &f, &any[side], e);
		if (kind == ERR_OK && any[0] && any[1]) {
			out->line_source = sources[s].name;
			match_renamed_files(&f);
			keep_changed(&f, units, mean_ms, arena, out);
		}
		vec_free(&f);
		TRY(kind);
	}
	return kind;
}
