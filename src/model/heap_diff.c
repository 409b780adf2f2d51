#include "model/heap_diff.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"
#include "model/heap_tracebacks.h"
#include "model/query.h"
#include "model/walk_types.h"

struct reading {
	struct arena *arena;
	struct intern *keys;
	VEC(struct heap_diff_line) lines; /* by key */
	double bytes[2], variance;
	bool shares;
};

static const char *kept(struct reading *r, const char *text)
{
	return text ? arena_string(r->arena, text) : NULL;
}

static struct heap_diff_line *line_at(struct reading *r, const char *file, int line,
				      const char *name)
{
	bool is_new = false;
	const char *key =
		arena_printf(r->arena, "%d\n%s\n%s", line, file ? file : "", name ? name : "");
	const uint32_t id = intern_id(r->keys, key, strlen(key), &is_new);
	if (is_new)
		*vec_push(&r->lines) = (struct heap_diff_line){
			.file = kept(r, file), .line = line, .name = kept(r, name)};
	return &r->lines.items[id - 1];
}

/* File, line, name, bytes, blocks, variance. */
static const char sums_sql[] =
	"SELECT iif(?1, NULL, p.file), iif(?2, coalesce(p.line, 0), 0), k.text, "
	"total(l.live_bytes), "
	"total(l.live_blocks), total(l.live_error * l.live_error) FROM heap_line l JOIN heap_place "
	"p ON p.id = l.place LEFT JOIN heap_traceback k ON k.id = p.id WHERE l.live_bytes > 0 "
	"GROUP BY 1, 2, 3";
static const char types_sql[] = "SELECT NULL, 0, type, bytes, count, 0.0 FROM walk_sum";

/* A hostile recording's may be too large, of which a difference is no number. */
static double finite_of(sqlite3_stmt *row, int column)
{
	const double value = sqlite3_column_double(row, column);
	return isfinite(value) ? value : 0;
}

static enum err_kind read_rows(struct reading *r, sqlite3 *db, sqlite3_stmt *row, int side,
			       struct err *e)
{
	while (sqlite3_step(row) == SQLITE_ROW) {
		struct heap_diff_line *line = line_at(r, (const char *)sqlite3_column_text(row, 0),
						      sqlite3_column_int(row, 1),
						      (const char *)sqlite3_column_text(row, 2));
		const double bytes = finite_of(row, 3), variance = finite_of(row, 5);
		line->bytes[side] += bytes;
		line->blocks[side] += finite_of(row, 4);
		line->error += variance; /* its root is taken at the end */
		r->bytes[side] += bytes;
		r->variance += variance;
	}
	return query_finish(db, row, e);
}

static enum err_kind read_side(struct reading *r, sqlite3 *db, const struct heap_filter *filter,
			       int side, const char *name, const char *(*shorten)(const char *),
			       struct err *e)
{
	sqlite3_stmt *row;
	bool any;
	TRY(heap_are_there(db, &any, e));
	if (!any)
		return ERR(e, ERR_INVALID,
			   "memory was not sampled in %.200s; record again with: unslow run "
			   "--memory",
			   name);
	TRY(heap_to_tables(db, filter, e));
	TRY(heap_shares(db, &any, e));
	r->shares |= any;
	TRY(heap_tracebacks(
		db, filter->by == HEAP_BY_TRACEBACK ? "heap_line WHERE live_bytes > 0" : NULL,
		shorten, e));
	TRY(query_prepare(db, sums_sql, &row, e));
	sqlite3_bind_int(row, 1, filter->by == HEAP_BY_TRACEBACK);
	sqlite3_bind_int(row, 2, filter->by == HEAP_BY_LINE);
	return read_rows(r, db, row, side, e);
}

static int by_difference(const void *a, const void *b)
{
	const struct heap_diff_line *x = a, *y = b;
	const double more = fabs(x->bytes[1] - x->bytes[0]), less = fabs(y->bytes[1] - y->bytes[0]);
	if (more != less)
		return more > less ? -1 : 1;
	if (x->bytes[1] != y->bytes[1])
		return x->bytes[1] > y->bytes[1] ? -1 : 1;
	const int files = strcmp(x->file ? x->file : "", y->file ? y->file : "");
	if (files || x->line != y->line)
		return files ? files : x->line > y->line ? 1 : -1;
	return strcmp(x->name ? x->name : "", y->name ? y->name : "");
}

/* Frees what was read. */
static void finish(struct reading *r, struct heap_diff *out)
{
	if (r->lines.count) {
		out->count = r->lines.count;
		out->lines = arena_alloc(r->arena, out->count * sizeof *out->lines);
		memcpy(out->lines, r->lines.items, out->count * sizeof *out->lines);
		for (size_t i = 0; i < out->count; i++)
			out->lines[i].error = sqrt(out->lines[i].error);
		qsort(out->lines, out->count, sizeof *out->lines, by_difference);
	}
	memcpy(out->bytes, r->bytes, sizeof out->bytes);
	out->error = sqrt(r->variance);
	out->shares = r->shares;
	vec_free(&r->lines);
	intern_free(r->keys);
}

enum err_kind heap_diff_read(sqlite3 *const dbs[2], const struct heap_filter filters[2],
			     const char *const names[2], const char *(*shorten)(const char *path),
			     struct arena *arena, struct heap_diff *out, struct err *e)
{
	struct reading r = {.arena = arena, .keys = intern_new()};
	enum err_kind kind = ERR_OK;
	*out = (struct heap_diff){0};
	for (int side = 0; side < 2 && kind == ERR_OK; side++)
		kind = read_side(&r, dbs[side], &filters[side], side, names[side], shorten, e);
	finish(&r, out);
	return kind;
}

/* --- by type ------------------------------------------------------------- */

static const char walks_sql[] =
	"SELECT count(*), max(0, max(w.begun_ns) - coalesce((SELECT value FROM v1_meta WHERE key = "
	"'started_ns'), 0)) / 1e9, total(v.objects), max(w.cut), total(w.how = 'outside') FROM "
	"walk_chosen w JOIN v1_walk v ON v.id = w.id WHERE w.is_last";

/* *outside: how many of its processes were read from outside. */
static enum err_kind read_walks(sqlite3 *db, const char *name, struct heap_diff_walks *out,
				double *outside, struct err *e)
{
	sqlite3_stmt *row;
	TRY(query_prepare(db, walks_sql, &row, e));
	if (sqlite3_step(row) == SQLITE_ROW) {
		*out = (struct heap_diff_walks){.processes = sqlite3_column_double(row, 0),
						.at_s = sqlite3_column_double(row, 1),
						.objects = sqlite3_column_double(row, 2),
						.cut = sqlite3_column_int(row, 3) != 0};
		*outside = sqlite3_column_double(row, 4);
	}
	TRY(query_finish(db, row, e));
	if (!(out->processes > 0))
		return ERR(e, ERR_INVALID,
			   "no heap was walked in %.200s until then, and types are known of walks "
			   "alone; record again with: unslow run --memory --walk",
			   name);
	return ERR_OK;
}

static enum err_kind read_types(struct reading *r, sqlite3 *db, int side, struct err *e)
{
	sqlite3_stmt *row;
	TRY(walk_types_sum(db, e));
	TRY(query_prepare(db, types_sql, &row, e));
	return read_rows(r, db, row, side, e);
}

enum err_kind heap_diff_types(sqlite3 *const dbs[2], const uint64_t at_ns[2],
			      const char *const names[2], struct arena *arena,
			      struct heap_diff *out, struct err *e)
{
	struct reading r = {.arena = arena, .keys = intern_new()};
	double outside[2] = {0, 0};
	enum err_kind kind = ERR_OK;
	*out = (struct heap_diff){0};
	for (int side = 0; side < 2 && kind == ERR_OK; side++) {
		kind = walks_choose(dbs[side], at_ns[side], true, e);
		if (kind == ERR_OK)
			kind = read_walks(dbs[side], names[side], &out->walks[side], &outside[side],
					  e);
		if (kind == ERR_OK)
			kind = read_types(&r, dbs[side], side, e);
	}
	const struct heap_diff_walks *walks = out->walks;
	const bool all_fork = outside[0] + outside[1] == 0;
	const bool all_outside =
		outside[0] == walks[0].processes && outside[1] == walks[1].processes;
	if (kind == ERR_OK && !all_fork && !all_outside)
		kind = ERR(e, ERR_INVALID,
			   "a heap of these was read from outside, which sees fewer objects than a "
			   "walk in a fork: they cannot be compared by type; --by line can");
	finish(&r, out);
	return kind;
}
