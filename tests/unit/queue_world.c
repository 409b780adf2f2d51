#include "queue_world.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "load/arrivals.h"
#include "load/typical.h"

enum { PROBE_CONNECTIONS = 32 };
#define SAMPLE_EVERY_S 0.25
#define GRACE_S 1.0

struct queue {
	double free_s[QUEUE_SERVERS_MAX]; /* when each worker has nothing to do any more */
};

static double service(struct queue_world *w)
{
	return w->service_s * (1 - w->jitter + w->jitter * -log(1 - random_uniform(&w->random)));
}

/* When the request that comes at `at_s` is answered. */
static double serve(struct queue *q, struct queue_world *w, double at_s)
{
	int first = 0;
	for (int i = 1; i < w->servers; i++)
		if (q->free_s[i] < q->free_s[first])
			first = i;
	const double begin_s = at_s > q->free_s[first] ? at_s : q->free_s[first];
	q->free_s[first] = begin_s + service(w);
	return q->free_s[first];
}

static int compare(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static uint64_t to_ns(double seconds)
{
	return (uint64_t)(seconds * 1e9);
}

static double percentile(double *values, size_t count, double quantile)
{
	qsort(values, count, sizeof *values, compare);
	return count ? values[(size_t)(quantile * (double)(count - 1))] : 0;
}

static struct knee_seen probe(struct queue_world *w, double window_s)
{
	const int busy = w->servers < PROBE_CONNECTIONS ? w->servers : PROBE_CONNECTIONS;
	w->elapsed_s += window_s;
	return (struct knee_seen){
		.window_s = window_s,
		.answered = (uint64_t)(window_s / w->service_s * busy),
	};
}

static void look_at_backlog(struct knee_seen *seen, const double *due, const double *done,
			    size_t count, double from_s, double to_s)
{
	struct backlog backlog = {0};
	const int samples = (int)((to_s - from_s) / SAMPLE_EVERY_S) + 1;
	for (int sample = 0; sample < samples; sample++) {
		const double at = from_s + sample * SAMPLE_EVERY_S;
		uint64_t outstanding = 0;
		for (size_t i = 0; i < count; i++)
			outstanding += due[i] <= at && done[i] > at;
		backlog_add(&backlog, to_ns(at), outstanding);
	}
	seen->backlog = backlog_fit(&backlog);
}

struct knee_seen queue_run(struct queue_world *w, const struct knee_step *step)
{
	const double warm_s = (double)step->warm_up_ns / 1e9;
	const double window_s = (double)step->duration_ns / 1e9, end_s = warm_s + window_s;
	if (step->kind == KNEE_PROBE)
		return probe(w, window_s);
	const size_t room = (size_t)(step->rate * end_s * 1.5) + 1000;
	double *due = mem_alloc(room * sizeof *due), *done = mem_alloc(room * sizeof *done);
	double *response = mem_alloc(room * sizeof *response);
	struct knee_seen seen = {.window_s = window_s};
	struct queue queue = {0};
	size_t count = 0, responses = 0, over = 0;
	const bool is_stalled = random_uniform(&w->random) < w->stall_share;
	const double stall_s = is_stalled ? random_uniform(&w->random) * end_s : INFINITY;
	bool stalled = false;
	struct arrivals_spec spec = {
		.rate = (uint64_t)(step->rate * ARRIVALS_RATE_UNIT),
		.rate_at_end = (uint64_t)(step->rate * ARRIVALS_RATE_UNIT),
		.poisson = !w->is_even,
		.warm_up_ns = step->warm_up_ns,
		.duration_ns = step->duration_ns,
		.seed = random_bits(&w->random),
	};
	struct arrivals schedule;
	if (!w->is_even)
		spec.seed = typical_seed(&spec, 1, w->capacity_seen, w->quantile, spec.seed);
	arrivals_begin(&schedule, &spec, 0, 1);
	uint64_t at_ns;
	while (count < room && arrivals_next(&schedule, &at_ns)) {
		const double at = (double)at_ns / 1e9;
		if (at >= stall_s && !stalled) {
			stalled = true;
			for (int i = 0; i < w->servers; i++)
				queue.free_s[i] = fmax(queue.free_s[i], at) + w->stall_s;
		}
		due[count] = at;
		done[count] = serve(&queue, w, at);
		const bool fails = w->error_from > 0 && step->rate >= w->error_from &&
				   random_uniform(&w->random) < 0.1;
		seen.answered += done[count] >= warm_s && done[count] < end_s && !fails;
		if (at >= warm_s) {
			seen.due++;
			seen.failed += fails;
			seen.unanswered += done[count] > end_s + GRACE_S;
			over += done[count] - at > w->limit_s;
			response[responses++] = fmin(done[count], end_s + GRACE_S) - at;
		}
		count++;
	}
	seen.objective_value = to_ns(percentile(response, responses, w->quantile));
	seen.objective_ratio = responses ? (double)over / (double)responses / (1 - w->quantile) : 0;
	seen.p50_ns = to_ns(percentile(response, responses, 0.5));
	seen.p99_ns = to_ns(percentile(response, responses, 0.99));
	look_at_backlog(&seen, due, done, count, warm_s, end_s);
	if (random_uniform(&w->random) < w->spoilt_share ||
	    (w->client_max > 0 && step->rate >= w->client_max)) {
		seen.is_spoilt = true;
		seen.objective_ratio *= 10; /* what it saw is no use */
	}
	const double last_s = count ? done[count - 1] : 0;
	w->elapsed_s += (double)step->pause_ns / 1e9 + fmin(fmax(end_s, last_s), end_s + GRACE_S);
	free(due);
	free(done);
	free(response);
	return seen;
}

/* A share above the quantile's is over the limit: the objective is broken. */
static bool is_broken(struct queue_world *w, double rate, double arrivals)
{
	struct queue queue = {0};
	double at = 0, over = 0;
	for (uint64_t i = 0; i < (uint64_t)arrivals; i++) {
		at += w->is_even ? 1 / rate : -log(1 - random_uniform(&w->random)) / rate;
		over += serve(&queue, w, at) - at > w->limit_s;
	}
	return over > (1 - w->quantile) * arrivals;
}

double queue_truth(const struct queue_world *world, double arrivals)
{
	double good = 0, bad = world->servers / world->service_s;
	while (bad / good > 1.002) {
		struct queue_world copy = *world;
		const double rate = good > 0 ? (good + bad) / 2 : bad / 4;
		random_begin(&copy.random, 1); /* the same arrivals for each rate */
		if (is_broken(&copy, rate, arrivals))
			bad = rate;
		else
			good = rate;
	}
	return (good + bad) / 2;
}
