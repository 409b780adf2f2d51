#include "model/calls_rows.h"

#include <math.h>
#include <string.h>

#include "model/query.h"

#define COST_SHARE_MAX 0.9

static const char *column_text(sqlite3_stmt *row, int i)
{
	const char *text = (const char *)sqlite3_column_text(row, i);
	return text ? text : "";
}

/* Never negative, whoever made the recording. */
static double column_sum(sqlite3_stmt *row, int i)
{
	return fmax(0, (double)sqlite3_column_int64(row, i));
}

uint32_t calls_function_id(struct calls_builder *b, const char *file, const char *name,
			   const char *kind, int line)
{
	bool is_new = false;
	const char *key = arena_printf(b->arena, "%s\n%d\n%s\n%s", file, line, kind, name);
	const uint32_t id = intern_id(b->function_keys, key, strlen(key), &is_new);
	if (is_new)
		*vec_push(&b->functions) = (struct calls_function){
			.name = arena_string(b->arena, name),
			.file = arena_string(b->arena, file),
			.kind = arena_string(b->arena, kind),
			.line = line > 0 ? line : 0,
		};
	return id - 1;
}

/* A resume costs more where suspended time is kept. */
#define RESUME_COST(part) \
	"coalesce(iif(c.waiting_ns + c.ready_ns + coalesce(c.nested_ns, 0) > 0, p.await_" part \
	", NULL), p.resume_" part ", p." part ")"

/* A root lasted as long as its requests did, or as calls were counted. */
static const char rows_sql[] =
	"WITH lasted AS MATERIALIZED (SELECT route, avg(wall_ns) AS ns FROM v1_unit GROUP BY "
	"route) "
	"SELECT c.id, c.parent_id, c.kind, c.route, c.function, c.file, c.line, c.code_kind, "
	"c.from_id, c.calls, c.resumes, c.raised, c.open, c.own_wall_ns, c.own_cpu_ns, "
	"c.total_wall_ns, c.total_cpu_ns, c.waiting_ns, c.ready_ns, c.folded, c.demoted, "
	"p.inside_ns, p.outside_ns, coalesce(p.c_inside_ns, p.inside_ns), "
	"coalesce(p.c_outside_ns, p.outside_ns), " RESUME_COST("inside_ns") ", " RESUME_COST(
		"outside_ns") ", p.far_inside_ns, p.far_outside_ns, "
			      "c.far_events, c.nested_ns, coalesce(1.0 * a.cost_ns / "
			      "nullif(a.calls, 0), 0), "
			      "CASE c.kind WHEN 'requests' THEN (SELECT c.calls * l.ns FROM lasted "
			      "l WHERE l.route IS "
			      "c.route) WHEN 'root' THEN coalesce(p.ended_ns, r.end_ns, (SELECT "
			      "CAST(value AS INTEGER) "
			      "FROM v1_meta WHERE key = 'ended_ns')) - p.began_ns END, "
			      "coalesce(r.pid, '?') || ' ' || coalesce(nullif(t.name, ''), 'thread "
			      "' || "
			      "coalesce(t.tid, '?')), (c.kind NOT IN ('root', 'requests') OR "
			      "(c.route = "
			      "?1 OR (?1 IS NULL AND (c.kind = 'requests' OR NOT ?3)))) AND (?2 IS "
			      "NULL OR t.name = ?2 "
			      "OR CAST(t.tid AS TEXT) = ?2) "
			      "FROM v1_call c LEFT JOIN v1_call_process p ON p.process_id = "
			      "c.process_id "
			      "LEFT JOIN v1_call_arguments a ON a.process_id = c.process_id AND "
			      "a.code_id = c.code_id "
			      "LEFT JOIN v1_thread t ON t.id = c.thread_id LEFT JOIN v1_process r "
			      "ON r.id = "
			      "c.process_id ORDER BY c.id";
enum {
	COLUMN_ID,
	COLUMN_PARENT,
	COLUMN_KIND,
	COLUMN_ROUTE,
	COLUMN_FUNCTION,
	COLUMN_FILE,
	COLUMN_LINE,
	COLUMN_CODE_KIND,
	COLUMN_FROM,
	COLUMN_CALLS,
	COLUMN_RESUMES,
	COLUMN_RAISED,
	COLUMN_OPEN,
	COLUMN_OWN_WALL,
	COLUMN_OWN_CPU,
	COLUMN_TOTAL_WALL,
	COLUMN_TOTAL_CPU,
	COLUMN_WAITING,
	COLUMN_READY,
	COLUMN_FOLDED,
	COLUMN_DEMOTED,
	COLUMN_INSIDE,
	COLUMN_OUTSIDE,
	COLUMN_C_INSIDE,
	COLUMN_C_OUTSIDE,
	COLUMN_RESUME_INSIDE,
	COLUMN_RESUME_OUTSIDE,
	COLUMN_FAR_INSIDE,
	COLUMN_FAR_OUTSIDE,
	COLUMN_FAR,
	COLUMN_NESTED,
	COLUMN_ARGUMENTS,
	COLUMN_LASTED,
	COLUMN_THREAD,
	COLUMN_CHOSEN
};

static enum row_kind kind_of(const char *kind)
{
	return strcmp(kind, "root") == 0 || strcmp(kind, "requests") == 0 ? ROW_KIND_ROOT
	       : strcmp(kind, "c") == 0                                   ? ROW_KIND_C
	       : strcmp(kind, "work") == 0                                ? ROW_KIND_WORK
									  : ROW_KIND_FUNCTION;
}

static double cost(const struct calls_builder *b, sqlite3_stmt *row, int column, double events)
{
	const double each_ns = sqlite3_column_double(row, column);
	return b->out->cost.known && each_ns > 0 && each_ns < 1e6
		       ? b->out->cost.factor * each_ns * events
		       : 0;
}

static void name_row(struct calls_builder *b, sqlite3_stmt *row, struct calls_row *r)
{
	const char *name = column_text(row, COLUMN_FUNCTION);
	const char *route = (const char *)sqlite3_column_text(row, COLUMN_ROUTE);
	if (b->filter->by_thread && r->kind == ROW_KIND_WORK)
		r->kind = ROW_KIND_ROOT; /* the work of a thread is the thread's */
	if (r->kind == ROW_KIND_ROOT) {
		r->top = arena_string(b->arena, b->filter->by_thread
							? column_text(row, COLUMN_THREAD)
						: route ? route
						: strcmp(column_text(row, COLUMN_KIND), "root") == 0
							? "(outside requests)"
							: "(route not known yet)");
	} else if (r->kind == ROW_KIND_WORK) {
		r->function = calls_function_id(b, "", "(work in another thread)", "work", 0);
	} else if (r->kind == ROW_KIND_C) {
		r->function = calls_function_id(b, "", *name ? name : "(C function)", "c", 0);
	} else {
		r->function = calls_function_id(
			b, column_text(row, COLUMN_FILE), *name ? name : "(name not known)",
			column_text(row, COLUMN_CODE_KIND), sqlite3_column_int(row, COLUMN_LINE));
	}
	r->counts =
		r->kind == ROW_KIND_WORK ||
		(r->kind != ROW_KIND_ROOT &&
		 (!b->filter->app_only || strcmp(column_text(row, COLUMN_CODE_KIND), "app") == 0));
}

static void read_row(struct calls_builder *b, sqlite3_stmt *row)
{
	const uint64_t *parent =
		map_find(&b->row_of, (uint64_t)sqlite3_column_int64(row, COLUMN_PARENT));
	struct calls_row *r = vec_push(&b->rows);
	struct calls_sums *s = &r->sums;
	r->kind = kind_of(column_text(row, COLUMN_KIND));
	r->parent = parent && r->kind != ROW_KIND_WORK ? (uint32_t)*parent : 0;
	r->from = (uint32_t)sqlite3_column_int64(row, COLUMN_FROM); /* an id until all are read */
	r->folded = sqlite3_column_int(row, COLUMN_FOLDED) != 0;
	r->demoted = sqlite3_column_int(row, COLUMN_DEMOTED) != 0;
	s->calls = column_sum(row, COLUMN_CALLS);
	s->primitive = r->folded ? 0 : s->calls;
	s->resumes = column_sum(row, COLUMN_RESUMES);
	s->raised = column_sum(row, COLUMN_RAISED);
	s->open = column_sum(row, COLUMN_OPEN);
	s->own_wall_ns = column_sum(row, COLUMN_OWN_WALL);
	s->own_cpu_ns = column_sum(row, COLUMN_OWN_CPU);
	s->total_wall_ns = column_sum(row, COLUMN_TOTAL_WALL);
	s->total_cpu_ns = column_sum(row, COLUMN_TOTAL_CPU);
	s->waiting_ns = column_sum(row, COLUMN_WAITING);
	s->ready_ns = column_sum(row, COLUMN_READY);
	s->total_suspended_ns = r->folded ? 0 : s->waiting_ns + s->ready_ns;
	r->suspended_ns = s->waiting_ns + s->ready_ns + column_sum(row, COLUMN_NESTED);
	const double lasted_ns = sqlite3_column_double(row, COLUMN_LASTED);
	r->lasted_ns = lasted_ns > 0 && isfinite(lasted_ns) ? lasted_ns : INFINITY;
	const double events = fmax(0, 2 * s->calls - s->open);
	const double far = fmin(column_sum(row, COLUMN_FAR), events + 2 * s->resumes);
	const bool is_c = r->kind == ROW_KIND_C;
	r->inside_ns = cost(b, row, is_c ? COLUMN_C_INSIDE : COLUMN_INSIDE, events) +
		       cost(b, row, COLUMN_RESUME_INSIDE, 2 * s->resumes) +
		       cost(b, row, COLUMN_FAR_INSIDE, far);
	r->outside_ns = cost(b, row, is_c ? COLUMN_C_OUTSIDE : COLUMN_OUTSIDE, events) +
			cost(b, row, COLUMN_RESUME_OUTSIDE, 2 * s->resumes) +
			cost(b, row, COLUMN_FAR_OUTSIDE, far) +
			fmin(fmax(0, sqlite3_column_double(row, COLUMN_ARGUMENTS)), 1e6) * s->calls;
	name_row(b, row, r);
	const uint32_t index = (uint32_t)(b->rows.count - 1);
	r->owner = r->counts ? index : b->rows.items[r->parent].owner;
	*map_put(&b->row_of, (uint64_t)sqlite3_column_int64(row, COLUMN_ID), NULL) = index;
	/* a filter takes whole threads, and whole roots with what is below them */
	if (!sqlite3_column_int(row, COLUMN_CHOSEN))
		r->node = UINT32_MAX;
}

/* A call that is folded is one of the row further up, which has all that it called below it. */
static void find_target(struct calls_builder *b, struct calls_row *r)
{
	uint32_t at = r->parent;
	while (at && (b->rows.items[at].folded || b->rows.items[at].kind != r->kind ||
		      b->rows.items[at].function != r->function))
		at = b->rows.items[at].parent;
	r->target = at;
}

static double activations(const struct calls_row *r)
{
	return r->sums.calls + r->sums.resumes;
}

/* What counting cost of what the row's function called lies in the own time of whichever of its
 * calls made it: by how many of them they are. */
static double outside_share(const struct calls_builder *b, const struct calls_row *r)
{
	const struct calls_row *whole = r->target ? &b->rows.items[r->target] : r;
	const double all = activations(whole) + whole->folded_activations;
	return all > 0 ? whole->outside_below_ns * activations(r) / all : 0;
}

/* What a caller that is suspended has of it: a generator that only hands on what it awaits
 * (`yield from`, as in `__await__`) has no such time of its own. */
static double suspended_with(const struct calls_row *r)
{
	return r->suspended_ns > 0 || r->sums.resumes <= 0 ? r->suspended_ns
							   : r->suspended_below_ns;
}

/* Of the time that it was suspended, that in which nothing was that it awaited. What its function's
 * calls await lies below the first of them on the path, whichever of them it was that awaited it:
 * what is left of all of them is divided by how long each was suspended. */
static double own_suspended(const struct calls_builder *b, const struct calls_row *r)
{
	const struct calls_row *whole = r->target ? &b->rows.items[r->target] : r;
	const double all_ns = whole->suspended_ns + whole->folded_suspended_ns;
	return all_ns > 0 ? fmax(0, all_ns - whole->suspended_below_ns) * r->suspended_ns / all_ns
			  : 0;
}

/* An event costs less than in the middle where little is done in between (a tight recursion 14 ns
 * where a web framework's cost 30): no time is taken to be more than nine tenths cost. */
static double without(double measured_ns, double cost_ns)
{
	return fmax(measured_ns - cost_ns, (1 - COST_SHARE_MAX) * measured_ns);
}

/* Gives what of the cost could not be in that time. */
static double take(double *ns, double cost_ns)
{
	const double left_ns = without(*ns, cost_ns);
	const double rest_ns = cost_ns - (*ns - left_ns);
	*ns = left_ns;
	return rest_ns;
}

/* What counting cost goes out of the times. From the last row to the first, each comes before its
 * caller. Which part of an event's cost is whose is known from trials, all of it better: what
 * cannot be in a function's own time (of a generator that only hands on, cost is nearly all) is in
 * its caller's. */
static void correct(struct calls_builder *b)
{
	for (size_t i = b->rows.count; i-- > 1;) {
		struct calls_row *r = &b->rows.items[i], *caller = &b->rows.items[r->parent];
		caller->outside_below_ns += r->outside_ns;
		caller->below_ns += r->inside_ns + r->outside_ns + r->below_ns;
		caller->suspended_below_ns += suspended_with(r);
		if (r->folded)
			find_target(b, r);
		if (r->target) {
			b->rows.items[r->target].folded_activations += activations(r);
			b->rows.items[r->target].folded_suspended_ns += r->suspended_ns;
		}
	}
	for (size_t i = b->rows.count; i-- > 1;) {
		struct calls_row *r = &b->rows.items[i], *caller = &b->rows.items[r->parent];
		struct calls_sums *s = &r->sums;
		const double own_ns = r->inside_ns + outside_share(b, r);
		const double total_ns = r->inside_ns + r->below_ns;
		s->cost_ns = s->own_cpu_ns;
		caller->rest_wall_ns += take(&s->own_wall_ns, own_ns + r->rest_wall_ns);
		caller->rest_cpu_ns += take(&s->own_cpu_ns, own_ns + r->rest_cpu_ns);
		s->total_wall_ns = without(s->total_wall_ns, total_ns);
		s->total_cpu_ns = without(s->total_cpu_ns, total_ns);
		s->cost_ns -= s->own_cpu_ns;
		s->own_suspended_ns = own_suspended(b, r);
	}
}

enum err_kind calls_rows_read(sqlite3 *db, struct calls_builder *b, struct err *e)
{
	sqlite3_stmt *row;
	TRY(query_prepare(db, rows_sql, &row, e));
	sqlite3_bind_text(row, 1, b->filter->route, -1, SQLITE_STATIC);
	sqlite3_bind_text(row, 2, b->filter->thread, -1, SQLITE_STATIC);
	sqlite3_bind_int(row, 3, b->out->in_units);
	vec_push(&b->rows);
	while (sqlite3_step(row) == SQLITE_ROW && b->rows.count < UINT32_MAX)
		read_row(b, row);
	for (size_t i = 1; i < b->rows.count; i++) {
		const uint64_t *from = map_find(&b->row_of, b->rows.items[i].from);
		b->rows.items[i].from =
			b->rows.items[i].from && from && !b->filter->thread ? (uint32_t)*from : 0;
	}
	correct(b);
	return query_finish(db, row, e);
}
