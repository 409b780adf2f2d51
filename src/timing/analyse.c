#include "timing/analyse.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"

#define FLOOR_RESAMPLES 2000
#define FLOOR_LEVEL 0.95
#define FLOOR_SEED UINT64_C(0x666c6f6f72) /* same blocks, same answer */

const char *const timing_metric_names[] = {"wall", "cpu", "instructions"};

struct sample {
	double *values; /* sorted */
	size_t count;
};

/* What is looked at: a metric of a slot, by itself or against A. */
struct look {
	const struct timing_data *data;
	enum timing_metric metric;
	size_t slot;
	bool against; /* log(slot / A) */
};

/* One round of it; of the loop itself `empty` is 0. */
static double one(const struct look *l, const struct timing_process *p, size_t round, double empty)
{
	const struct timing_block *blocks = &p->blocks[round * l->data->slots];
	const double a = blocks[0].value[l->metric] - empty;
	const double b = blocks[l->slot].value[l->metric] - empty;
	if (!l->against)
		return b;
	return a > 0 && b > 0 ? log(b / a) : NAN;
}

static double median_of(const struct look *l, const struct timing_process *p, double empty,
			double *scratch)
{
	for (size_t round = 0; round < p->rounds; round++) {
		scratch[round] = one(l, p, round, empty);
		if (!isfinite(scratch[round]))
			return NAN;
	}
	stats_sort(scratch, p->rounds);
	return stats_quantile(scratch, p->rounds, 0.5);
}

/* What is taken off all rounds of a process: of a single round it may have been disturbed. */
static double empty_of(const struct look *l, const struct timing_process *p, double *scratch)
{
	const size_t last = l->data->slots - 1;
	const struct look empty = {l->data, l->metric, last, false};
	return l->slot == last ? 0 : median_of(&empty, p, 0, scratch);
}

/* False: a value is not known. */
static bool collect(const struct look *l, enum timing_basis basis, double *scratch,
		    struct sample *s)
{
	s->count = 0;
	for (size_t i = 0; i < l->data->process_count; i++) {
		const struct timing_process *p = &l->data->processes[i];
		const double empty = empty_of(l, p, scratch);
		if (basis == TIMING_BY_PROCESS)
			s->values[s->count++] = median_of(l, p, empty, scratch);
		for (size_t r = 0; basis == TIMING_BY_ROUND && r < p->rounds; r++)
			s->values[s->count++] = one(l, p, r, empty);
	}
	for (size_t i = 0; i < s->count; i++)
		if (!isfinite(s->values[i]))
			return false;
	stats_sort(s->values, s->count);
	return true;
}

/* Centres of as many changes of A against itself, signs at random. */
static double noise_floor(const struct sample *again, double *scratch)
{
	double centres[FLOOR_RESAMPLES];
	uint64_t state = FLOOR_SEED;
	if (again->count < ANALYSE_LEAST)
		return NAN;
	for (int r = 0; r < FLOOR_RESAMPLES; r++) {
		for (size_t i = 0; i < again->count; i++) {
			const uint64_t random = stats_random(&state);
			const double change = again->values[(random >> 1) % again->count];
			scratch[i] = random & 1 ? change : -change;
		}
		stats_sort(scratch, again->count);
		centres[r] = fabs(stats_trimmed_mean(scratch, again->count));
	}
	stats_sort(centres, FLOOR_RESAMPLES);
	return expm1(stats_quantile(centres, FLOOR_RESAMPLES, FLOOR_LEVEL));
}

static enum timing_verdict judge(const struct stats_interval *c, double floor)
{
	if (c->low > 0 && c->mid > floor)
		return TIMING_SLOWER;
	if (c->high < 0 && -c->mid > floor)
		return TIMING_FASTER;
	return floor < ANALYSE_WANTED && c->low > -ANALYSE_WANTED && c->high < ANALYSE_WANTED
		       ? TIMING_SAME
		       : TIMING_CANNOT_TELL;
}

static const struct stats_interval unknown = {NAN, NAN, NAN};

static struct stats_interval interval_of(const struct look *l, enum timing_basis basis,
					 double *scratch, struct sample *s)
{
	if (!collect(l, basis, scratch, s))
		return unknown;
	return stats_bootstrap_trimmed(s->values, s->count);
}

static struct timing_change change_of(const struct look *l, enum timing_basis basis, double floor,
				      double *scratch, struct sample *s)
{
	const struct stats_interval logs = interval_of(l, basis, scratch, s);
	struct timing_change change = {{expm1(logs.low), expm1(logs.mid), expm1(logs.high)},
				       TIMING_CANNOT_TELL};
	change.verdict = judge(&change.change, floor);
	return change;
}

static void wall_details(const struct timing_data *data, size_t slot, double *scratch,
			 struct timing_row *row)
{
	const struct look l = {data, TIMING_WALL, slot, false};
	row->least_ns = INFINITY;
	for (size_t i = 0; i < data->process_count; i++) {
		const struct timing_process *p = &data->processes[i];
		const double empty = empty_of(&l, p, scratch);
		row->by_process[i] = median_of(&l, p, empty, scratch);
		for (size_t round = 0; round < p->rounds; round++)
			row->least_ns = fmin(row->least_ns, one(&l, p, round, empty));
	}
	const struct stats_interval *wall = &row->value[TIMING_WALL];
	row->is_nothing = (isnan(wall->low) ? wall->mid : wall->low) <= 0;
}

void timing_analyse(const struct timing_data *data, struct timing_result *result)
{
	*result = (struct timing_result){
		.basis = data->process_count >= ANALYSE_LEAST ? TIMING_BY_PROCESS : TIMING_BY_ROUND,
	};
	for (size_t i = 0; i < data->process_count; i++)
		result->rounds += data->processes[i].rounds;
	result->values = result->basis == TIMING_BY_PROCESS ? data->process_count : result->rounds;
	struct sample s = {mem_alloc((result->rounds + 1) * sizeof *s.values), 0};
	double *scratch = mem_alloc((result->rounds + 1) * sizeof *scratch);
	for (int metric = 0; metric < TIMING_METRICS; metric++) {
		struct look l = {data, (enum timing_metric)metric, data->snippets, true};
		double *floor = &result->floor[metric];
		*floor = collect(&l, result->basis, scratch, &s) ? noise_floor(&s, scratch) : NAN;
		result->again[metric] = change_of(&l, result->basis, *floor, scratch, &s);
		for (l.slot = 0; l.slot < data->snippets; l.slot++) {
			struct timing_row *row = &result->rows[l.slot];
			row->against[metric].change = unknown;
			if (l.slot)
				row->against[metric] =
					change_of(&l, result->basis, *floor, scratch, &s);
			const struct look alone = {data, l.metric, l.slot, false};
			row->value[metric] = interval_of(&alone, result->basis, scratch, &s);
		}
		const struct look empty = {data, l.metric, data->slots - 1, false};
		result->empty[metric] = interval_of(&empty, result->basis, scratch, &s);
	}
	for (size_t slot = 0; slot < data->snippets; slot++)
		wall_details(data, slot, scratch, &result->rows[slot]);
	free(s.values);
	free(scratch);
}
