#include "model/what_if_eased.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/stats.h"
#include "base/vec.h"
#include "model/what_if_routes.h"

#define WEIGHT_MOST 50 /* of one unit that was alone, however seldom one so long is */
#define SEED UINT64_C(0x65617365)

static const unsigned waits = PARTS_WAIT | PART_BIT(PART_DB_BLOCK) | PART_BIT(PART_DB_AWAIT);

struct alone { /* a unit, as it was before any is eased */
	struct what_if_unit unit;
	double until; /* weights of it and those before it */
};

struct easing {
	double rate; /* at which a process is asked, a nanosecond */
	uint64_t random_state;
	bool any;
};

static double queue_of(const struct what_if_unit *u)
{
	return fmin(u->queue_ns, u->part_ns[PART_PYTHON]);
}

static double waits_of(const struct what_if_unit *u)
{
	double ns = queue_of(u);
	for (int p = 0; p < PARTS; p++)
		if (waits & PART_BIT(p))
			ns += u->part_ns[p];
	return ns;
}

/* One that takes long is seldom alone until its end: with arrivals at random, one of exp(rate x
 * time). Each stands for as many as there are of it. */
static double weight_of(const struct what_if_unit *u, double rate)
{
	const double weight = exp(rate * fmax(0, u->response_ns - u->late_ns));
	return weight < WEIGHT_MOST ? weight : WEIGHT_MOST;
}

static const struct what_if_unit *draw(const struct alone *alone, size_t count, uint64_t *state)
{
	const double at = (double)(stats_random(state) >> 11) / 0x1p53 * alone[count - 1].until;
	size_t low = 0, high = count - 1;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (alone[middle].until > at)
			high = middle;
		else
			low = middle + 1;
	}
	return &alone[low].unit;
}

static void ease_unit(struct what_if_unit *u, const struct what_if_unit *like)
{
	u->part_ns[PART_PYTHON] += queue_of(like) - queue_of(u);
	for (int p = 0; p < PARTS; p++)
		if (waits & PART_BIT(p))
			u->part_ns[p] = like->part_ns[p];
}

static void ease_route(struct what_if_unit *const *units, size_t count, void *context)
{
	struct easing *e = context;
	VEC(struct alone) alone = {0};
	double weights = 0, alone_ns = 0, met_ns = 0;
	for (size_t i = 0; i < count; i++) {
		if (!units[i]->alone) {
			met_ns += waits_of(units[i]);
			continue;
		}
		const double weight = weight_of(units[i], e->rate);
		weights += weight;
		alone_ns += weight * waits_of(units[i]);
		*vec_push(&alone) = (struct alone){*units[i], weights};
	}
	const size_t met = count - alone.count;
	if (alone.count >= EASED_LEAST && met >= EASED_LEAST &&
	    alone_ns / weights < met_ns / (double)met) {
		for (size_t i = 0; i < count; i++)
			if (!units[i]->alone)
				ease_unit(units[i],
					  draw(alone.items, alone.count, &e->random_state));
		e->any = true;
	}
	vec_free(&alone);
}

struct what_if_unit *what_if_eased(const struct what_if_unit *units, size_t count,
				   uint32_t processes)
{
	struct what_if_unit *eased = mem_alloc((count + 1) * sizeof *eased);
	struct easing e = {.random_state = SEED};
	if (count)
		memcpy(eased, units, count * sizeof *eased);
	if (count > 1 && units[count - 1].arrival_ns > units[0].arrival_ns)
		e.rate = (double)(count - 1) / fmax(1, processes) /
			 (units[count - 1].arrival_ns - units[0].arrival_ns);
	what_if_by_route(eased, count, ease_route, &e);
	if (e.any)
		return eased;
	free(eased);
	return NULL;
}
