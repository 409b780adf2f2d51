#include "model/recorded.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "model/ledger.h"
#include "model/query.h"
#include "model/recorded_lines.h"
#include "model/runs.h"

#define STATE_WANTED 0.05 /* of a unit's time: a change of a state that should be seen */
#define COUNT_WIDTH 1.001 /* times so near to another are one of the histogram */
#define NS_PER_MS_F 1e6

/* Means a unit in milliseconds: of all units, and of each stretch. */
struct states {
	double whole[LEDGER_STATES];
	double parts[LEDGER_STATES][RUN_PARTS_MOST];
};

struct stretch {
	size_t from, to; /* units, in order of their start */
};

static struct stretch stretch_of(size_t part, size_t parts, size_t count)
{
	return (struct stretch){part * count / parts, (part + 1) * count / parts};
}

/* Units of one side, or of one of its routes, in order of their start. */
struct units {
	VEC(double) wall_ms;
	VEC(double) start_s;
	VEC(double) failed;
	VEC(double) states_ms; /* LEDGER_STATES a unit; may be none */
};

static void units_free(struct units *u)
{
	vec_free(&u->wall_ms);
	vec_free(&u->start_s);
	vec_free(&u->failed);
	vec_free(&u->states_ms);
}

static enum err_kind read_units(sqlite3 *db, const char *route, bool with_states, struct units *u,
				struct err *e)
{
	sqlite3_stmt *row;
	TRY(query_prepare(db,
			  "SELECT wall_ns, start_ns, failed, python_ns, native_ns, gil_ns, "
			  "runqueue_ns, throttled_ns, io_db_ns, io_net_ns, io_file_ns, lock_ns, "
			  "pool_ns, sleep_ns, loop_busy_ns, await_ns, accept_queue_ns, gc_ns, "
			  "fault_ns, unexplained_ns FROM basis "
			  "WHERE ?1 IS NULL OR route = ?1 ORDER BY start_ns",
			  &row, e));
	if (route)
		sqlite3_bind_text(row, 1, route, -1, SQLITE_STATIC);
	while (sqlite3_step(row) == SQLITE_ROW) {
		*vec_push(&u->wall_ms) = sqlite3_column_double(row, 0) / NS_PER_MS_F;
		*vec_push(&u->start_s) = sqlite3_column_double(row, 1) / 1e9;
		*vec_push(&u->failed) = sqlite3_column_int(row, 2) != 0;
		for (int i = 0; with_states && i < LEDGER_STATES; i++)
			*vec_push(&u->states_ms) = sqlite3_column_double(row, 3 + i) / NS_PER_MS_F;
	}
	return query_finish(db, row, e);
}

/* Histogram of sorted times, so that a million of them are a few thousand counts. */
static struct run_count *counts_of(const double *sorted, size_t count, struct arena *arena,
				   size_t *out)
{
	struct run_count *counts = arena_alloc(arena, count * sizeof *counts);
	size_t used = 0;
	for (size_t i = 0, to; i < count; i = to) {
		double sum = 0;
		for (to = i; to < count && sorted[to] <= sorted[i] * COUNT_WIDTH; to++)
			sum += sorted[to];
		to += to == i; /* a time that is no number orders nowhere */
		counts[used++] = (struct run_count){sum / (double)(to - i), (double)(to - i)};
	}
	*out = used;
	return counts;
}

static void measure(const struct units *u, struct stretch s, struct run_part *part)
{
	const size_t count = s.to - s.from;
	double *sorted = mem_alloc(count * sizeof *sorted + 1), wall = 0, failed = 0;
	for (size_t i = 0; i < count; i++) {
		sorted[i] = u->wall_ms.items[s.from + i];
		wall += sorted[i];
		failed += u->failed.items[s.from + i];
	}
	stats_sort(sorted, count);
	run_part_clear(part);
	part->value[RUN_P50] = stats_quantile(sorted, count, 0.50);
	part->value[RUN_P90] = stats_quantile(sorted, count, 0.90);
	part->value[RUN_P99] = stats_quantile(sorted, count, 0.99);
	part->value[RUN_MEAN] = wall / (double)count;
	part->value[RUN_ERRORS] = failed / (double)count;
	/* from the first start to the start behind the last: a stretch without its last gap */
	const size_t behind = s.to < u->start_s.count ? s.to : s.to - 1;
	const double span_s = u->start_s.items[behind] - u->start_s.items[s.from];
	if (span_s > 0)
		part->value[RUN_RATE] = (double)(behind - s.from) / span_s;
	free(sorted);
}

/* `parts` stretches; 0: none. */
static void make_run(const struct units *u, size_t parts, struct arena *arena, struct run *run)
{
	const size_t count = u->wall_ms.count;
	*run = (struct run){.requests = count};
	run_part_clear(&run->whole);
	if (!count)
		return;
	measure(u, (struct stretch){0, count}, &run->whole);
	double *sorted = mem_alloc(count * sizeof *sorted);
	memcpy(sorted, u->wall_ms.items, count * sizeof *sorted);
	stats_sort(sorted, count);
	run->counts = counts_of(sorted, count, arena, &run->count_count);
	free(sorted);
	run->part_count = parts;
	run->parts = arena_alloc(arena, parts * sizeof *run->parts);
	for (size_t i = 0; i < parts; i++)
		measure(u, stretch_of(i, parts, count), &run->parts[i]);
}

static void make_states(const struct units *u, size_t parts, struct states *out)
{
	const size_t count = u->wall_ms.count;
	*out = (struct states){0};
	for (int state = 0; state < LEDGER_STATES; state++) {
		for (size_t i = 0; i < count; i++)
			out->whole[state] += u->states_ms.items[i * LEDGER_STATES + (size_t)state] /
					     (double)count;
		for (size_t p = 0; p < parts; p++) {
			const struct stretch s = stretch_of(p, parts, count);
			for (size_t i = s.from; i < s.to; i++)
				out->parts[state][p] +=
					u->states_ms.items[i * LEDGER_STATES + (size_t)state] /
					(double)(s.to - s.from);
		}
	}
}

/* --- states --- */

static int larger_change(const void *a, const void *b)
{
	const double x = fabs(((const struct comparison_state *)a)->row.change.mid);
	const double y = fabs(((const struct comparison_state *)b)->row.change.mid);
	return (x < y) - (x > y);
}

/* `least_ms`: what a unit takes on the side where it takes less. */
static void compare_states(const struct states sides[2], size_t parts, double mean_ms,
			   double least_ms, struct arena *arena, struct comparison *out)
{
	struct compare_series series[LEDGER_STATES];
	struct compare_row rows[LEDGER_STATES];
	const double wanted = mean_ms * STATE_WANTED;
	for (int i = 0; i < LEDGER_STATES; i++)
		series[i] = (struct compare_series){COMPARE_DIFFERENCE, wanted, sides[0].parts[i],
						    sides[1].parts[i]};
	compare(series, LEDGER_STATES, parts, LEDGER_STATES, rows);
	out->states = arena_alloc(arena, LEDGER_STATES * sizeof *out->states);
	for (int i = 0; i < LEDGER_STATES; i++) {
		const double a = sides[0].whole[i], b = sides[1].whole[i];
		struct compare_row *row = &rows[i];
		if (!(fabs(a) > 0) && !(fabs(b) > 0))
			continue;
		/* the means add up to that of a unit, the centres of stretches need not */
		const double shift = b - a - row->change.mid;
		row->change.low += shift;
		row->change.high += shift;
		row->change.mid = b - a;
		row->measured = true;
		row->a = a;
		row->b = b;
		/* the noise assumed of a unit's time may all be in one state */
		compare_assume(row, COMPARE_DIFFERENCE, least_ms * COMPARE_ASSUMED_RATIO, wanted);
		out->states[out->state_count++] = (struct comparison_state){i, *row};
	}
	qsort(out->states, out->state_count, sizeof *out->states, larger_change);
}

/* --- routes --- */

static enum err_kind list_routes(sqlite3 *const dbs[2], struct arena *arena, struct comparison *out,
				 struct err *e)
{
	out->routes = arena_alloc(arena, RECORDED_ROUTES_MOST * sizeof *out->routes);
	for (int side = 0; side < 2; side++) {
		sqlite3_stmt *row;
		TRY(query_prepare(dbs[side],
				  "SELECT route, count(*) FROM basis WHERE route IS NOT NULL "
				  "GROUP BY route ORDER BY sum(wall_ns) DESC LIMIT ?1",
				  &row, e));
		sqlite3_bind_int(row, 1, RECORDED_ROUTES_MOST);
		while (sqlite3_step(row) == SQLITE_ROW) {
			const char *name = (const char *)sqlite3_column_text(row, 0);
			size_t at = 0;
			while (at < out->route_count && strcmp(out->routes[at].route, name) != 0)
				at++;
			if (at == RECORDED_ROUTES_MOST)
				continue;
			if (at == out->route_count)
				out->routes[out->route_count++] = (struct comparison_route){
					.route = arena_string(arena, name)};
			out->routes[at].requests[side] = (uint64_t)sqlite3_column_int64(row, 1);
		}
		TRY(query_finish(dbs[side], row, e));
	}
	return ERR_OK;
}

static void warn_of_no_common_route(struct arena *arena, struct comparison *out)
{
	bool any[2] = {false, false};
	for (size_t i = 0; i < out->route_count; i++) {
		if (out->routes[i].requests[0] && out->routes[i].requests[1])
			return;
		for (int side = 0; side < 2; side++)
			any[side] |= out->routes[i].requests[side] > 0;
	}
	if (any[0] && any[1])
		comparison_warn(out, arena,
				"no route in common: A and B were asked for different things, so "
				"a difference says nothing of the code");
}

static enum err_kind compare_route(sqlite3 *const dbs[2], size_t parts, struct arena *arena,
				   struct comparison_route *route, struct err *e)
{
	struct run runs[2];
	struct units units[2] = {0};
	enum err_kind kind = ERR_OK;
	for (int side = 0; side < 2 && kind == ERR_OK; side++) {
		kind = read_units(dbs[side], route->route, false, &units[side], e);
		route->requests[side] = units[side].wall_ms.count;
		if (units[side].wall_ms.count < parts * RUN_PART_REQUESTS)
			parts = 0;
	}
	for (int side = 0; side < 2 && kind == ERR_OK; side++)
		make_run(&units[side], parts, arena, &runs[side]);
	if (kind == ERR_OK && runs[0].requests && runs[1].requests)
		route->metric_count = runs_compare_parts(&runs[0], &runs[1], parts, route->metrics);
	units_free(&units[0]);
	units_free(&units[1]);
	return kind;
}

/* --- both --- */

static enum err_kind choose(sqlite3 *const dbs[2], struct arena *arena, struct comparison *out,
			    struct err *e)
{
	struct ledger ledgers[2];
	for (int side = 0; side < 2; side++) {
		TRY(ledger_choose_basis(dbs[side], e));
		TRY(ledger_read(dbs[side], NULL, arena, &ledgers[side], e));
		if (!ledgers[side].units)
			return ERR(e, ERR_RECORDING,
				   "%.200s holds no request or other unit of work: diff compares "
				   "those that `unslow run -- CMD` has seen",
				   out->sides[side].name);
	}
	if (strcmp(ledgers[0].kind, ledgers[1].kind) != 0)
		return ERR(e, ERR_RECORDING,
			   "%.150s holds units of kind %.20s, %.150s of kind %.20s: they cannot be "
			   "compared; record the same kind of work twice",
			   out->sides[0].name, ledgers[0].kind, out->sides[1].name,
			   ledgers[1].kind);
	out->unit = ledgers[0].kind;
	return ERR_OK;
}

static size_t parts_of(const struct units units[2])
{
	const size_t a = units[0].wall_ms.count, b = units[1].wall_ms.count;
	const size_t parts = (a < b ? a : b) / RUN_PART_REQUESTS;
	return parts < COMPARE_PAIRS_LEAST ? 0 : parts < RUN_PARTS_MOST ? parts : RUN_PARTS_MOST;
}

enum err_kind recordings_compare(sqlite3 *const dbs[2], struct arena *arena, struct comparison *out,
				 struct err *e)
{
	struct units units[2] = {0};
	struct run runs[2];
	struct states *states = mem_alloc(2 * sizeof *states);
	enum err_kind kind = choose(dbs, arena, out, e);
	for (int side = 0; side < 2 && kind == ERR_OK; side++)
		kind = read_units(dbs[side], NULL, true, &units[side], e);
	if (kind == ERR_OK)
		kind = list_routes(dbs, arena, out, e);
	if (kind == ERR_OK) {
		const size_t parts = parts_of(units);
		for (int side = 0; side < 2; side++) {
			make_run(&units[side], parts, arena, &runs[side]);
			make_states(&units[side], parts, &states[side]);
		}
		warn_of_no_common_route(arena, out);
		runs_compare((struct run *const[]){&runs[0], &runs[1]}, (const size_t[]){1, 1},
			     false, arena, out);
		const double means[] = {runs[0].whole.value[RUN_MEAN],
					runs[1].whole.value[RUN_MEAN]};
		compare_states(states, parts, means[0], fmin(means[0], means[1]), arena, out);
		for (size_t i = 0; i < out->route_count && kind == ERR_OK; i++)
			kind = compare_route(dbs, parts, arena, &out->routes[i], e);
	}
	if (kind == ERR_OK)
		kind = recorded_lines_compare(dbs, runs[0].whole.value[RUN_MEAN], arena, out, e);
	units_free(&units[0]);
	units_free(&units[1]);
	free(states);
	return kind;
}
