#include "model/what_if_eased.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "model/what_if_routes.h"

/* The part of the work that is no work, and then all parts that are waits. */
enum { QUEUE = PARTS, WAITS };

static const unsigned waits = PARTS_WAIT | PART_BIT(PART_DB_BLOCK) | PART_BIT(PART_DB_AWAIT);

struct sums {
	double ns[WAITS];
	size_t count;
};

static void add(struct sums *sums, const struct what_if_unit *u)
{
	for (int p = 0; p < PARTS; p++)
		sums->ns[p] += u->part_ns[p];
	sums->ns[QUEUE] += fmin(u->queue_ns, u->part_ns[PART_PYTHON]);
	sums->count++;
}

/* Mean of those that were alone ÷ mean of those that were not, where that is less. */
static double factor(const struct sums *alone, const struct sums *met, int part)
{
	const double met_ns = met->ns[part] / (double)met->count;
	return met_ns > 0 ? fmin(1, alone->ns[part] / (double)alone->count / met_ns) : 1;
}

static void ease_route(struct what_if_unit *const *units, size_t count, void *any)
{
	struct sums alone = {0}, met = {0};
	for (size_t i = 0; i < count; i++)
		add(units[i]->alone ? &alone : &met, units[i]);
	if (alone.count < EASED_LEAST || met.count < EASED_LEAST)
		return;
	for (size_t i = 0; i < count; i++) {
		struct what_if_unit *u = units[i];
		if (u->alone)
			continue;
		u->part_ns[PART_PYTHON] -= fmin(u->queue_ns, u->part_ns[PART_PYTHON]) *
					   (1 - factor(&alone, &met, QUEUE));
		for (int p = 0; p < PARTS; p++)
			if (waits & PART_BIT(p))
				u->part_ns[p] *= factor(&alone, &met, p);
	}
	*(bool *)any = true;
}

struct what_if_unit *what_if_eased(const struct what_if_unit *units, size_t count)
{
	struct what_if_unit *eased = mem_alloc((count + 1) * sizeof *eased);
	bool any = false;
	if (count)
		memcpy(eased, units, count * sizeof *eased);
	what_if_by_route(eased, count, ease_route, &any);
	if (any)
		return eased;
	free(eased);
	return NULL;
}
