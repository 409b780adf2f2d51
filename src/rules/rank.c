#include "rules/rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rules/by_route.h"

/* Threads were sampled from outside and no unit of work is known: a mechanism can be seen and not
 * counted. */
static bool is_of_threads(const struct ledger *ledger)
{
	return !strcmp(ledger->basis, "thread");
}

/* A script's run is all there is to see; how much of it was sampled, its rule asks. */
static double units_to_speak(const struct candidate *c, const struct ledger *ledger)
{
	return !strcmp(ledger->basis, "run") ? fmin(1, c->rule->units) : c->rule->units;
}

static bool excluded_named(const struct candidate *c, const char *id)
{
	for (size_t i = 0; i < c->excluded_count; i++)
		if (!strcmp(c->excluded[i].cause, id))
			return true;
	return false;
}

bool rank_rivals_excluded(const struct candidate *c)
{
	for (size_t i = 0; i < c->rule->exclude_count; i++)
		if (!excluded_named(c, c->rule->excludes[i]))
			return false;
	return true;
}

static double residual(const struct ledger *l)
{
	return fabs(l->share[LEDGER_UNEXPLAINED]) + l->over_share;
}

static double waiting_for_cpu(const struct ledger *l)
{
	return l->share[LEDGER_RUNQUEUE] + l->share[LEDGER_THROTTLED];
}

static enum confidence confidence_of(const struct candidate *c, const struct ledger *ledger)
{
	bool cost = c->rule->will_fail || !isnan(c->share_ns);
	/* false for NAN: no saving is stated */
	const bool maybe_none = c->low_ns <= 0 && !c->at_least;
	enum confidence level = !cost || maybe_none       ? CONFIDENCE_POSSIBLE
				: rank_rivals_excluded(c) ? CONFIDENCE_PROVEN
							  : CONFIDENCE_LIKELY;
	/* what lies outside is why the CPUs were waited for, and is told apart by counts */
	if (level > CONFIDENCE_LIKELY &&
	    (is_of_threads(ledger) || residual(ledger) > RESIDUAL_MAX ||
	     (waiting_for_cpu(ledger) >= BUSY_SHARE && !c->rule->outside)))
		level = CONFIDENCE_LIKELY;
	return level < c->rule->level ? level : c->rule->level;
}

static bool claims(const struct candidate *c, const char *kind)
{
	for (size_t k = 0; k < c->claim_count; k++)
		if (!strncmp(c->claims[k].key, kind, strlen(kind)))
			return true;
	return false;
}

/* Waiting that makes a share smaller, and no cause less of one: for a CPU and, where units queue
 * for the loop and computing is meant, for the loop, as that is what they queue for. Who counts
 * what others wait has it in its own share. */
static double waiting_for_others(const struct candidate *c, const struct ledger *ledger)
{
	const bool computes = (claims(c, "python:") || claims(c, "work:")) && !claims(c, "others:");
	const double loop = ledger->share[LEDGER_LOOP_BUSY];
	return waiting_for_cpu(ledger) + (computes && loop >= LOOP_QUEUE_SHARE ? loop : 0);
}

/* Of the time that a unit's own work and waits take. What lies outside of the code is that waiting
 * for a CPU itself. */
static double share_of_own(const struct candidate *c, const struct ledger *ledger)
{
	return c->rule->outside ? c->share
				: c->share / fmax(0.1, 1 - waiting_for_others(c, ledger));
}

/* What is said of a route is the mean over all its units, however few of them were sampled or hit;
 * and none can gain more than it takes. */
static void bound_by_route(struct candidate *c, const struct ledger *ledger)
{
	if (!(c->route_units > 0) || !ledger->units)
		return;
	const double most_ns = c->route_wall_ns / (double)ledger->units;
	c->unit_part = c->route_units / (double)ledger->units;
	if (!isnan(c->high_ns))
		c->high_ns = fmin(c->high_ns, most_ns);
	if (isnan(c->mid_ns))
		return;
	c->low_ns = fmin(c->low_ns, most_ns);
	c->mid_ns = fmin(c->mid_ns, most_ns);
}

static void judge_one(struct candidate *c, const struct ledger *ledger, struct arena *arena)
{
	bool known = !isnan(c->share_ns);
	c->share = known && ledger->wall_ns > 0 && !c->rule->will_fail
			   ? fmin(1, c->share_ns / ledger->wall_ns)
			   : 0;
	c->unit_part = ledger->units ? c->units / (double)ledger->units : 0;
	bound_by_route(c, ledger);
	c->confidence = c->uncalibrated = confidence_of(c, ledger);
	if (!c->fires)
		return;
	const double wanted = units_to_speak(c, ledger);
	if (c->units < wanted && !is_of_threads(ledger)) {
		c->fires = false;
		c->ruled_out =
			c->units < 1
				? arena_printf(arena,
					       "seen in less than one %s; it takes %.0f to tell",
					       ledger->kind, wanted)
				: arena_printf(arena,
					       "seen in %.0f; it takes %.0f to tell (%.0f more)",
					       c->units, wanted, wanted - c->units);
	} else if (known && share_of_own(c, ledger) < c->rule->floor) {
		c->fires = false;
		c->ruled_out = arena_printf(arena,
					    "seen, %.1f %% of the time; it is called a cause from "
					    "%.2g %% on",
					    c->share * 100, c->rule->floor * 100);
	}
}

/* Candidates stand in one array, those of a rule as it gave them. */
static int as_given(const struct candidate *x, const struct candidate *y)
{
	int by_rule = strcmp(x->rule->id, y->rule->id);
	return by_rule ? by_rule : (x > y) - (x < y);
}

/* Order of ownership: rule's order, then saving, then share, then id (for a stable answer). */
static int stronger_first(const void *a, const void *b)
{
	const struct candidate *x = *(struct candidate *const *)a,
			       *y = *(struct candidate *const *)b;
	double saving_x = isnan(x->mid_ns) ? 0 : x->mid_ns,
	       saving_y = isnan(y->mid_ns) ? 0 : y->mid_ns;
	if (x->rule->order != y->rule->order)
		return x->rule->order < y->rule->order ? -1 : 1;
	if (saving_x != saving_y)
		return saving_x > saving_y ? -1 : 1;
	if (x->share != y->share)
		return x->share > y->share ? -1 : 1;
	return as_given(x, y);
}

/* ns of `key` that stronger candidates own; *owner gets the one that owns most of it. */
static double owned_by_others(struct candidate *const *order, size_t before, const char *key,
			      const struct candidate **owner)
{
	double owned = 0, most = 0;
	for (size_t i = 0; i < before; i++)
		for (size_t k = 0; order[i]->owner == NULL && k < order[i]->claim_count; k++) {
			const struct claim *claim = &order[i]->claims[k];
			if (strcmp(claim->key, key))
				continue;
			owned += claim->ns;
			if (claim->ns > most) {
				most = claim->ns;
				*owner = order[i];
			}
		}
	return owned;
}

/* The largest claim on a key is all the time there is under it. */
static double whole_of(struct candidate *const *order, size_t count, const char *key)
{
	double whole = 0;
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < order[i]->claim_count; k++)
			if (!strcmp(order[i]->claims[k].key, key))
				whole = fmax(whole, order[i]->claims[k].ns);
	return whole;
}

/* What is left to it is too little to be called this cause: it is the owner's, seen from its side.
 */
static bool is_below_floor(const struct candidate *c, const struct ledger *ledger)
{
	return !isnan(c->share_ns) && !c->rule->will_fail &&
	       share_of_own(c, ledger) < c->rule->floor;
}

static void settle(struct candidate **order, size_t count, size_t at, const struct ledger *ledger)
{
	struct candidate *c = order[at];
	const struct candidate *owner = NULL, *main_owner = NULL;
	double claimed = 0, lost = 0, main_lost = 0;
	double computed = 0, computed_lost = 0;
	bool holds_others = false;
	for (size_t k = 0; k < c->claim_count; k++) {
		double free_ns = whole_of(order, count, c->claims[k].key) -
				 owned_by_others(order, at, c->claims[k].key, &owner);
		double mine = fmin(c->claims[k].ns, fmax(0, free_ns));
		claimed += c->claims[k].ns;
		lost += c->claims[k].ns - mine;
		holds_others = holds_others || !strncmp(c->claims[k].key, "others:", 7);
		if (!strncmp(c->claims[k].key, "python:", 7) ||
		    !strncmp(c->claims[k].key, "work:", 5)) {
			computed += c->claims[k].ns;
			computed_lost += c->claims[k].ns - mine;
		}
		if (c->claims[k].ns - mine > main_lost) {
			main_lost = c->claims[k].ns - mine;
			main_owner = owner;
		}
		c->claims[k].ns = mine;
	}
	if (claimed <= 0 || lost <= 0)
		return;
	double kept = 1 - lost / claimed;
	/* who computes while others wait is the cause that has the computing: they wait for that */
	if (kept <= 1 - FOLD_SHARE ||
	    (holds_others && computed > 0 && computed_lost >= FOLD_SHARE * computed)) {
		c->owner = main_owner;
		return;
	}
	c->share *= kept;
	c->share_ns *= kept;
	c->low_ns *= kept;
	c->mid_ns *= kept;
	c->high_ns *= kept;
	if (is_below_floor(c, ledger))
		c->owner = main_owner;
}

/* A queue for the server's threads (S6, no line of the application) is long because units are:
 * where a line is known that takes half of their time, that is the cause, and threads come after
 * it. */
static void mark_queues(struct candidate *const *order, size_t count, const struct ledger *ledger)
{
	bool made = false;
	for (size_t i = 0; i < count && ledger->units; i++) {
		const struct rule *rule = order[i]->rule;
		const double saved_ns = order[i]->mid_ns * (double)ledger->units;
		/* a bound, or a cure that leaves some: it is what it takes that others wait for */
		if (!order[i]->owner && !rule->outside && !rule->fails && !rule->will_fail &&
		    order[i]->place_count && !isnan(saved_ns) &&
		    fmax(saved_ns / ledger->wall_ns, order[i]->share) >= MAKES_QUEUE)
			made = true;
	}
	for (size_t i = 0; i < count; i++)
		order[i]->follows = made && !order[i]->rule->outside && !order[i]->place_count &&
				    !strcmp(order[i]->rule->saving, "S6");
}

void rank_judge(struct candidates *all, const struct ledger *ledger, struct arena *arena)
{
	struct candidate **order = arena_alloc(arena, (all->list.count + 1) * sizeof *order);
	size_t count = 0;
	for (size_t i = 0; i < all->list.count; i++) {
		judge_one(&all->list.items[i], ledger, arena);
		if (all->list.items[i].fires)
			order[count++] = &all->list.items[i];
	}
	qsort(order, count, sizeof *order, stronger_first);
	for (size_t i = 0; i < count; i++)
		settle(order, count, i, ledger);
	mark_queues(order, count, ledger);
}

/* A lower bound may be far below the truth: it has its place by the most that it could be. */
static double weight_of(const struct candidate *c)
{
	double saving = c->at_least && c->high_ns > c->mid_ns ? c->high_ns : c->mid_ns;
	return isnan(saving) ? -1 : saving;
}

/* Does it say who else had the CPUs? */
static bool is_of_neighbours(const struct candidate *c)
{
	return c->claim_count && !strcmp(c->claims[0].key, "runqueue:units");
}

/* Does it save what passes before units begin? */
static bool is_before_app(const struct candidate *c)
{
	return c->claim_count && !strncmp(c->claims[0].key, "before:", strlen("before:"));
}

enum standing {
	STANDS_FAILS,
	STANDS_GATE,
	STANDS_SLOWS,
	STANDS_WILL_FAIL,
	STANDS_MAY_SLOW,
	STANDS_MAY_FAIL
};

/* What will end the process comes before what may only slow it. */
static enum standing standing_of(const struct candidate *c)
{
	const bool is_likely = c->confidence >= CONFIDENCE_LIKELY;
	if (c->rule->will_fail)
		return is_likely ? STANDS_WILL_FAIL : STANDS_MAY_FAIL;
	if (c->rule->fails)
		return STANDS_FAILS;
	if (c->rule->gate)
		return STANDS_GATE;
	return is_likely ? STANDS_SLOWS : STANDS_MAY_SLOW;
}

/* Rank: those that fail, the gates by their order, those that slow by what they save, those that
 * will fail by their order and the time left, those that are possible only; then the rules' own
 * order. */
static int first_ranked(const void *a, const void *b)
{
	const struct candidate *x = *(const struct candidate *const *)a;
	const struct candidate *y = *(const struct candidate *const *)b;
	const enum standing standing_x = standing_of(x), standing_y = standing_of(y);
	if (standing_x != standing_y)
		return standing_x < standing_y ? -1 : 1;
	if (!x->part != !y->part)
		return x->part ? 1 : -1;
	if (x->rule->will_fail) {
		double hours_x = isnan(x->hours_to_limit) ? INFINITY : x->hours_to_limit;
		double hours_y = isnan(y->hours_to_limit) ? INFINITY : y->hours_to_limit;
		if (x->rule->order != y->rule->order)
			return x->rule->order < y->rule->order ? -1 : 1;
		return hours_x != hours_y ? (hours_x < hours_y ? -1 : 1) : as_given(x, y);
	}
	if (x->follows != y->follows)
		return x->follows ? 1 : -1;
	double saving_x = weight_of(x), saving_y = weight_of(y);
	if (x->rule->gate && x->rule->order != y->rule->order)
		return x->rule->order < y->rule->order ? -1 : 1;
	if (saving_x != saving_y && !x->rule->gate)
		return saving_x > saving_y ? -1 : 1;
	if (x->share != y->share)
		return x->share > y->share ? -1 : 1;
	return as_given(x, y);
}

static struct saving saving_of(const struct candidate *c)
{
	if (isnan(c->mid_ns))
		return (struct saving){.known = false,
				       .at_most_ms = isnan(c->high_ns) ? 0 : c->high_ns / 1e6,
				       .unseen = c->unseen};
	return (struct saving){
		.known = true,
		.at_least = c->at_least,
		.unseen = c->unseen,
		.service_ms = c->mid_ns / 1e6,
		.low_ms = c->low_ns / 1e6,
		.high_ms = c->high_ns / 1e6,
		.unit_part = c->unit_part,
	};
}

static bool is_seen_as(const struct finding *f, const char *id)
{
	for (size_t i = 0; i < f->also_seen_count; i++)
		if (!strcmp(f->also_seen_as[i], id))
			return true;
	return false;
}

/* Of what the owner says why it is not that, nothing more is to be said. */
static void also_seen(const struct candidates *all, const struct candidate *owner,
		      struct finding *f)
{
	for (size_t i = 0; i < all->list.count; i++) {
		const struct candidate *c = &all->list.items[i];
		if (c->fires && c->owner == owner && c->rule != owner->rule &&
		    !excluded_named(owner, c->rule->id) && !is_seen_as(f, c->rule->id))
			f->also_seen_as[f->also_seen_count++] = c->rule->id;
	}
}

/* Neighbours on the CPUs make every share smaller, and no cause less of one: one that is likely,
 * and would save half of the app's own time or a larger part of it than they take of all, comes
 * before them. */
static void own_before_neighbours(const struct candidate **order, size_t count,
				  const struct ledger *ledger)
{
	const double own = fmax(0.1, 1 - waiting_for_cpu(ledger)),
		     half_ns = ledger->units ? 0.5 * ledger->wall_ns / (double)ledger->units : 0;
	for (size_t i = 0; i + 1 < count; i++) {
		const struct candidate *neighbours = order[i];
		size_t last = i;
		if (!is_of_neighbours(neighbours))
			continue;
		for (size_t k = i + 1; k < count && !order[k]->rule->will_fail; k++)
			if (!order[k]->rule->outside && order[k]->confidence >= CONFIDENCE_LIKELY &&
			    weight_of(order[k]) > own * fmin(weight_of(neighbours), half_ns))
				last = k;
		memmove(order + i, order + i + 1, (last - i) * sizeof *order);
		order[last] = neighbours;
		return;
	}
}

static struct finding finding_of(const struct candidate *c)
{
	return (struct finding){
		.cause = c->rule->id,
		.group = c->rule->group,
		.outside = c->rule->outside,
		.before_app = is_before_app(c),
		.fails = c->rule->fails,
		.will_fail = c->rule->will_fail,
		.confidence = c->confidence,
		.uncalibrated = c->uncalibrated,
		.title = c->title ? c->title : c->rule->id,
		.where = c->places,
		.where_count = c->place_count,
		.share = c->share,
		.saving = saving_of(c),
		.evidence = c->evidence,
		.evidence_count = c->evidence_count,
		.excluded = c->excluded,
		.excluded_count = c->excluded_count,
		.route = c->route,
		.part_units = c->part ? c->part->units : 0,
		.part_time = c->part ? c->part->time : 0,
		.fix = c->rule->fix,
		.because = c->because ? c->because : "",
		.hours_to_limit = isnan(c->hours_to_limit) ? -1 : c->hours_to_limit,
	};
}

void rank_findings(const struct candidates *const *lists, size_t list_count,
		   const struct ledger *ledger, struct arena *arena, struct diagnosis *out,
		   const struct candidate ***from)
{
	size_t count = 0, most = 0;
	for (size_t k = 0; k < list_count; k++)
		most += lists[k]->list.count;
	const struct candidate **order = arena_alloc(arena, (most + 1) * sizeof *order);
	for (size_t k = 0; k < list_count; k++)
		for (size_t i = 0; i < lists[k]->list.count; i++)
			if (lists[k]->list.items[i].fires && !lists[k]->list.items[i].owner)
				order[count++] = &lists[k]->list.items[i];
	qsort(order, count, sizeof *order, first_ranked);
	own_before_neighbours(order, count, ledger);
	out->findings = arena_alloc(arena, (count + 1) * sizeof *out->findings);
	out->finding_count = count;
	int rank[2] = {0, 0};
	for (size_t i = 0; i < count; i++) {
		struct finding *f = &out->findings[i];
		*f = finding_of(order[i]);
		f->rank = ++rank[f->will_fail];
		f->also_seen_as = arena_alloc(arena, (most + 1) * sizeof *f->also_seen_as);
		for (size_t k = 0; k < list_count; k++)
			also_seen(lists[k], order[i], f);
	}
	*from = order;
}
