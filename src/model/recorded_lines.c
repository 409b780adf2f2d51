#include "model/recorded_lines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "model/query.h"
#include "model/stretches.h"

#define LINES_MOST 5     /* what changed most, not all that changed */
#define LINE_LEAST 0.01  /* of a unit's time: less is no answer to where it came from */
#define LINE_CHANGE 0.10 /* of the line's own time: so much is nothing between two runs */

/* File: from where the command ran. */
#define FILE_SHOWN \
	"CASE WHEN substr(f.app_file, 1, length(cwd) + 1) = cwd || '/' " \
	"  THEN substr(f.app_file, length(cwd) + 2) ELSE f.app_file END AS file, f.app_function "
#define CWD "(SELECT coalesce(max(value), '') AS cwd FROM v1_meta WHERE key = 'cwd') "

/* A function's line is that with most of its time (bare columns of a query with max() are of that
 * row: sqlite.org/lang_select.html#bareagg). */
#define BY_FUNCTION \
	"SELECT file, app_function, line, total(ns), total(n), max(ns) FROM line " \
	"GROUP BY 1, 2 ORDER BY 4 DESC LIMIT 2000"

/* Stretches of whole units, ?2 at most: of those whose raw rows are kept, each standing for
 * `weight`. First the units of each stretch, without file and function. */
#define BY_UNIT \
	"WITH kept AS (SELECT id, weight, ntile(?2) OVER (ORDER BY start_ns, id) - 1 AS stretch " \
	"  FROM v1_unit WHERE kind = ?1 AND weight > 0) " \
	"SELECT NULL, NULL, stretch, total(weight) FROM kept GROUP BY 3 UNION ALL "
/* Where no raw row is: of time, 10 s or more. */
#define BY_TIME(view) \
	"WITH time AS (SELECT slot, ntile(?2) OVER (ORDER BY slot) - 1 AS stretch FROM " \
	"  (SELECT slot FROM " view \
	" UNION SELECT start_ns / 10000000000 FROM v1_unit WHERE kind = ?1)) " \
	"SELECT NULL, NULL, stretch, total(u.id IS NOT NULL) FROM time LEFT JOIN v1_unit u " \
	"  ON u.kind = ?1 AND u.start_ns / 10000000000 = slot GROUP BY 3 UNION ALL "

static const struct {
	const char *name, *sums, *by_unit, *by_time;
} sources[] = {
	{"samples",
	 "WITH line AS (SELECT " FILE_SHOWN ", f.app_line AS line, total(s.wall_ns) AS ns, "
	 "  total(s.ticks) AS n FROM v1_sample s JOIN v1_frame f ON f.id = s.stack_id, " CWD
	 "  WHERE s.in_unit AND f.has_app GROUP BY 1, 2, 3) " BY_FUNCTION,
	 BY_UNIT "SELECT " FILE_SHOWN ", k.stretch, total(s.wall_ns * k.weight) "
		 "FROM v1_unit_sample s JOIN kept k ON k.id = s.unit_id "
		 "JOIN v1_frame f ON f.id = s.stack_id, " CWD "WHERE f.has_app GROUP BY 1, 2, 3",
	 BY_TIME("v1_sample") "SELECT " FILE_SHOWN ", t.stretch, total(s.wall_ns) "
			      "FROM v1_sample s JOIN time t ON t.slot = s.slot "
			      "JOIN v1_frame f ON f.id = s.stack_id, " CWD
			      "WHERE s.in_unit AND f.has_app GROUP BY 1, 2, 3"},
	{"calls",
	 "WITH line AS (SELECT " FILE_SHOWN ", f.app_line AS line, total(u.dur_ns) AS ns, "
	 "  total(u.calls) AS n FROM v1_usage u JOIN v1_frame f ON f.id = u.stack_id, " CWD
	 "  WHERE u.route IS NOT NULL AND NOT u.nested AND f.has_app GROUP BY 1, 2, "
	 "3) " BY_FUNCTION,
	 BY_UNIT "SELECT " FILE_SHOWN ", k.stretch, total(e.dur_ns * k.weight) "
		 "FROM v1_event e JOIN kept k ON k.id = e.unit_id "
		 "JOIN v1_frame f ON f.id = e.stack_id, " CWD
		 "WHERE NOT e.nested AND f.has_app GROUP BY 1, 2, 3",
	 BY_TIME("v1_usage") "SELECT " FILE_SHOWN ", t.stretch, total(u.dur_ns) "
			     "FROM v1_usage u JOIN time t ON t.slot = u.slot "
			     "JOIN v1_frame f ON f.id = u.stack_id, " CWD
			     "WHERE u.route IS NOT NULL AND NOT u.nested AND f.has_app "
			     "GROUP BY 1, 2, 3"},
};

struct function {
	const char *file, *name;
	const char *file_b; /* NULL: file */
	int line[2];
	double ns[2], n[2];
	double stretches_ns[2][STRETCHES_MOST];
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
		memcpy(a->stretches_ns[1], b->stretches_ns[1], sizeof a->stretches_ns[1]);
		a->in[1] = true;
		b->in[1] = false;
	}
}

/* What each function took in each stretch; *any: there is such a function. */
static enum err_kind read_stretches_by(sqlite3 *db, const char *sql, const char *unit, int side,
				       struct functions *f, struct stretches *s, bool *any,
				       struct err *e)
{
	sqlite3_stmt *row;
	struct function *at = NULL;
	*any = false;
	*s = (struct stretches){0};
	TRY(query_prepare(db, sql, &row, e));
	sqlite3_bind_text(row, 1, unit, -1, SQLITE_STATIC);
	sqlite3_bind_int(row, 2, STRETCHES_MOST);
	while (sqlite3_step(row) == SQLITE_ROW) {
		const size_t stretch = (size_t)sqlite3_column_int(row, 2);
		const double value = sqlite3_column_double(row, 3);
		if (stretch >= STRETCHES_MOST)
			continue;
		if (sqlite3_column_type(row, 1) == SQLITE_NULL) {
			s->units[stretch] = value;
			s->count = stretch >= s->count ? stretch + 1 : s->count;
			continue;
		}
		if (!at || strcmp(at->name, text(row, 1)) != 0 ||
		    strcmp(at->file, text(row, 0)) != 0)
			at = find(f, text(row, 0), text(row, 1));
		if (at)
			at->stretches_ns[side][stretch] += value;
		*any = true;
	}
	return query_finish(db, row, e);
}

static enum err_kind read_stretches(sqlite3 *db, size_t source, const char *unit, int side,
				    struct functions *f, struct stretches *s, struct err *e)
{
	bool any;
	TRY(read_stretches_by(db, sources[source].by_unit, unit, side, f, s, &any, e));
	return any ? ERR_OK
		   : read_stretches_by(db, sources[source].by_time, unit, side, f, s, &any, e);
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

static struct comparison_line line_of(const struct function *at, const double units[2])
{
	struct comparison_line line = {
		.file = at->file, .file_b = at->file_b, .function = at->name};
	for (int side = 0; side < 2; side++) {
		line.line[side] = at->line[side];
		line.ms[side] = at->ns[side] / units[side] / 1e6;
	}
	return line;
}

static bool is_looked_at(const struct function *at, const struct comparison_line *line,
			 double mean_ms)
{
	return (at->in[0] || at->in[1]) && line->ms[0] + line->ms[1] > mean_ms * LINE_LEAST;
}

static double error_of(const struct function *at, const struct comparison_line *line,
		       const struct stretches stretches[2], size_t looked_at)
{
	double variance[2];
	for (int side = 0; side < 2; side++) {
		const double of_stretches =
			stretches_variance(&stretches[side], at->stretches_ns[side]) / 1e12;
		/* n samples or calls are right to one in √n (Poisson), however alike units look */
		const double of_counting =
			at->n[side] > 0 ? line->ms[side] * line->ms[side] / at->n[side] : 0;
		variance[side] = of_stretches < of_counting ? of_counting : of_stretches;
	}
	return stretches_error(variance, (const size_t[]){stretches[0].count, stretches[1].count},
			       looked_at);
}

static void keep_changed(const struct functions *f, const double units[2],
			 const struct stretches stretches[2], double mean_ms, struct arena *arena,
			 struct comparison *out)
{
	size_t looked_at = 0;
	out->lines = arena_alloc(arena, f->count * sizeof *out->lines);
	for (size_t i = 0; i < f->count; i++) {
		const struct comparison_line line = line_of(&f->items[i], units);
		looked_at += is_looked_at(&f->items[i], &line, mean_ms);
	}
	for (size_t i = 0; i < f->count; i++) {
		struct comparison_line line = line_of(&f->items[i], units);
		if (!is_looked_at(&f->items[i], &line, mean_ms))
			continue;
		line.error_ms = error_of(&f->items[i], &line, stretches, looked_at);
		const double change = fabs(line.ms[1] - line.ms[0]);
		if (change > line.error_ms && change > mean_ms * LINE_LEAST &&
		    change > fmax(line.ms[0], line.ms[1]) * LINE_CHANGE)
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
		struct stretches stretches[2];
		bool any[2] = {false, false};
		for (int side = 0; side < 2 && kind == ERR_OK; side++)
			kind = read_side(dbs[side], sources[s].sums, side, arena, &f, &any[side],
					 e);
		if (kind == ERR_OK && any[0] && any[1]) {
			out->line_source = sources[s].name;
			for (int side = 0; side < 2 && kind == ERR_OK; side++)
				kind = read_stretches(dbs[side], s, out->unit, side, &f,
						      &stretches[side], e);
		}
		if (kind == ERR_OK && out->line_source) {
			match_renamed_files(&f);
			keep_changed(&f, units, stretches, mean_ms, arena, out);
		}
		vec_free(&f);
		TRY(kind);
	}
	return kind;
}
