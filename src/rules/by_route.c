#include "rules/by_route.h"

#include <math.h>
#include <string.h>

#include "model/query.h"
#include "rules/calibrate.h"
#include "rules/rank.h"
#include "rules/scope.h"

/* Groups of rules about how the process was set up and what it runs on, whoever asks; and the last
 * resort. */
static const char *const of_process[] = {"config", "resource", "system", "overall"};

/* Its own time is that in which it did not stand behind others: these are what is slow then. What
 * is frequent is seen in the whole: the later a unit, the sooner its route is looked at. */
static const char chosen[] =
	"WITH unit AS MATERIALIZED (SELECT route, method, weight, wall_ns, failed, max(0, wall_ns "
	"    - coalesce(runqueue_ns, 0) - coalesce(throttled_ns, 0) - coalesce(gil_ns, 0) "
	"    - coalesce(loop_busy_ns, 0)) AS own_ns FROM basis_whole), "
	"whole AS (SELECT total(weight) AS units, total(weight * wall_ns) AS wall_ns, "
	"    median(own_ns) AS typical_ns FROM unit), "
	"of_route AS (SELECT route, iif(count(DISTINCT method) = 1, max(method) || ' ', '') AS "
	"method, count(*) AS rows, total(weight) AS units, total(weight * wall_ns) AS wall_ns, "
	"    total(weight * own_ns) AS own_ns, total(weight * failed) AS failed "
	"  FROM unit WHERE route IS NOT NULL AND route <> '' GROUP BY route) "
	"SELECT r.route, coalesce(r.method, '') || r.route, r.units / w.units, r.wall_ns / "
	"w.wall_ns "
	"FROM of_route r, whole w WHERE r.rows >= ?1 AND r.own_ns >= ?2 * r.units "
	"  AND 2 * r.failed < r.units AND r.wall_ns < ?3 * w.wall_ns "
	"  AND (r.own_ns >= ?4 * w.typical_ns * r.units OR r.wall_ns >= ?5 * w.wall_ns) "
	"ORDER BY r.own_ns * (r.own_ns / r.units) DESC, r.route LIMIT iif((SELECT parts FROM "
	"detail) > 1, ?7, ?6)";

static enum err_kind choose(sqlite3 *db, struct arena *arena, struct route_parts *out,
			    struct err *e)
{
	sqlite3_stmt *row;
	TRY(query_prepare(db, chosen, &row, e));
	sqlite3_bind_int(row, 1, ROUTE_UNITS_LEAST);
	sqlite3_bind_double(row, 2, ROUTE_OWN_LEAST_MS * 1e6);
	sqlite3_bind_double(row, 3, ROUTE_IS_WHOLE);
	sqlite3_bind_double(row, 4, ROUTE_TIMES_TYPICAL);
	sqlite3_bind_double(row, 5, ROUTE_TIME_SHARE);
	sqlite3_bind_int(row, 6, ROUTES_MOST);
	sqlite3_bind_int(row, 7, ROUTES_MOST_OF_LARGE);
	while (out->count < ROUTES_MOST && sqlite3_step(row) == SQLITE_ROW)
		out->items[out->count++] = (struct route_part){
			.route = arena_string(arena, (const char *)sqlite3_column_text(row, 0)),
			.name = arena_string(arena, (const char *)sqlite3_column_text(row, 1)),
			.units = sqlite3_column_double(row, 2),
			.time = sqlite3_column_double(row, 3),
		};
	return query_finish(db, row, e);
}

const char *by_route_percent(double part, struct arena *arena)
{
	const double percent = part * 100;
	return arena_printf(arena, percent < 10 ? "%.2g %%" : "%.0f %%", percent);
}

bool by_route_asks(const struct rule *rule)
{
	if (rule->gate || rule->outside || rule->fails || rule->will_fail)
		return false;
	for (size_t i = 0; i < sizeof of_process / sizeof *of_process; i++)
		if (!strcmp(rule->group, of_process[i]))
			return false;
	return true;
}

static bool shares_place(const struct candidate *c, const struct candidate *other)
{
	for (size_t i = 0; i < other->place_count; i++)
		if (other->places[i].line == c->places[0].line &&
		    !strcmp(other->places[i].file, c->places[0].file))
			return true;
	return false;
}

static bool shares_claim(const struct candidate *c, const struct candidate *other)
{
	for (size_t i = 0; i < c->claim_count; i++)
		for (size_t k = 0; k < other->claim_count; k++)
			if (!strcmp(c->claims[i].key, other->claims[k].key))
				return true;
	return false;
}

/* The same cause without another place, the same place, or the same time. */
static bool is_told(const struct candidates *all, const struct candidate *c)
{
	for (size_t i = 0; i < all->list.count; i++) {
		const struct candidate *other = &all->list.items[i];
		if (!other->fires || !by_route_asks(other->rule))
			continue;
		if (!strcmp(other->rule->id, c->rule->id) &&
		    (!c->place_count || !other->place_count))
			return true;
		if ((c->place_count && shares_place(c, other)) || shares_claim(c, other))
			return true;
	}
	return false;
}

/* By a unit of that route. What has no line of the application is the server's; what claims no
 * saving (a wait for another service, a pause), or says only where it computes and was wrong too
 * often in the corpus (calibrate.h), may be what the route is for. */
static bool is_worth_telling(const struct candidate *c, const struct ledger *of_route)
{
	const double takes_ns = c->share * of_route->mean_ns;
	return c->confidence >= CONFIDENCE_LIKELY && c->place_count && !isnan(c->share_ns) &&
	       !isnan(c->mid_ns) && c->share >= ROUTE_FINDING_SHARE &&
	       fmin(takes_ns, c->mid_ns) >= ROUTE_FINDING_MS * 1e6;
}

/* From a unit of the route to one of all, and its time to that of all; what others wait for it is
 * told of the whole. */
static void widen(struct candidate *c, const struct route_part *part, const struct ledger *of_route,
		  struct arena *arena)
{
	const double most_ns = of_route->mean_ns;
	c->low_ns = part->units * (isnan(c->low_ns) ? NAN : fmin(c->low_ns, most_ns));
	c->mid_ns = part->units * (isnan(c->mid_ns) ? NAN : fmin(c->mid_ns, most_ns));
	c->high_ns = part->units * (isnan(c->high_ns) ? NAN : fmin(c->high_ns, most_ns));
	c->share *= part->time;
	c->unit_part = part->units;
	c->route = part->route;
	c->part = part;
	c->title = arena_printf(arena, "In %s, %s of the %ss and %s of their time: %s", part->name,
				by_route_percent(part->units, arena), of_route->kind,
				by_route_percent(part->time, arena),
				c->title ? c->title : c->rule->id);
}

static enum err_kind look(sqlite3 *db, const struct catalogue *catalogue,
			  const struct rules_options *options, struct arena *arena,
			  struct route_part *part, struct ledger *ledger, struct err *e)
{
	TRY(scope_narrow(db, part->route, catalogue, by_route_asks, e));
	TRY(ledger_read(db, NULL, arena, ledger, e));
	for (size_t i = 0; i < catalogue->count; i++)
		if (by_route_asks(&catalogue->rules[i]))
			TRY(evaluate_rule(db, &catalogue->rules[i], arena, &part->found, e));
	rank_judge(&part->found, ledger, arena);
	return options->uncalibrated ? ERR_OK : calibrate(db, &part->found, arena, e);
}

static void keep(struct route_parts *parts, const struct candidates *whole,
		 const struct ledger *of_route, struct arena *arena)
{
	struct route_part *part = &parts->items[parts->count];
	for (size_t i = 0; i < part->found.list.count; i++) {
		struct candidate *c = &part->found.list.items[i];
		if (!c->fires || c->owner)
			continue;
		bool tell = is_worth_telling(c, of_route) && !is_told(whole, c);
		for (size_t k = 0; k < parts->count && tell; k++)
			tell = !is_told(&parts->items[k].found, c);
		if (tell)
			widen(c, part, of_route, arena);
		else
			c->fires = false;
	}
	/* another name of what is not told */
	for (size_t i = 0; i < part->found.list.count; i++) {
		struct candidate *c = &part->found.list.items[i];
		c->fires = c->fires && (!c->owner || c->owner->fires);
	}
}

enum err_kind by_route_find(sqlite3 *db, const struct catalogue *catalogue,
			    const struct rules_options *options, const struct candidates *whole,
			    const struct ledger *ledger, struct arena *arena,
			    struct route_parts *out, struct err *e)
{
	struct ledger of_route;
	*out = (struct route_parts){0};
	if (!ledger->units || ledger->cold_used || ledger_mostly_fails(ledger))
		return ERR_OK;
	TRY(choose(db, arena, out, e));
	const size_t count = out->count;
	for (out->count = 0; out->count < count; out->count++) {
		struct route_part *part = &out->items[out->count];
		const enum err_kind kind = look(db, catalogue, options, arena, part, &of_route, e);
		if (kind) {
			out->count++;
			return kind;
		}
		keep(out, whole, &of_route, arena);
	}
	return ERR_OK;
}

void by_route_free(struct route_parts *parts)
{
	for (size_t i = 0; i < parts->count; i++)
		vec_free(&parts->items[i].found.list);
}
