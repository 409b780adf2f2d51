#include "model/what_if_cold.h"

#include <math.h>

#include "model/what_if_routes.h"

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

/* Differences of the routes, each by the inverse of its variance. */
struct difference {
	double sum_ns, weight;
};

static void add_route(struct what_if_unit *const *units, size_t count, void *context)
{
	struct difference *d = context;
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
	struct difference d = {0};
	what_if_by_route(w->units, w->count, add_route, &d);
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
