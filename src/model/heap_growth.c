#include "model/heap_growth.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/vec.h"

#define WARM_UP 0.2
#define STEADY_LEAST 0.6
#define QUARTER_LEAST 0.5
#define QUARTER_SAMPLES 4 /* none of so many comes once in 55 (e^4) */
#define SURE_LEAST 0.5
#define SAMPLES_ENOUGH \
	30 /* of a steady leak; of so many it is told in nine of ten (test_heap_growth.c) */
#define ONCE_MORE 1.5 /* of the work, where what is missing is not samples */
#define TABLE_LEAST 4 /* times the middle step */
#define TABLE_SURE 5  /* standard errors */
#define Z_95 1.959963985

const char *const heap_verdict_names[HEAP_VERDICTS] = {"too-few", "flat", "settles", "may-grow",
						       "grows"};

/* The points of one process that count. */
struct windows {
	struct heap_point points[HEAP_WINDOWS + 1];
	size_t count;
};

/* The last point of each window; the first is where warm-up ends. In a damaged recording work may
 * go back: such points are passed over. */
static void cut(const struct heap_series *series, struct windows *out)
{
	out->count = 0;
	if (series->count < HEAP_WINDOWS_LEAST)
		return;
	const double first = series->points[0].work;
	const double last = series->points[series->count - 1].work;
	const double begin = first + WARM_UP * (last - first);
	const double width = (last - begin) / HEAP_WINDOWS;
	int at = -1; /* window of the last point kept */
	if (!(width > 0))
		return;
	for (size_t i = 0; i < series->count; i++) {
		const struct heap_point *p = &series->points[i];
		const double place = ceil((p->work - begin) / width - 1e-9);
		const int window = !(place > 0)           ? 0
				   : place > HEAP_WINDOWS ? HEAP_WINDOWS
							  : (int)place;
		if (window < at)
			continue;
		if (window > at)
			out->count++;
		at = window;
		out->points[out->count - 1] = *p;
	}
	if (out->count < HEAP_WINDOWS_LEAST)
		out->count = 0;
}

struct sums {
	VEC(double) slopes; /* between any two points of a process */
	VEC(double) steps;  /* between neighbours, bytes a unit */
	double variance;    /* of Kendall's S */
	double work, grown, grown_variance;
	double half_work[2], half_grown[2], last_work, last_grown;
};

static int by_size(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* A table that is made anew, twice as large, is one step, which hides what comes steadily beside
 * it. The greatest is made as the middle one is, if it is so much larger that chance did not make
 * it. */
static void level_table(struct windows *w, double sample_bytes)
{
	double sorted[HEAP_WINDOWS] = {0};
	size_t at = 0;
	if (w->count < HEAP_WINDOWS_LEAST)
		return;
	for (size_t i = 1; i < w->count; i++) {
		sorted[i - 1] = w->points[i].bytes - w->points[i - 1].bytes;
		if (sorted[i - 1] > (at ? w->points[at].bytes - w->points[at - 1].bytes : 0))
			at = i;
	}
	qsort(sorted, w->count - 1, sizeof *sorted, by_size);
	const double middle = sorted[(w->count - 1) / 2], most = sorted[w->count - 2];
	if (!(middle > 0) || most < TABLE_LEAST * middle ||
	    most - middle < TABLE_SURE * sqrt(sample_bytes * fmax(middle, sample_bytes)))
		return;
	for (size_t i = at; i < w->count; i++)
		w->points[i].bytes -= most - middle;
}

/* The point with most work at or below `work`. */
static const struct heap_point *point_at(const struct windows *w, double work)
{
	size_t i = 0;
	while (i + 1 < w->count && w->points[i + 1].work <= work)
		i++;
	return &w->points[i];
}

static void add_windows(struct sums *s, const struct windows *w)
{
	const double n = (double)w->count;
	for (size_t i = 0; i < w->count; i++)
		for (size_t k = i + 1; k < w->count; k++) {
			const struct heap_point *a = &w->points[i], *b = &w->points[k];
			const double slope = (b->bytes - a->bytes) / (b->work - a->work);
			*vec_push(&s->slopes) = slope;
			if (k == i + 1)
				*vec_push(&s->steps) = slope;
		}
	s->variance += n * (n - 1) * (2 * n + 5) / 18;
	const struct heap_point *first = &w->points[0], *last = &w->points[w->count - 1];
	const double span = last->work - first->work;
	const struct heap_point *middle = point_at(w, first->work + span / 2);
	const struct heap_point *quarter = point_at(w, first->work + 0.75 * span);
	s->work += span;
	s->grown += last->bytes - first->bytes;
	s->grown_variance += last->variance - first->variance;
	s->half_work[0] += middle->work - first->work;
	s->half_grown[0] += middle->bytes - first->bytes;
	s->half_work[1] += last->work - middle->work;
	s->half_grown[1] += last->bytes - middle->bytes;
	s->last_work += last->work - quarter->work;
	s->last_grown += last->bytes - quarter->bytes;
}

/* Value at a rank that may lie between two (from 1). */
static double at_rank(const double *sorted, size_t count, double rank)
{
	if (rank < 1)
		return sorted[0];
	if (rank >= (double)count)
		return sorted[count - 1];
	const size_t below = (size_t)rank;
	return sorted[below - 1] + (rank - (double)below) * (sorted[below] - sorted[below - 1]);
}

static struct stats_interval theil_sen(const struct sums *s)
{
	const double n = (double)s->slopes.count, half = Z_95 * sqrt(s->variance) / 2;
	stats_sort(s->slopes.items, s->slopes.count);
	return (struct stats_interval){
		.low = at_rank(s->slopes.items, s->slopes.count, n / 2 - half),
		.mid = stats_quantile(s->slopes.items, s->slopes.count, 0.5),
		.high = at_rank(s->slopes.items, s->slopes.count, n / 2 + half + 1),
	};
}

/* Of the mean step: what is live is a sum of what came, so that steps are independent of one
 * another and points are not. */
static struct stats_interval drift_of(const struct sums *s)
{
	double mean = 0, squares = 0;
	const double n = (double)s->steps.count;
	for (size_t i = 0; i < s->steps.count; i++)
		mean += s->steps.items[i] / n;
	for (size_t i = 0; i < s->steps.count; i++)
		squares += pow(s->steps.items[i] - mean, 2);
	const double half = stats_student_quantile(0.05, n - 1) * sqrt(squares / (n - 1) / n);
	return (struct stats_interval){mean - half, mean, mean + half};
}

/* Upper end of what so many bytes, seen by samples, may be but for chance. */
static double most_bytes(double bytes, double sample_bytes)
{
	if (!(sample_bytes > 0))
		return bytes;
	const double n = fmax(0, bytes / sample_bytes) + 1;
	return sample_bytes * n * pow(1 - 1 / (9 * n) + Z_95 / (3 * sqrt(n)), 3);
}

/* A sum's variance, by what a sample of it stands for; of none it may be one. */
static double variance_of(double bytes, double sample_bytes)
{
	return sample_bytes * fmax(bytes, sample_bytes);
}

/* In the second half, or in the last quarter, by more than chance. */
static bool has_slowed(const struct sums *s, double sample_bytes)
{
	const double *work = s->half_work, *grown = s->half_grown;
	const double missing = STEADY_LEAST * grown[0] / work[0] - grown[1] / work[1];
	const double variance =
		variance_of(grown[1], sample_bytes) / pow(work[1], 2) +
		pow(STEADY_LEAST / work[0], 2) * variance_of(grown[0], sample_bytes);
	return missing > Z_95 * sqrt(variance) ||
	       most_bytes(s->last_grown, sample_bytes) / s->last_work <
		       QUARTER_LEAST * s->grown / s->work;
}

/* By what was seen, whatever chance had in it. */
static bool is_steady(const struct sums *s, const struct stats_interval *drift)
{
	const double *work = s->half_work, *grown = s->half_grown, rate = s->grown / s->work;
	return drift->low >= SURE_LEAST * drift->mid &&
	       grown[1] / work[1] >= STEADY_LEAST * grown[0] / work[0] &&
	       s->last_grown / s->last_work >= QUARTER_LEAST * rate;
}

static enum heap_verdict judge(const struct sums *s, const struct stats_interval *slope,
			       const struct stats_interval *drift, double sample_bytes)
{
	const bool is_sampled = sample_bytes > 0;
	const double expected = s->grown / s->work * s->last_work;
	if (!(slope->low > 0) || !(s->grown > 0))
		return HEAP_FLAT;
	if (has_slowed(s, sample_bytes) || (!is_sampled && !(drift->low > 0)))
		return HEAP_SETTLES;
	return drift->low > 0 && expected >= QUARTER_SAMPLES * sample_bytes && is_steady(s, drift)
		       ? HEAP_GROWS
		       : HEAP_MAY_GROW;
}

/* Samples come with the work, and the drift's interval shrinks with its root. */
static double more_work(const struct sums *s, const struct stats_interval *drift,
			double sample_bytes)
{
	const double by_samples = SAMPLES_ENOUGH * sample_bytes / s->grown;
	const double unsure = (drift->mid - drift->low) / (SURE_LEAST * drift->mid);
	const double times = fmax(by_samples, drift->mid > 0 ? pow(unsure, 2) : 0);
	return s->work / (1 - WARM_UP) * ((times > 1 ? times : ONCE_MORE) - 1);
}

/* Of samples of several distances those of what grew count: the distance may have become shorter
 * while what was there before was made (agent/heap_rate.h). */
static double sample_of_growth(const struct sums *s, double sample_bytes, double least_bytes)
{
	if (!(sample_bytes > 0) || !(s->grown > 0) || !(s->grown_variance > 0))
		return sample_bytes;
	return fmin(sample_bytes, fmax(least_bytes, s->grown_variance / s->grown));
}

static void judge_all(const struct heap_series *series, size_t count, double sample_bytes,
		      double least_bytes, bool without_table, struct heap_growth *out)
{
	struct sums s = {0};
	struct windows *w = mem_alloc(sizeof *w);
	*out = (struct heap_growth){.verdict = HEAP_TOO_FEW,
				    .slope = {NAN, NAN, NAN},
				    .grown_samples = NAN,
				    .more_work = NAN};
	for (size_t i = 0; i < count; i++) {
		cut(&series[i], w);
		if (!w->count)
			continue;
		if (without_table)
			level_table(w, sample_bytes);
		add_windows(&s, w);
		out->windows += w->count;
	}
	if (s.slopes.count) {
		sample_bytes = sample_of_growth(&s, sample_bytes, least_bytes);
		const struct stats_interval slope = theil_sen(&s), drift = drift_of(&s);
		out->slope = (struct stats_interval){.low = fmin(slope.low, drift.low),
						     .mid = slope.mid,
						     .high = fmax(slope.high, drift.high)};
		out->work = s.work;
		out->grown_bytes = s.grown;
		out->verdict = judge(&s, &slope, &drift, sample_bytes);
		if (sample_bytes > 0)
			out->grown_samples = fmax(0, s.grown / sample_bytes);
		if (out->verdict == HEAP_MAY_GROW)
			out->more_work = more_work(&s, &drift, sample_bytes);
	}
	vec_free(&s.slopes);
	vec_free(&s.steps);
	free(w);
}

void heap_growth_judge(const struct heap_series *series, size_t count, double sample_bytes,
		       double least_bytes, struct heap_growth *out)
{
	struct heap_growth rest;
	judge_all(series, count, sample_bytes, least_bytes, false, out);
	if (out->verdict != HEAP_MAY_GROW)
		return;
	judge_all(series, count, sample_bytes, least_bytes, true, &rest);
	if (rest.verdict == HEAP_GROWS)
		*out = rest;
}
