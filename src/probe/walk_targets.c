#include "probe/walk_targets.h"

#include <stdlib.h>

#include "base/map.h"

enum { SHARES = 8, SEVERAL = 3 };

struct site {
	uint32_t site;
	uint64_t grown, old; /* bytes; grown: of old, not of the start */
	uint32_t shares;     /* of the time, in which grown ones were born: bits */
	size_t count;
	const struct heap_live *oldest[WALK_TARGETS_EACH]; /* of those that count, by birth */
};

struct choosing {
	uint64_t began_ns, share_ns;
	uint64_t start_ns, old_ns; /* born before: of the start; old */
	struct map places;         /* of a site: index in `sites` */
	struct site *sites;
	size_t count;
};

static bool is_grown(const struct choosing *c, const struct heap_live *live)
{
	return live->born_ns >= c->start_ns && live->born_ns < c->old_ns &&
	       !(live->flags & HEAP_PRE_FORK);
}

static void add(struct choosing *c, const struct heap_live *live)
{
	bool is_new = false;
	if (live->born_ns >= c->old_ns)
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
	site->shares |= 1u << ((live->born_ns - c->began_ns) / c->share_ns % SHARES);
}

/* What came at once, late imports say, does not grow. */
static void forget_bursts(struct choosing *c)
{
	for (size_t i = 0; i < c->count; i++)
		if (__builtin_popcount(c->sites[i].shares) < SEVERAL)
			c->sites[i].grown = 0;
}

static int more_grown_first(const void *a, const void *b)
{
	const struct site *x = a, *y = b;
	if (x->grown != y->grown)
		return x->grown > y->grown ? -1 : 1;
	if (x->old != y->old)
		return x->old > y->old ? -1 : 1;
	return x->site < y->site ? -1 : x->site > y->site;
}

static void keep_oldest(struct site *site, const struct heap_live *live)
{
	size_t at = site->count;
	if (at == WALK_TARGETS_EACH && live->born_ns >= site->oldest[at - 1]->born_ns)
		return;
	if (at < WALK_TARGETS_EACH)
		site->count++;
	else
		at--;
	for (; at > 0 && site->oldest[at - 1]->born_ns > live->born_ns; at--)
		site->oldest[at] = site->oldest[at - 1];
	site->oldest[at] = live;
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
	};
	size_t chosen = 0;
	for (size_t i = 0; i < count; i++)
		add(&c, &lives[i]);
	map_free(&c.places);
	forget_bursts(&c);
	qsort(c.sites, c.count, sizeof *c.sites, more_grown_first);
	if (c.count > WALK_TARGET_SITES)
		c.count = WALK_TARGET_SITES;
	for (size_t i = 0; i < count; i++)
		for (size_t s = 0; s < c.count; s++)
			if (lives[i].site == c.sites[s].site && lives[i].born_ns < c.old_ns &&
			    (!c.sites[s].grown || is_grown(&c, &lives[i])))
				keep_oldest(&c.sites[s], &lives[i]);
	for (size_t s = 0; s < c.count; s++)
		for (size_t i = 0; i < c.sites[s].count; i++)
			out[chosen++] = (struct walk_target){
				.address = atomic_load_explicit(&c.sites[s].oldest[i]->address,
								memory_order_relaxed),
				.site = c.sites[s].site,
			};
	return chosen;
}
