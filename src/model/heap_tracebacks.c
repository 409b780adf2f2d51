#include "model/heap_tracebacks.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"
#include "model/query.h"

struct frame {
	int64_t parent; /* 0: root */
	const char *text;
};

/* Frames are read once, however many stacks they are of. */
struct reading {
	sqlite3_stmt *one;
	struct arena *arena;
	struct map frame_of; /* id → its frame, from 1; 0: there is none */
	VEC(struct frame) frames;
	bool is_broken; /* one could not be read: query_finish() says why */
	const char *(*shorten)(const char *path);
};

static const struct frame *frame_at(struct reading *r, int64_t id)
{
	bool is_new = false;
	uint64_t *at = map_put(&r->frame_of, (uint64_t)id, &is_new);
	if (!is_new || r->is_broken)
		return *at ? &r->frames.items[*at - 1] : NULL;
	sqlite3_bind_int64(r->one, 1, id);
	const int got = sqlite3_step(r->one);
	if (got == SQLITE_ROW) {
		const char *function = (const char *)sqlite3_column_text(r->one, 1);
		const char *file = (const char *)sqlite3_column_text(r->one, 2);
		*vec_push(&r->frames) = (struct frame){
			.parent = sqlite3_column_int64(r->one, 0),
			.text = arena_printf(r->arena, "%s %s:%d", function ? function : "?",
					     file ? r->shorten(file) : "?",
					     sqlite3_column_int(r->one, 3))};
		*at = r->frames.count;
	}
	r->is_broken = got != SQLITE_ROW && got != SQLITE_DONE;
	if (!r->is_broken)
		sqlite3_reset(r->one);
	return *at ? &r->frames.items[*at - 1] : NULL;
}

/* A hostile stack may be a ring, so the walk is bounded. */
static void add_stack(struct reading *r, int64_t id, struct str *text)
{
	const struct frame *f;
	str_clear(text);
	for (int i = 0; i < HEAP_TRACEBACK_FRAMES && id && (f = frame_at(r, id)); i++) {
		str_printf(text, "%s%s", i ? " < " : "", f->text);
		id = f->parent;
	}
}

static enum err_kind write_stacks(struct reading *r, sqlite3 *db, sqlite3_stmt *places,
				  sqlite3_stmt *into, struct err *e)
{
	struct str text;
	int done = SQLITE_DONE;
	str_init(&text, 1 << 16);
	while (done == SQLITE_DONE && !r->is_broken && sqlite3_step(places) == SQLITE_ROW) {
		add_stack(r, sqlite3_column_int64(places, 1), &text);
		if (!text.length)
			continue;
		sqlite3_bind_int64(into, 1, sqlite3_column_int64(places, 0));
		sqlite3_bind_text(into, 2, text.text, (int)text.length, SQLITE_STATIC);
		done = sqlite3_step(into);
		sqlite3_reset(into);
	}
	str_free(&text);
	return done == SQLITE_DONE
		       ? ERR_OK
		       : ERR(e, ERR_SYSTEM, "SQLite refused a traceback: %s", sqlite3_errmsg(db));
}

/* The first error is the one that is told. */
static enum err_kind finish(sqlite3 *db, sqlite3_stmt *statement, enum err_kind kind, struct err *e)
{
	if (kind == ERR_OK)
		return query_finish(db, statement, e);
	sqlite3_finalize(statement);
	return kind;
}

enum err_kind heap_tracebacks(sqlite3 *db, const char *table,
			      const char *(*shorten)(const char *path), struct err *e)
{
	struct reading r = {.arena = arena_new(), .shorten = shorten};
	sqlite3_stmt *places = NULL, *into = NULL;
	char *sql = sqlite3_mprintf("SELECT id, stack_id FROM heap_place WHERE id <> 0 AND "
				    "stack_id IS NOT NULL AND id IN (SELECT place FROM %s)",
				    table ? table : "heap_line WHERE 0");
	enum err_kind kind = query_script(db,
					  "DROP TABLE IF EXISTS temp.heap_traceback;"
					  "CREATE TEMP TABLE heap_traceback(id INTEGER PRIMARY "
					  "KEY, text TEXT);",
					  e);
	if (kind == ERR_OK)
		kind = query_prepare(
			db, "SELECT parent_id, function, file, line FROM v1_frame WHERE id = ?",
			&r.one, e);
	if (kind == ERR_OK)
		kind = query_prepare(db, sql, &places, e);
	if (kind == ERR_OK)
		kind = query_prepare(db, "INSERT INTO heap_traceback VALUES (?, ?)", &into, e);
	if (kind == ERR_OK)
		kind = write_stacks(&r, db, places, into, e);
	kind = finish(db, r.one, kind, e);
	kind = finish(db, places, kind, e);
	kind = finish(db, into, kind, e);
	sqlite3_free(sql);
	vec_free(&r.frames);
	map_free(&r.frame_of);
	arena_free(r.arena);
	return kind;
}
