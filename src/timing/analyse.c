#include "timing/analyse.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"

#define UNDISTURBED_LEAST 3
#define FLOOR_RESAMPLES 2000
#define FLOOR_LEVEL 0.95
#define SWAPS_ALL_BITS \
	14 /* so many values are swapped in every way; more, SWAPS times at random \
	    */
#define SWAPS 20000
#define SWAPS_SEED UINT64_C(0x73776170)
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

static bool is_interrupted(const struct look *l, const struct timing_process *p, size_t round)
{
	const struct timing_block *blocks = &p->blocks[round * l->data->slots];
	return blocks[l->slot].interrupted || (l->against && blocks[0].interrupted);
}

/* The rounds of a process that count: those that nobody interrupted; all, where these are few, as
 * of snippets whose own threads take turns, or that last longer than the kernel lets anything run.
 */
static size_t rounds_of(const struct look *l, const struct timing_process *p, double empty,
			double *values)
{
	size_t count = 0;
	for (size_t round = 0; round < p->rounds; round++)
		if (!is_interrupted(l, p, round))
			values[count++] = one(l, p, round, empty);
	if (count >= UNDISTURBED_LEAST)
		return count;
	for (count = 0; count < p->rounds; count++)
		values[count] = one(l, p, count, empty);
	return count;
}

/* NaN: one is not known. */
static double median_of(const struct look *l, const struct timing_process *p, double empty,
			double *scratch)
{
	const size_t count = rounds_of(l, p, empty, scratch);
	for (size_t i = 0; i < count; i++)
		if (!isfinite(scratch[i]))
			return NAN;
	stats_sort(scratch, count);
	return stats_quantile(scratch, count, 0.5);
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
		else
			s->count += rounds_of(l, p, empty, s->values + s->count);
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

/* Ranks of the changes by size, equal ones share theirs; with their signs. */
static void signed_ranks(const struct sample *changes, double *ranks)
{
	for (size_t i = 0; i < changes->count; i++) {
		const double size = fabs(changes->values[i]);
		double below = 0, equal = 0;
		for (size_t k = 0; k < changes->count; k++) {
			below += fabs(changes->values[k]) < size;
			equal += fabs(fabs(changes->values[k]) - size) <= 0;
		}
		ranks[i] = size > 0 ? copysign(below + (equal + 1) / 2, changes->values[i]) : 0;
	}
}

/* The share of swaps of A and B whose sum of signed ranks is as far from none (Wilcoxon 1945). */
static double chance_of(const struct sample *changes, double *ranks)
{
	const size_t n = changes->count;
	const bool all = n <= SWAPS_ALL_BITS;
	const uint64_t swaps = all ? UINT64_C(1) << n : SWAPS;
	uint64_t state = SWAPS_SEED, as_extreme = 0;
	double seen = 0;
	signed_ranks(changes, ranks);
	for (size_t i = 0; i < n; i++)
		seen += ranks[i];
	for (uint64_t swap = 0; swap < swaps; swap++) {
		uint64_t bits = swap;
		double sum = 0;
		for (size_t i = 0; i < n; i++) {
			if (!all && i % 64 == 0)
				bits = swap ? stats_random(&state) : 0; /* as it was is one */
			sum += bits >> (i % 64) & 1 ? -ranks[i] : ranks[i];
		}
		as_extreme += fabs(sum) >= fabs(seen);
	}
	return (double)as_extreme / (double)swaps;
}

static enum timing_verdict judge(const struct stats_interval *c, double floor, double chance)
{
	const bool is_rare = chance <= ANALYSE_CHANCE;
	if (c->low > 0 && c->mid > floor)
		return is_rare ? TIMING_SLOWER : TIMING_CANNOT_TELL;
	if (c->high < 0 && -c->mid > floor)
		return is_rare ? TIMING_FASTER : TIMING_CANNOT_TELL;
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
	struct timing_change change = {
		.change = {expm1(logs.low), expm1(logs.mid), expm1(logs.high)},
		.chance = isnan(logs.low) ? NAN : chance_of(s, scratch),
	};
	change.verdict = judge(&change.change, floor, change.chance);
	return change;
}

/* Where others take the CPU away and no snippet gives it up, wall time is theirs: CPU time decides.
 */
static void count_blocks(const struct timing_data *data, struct timing_result *result)
{
	size_t waited[TIMING_SNIPPETS_MOST] = {0};
	bool waits = false;
	for (size_t i = 0; i < data->process_count; i++) {
		const struct timing_process *p = &data->processes[i];
		result->rounds += p->rounds;
		for (size_t block = 0; block < p->rounds * data->slots; block++) {
			const size_t slot = block % data->slots;
			if (slot >= data->snippets)
				continue;
			result->interrupted += p->blocks[block].interrupted;
			waited[slot] += p->blocks[block].waited;
		}
	}
	result->blocks = result->rounds * data->snippets;
	for (size_t slot = 0; slot < data->snippets; slot++)
		waits |= waited[slot] > result->rounds / 2;
	const bool is_busy = (double)result->interrupted > ANALYSE_BUSY * (double)result->blocks;
	result->decides = is_busy && !waits ? TIMING_CPU : TIMING_WALL;
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
		.basis =
			data->process_count >= ANALYSE_VALUES ? TIMING_BY_PROCESS : TIMING_BY_ROUND,
	};
	count_blocks(data, result);
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
