#include "probe/walk_targets.h"

#include <stdlib.h>

#include "base/map.h"

enum { SHARES = 8, SEVERAL = 3 };
_Static_assert(WALK_TARGET_SITES *WALK_TARGETS_EACH < WALK_TARGETS, "all fit, and largest ones");

/* The first ones go first. */
enum rank { GROWS, FEW, OLD };

struct site {
	uint32_t site;
	enum rank rank;
	uint64_t grown, old; /* bytes; grown: of old, not of the start */
	uint64_t by_units;   /* of grown: made by a unit of work */
	uint32_t shares;     /* of the time, in which grown ones were born: bits */
	size_t first, count; /* its samples that count, in `samples` */
};

struct choosing {
	uint64_t began_ns, share_ns;
	uint64_t start_ns, old_ns; /* born before: of the start; old */
	struct map places;         /* of a site: index in `sites` */
	struct site *sites;
	size_t count;
	const struct heap_live **samples; /* by site, each site's by birth */
};

static bool is_old(const struct choosing *c, const struct heap_live *live)
{
	return live->born_ns < c->old_ns;
}

static bool is_grown(const struct choosing *c, const struct heap_live *live)
{
	return live->born_ns >= c->start_ns && is_old(c, live) && !(live->flags & HEAP_PRE_FORK);
}

static void add(struct choosing *c, const struct heap_live *live)
{
	bool is_new = false;
	if (!is_old(c, live))
		return;
	uint64_t *place = map_put(&c->places, (uint64_t)live->site + 1, &is_new);
	if (is_new) {
		*place = c->count;
		c->sites[c->count++] = (struct site){.site = live->site};
	}
	struct site *site = &c->sites[*place];
	site->old += live->weight_bytes;
	if (!is_grown(c, live))
		return;
	site->grown += live->weight_bytes;
	site->by_units += live->unit ? live->weight_bytes : 0;
	site->shares |= 1u << ((live->born_ns - c->began_ns) / c->share_ns % SHARES);
}

/* What came at once, late imports say, does not grow; nor can it be told of two samples. */
static void rank_sites(struct choosing *c)
{
	for (size_t i = 0; i < c->count; i++) {
		struct site *site = &c->sites[i];
		site->rank = __builtin_popcount(site->shares) >= SEVERAL ? GROWS
			     : site->grown                               ? FEW
									 : OLD;
	}
}

static int compared(uint64_t x, uint64_t y)
{
	return x != y ? (x > y ? -1 : 1) : 0;
}

static int first_ones_first(const void *a, const void *b)
{
	const struct site *x = a, *y = b;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	int order = x->rank == FEW ? compared(x->by_units, y->by_units) : 0;
	order = order ? order : compared(x->grown, y->grown);
	order = order ? order : compared(x->old, y->old);
	return order ? order : compared(y->site, x->site);
}

static bool counts(const struct choosing *c, const struct site *site, const struct heap_live *live)
{
	return site->rank == OLD ? is_old(c, live) : is_grown(c, live);
}

static int by_birth(const void *a, const void *b)
{
	const struct heap_live *x = *(const struct heap_live *const *)a;
	const struct heap_live *y = *(const struct heap_live *const *)b;
	return compared(y->born_ns, x->born_ns);
}

/* Of the chosen sites alone, side by side. */
static void sort_samples(struct choosing *c, const struct heap_live *lives, size_t count)
{
	size_t from = 0;
	map_free(&c->places);
	for (size_t s = 0; s < c->count; s++) {
		bool is_new;
		*map_put(&c->places, (uint64_t)c->sites[s].site + 1, &is_new) = s;
	}
	for (int pass = 0; pass < 2; pass++) { /* their number first */
		for (size_t i = 0; i < count; i++) {
			const uint64_t *place = map_find(&c->places, (uint64_t)lives[i].site + 1);
			struct site *site = place ? &c->sites[*place] : NULL;
			if (!site || !counts(c, site, &lives[i]))
				continue;
			if (pass)
				c->samples[site->first + site->count] = &lives[i];
			site->count++;
		}
		for (size_t s = 0; s < c->count && !pass; s++) {
			c->sites[s].first = from; /* NOLINT: there are so many */
			from += c->sites[s].count;
			c->sites[s].count = 0;
		}
	}
	map_free(&c->places);
	for (size_t s = 0; s < c->count; s++)
		qsort(&c->samples[c->sites[s].first], c->sites[s].count, sizeof *c->samples,
		      by_birth);
}

/* How many of the sites, first ones first, are looked for. */
static size_t wanted(const struct choosing *c)
{
	size_t count = 0;
	while (count < c->count &&
	       count < (c->sites[count].rank == OLD ? WALK_TARGET_SITES_LEAST : WALK_TARGET_SITES))
		count++;
	return count;
}

/* Place of target `nth` of `of`, evenly from the oldest to the newest. */
static size_t spread(size_t count, size_t nth, size_t of)
{
	return of == 1 ? 0 : nth * (count - 1) / (of - 1);
}

size_t walk_targets_choose(const struct heap_live *lives, size_t count, uint64_t began_ns,
			   uint64_t now_ns, struct arena *arena, struct walk_target *out)
{
	const uint64_t share_ns = now_ns > began_ns ? (now_ns - began_ns) / SHARES : 0;
	struct choosing c = {
		.began_ns = began_ns,
		.share_ns = share_ns ? share_ns : 1,
		.start_ns = began_ns + share_ns,
		.old_ns = now_ns - share_ns,
		.sites = arena_alloc(arena, (count + 1) * sizeof *c.sites),
		.samples = arena_alloc(arena, (count + 1) * sizeof *c.samples),
	};
	size_t chosen = 0;
	for (size_t i = 0; i < count; i++)
		add(&c, &lives[i]);
	rank_sites(&c);
	qsort(c.sites, c.count, sizeof *c.sites, first_ones_first);
	c.count = wanted(&c);
	sort_samples(&c, lives, count);
	for (size_t s = 0; s < c.count; s++) {
		const struct site *site = &c.sites[s];
		const size_t each =
			site->count < WALK_TARGETS_EACH ? site->count : WALK_TARGETS_EACH;
		for (size_t i = 0; i < each; i++)
			out[chosen++] = (struct walk_target){
				.address = atomic_load_explicit(
					&c.samples[site->first + spread(site->count, i, each)]
						 ->address,
					memory_order_relaxed),
				.site = site->site,
			};
	}
	return chosen;
}
