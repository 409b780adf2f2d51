#include "model/calls_cost.h"

#include <math.h>

#include "agent/calls_file.h"
#include "base/stats.h"
#include "base/str.h"
#include "base/vec.h"
#include "model/query.h"

enum { BLOCKS_MAX = 20, BLOCKS_MIN = 5, UNITS_MIN = 20 };
/* Most that a correction may be made larger by what the run says: past it other things than the
 * hooks differ between the seconds. */
#define FACTOR_MAX 10.0

static void add(struct calls_stretch *sum, const struct calls_stretch *more, double sign)
{
	sum->on_units += sign * more->on_units;
	sum->on_cpu_ns += sign * more->on_cpu_ns;
	sum->on_events += sign * more->on_events;
	sum->off_units += sign * more->off_units;
	sum->off_cpu_ns += sign * more->off_cpu_ns;
}

static bool has_both(const struct calls_stretch *s)
{
	return s->on_units >= UNITS_MIN && s->off_units >= UNITS_MIN && s->on_events > 0 &&
	       s->off_cpu_ns > 0;
}

static double cost_of(const struct calls_stretch *s)
{
	return (s->on_cpu_ns / s->on_units - s->off_cpu_ns / s->off_units) /
	       (s->on_events / s->on_units);
}

/* Each second belongs to the block of its number: what drifts is in all of them. */
static struct calls_stretch block_of(const struct calls_stretch *stretches, size_t count,
				     size_t block, size_t blocks)
{
	struct calls_stretch sum = {0};
	for (size_t i = block; i < count; i += blocks)
		add(&sum, &stretches[i], 1);
	return sum;
}

/* The cost from one half, put to the other: how far off its corrected CPU a request is. */
static double off_by(const struct calls_stretch *from, const struct calls_stretch *to)
{
	const double corrected = (to->on_cpu_ns - cost_of(from) * to->on_events) / to->on_units;
	return corrected / (to->off_cpu_ns / to->off_units) - 1;
}

static void check(struct calls_cost *cost, const struct calls_stretch *stretches, size_t count)
{
	const struct calls_stretch half[2] = {block_of(stretches, count, 0, 2),
					      block_of(stretches, count, 1, 2)};
	if (!has_both(&half[0]) || !has_both(&half[1]))
		return;
	const double one = off_by(&half[0], &half[1]), other = off_by(&half[1], &half[0]);
	cost->check_share = fabs(one) > fabs(other) ? one : other;
	cost->checked = isfinite(cost->check_share);
}

struct calls_cost calls_cost_of(const struct calls_stretch *stretches, size_t count,
				double start_ns)
{
	struct calls_cost cost = {
		.known = start_ns > 0,
		.event_ns = start_ns,
		.low = start_ns,
		.high = start_ns,
		.factor = 1,
	};
	const size_t blocks = count < BLOCKS_MAX ? count : BLOCKS_MAX;
	struct calls_stretch all = {0};
	double values[BLOCKS_MAX], mean = 0, squares = 0;
	for (size_t i = 0; i < count; i++)
		add(&all, &stretches[i], 1);
	if (start_ns <= 0 || blocks < BLOCKS_MIN || !has_both(&all))
		return cost;
	for (size_t i = 0; i < blocks; i++) {
		struct calls_stretch rest = all;
		const struct calls_stretch block = block_of(stretches, count, i, blocks);
		add(&rest, &block, -1);
		if (!has_both(&rest))
			return cost;
		values[i] = cost_of(&rest);
		mean += values[i] / (double)blocks;
	}
	for (size_t i = 0; i < blocks; i++)
		squares += (values[i] - mean) * (values[i] - mean);
	const double n = (double)blocks, event_ns = cost_of(&all);
	const double half = sqrt(squares * (n - 1) / n) * stats_student_quantile(0.05, n - 1);
	cost.tried = isfinite(half);
	cost.run_low = event_ns - half;
	cost.run_high = event_ns + half;
	/* no cost at all, or one of another kind: what was measured at start stands */
	if (!isfinite(half) || event_ns - half <= 0 || event_ns > FACTOR_MAX * start_ns)
		return cost;
	cost.from_run = true;
	cost.event_ns = event_ns;
	cost.low = event_ns - half;
	cost.high = event_ns + half;
	cost.factor = event_ns / start_ns;
	check(&cost, stretches, count);
	return cost;
}

static double column(sqlite3_stmt *row, int i)
{
	const double value = sqlite3_column_double(row, i);
	return value > 0 && isfinite(value) ? value : 0;
}

/* The name is a target's. */
static void name_units(struct calls_cost *out, const char *function)
{
	str_copy(out->repeats, sizeof out->repeats, function);
	for (char *c = out->repeats; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
}

/* Of lines: what processes told that counted nothing but lines; of calls: the others. */
enum of { OF_LINES, OF_CALLS };
static const char *const condition[] = {
	[OF_LINES] = "coalesce(p.engine, '') = 'none'",
	[OF_CALLS] = "coalesce(p.engine, '') <> 'none'",
};

/* Whether hooks were off in part of the time, and how many of the units were seen with them. */
static enum err_kind read_part(sqlite3 *db, enum of of, struct calls_cost *out, struct err *e)
{
	sqlite3_stmt *row;
	char *sql = sqlite3_mprintf(
		"SELECT EXISTS (SELECT 1 FROM v1_call_process p WHERE want & %d AND %s), "
		"total(on_units), total(off_units), EXISTS (SELECT 1 FROM v1_unit), (SELECT "
		"repeats FROM v1_call_process WHERE repeats IS NOT NULL ORDER BY process_id) FROM "
		"v1_call_window w LEFT JOIN v1_call_process p ON p.process_id = w.process_id WHERE "
		"%s",
		CALLS_DUTY, condition[of], condition[of]);
	const enum err_kind kind = query_prepare(db, sql, &row, e);
	sqlite3_free(sql);
	if (kind != ERR_OK)
		return kind;
	if (sqlite3_step(row) == SQLITE_ROW) {
		const double on = column(row, 1), off = column(row, 2);
		out->duty = sqlite3_column_int(row, 0) != 0 || on + off > 0;
		out->part = on + off > 0 ? on / (on + off) : 0;
		out->paused = on + off > 0 || sqlite3_column_int(row, 3) != 0;
		if (sqlite3_column_int(row, 3) == 0 && sqlite3_column_text(row, 4))
			name_units(out, (const char *)sqlite3_column_text(row, 4));
	}
	return query_finish(db, row, e);
}

static enum err_kind read_windows(sqlite3 *db, enum of of, double start_ns, struct calls_cost *out,
				  struct err *e)
{
	VEC(struct calls_stretch) stretches = {0};
	sqlite3_stmt *row;
	char *sql = sqlite3_mprintf(
		"SELECT w.on_units, w.on_cpu_ns, w.on_events, w.off_units, w.off_cpu_ns FROM "
		"v1_call_window w LEFT JOIN v1_call_process p ON p.process_id = w.process_id WHERE "
		"%s ORDER BY w.at_ns, w.process_id",
		condition[of]);
	enum err_kind kind = query_prepare(db, sql, &row, e);
	sqlite3_free(sql);
	if (kind != ERR_OK)
		return kind;
	while (sqlite3_step(row) == SQLITE_ROW)
		*vec_push(&stretches) = (struct calls_stretch){
			.on_units = column(row, 0),
			.on_cpu_ns = column(row, 1),
			.on_events = column(row, 2),
			.off_units = column(row, 3),
			.off_cpu_ns = column(row, 4),
		};
	kind = query_finish(db, row, e);
	*out = calls_cost_of(stretches.items, stretches.count,
			     start_ns > 0 && isfinite(start_ns) ? start_ns : 0);
	vec_free(&stretches);
	if (kind == ERR_OK)
		kind = read_part(db, of, out, e);
	return kind;
}

enum err_kind calls_cost_read_lines(sqlite3 *db, struct calls_cost *out, struct err *e)
{
	double start_ns;
	TRY(query_number(db,
			 "SELECT total(line_cost_ns) / nullif(total(line_events), 0) FROM "
			 "v1_call_process",
			 0, &start_ns, e));
	return read_windows(db, OF_LINES, start_ns, out, e);
}

enum err_kind calls_cost_read(sqlite3 *db, struct calls_cost *out, struct err *e)
{
	double start_ns;
	/* of the processes that counted, by how much they did of what */
	TRY(query_number(
		db,
		"SELECT coalesce((SELECT total(2.0 * c.calls * CASE c.kind WHEN 'c' THEN "
		"coalesce(p.c_inside_ns, p.inside_ns) + coalesce(p.c_outside_ns, p.outside_ns) "
		"ELSE p.inside_ns + p.outside_ns END + 2.0 * c.resumes * "
		"(coalesce(iif(c.waiting_ns + c.ready_ns + coalesce(c.nested_ns, 0) > 0, "
		"p.await_inside_ns + p.await_outside_ns, NULL), coalesce(p.resume_inside_ns, "
		"p.inside_ns) + coalesce(p.resume_outside_ns, p.outside_ns))) + "
		"coalesce(c.far_events, 0) * (coalesce(p.far_inside_ns, 0) + "
		"coalesce(p.far_outside_ns, 0))) / nullif(total(2.0 * (c.calls + c.resumes)), 0) "
		"FROM v1_call c JOIN v1_call_process p ON p.process_id = c.process_id WHERE c.kind "
		"IN ('function', 'c')), total(1.0 * events * (coalesce(inside_ns, 0) + "
		"coalesce(outside_ns, 0))) / nullif(total(events), 0)) FROM v1_call_process "
		"WHERE events > 0",
		0, &start_ns, e));
	return read_windows(db, OF_CALLS, start_ns, out, e);
}
