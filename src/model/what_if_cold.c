#include "model/what_if_cold.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"

#define COLD_ERRORS 2 /* so many times its error it must be */

struct moments {
	double sum, squares, count;
};

static double own_ns(const struct what_if_unit *u)
{
	return u->part_ns[PART_PYTHON] + u->part_ns[PART_DB_CPU] - fmax(0, u->queue_ns);
}

static void add(struct moments *m, double value)
{
	m->sum += value;
	m->squares += value * value;
	m->count++;
}

static double mean(const struct moments *m)
{
	return m->sum / m->count;
}

static double variance_of_mean(const struct moments *m)
{
	return fmax(0, m->squares / m->count - mean(m) * mean(m)) / m->count;
}

static int by_route(const void *a, const void *b)
{
	const uint64_t x = (*(struct what_if_unit *const *)a)->route,
		       y = (*(struct what_if_unit *const *)b)->route;
	return (x > y) - (x < y);
}

/* Differences of the routes, each by the inverse of its variance. */
struct difference {
	double sum_ns, weight;
};

static void add_route(struct difference *d, struct what_if_unit *const *units, size_t count)
{
	struct moments cold = {0}, warm = {0};
	for (size_t i = 0; i < count; i++)
		add(units[i]->found_idle ? &cold : &warm, own_ns(units[i]));
	if (cold.count < COLD_LEAST || warm.count < COLD_LEAST)
		return;
	const double variance = variance_of_mean(&cold) + variance_of_mean(&warm);
	if (!(variance > 0))
		return;
	d->sum_ns += (mean(&cold) - mean(&warm)) / variance;
	d->weight += 1 / variance;
}

void what_if_cold(struct what_if *w)
{
	struct what_if_unit **sorted = mem_alloc((w->count + 1) * sizeof *sorted);
	struct difference d = {0};
	for (size_t i = 0; i < w->count; i++)
		sorted[i] = &w->units[i];
	qsort(sorted, w->count, sizeof *sorted, by_route);
	for (size_t from = 0, to; from < w->count; from = to) {
		for (to = from; to < w->count && sorted[to]->route == sorted[from]->route;)
			to++;
		add_route(&d, sorted + from, to - from);
	}
	free(sorted);
	const double cold_ns = d.weight > 0 ? d.sum_ns / d.weight : 0;
	if (!(cold_ns > COLD_ERRORS / sqrt(d.weight)))
		return;
	w->servers.cold_ns = cold_ns;
	for (size_t i = 0; i < w->count; i++) {
		double *ns = &w->units[i].part_ns[PART_PYTHON];
		if (w->units[i].found_idle)
			*ns -= fmin(*ns, cold_ns);
	}
}
