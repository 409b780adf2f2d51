#include "rules/latency.h"

#include <math.h>
#include <string.h>

#define TOGETHER_MOST 0.95 /* of a request, that several cures can save */

/* By the beginning of a claim's key (README.md): where the time passes. */
static const struct {
	const char *claim;
	unsigned parts;
} places_of_time[] = {
	{"statement:", PARTS_DB},
	{"literal:", PARTS_DB},
	{"after:", PARTS_DB},
	{"connect:", PARTS_DB | PARTS_WAIT},
	{"pool:", PARTS_DB | PARTS_WAIT},
	{"call:", PARTS_DB | PARTS_WAIT},
	{"await:", PARTS_DB | PARTS_WAIT},
	{"sending:", PARTS_WAIT},
	{"python:", PART_BIT(PART_PYTHON)},
	{"work:", PART_BIT(PART_PYTHON)},
};

/* Where requests wait for one another outside the server's own queue: such a wait is replayed as
 * long as it was, whatever would make it shorter. What waits at locks and pools is known by the
 * ledger. */
static const struct {
	const char *cause, *at;
} queues[] = {
	{"thread-pool-exhausted", "a pool of threads"},
	{"sqlite-busy-wait", "the lock of a SQLite database"},
	{"row-lock-wait", "locks of the database"},
};

static bool claims(const struct candidate *c, const char *beginning)
{
	for (size_t i = 0; i < c->claim_count; i++)
		if (!strncmp(c->claims[i].key, beginning, strlen(beginning)))
			return true;
	return false;
}

static unsigned parts_of(const struct candidate *c)
{
	unsigned parts = 0;
	for (size_t i = 0; i < sizeof places_of_time / sizeof *places_of_time; i++)
		if (claims(c, places_of_time[i].claim))
			parts |= places_of_time[i].parts;
	return parts ? parts : PARTS_ALL;
}

/* Others wait for what holds the loop or the GIL: that is no time of the unit itself to be taken
 * out. A call that blocks a loop is awaited instead; a
 * computation may be cured in several ways. */
static bool holds_loop(const struct candidate *c)
{
	return claims(c, "others:");
}

/* What passes before a unit begins is no part of it either. */
static bool can_be_replayed(const struct finding *f, const struct candidate *c)
{
	return f->saving.known && !f->will_fail && !f->fails && !f->outside && !claims(c, "gil:") &&
	       !claims(c, "before:") && (!holds_loop(c) || claims(c, "call:"));
}

/* The saving's middle, or the end of its interval at `end`; of a lower bound, the bound. Waits for
 * the GIL are in no part of a unit: those that are left are made by the replay. */
static struct what_if_cut cut_of(const struct candidate *c, const struct saving *s, int end)
{
	const double ms = s->at_least ? s->low_ms
			  : end < 0   ? s->low_ms
			  : end > 0   ? s->high_ms
				      : s->service_ms;
	const double gil_part = c->gil_part > 0 ? fmin(c->gil_part, 1) : 0;
	return (struct what_if_cut){
		.route = c->route && *c->route ? c->route : NULL,
		.parts = parts_of(c),
		.ns = fmax(0, ms) * (1 - gil_part) * 1e6,
		.frees_loop = holds_loop(c),
	};
}

/* Independent causes of doubt: the stretch that was recorded, the saving's interval, and how far
 * off the replay was before its factor mended it. */
static double half_width(double bootstrap, double saving, double value, double off)
{
	return hypot(hypot(isnan(bootstrap) ? 0 : bootstrap, saving), value * (off - 1));
}

/* A percentile that cannot be told stays NAN. */
static void widen(struct latency *mid, const struct latency *least, const struct latency *most,
		  const struct what_if *w)
{
	const double p50 = mid->p50_ms, p99 = mid->p99_ms;
	if (!isnan(p50)) /* fmax() makes a number of NAN */
		mid->p50_low_ms = fmax(0, p50 - half_width(p50 - mid->p50_low_ms,
							   p50 - most->p50_ms, p50, w->p50_off));
	mid->p50_high_ms =
		p50 + half_width(mid->p50_high_ms - p50, least->p50_ms - p50, p50, w->p50_off);
	if (!isnan(p99))
		mid->p99_low_ms = fmax(0, p99 - half_width(p99 - mid->p99_low_ms,
							   p99 - most->p99_ms, p99, w->p99_off));
	mid->p99_high_ms =
		p99 + half_width(mid->p99_high_ms - p99, least->p99_ms - p99, p99, w->p99_off);
}

/* cuts[k + 1] are those for end k. */
static struct what_if_answer ask_with_ends(const struct what_if *w,
					   struct what_if_cut *const cuts[3], size_t count)
{
	struct what_if_answer answer = what_if_ask(w, cuts[1], count, &what_if_as_it_was);
	if (!answer.latency.known)
		return answer;
	const struct what_if_answer least = what_if_ask(w, cuts[0], count, &what_if_as_it_was),
				    most = what_if_ask(w, cuts[2], count, &what_if_as_it_was);
	widen(&answer.latency, &least.latency, &most.latency, w);
	return answer;
}

/* Findings that see one thing from two sides add up to more than there is: nothing is left of a
 * request, or those that wait longest wait less than those in the middle. */
static bool is_believable(const struct what_if_answer *all, double mean_ms)
{
	return all->service_ms <= TOGETHER_MOST * mean_ms &&
	       !(all->latency.known && all->latency.p99_ms < all->latency.p50_ms);
}

static const char *queue_of(const struct diagnosis *d, struct arena *arena)
{
	for (size_t i = 0; i < d->finding_count; i++)
		for (size_t k = 0; k < sizeof queues / sizeof *queues; k++)
			if (!strcmp(d->findings[i].cause, queues[k].cause))
				return arena_printf(arena,
						    "requests wait for one another at %s (%s), "
						    "which is not replayed",
						    queues[k].at, queues[k].cause);
	return NULL;
}

void latency_queue(struct what_if *w, struct arena *arena, const struct diagnosis *d)
{
	if (!w->unknown)
		w->unknown = queue_of(d, arena);
}

void latency_predict(struct what_if *w, const struct candidate *const *from, struct arena *arena,
		     struct diagnosis *out)
{
	struct what_if_cut *cuts[3];
	struct what_if_told *told = &out->what_if;
	for (int end = 0; end < 3; end++)
		cuts[end] = arena_alloc(arena, (out->finding_count + 1) * sizeof *cuts[end]);
	latency_queue(w, arena, out);
	*told = (struct what_if_told){
		.unknown = w->unknown,
		.rate_per_s = w->rate_per_s,
		.measured = w->measured,
		.replayed = w->replayed,
	};
	for (size_t i = 0; i < out->finding_count; i++) {
		struct finding *f = &out->findings[i];
		if (!can_be_replayed(f, from[i]))
			continue;
		struct what_if_cut *own[3];
		for (int end = 0; end < 3; end++) {
			own[end] = &cuts[end][told->together];
			*own[end] = cut_of(from[i], &f->saving, end - 1);
		}
		told->together++;
		f->saving.latency = ask_with_ends(w, own, 1).latency;
	}
	if (told->together < 2)
		return;
	const struct what_if_answer all = ask_with_ends(w, cuts, told->together);
	if (!w->count || !is_believable(&all, out->mean_ms)) {
		told->together = 1; /* each by itself is told */
		return;
	}
	told->together_ms = all.service_ms;
	told->together_latency = all.latency;
}
