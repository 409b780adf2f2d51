#include "model/call_times.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "agent/calls_file.h"
#include "base/vec.h"
#include "model/query.h"

double call_times_quantile(const uint64_t *at, const uint64_t *calls, size_t count, double share)
{
	uint64_t all = 0, below = 0;
	for (size_t i = 0; i < count; i++)
		all += calls[i];
	const double rank = share * (double)all;
	for (size_t i = 0; i < count; i++) {
		if ((double)(below + calls[i]) >= rank && calls[i] > 0) {
			/* within its bucket as if they were spread evenly there */
			const uint32_t bucket = calls_bucket(at[i]);
			const double width = (double)calls_bucket_least(bucket + 1) - (double)at[i];
			return (double)at[i] + width * (rank - (double)below) / (double)calls[i];
		}
		below += calls[i];
	}
	return NAN;
}

double call_times_mean_wall(const struct call_times_function *f)
{
	const struct calls_sums *sums = &f->function->sums;
	return (sums->total_wall_ns + sums->waiting_ns + sums->ready_ns) / sums->primitive;
}

struct buckets {
	VEC(uint64_t) at;
	VEC(uint64_t) wall;
	VEC(uint64_t) cpu;
};

static struct call_durations durations(const struct buckets *b, const uint64_t *calls)
{
	const uint64_t *at = b->at.items;
	return (struct call_durations){
		.p50 = call_times_quantile(at, calls, b->at.count, 0.50),
		.p90 = call_times_quantile(at, calls, b->at.count, 0.90),
		.p99 = call_times_quantile(at, calls, b->at.count, 0.99),
	};
}

static void bind_function(sqlite3_stmt *statement, const struct calls_function *f)
{
	sqlite3_bind_text(statement, 1, f->file, -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 2, f->name, -1, SQLITE_STATIC);
	sqlite3_bind_int(statement, 3, f->line);
}

#define OF_FUNCTION "c.kind = 'function' AND c.file = ?1 AND c.function = ?2 AND c.line = ?3"

static enum err_kind read_distribution(sqlite3 *db, struct call_times_function *f, struct err *e)
{
	struct buckets b = {0};
	sqlite3_stmt *row;
	TRY(query_prepare(db,
			  "SELECT h.at_ns, sum(h.wall), sum(h.cpu) FROM v1_call c "
			  "JOIN v1_call_histogram h ON h.node_id = c.id WHERE " OF_FUNCTION
			  " GROUP BY h.at_ns ORDER BY h.at_ns",
			  &row, e));
	bind_function(row, f->function);
	while (sqlite3_step(row) == SQLITE_ROW) {
		const sqlite3_int64 at = sqlite3_column_int64(row, 0);
		const sqlite3_int64 wall = sqlite3_column_int64(row, 1);
		const sqlite3_int64 cpu = sqlite3_column_int64(row, 2);
		*vec_push(&b.at) = at > 0 ? (uint64_t)at : 0;
		*vec_push(&b.wall) = wall > 0 ? (uint64_t)wall : 0;
		*vec_push(&b.cpu) = cpu > 0 ? (uint64_t)cpu : 0;
		f->timed += b.wall.items[b.wall.count - 1];
	}
	f->wall = durations(&b, b.wall.items);
	f->cpu = durations(&b, b.cpu.items);
	vec_free(&b.at);
	vec_free(&b.wall);
	vec_free(&b.cpu);
	return query_finish(db, row, e);
}

static enum err_kind read_extremes(sqlite3 *db, struct call_times_function *f, struct err *e)
{
	sqlite3_stmt *row;
	TRY(query_prepare(db,
			  "SELECT min(c.least_ns), max(c.most_ns), count(DISTINCT c.thread_id), "
			  "count(DISTINCT c.process_id) FROM v1_call c WHERE " OF_FUNCTION,
			  &row, e));
	bind_function(row, f->function);
	if (sqlite3_step(row) == SQLITE_ROW) {
		f->least = query_column(row, 0);
		f->most = query_column(row, 1);
		f->threads = (uint32_t)sqlite3_column_int(row, 2);
		f->processes = (uint32_t)sqlite3_column_int(row, 3);
	}
	/* the last bucket reaches further than the longest call */
	f->wall.p90 = fmin(f->wall.p90, f->most);
	f->wall.p99 = fmin(f->wall.p99, f->most);
	f->wall.p50 = fmax(fmin(f->wall.p50, f->most), f->least);
	return query_finish(db, row, e);
}

static bool is_same(const struct profile_function *p, const struct calls_function *f)
{
	return p->first_line == f->line && strcmp(p->name, f->name) == 0 &&
	       strcmp(p->file, f->file) == 0;
}

/* Whether the node or one above it is of the function. */
static bool is_inside(const struct profile *p, const bool *is_function, uint32_t node)
{
	for (;; node = p->nodes[node].parent) {
		if (node && is_function[p->nodes[node].function])
			return true;
		if (node == 0)
			return false;
	}
}

struct inside_sum {
	uint32_t function;
	double ns;
};

static int by_time(const void *a, const void *b)
{
	const struct inside_sum *x = a, *y = b;
	return x->ns < y->ns ? 1 : x->ns > y->ns ? -1 : 0;
}

static void read_inside(const struct profile *p, struct arena *arena, struct call_times_function *f)
{
	bool *is_function = arena_alloc(arena, p->function_count + 1);
	struct inside_sum *sums = arena_alloc(arena, (p->function_count + 1) * sizeof *sums);
	double all = 0;
	int64_t ticks = 0;
	for (uint32_t i = 0; i < p->function_count; i++) {
		is_function[i] = is_same(&p->functions[i], f->function);
		sums[i].function = i;
	}
	for (uint32_t node = 1; node < p->node_count; node++) {
		if (!is_inside(p, is_function, node))
			continue;
		sums[p->nodes[node].function].ns += p->nodes[node].own.wall_ns;
		all += p->nodes[node].own.wall_ns;
		ticks += p->nodes[node].own.ticks;
	}
	f->looks = ticks > 0 ? (uint64_t)ticks : 0;
	qsort(sums, p->function_count, sizeof *sums, by_time);
	for (size_t i = 0; i < p->function_count && f->inside_count < CALL_TIMES_INSIDE; i++) {
		const struct profile_function *at = &p->functions[sums[i].function];
		if (sums[i].ns <= 0)
			break;
		f->inside[f->inside_count++] =
			(struct call_inside){at->name, at->file, at->first_line, sums[i].ns / all};
	}
}

/* How the processes counted: the one that counted most speaks. */
static enum err_kind read_engine(sqlite3 *db, struct arena *arena, struct call_times *out,
				 struct err *e)
{
	sqlite3_stmt *row;
	out->engine = "none";
	TRY(query_prepare(db,
			  "SELECT engine, reason FROM v1_call_process ORDER BY events DESC LIMIT 1",
			  &row, e));
	if (sqlite3_step(row) == SQLITE_ROW) {
		const char *engine = (const char *)sqlite3_column_text(row, 0);
		const char *reason = (const char *)sqlite3_column_text(row, 1);
		out->engine = arena_string(arena, engine ? engine : "none");
		out->reason = reason ? arena_string(arena, reason) : NULL;
	}
	return query_finish(db, row, e);
}

/* A node of a Python function that is not demoted has its histogram where it was chosen. */
static bool is_chosen(const struct calls_function *f)
{
	return *f->file && f->sums.primitive > 0;
}

static int by_total(const void *a, const void *b)
{
	const struct calls_sums *x = &((const struct call_times_function *)a)->function->sums;
	const struct calls_sums *y = &((const struct call_times_function *)b)->function->sums;
	const double left = x->total_wall_ns + x->waiting_ns,
		     right = y->total_wall_ns + y->waiting_ns;
	return left < right ? 1 : left > right ? -1 : 0;
}

enum err_kind call_times_read(sqlite3 *db, struct arena *arena, struct call_times *out,
			      struct err *e)
{
	const struct profile_filter all = {.all_time = true, .clock = PROFILE_WALL};
	struct calls_profile *calls = arena_alloc(arena, sizeof *calls);
	struct profile samples = {0};
	*out = (struct call_times){0};
	TRY(read_engine(db, arena, out, e));
	TRY(calls_read(db, &all, arena, calls, e));
	TRY(profile_read(db, &all, arena, &samples, e));
	out->calls = calls;
	out->functions = arena_alloc(arena, calls->function_count * sizeof *out->functions);
	for (size_t i = 0; i < calls->function_count; i++) {
		struct call_times_function *f = &out->functions[out->count];
		if (!is_chosen(&calls->functions[i]))
			continue;
		f->function = &calls->functions[i];
		TRY(read_distribution(db, f, e));
		TRY(read_extremes(db, f, e));
		read_inside(&samples, arena, f);
		out->count++;
	}
	qsort(out->functions, out->count, sizeof *out->functions, by_total);
	return ERR_OK;
}
