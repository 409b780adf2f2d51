/* chrome: the timeline as Chrome's trace event format
 * (https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU), for
 * chrome://tracing and ui.perfetto.dev.
 *
 * A call is a complete event (X) from its begin to its end; a coroutine one from each resume to the
 * next yield. What began before the ring or had not ended is cut there and says so (args.cut). Of
 * what is not known by name, a code object that the recording does not have, is left out and
 * counted (otherData.unnamed).
 * Requests are asynchronous events (b, e) of their own. Times are microseconds since the first
 * event.
 */
#include <math.h>

#include "agent/calls_file.h"
#include "base/json.h"
#include "base/log.h"
#include "base/vec.h"
#include "export/formats.h"
#include "export/frame.h"
#include "model/query.h"
#include "view/calls_part.h"

/* A call that is open on the thread. */
struct open_call {
	uint64_t function; /* code or name: what its end is found by */
	double at_us;
	const char *name, *where; /* the arena's */
};

struct writer {
	struct json j;
	struct arena *arena;
	double first_ns;
	/* the thread */
	int64_t process, pid, tid;
	double began_us, last_us;
	VEC(struct open_call) open;
	uint64_t unnamed; /* calls left out */
};

static const char *text_of(sqlite3_stmt *row, int column)
{
	const char *text = (const char *)sqlite3_column_text(row, column);
	return text ? text : "";
}

static void put_clean(struct json *j, const char *key, const char *text)
{
	char clean[FRAME_TEXT_SIZE];
	json_put_text(j, key, frame_clean(text, clean, sizeof clean));
}

static void event_begin(struct writer *w, const char *phase, const char *name, double at_us)
{
	json_object(&w->j);
	json_put_text(&w->j, "ph", phase);
	put_clean(&w->j, "name", *name ? name : "?");
	json_key(&w->j, "pid");
	json_int(&w->j, w->pid);
	json_key(&w->j, "tid");
	json_int(&w->j, w->tid);
	json_put_number(&w->j, "ts", at_us, 15);
}

static void put_call(struct writer *w, const struct open_call *call, double end_us, const char *cut,
		     bool raised)
{
	if (!*call->name) {
		w->unnamed++;
		return;
	}
	event_begin(w, "X", call->name, call->at_us);
	json_put_number(&w->j, "dur", end_us - call->at_us, 15);
	json_put_text(&w->j, "cat", *call->where ? "python" : "c");
	json_key(&w->j, "args");
	json_object(&w->j);
	if (*call->where)
		put_clean(&w->j, "where", call->where);
	if (cut)
		json_put_text(&w->j, "cut", cut);
	if (raised)
		json_put_text(&w->j, "ended", "by an exception");
	json_object_end(&w->j);
	json_object_end(&w->j);
}

/* Calls from the newest down to `keep` of them. */
static void close_to(struct writer *w, size_t keep, double at_us, const char *cut)
{
	while (w->open.count > keep)
		put_call(w, &w->open.items[--w->open.count], at_us, cut, false);
}

enum {
	COLUMN_PROCESS,
	COLUMN_THREAD,
	COLUMN_AT,
	COLUMN_EVENT,
	COLUMN_FUNCTION,
	COLUMN_FILE,
	COLUMN_LINE,
	COLUMN_CODE,
	COLUMN_NAME,
	COLUMN_PID,
	COLUMN_TID,
	COLUMN_THREAD_NAME
};
static const char events_sql[] =
	"SELECT e.process_id, coalesce(e.thread_id, 0), e.at_ns, e.event, e.function, e.file, "
	"e.line, "
	"e.code_id, e.name_id, coalesce(p.pid, e.process_id), coalesce(t.tid, 0), t.name FROM "
	"v1_call_event e LEFT JOIN v1_process p ON p.id = e.process_id LEFT JOIN v1_thread t ON "
	"t.id = "
	"e.thread_id ORDER BY e.process_id, e.thread_id, e.id";

static uint64_t function_of(sqlite3_stmt *row)
{
	return (uint64_t)sqlite3_column_int64(row, COLUMN_CODE) << 32 ^
	       (uint64_t)sqlite3_column_int64(row, COLUMN_NAME);
}

static struct open_call call_of(struct writer *w, sqlite3_stmt *row, double at_us)
{
	const char *file = text_of(row, COLUMN_FILE);
	return (struct open_call){
		.function = function_of(row),
		.at_us = at_us,
		.name = arena_string(w->arena, text_of(row, COLUMN_FUNCTION)),
		.where = *file ? arena_printf(w->arena, "%s:%lld", file,
					      (long long)sqlite3_column_int64(row, COLUMN_LINE))
			       : "",
	};
}

static bool is_raised(sqlite3_stmt *row)
{
	const int event = sqlite3_column_int(row, COLUMN_EVENT);
	return event == TIMELINE_RAISED || event == TIMELINE_C_RAISED;
}

static void end_call(struct writer *w, sqlite3_stmt *row, double at_us)
{
	size_t at = w->open.count;
	while (at > 0 && w->open.items[at - 1].function != function_of(row))
		at--;
	if (at == 0) { /* older than all that is known of the thread */
		const struct open_call before = call_of(w, row, w->began_us);
		close_to(w, 0, at_us, NULL);
		put_call(w, &before, at_us, "begin", is_raised(row));
		return;
	}
	close_to(w, at, at_us, NULL);
	put_call(w, &w->open.items[--w->open.count], at_us, NULL, is_raised(row));
}

static void put_name(struct writer *w, const char *what, const char *name)
{
	event_begin(w, "M", what, 0);
	json_key(&w->j, "args");
	json_object(&w->j);
	put_clean(&w->j, "name", name);
	json_object_end(&w->j);
	json_object_end(&w->j);
}

static void begin_thread(struct writer *w, sqlite3_stmt *row, double at_us)
{
	close_to(w, 0, w->last_us, "end");
	w->process = sqlite3_column_int64(row, COLUMN_PROCESS);
	w->pid = sqlite3_column_int64(row, COLUMN_PID);
	w->tid = sqlite3_column_int64(row, COLUMN_TID);
	w->began_us = at_us;
	if (*text_of(row, COLUMN_THREAD_NAME))
		put_name(w, "thread_name", text_of(row, COLUMN_THREAD_NAME));
}

static void put_event(struct writer *w, sqlite3_stmt *row, bool is_new_thread)
{
	const double at_us = ((double)sqlite3_column_int64(row, COLUMN_AT) - w->first_ns) / 1e3;
	if (is_new_thread)
		begin_thread(w, row, at_us);
	/* time does not go back, whoever made the recording */
	w->last_us = is_new_thread ? at_us : fmax(w->last_us, at_us);
	switch (sqlite3_column_int(row, COLUMN_EVENT)) {
	case TIMELINE_BEGIN:
	case TIMELINE_RESUME:
	case TIMELINE_C_BEGIN:
		*vec_push(&w->open) = call_of(w, row, w->last_us);
		break;
	default:
		end_call(w, row, w->last_us);
	}
}

static enum err_kind put_calls(struct writer *w, sqlite3 *db, struct err *e)
{
	sqlite3_stmt *row;
	int64_t process = -1, thread = -1;
	TRY(query_prepare(db, events_sql, &row, e));
	while (sqlite3_step(row) == SQLITE_ROW) {
		const bool is_new = sqlite3_column_int64(row, COLUMN_PROCESS) != process ||
				    sqlite3_column_int64(row, COLUMN_THREAD) != thread;
		process = sqlite3_column_int64(row, COLUMN_PROCESS);
		thread = sqlite3_column_int64(row, COLUMN_THREAD);
		put_event(w, row, is_new);
	}
	close_to(w, 0, w->last_us, "end");
	return query_finish(db, row, e);
}

static void put_unit_end(struct writer *w, const char *phase, const char *name, const char *id,
			 double at_us)
{
	event_begin(w, phase, name, at_us);
	json_put_text(&w->j, "cat", "request");
	json_put_text(&w->j, "id", id);
	json_object_end(&w->j);
}

/* Those of which something is in the timeline. */
static enum err_kind put_units(struct writer *w, sqlite3 *db, struct err *e)
{
	sqlite3_stmt *row;
	TRY(query_prepare(
		db,
		"SELECT (u.id >> 40) || '.' || (u.id & 0xffffffffff), coalesce(u.method || "
		"' ', '') || coalesce(u.route, u.kind), u.start_ns, u.end_ns, "
		"coalesce(p.pid, u.process_id), coalesce(t.tid, 0) FROM v1_unit u LEFT JOIN "
		"v1_process p ON p.id = u.process_id LEFT JOIN v1_thread t ON t.id = "
		"u.thread_id WHERE u.id IN (SELECT unit_id FROM v1_call_event) ORDER BY "
		"u.start_ns",
		&row, e));
	while (sqlite3_step(row) == SQLITE_ROW) {
		const char *id = arena_string(w->arena, text_of(row, 0));
		const char *name = arena_string(w->arena, text_of(row, 1));
		const double at_us = ((double)sqlite3_column_int64(row, 2) - w->first_ns) / 1e3;
		w->pid = sqlite3_column_int64(row, 4);
		w->tid = sqlite3_column_int64(row, 5);
		put_unit_end(w, "b", name, id, at_us);
		if (sqlite3_column_type(row, 3) != SQLITE_NULL)
			put_unit_end(w, "e", name, id,
				     ((double)sqlite3_column_int64(row, 3) - w->first_ns) / 1e3);
	}
	return query_finish(db, row, e);
}

enum err_kind export_chrome(const struct export_source *source, FILE *out, struct err *e)
{
	struct calls_cost cost;
	TRY(calls_cost_read(source->db, &cost, e));
	struct writer w = {.arena = arena_new()};
	enum err_kind kind = query_number(source->db, "SELECT min(at_ns) FROM v1_call_event",
					  INFINITY, &w.first_ns, e);
	if (kind == ERR_OK && !isfinite(w.first_ns))
		kind = ERR(
			e, ERR_NOTHING,
			"no timeline is in this recording; record again with: unslow run --calls "
			"--timeline -- COMMAND");
	if (kind == ERR_OK) {
		json_init(&w.j, out, false);
		json_object(&w.j);
		json_put_text(&w.j, "displayTimeUnit", "ms");
		json_key(&w.j, "traceEvents");
		json_array(&w.j);
		kind = put_calls(&w, source->db, e);
		if (kind == ERR_OK)
			kind = put_units(&w, source->db, e);
		json_array_end(&w.j);
		json_key(&w.j, "otherData"); /* metadata of the whole, by the format */
		json_object(&w.j);
		calls_part_json(&w.j, "calls", &cost);
		json_put_uint(&w.j, "unnamed", w.unnamed);
		json_object_end(&w.j);
		json_object_end(&w.j);
		fputc('\n', out);
	}
	if (w.unnamed)
		log_warn("%llu calls in the timeline are of functions whose names were not "
			 "recorded; they were left out",
			 (unsigned long long)w.unnamed);
	vec_free(&w.open);
	arena_free(w.arena);
	return kind;
}
