#include "model/heap_sums.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/vec.h"
#include "model/heap_growth.h"
#include "model/query.h"

#define UNITS_LEAST 32 /* fewer, and growth is by seconds: a script, a few requests */

static const char sums_sql[] =
	"DROP TABLE IF EXISTS temp.heap_sum;"
	"DROP TABLE IF EXISTS temp.heap_site_live;"
	"DROP TABLE IF EXISTS temp.heap_by;"
	"CREATE TEMP TABLE heap_by(of_units, rate);"
	"CREATE TEMP TABLE heap_sum(place INTEGER PRIMARY KEY, bytes, variance, blocks, samples, "
	"recycled, most, slope, slope_low, slope_high, day_bytes, grown_samples, more_work, "
	"verdict, "
	"route_id);"
	"CREATE TEMP TABLE heap_site_live(id INTEGER PRIMARY KEY, bytes)";

/* --- reading ------------------------------------------------------------- */

/* The snapshots of the recording, in order of process and time; a place is in some of them. */
struct moment {
	int64_t process_id;
	size_t first, count; /* moments of its process; `count` of the first one alone is right */
	double work;
	bool is_now; /* one of heap_at */
};

/* A place in a process, over its snapshots. */
struct series {
	uint32_t place;
	size_t first;              /* moment */
	struct heap_point *points; /* old generations */
	double *all;               /* all of it */
};

/* At the moment of heap_at. */
struct sum {
	double bytes, variance, blocks;
	int64_t samples, recycled;
};

struct reading {
	sqlite3 *db;
	struct arena *arena;
	VEC(struct moment) moments;
	struct map moment_of; /* snapshot → its moment */
	struct map place_of;  /* site, or route, → place */
	VEC(int64_t) routes;  /* by place - 1; 0: none */
	struct map site_live; /* site → bytes at the moment */
	VEC(struct sum) sums; /* by place */
	VEC(struct series) series;
	struct map series_of; /* first moment << 32 | place → series */
	bool of_units, by_route;
	double rate; /* work a second, all processes */
};

/* By units where a process ended enough of them, else by seconds; a process that ended none beside
 * others that did is none to judge by. */
enum err_kind heap_rate(sqlite3 *db, bool *of_units, double *rate, struct err *e)
{
	double units = 0;
	TRY(query_number(db,
			 "SELECT max(units) FROM (SELECT max(units) - min(units) AS units FROM "
			 "v1_heap_snapshot GROUP BY process_id)",
			 0, &units, e));
	*of_units = units >= UNITS_LEAST;
	return query_number(
		db,
		*of_units ? "SELECT total(units) / nullif((SELECT (max(at_ns) - min(at_ns)) / 1e9 "
			    "FROM v1_heap_snapshot), 0) FROM (SELECT max(units) - min(units) AS "
			    "units "
			    "FROM v1_heap_snapshot GROUP BY process_id)"
			  : "SELECT count(*) FROM heap_at",
		0, rate, e);
}

static enum err_kind read_moments(struct reading *r, struct err *e)
{
	sqlite3_stmt *row;
	size_t first = 0;
	/* hooks that came in again begin anew */
	TRY(query_prepare(
		r->db,
		"SELECT s.process_id, s.id, iif(?1, s.units, s.at_ns / 1e9), a.snapshot_id IS NOT "
		"NULL FROM v1_heap_snapshot s JOIN v1_heap_process p ON p.process_id = "
		"s.process_id "
		"LEFT JOIN heap_at a ON a.snapshot_id = s.id WHERE s.at_ns >= coalesce(p.began_ns, "
		"0) AND s.at_ns <= (SELECT at_ns FROM heap_moment) ORDER BY s.process_id, s.at_ns",
		&row, e));
	sqlite3_bind_int(row, 1, r->of_units);
	while (sqlite3_step(row) == SQLITE_ROW) {
		const int64_t process = sqlite3_column_int64(row, 0);
		const size_t at = r->moments.count;
		if (at && r->moments.items[first].process_id != process)
			first = at;
		*map_put(&r->moment_of, (uint64_t)sqlite3_column_int64(row, 1), NULL) = at;
		*vec_push(&r->moments) = (struct moment){.process_id = process,
							 .first = first,
							 .work = sqlite3_column_double(row, 2),
							 .is_now = sqlite3_column_int(row, 3)};
		r->moments.items[first].count++;
	}
	return query_finish(r->db, row, e);
}

static enum err_kind read_sites(struct reading *r, struct err *e)
{
	sqlite3_stmt *row;
	TRY(query_prepare(r->db, "SELECT id, place FROM heap_site_place", &row, e));
	while (sqlite3_step(row) == SQLITE_ROW)
		*map_put(&r->place_of, (uint64_t)sqlite3_column_int64(row, 0), NULL) =
			(uint64_t)sqlite3_column_int64(row, 1);
	return query_finish(r->db, row, e);
}

static struct series *series_of(struct reading *r, uint32_t place, size_t first)
{
	bool is_new = false;
	uint64_t *at = map_put(&r->series_of, (uint64_t)first << 32 | place, &is_new);
	if (!is_new)
		return &r->series.items[*at];
	*at = r->series.count;
	const size_t count = r->moments.items[first].count;
	struct series *s = vec_push(&r->series);
	s->place = place;
	s->first = first;
	s->points = arena_alloc(r->arena, count * sizeof *s->points);
	s->all = arena_alloc(r->arena, count * sizeof *s->all);
	for (size_t i = 0; i < count; i++)
		s->points[i].work = r->moments.items[first + i].work;
	return s;
}

/* No byte is negative: a sum never passes its parts. */
static double counted(sqlite3_stmt *row, int column)
{
	const double value = sqlite3_column_double(row, column);
	return value > 0 && value < 1e300 ? value : 0;
}

enum { LIVE_SNAPSHOT, LIVE_SITE, LIVE_ROUTE, LIVE_AGE, LIVE_BYTES, LIVE_BLOCKS, LIVE_SAMPLES };
enum { LIVE_VARIANCE = LIVE_SAMPLES + 1, LIVE_RECYCLED };

static void add_now(struct reading *r, uint32_t place, sqlite3_stmt *row)
{
	while (r->sums.count <= place)
		vec_push(&r->sums);
	struct sum *sum = &r->sums.items[place];
	const double bytes = counted(row, LIVE_BYTES);
	sum->bytes += bytes;
	sum->variance += counted(row, LIVE_VARIANCE);
	sum->blocks += counted(row, LIVE_BLOCKS);
	sum->samples += (int64_t)fmin(counted(row, LIVE_SAMPLES), 1e12);
	sum->recycled += (int64_t)fmin(counted(row, LIVE_RECYCLED), 1e12);
	*map_put(&r->site_live, (uint64_t)sqlite3_column_int64(row, LIVE_SITE), NULL) +=
		(uint64_t)fmin(bytes, 1e15);
}

static uint32_t place_of_route(struct reading *r, int64_t route)
{
	bool is_new = false;
	uint64_t *place = map_put(&r->place_of, (uint64_t)route, &is_new);
	if (is_new) {
		*vec_push(&r->routes) = route;
		*place = r->routes.count;
	}
	return (uint32_t)*place;
}

/* 0: of several sites. */
static uint32_t place_of(struct reading *r, sqlite3_stmt *row)
{
	if (r->by_route)
		return place_of_route(r, sqlite3_column_int64(row, LIVE_ROUTE));
	const uint64_t *place =
		map_find(&r->place_of, (uint64_t)sqlite3_column_int64(row, LIVE_SITE));
	return place ? (uint32_t)*place : 0;
}

static enum err_kind read_live(struct reading *r, const char *route, struct err *e)
{
	sqlite3_stmt *row;
	TRY(query_prepare(r->db,
			  "SELECT snapshot_id, site_id, route_id, age, bytes, blocks, samples, "
			  "variance, recycled FROM v1_heap_live WHERE ?1 IS NULL OR route_id = "
			  "(SELECT id FROM v1_route WHERE route = ?1)",
			  &row, e));
	sqlite3_bind_text(row, 1, route, -1, SQLITE_STATIC);
	while (sqlite3_step(row) == SQLITE_ROW) {
		const uint64_t *at =
			map_find(&r->moment_of, (uint64_t)sqlite3_column_int64(row, LIVE_SNAPSHOT));
		if (!at)
			continue;
		const uint32_t place = place_of(r, row);
		const struct moment *moment = &r->moments.items[*at];
		const struct series *s = series_of(r, place, moment->first);
		const int age = sqlite3_column_int(row, LIVE_AGE);
		const double bytes = counted(row, LIVE_BYTES);
		/* what a process shares with the one that it was forked from counts there */
		if (age >= HEAP_INHERITED_AGE)
			continue;
		s->all[*at - s->first] += bytes;
		if (age >= HEAP_OLD_AGE) {
			s->points[*at - s->first].bytes += bytes;
			s->points[*at - s->first].variance += counted(row, LIVE_VARIANCE);
		}
		if (moment->is_now)
			add_now(r, place, row);
	}
	return query_finish(r->db, row, e);
}

/* --- sums and growth ----------------------------------------------------- */

static int by_place(const void *a, const void *b)
{
	const struct series *x = a, *y = b;
	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return x->first < y->first ? -1 : x->first > y->first;
}

static enum err_kind step(sqlite3 *db, sqlite3_stmt *into, struct err *e)
{
	const int rc = sqlite3_step(into);
	sqlite3_reset(into);
	return rc == SQLITE_DONE ? ERR_OK
				 : ERR(e, ERR_SYSTEM, "SQLite refused a sum of the heap: %s",
				       sqlite3_errmsg(db));
}

static double mean_sample(const struct sum *sum)
{
	return sum->samples && sum->bytes > 0 ? sum->bytes / (double)sum->samples : 0;
}

/* What a sample stands for: the mean, or more where they are of several intervals, as those of the
 * longest vary most. */
static double bytes_of_sample(const struct sum *sum)
{
	const double mean = mean_sample(sum);
	return mean > 0 ? fmax(mean, sum->variance / sum->bytes) : 0;
}

/* All series of one place. */
static enum err_kind write_sum(const struct reading *r, const struct series *series, size_t count,
			       sqlite3_stmt *into, struct err *e)
{
	const uint32_t place = series->place;
	const struct sum none = {0};
	const struct sum *sum = place < r->sums.count ? &r->sums.items[place] : &none;
	struct heap_series *judged = arena_alloc(r->arena, count * sizeof *judged);
	struct heap_growth growth;
	double most = 0;
	for (size_t i = 0; i < count; i++) {
		const size_t moments = r->moments.items[series[i].first].count;
		judged[i] = (struct heap_series){series[i].points, moments};
		for (size_t k = 0; k < moments; k++)
			most = fmax(most, series[i].all[k]);
	}
	heap_growth_judge(judged, count, bytes_of_sample(sum), mean_sample(sum), &growth);
	const double values[] = {sum->bytes,
				 sum->variance,
				 sum->blocks,
				 (double)sum->samples,
				 (double)sum->recycled,
				 most,
				 growth.slope.mid,
				 growth.slope.low,
				 growth.slope.high,
				 growth.slope.mid * r->rate * HEAP_DAY_S,
				 growth.grown_samples,
				 growth.more_work};
	enum { VALUES = sizeof values / sizeof *values };
	sqlite3_bind_int64(into, 1, place);
	for (int i = 0; i < VALUES; i++) /* NaN is bound as NULL */
		sqlite3_bind_double(into, 2 + i, values[i]);
	sqlite3_bind_text(into, 2 + VALUES, heap_verdict_names[growth.verdict], -1, SQLITE_STATIC);
	if (r->by_route && place && place <= r->routes.count)
		sqlite3_bind_int64(into, 3 + VALUES, r->routes.items[place - 1]);
	return step(r->db, into, e);
}

static enum err_kind write_sums(struct reading *r, sqlite3_stmt *into, struct err *e)
{
	if (!r->series.count)
		return ERR_OK;
	qsort(r->series.items, r->series.count, sizeof *r->series.items, by_place);
	for (size_t i = 0, k; i < r->series.count; i = k) {
		for (k = i + 1;
		     k < r->series.count && r->series.items[k].place == r->series.items[i].place;)
			k++;
		TRY(write_sum(r, &r->series.items[i], k - i, into, e));
	}
	return ERR_OK;
}

static enum err_kind write_sites(const struct reading *r, sqlite3_stmt *into, struct err *e)
{
	uint64_t site, bytes;
	for (size_t cursor = 0; map_next(&r->site_live, &cursor, &site, &bytes);) {
		sqlite3_bind_int64(into, 1, (int64_t)site);
		sqlite3_bind_int64(into, 2, (int64_t)bytes);
		TRY(step(r->db, into, e));
	}
	return ERR_OK;
}

static enum err_kind write_tables(struct reading *r, struct err *e)
{
	sqlite3_stmt *by, *sum = NULL, *site = NULL;
	TRY(query_script(r->db, sums_sql, e));
	TRY(query_prepare(r->db, "INSERT INTO heap_by VALUES (?, ?)", &by, e));
	sqlite3_bind_int(by, 1, r->of_units);
	sqlite3_bind_double(by, 2, r->rate);
	sqlite3_step(by);
	TRY(query_finish(r->db, by, e));
	enum err_kind kind = query_prepare(
		r->db, "INSERT INTO heap_sum VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		&sum, e);
	if (kind == ERR_OK)
		kind = query_prepare(r->db, "INSERT INTO heap_site_live VALUES (?, ?)", &site, e);
	if (kind == ERR_OK)
		kind = write_sums(r, sum, e);
	if (kind == ERR_OK)
		kind = write_sites(r, site, e);
	sqlite3_finalize(sum);
	sqlite3_finalize(site);
	return kind;
}

/* heap_sum and heap_site_live. */
enum err_kind heap_sums_make(sqlite3 *db, const struct heap_filter *f, struct err *e)
{
	struct reading r = {.db = db, .arena = arena_new(), .by_route = f->by == HEAP_BY_ROUTE};
	enum err_kind kind = heap_rate(db, &r.of_units, &r.rate, e);
	if (kind == ERR_OK)
		kind = read_moments(&r, e);
	if (kind == ERR_OK && !r.by_route)
		kind = read_sites(&r, e);
	if (kind == ERR_OK)
		kind = read_live(&r, f->route, e);
	if (kind == ERR_OK)
		kind = write_tables(&r, e);
	vec_free(&r.moments);
	vec_free(&r.routes);
	vec_free(&r.sums);
	vec_free(&r.series);
	map_free(&r.moment_of);
	map_free(&r.place_of);
	map_free(&r.site_live);
	map_free(&r.series_of);
	arena_free(r.arena);
	return kind;
}
