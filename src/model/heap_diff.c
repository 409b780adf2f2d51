#include "model/heap_diff.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"
#include "model/query.h"

struct reading {
	struct arena *arena;
	struct intern *keys;
	VEC(struct heap_diff_line) lines; /* by key */
	double bytes[2], variance;
	bool shares;
};

static struct heap_diff_line *line_at(struct reading *r, const char *file, int line)
{
	bool is_new = false;
	const char *key = arena_printf(r->arena, "%d\n%s", line, file ? file : "");
	const uint32_t id = intern_id(r->keys, key, strlen(key), &is_new);
	if (is_new)
		*vec_push(&r->lines) = (struct heap_diff_line){
			.file = file ? arena_string(r->arena, file) : NULL, .line = line};
	return &r->lines.items[id - 1];
}

static const char sums_sql[] =
	"SELECT p.file, coalesce(p.line, 0), sum(l.live_bytes), total(l.live_blocks), "
	"total(l.live_error * l.live_error) FROM heap_line l JOIN heap_place p ON p.id = l.place "
	"WHERE l.live_bytes > 0 GROUP BY 1, 2";

static enum err_kind read_side(struct reading *r, sqlite3 *db, const struct heap_filter *filter,
			       int side, const char *name, struct err *e)
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
	TRY(query_prepare(db, sums_sql, &row, e));
	while (sqlite3_step(row) == SQLITE_ROW) {
		struct heap_diff_line *line =
			line_at(r, (const char *)sqlite3_column_text(row, 0),
				filter->by == HEAP_BY_LINE ? sqlite3_column_int(row, 1) : 0);
		const double bytes = sqlite3_column_double(row, 2);
		const double variance = sqlite3_column_double(row, 4);
		line->bytes[side] += bytes;
		line->blocks[side] += sqlite3_column_double(row, 3);
		line->error += variance; /* its root is taken at the end */
		r->bytes[side] += bytes;
		r->variance += variance;
	}
	return query_finish(db, row, e);
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
	return files ? files : x->line - y->line;
}

enum err_kind heap_diff_read(sqlite3 *const dbs[2], const struct heap_filter filters[2],
			     const char *const names[2], struct arena *arena, struct heap_diff *out,
			     struct err *e)
{
	struct reading r = {.arena = arena, .keys = intern_new()};
	enum err_kind kind = ERR_OK;
	*out = (struct heap_diff){0};
	for (int side = 0; side < 2 && kind == ERR_OK; side++)
		kind = read_side(&r, dbs[side], &filters[side], side, names[side], e);
	if (kind == ERR_OK && r.lines.count) {
		out->count = r.lines.count;
		out->lines = arena_alloc(arena, out->count * sizeof *out->lines);
		memcpy(out->lines, r.lines.items, out->count * sizeof *out->lines);
		for (size_t i = 0; i < out->count; i++)
			out->lines[i].error = sqrt(out->lines[i].error);
		qsort(out->lines, out->count, sizeof *out->lines, by_difference);
	}
	memcpy(out->bytes, r.bytes, sizeof out->bytes);
	out->error = sqrt(r.variance);
	out->shares = r.shares;
	vec_free(&r.lines);
	intern_free(r.keys);
	return kind;
}
