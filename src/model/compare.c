#include "model/compare.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"

#define FLOOR_RESAMPLES 2000
#define FLOOR_LEVEL 0.95
#define FLOOR_BLOCKS_LEAST 4
#define INNER 0.75 /* of the pairs: those that changed least */
#define SWAPS_ALL_BITS \
	14 /* so many pairs are swapped in every way; more, SWAPS times at random \
	    */
#define SWAPS 20000
#define SWAP_WORDS ((COMPARE_PAIRS_MOST + 63) / 64) /* a bit a pair: it is swapped */

/* Same blocks, same answer. */
#define FLOOR_SEED UINT64_C(0x666c6f6f72)
#define SWAP_SEED UINT64_C(0x73776170)

static double scaled(enum compare_scale scale, double value)
{
	return scale == COMPARE_RATIO ? log(value) : value;
}

/* Of a change as computed with: to the one that is shown. */
static double shown(enum compare_scale scale, double change)
{
	return scale == COMPARE_RATIO ? expm1(change) : change;
}

static double middle(enum compare_scale scale, const double *sorted, size_t count)
{
	return scale == COMPARE_RATIO ? stats_quantile(sorted, count, 0.5)
				      : stats_trimmed_mean(sorted, count);
}

static double centre(enum compare_scale scale, const double *values, size_t count, double *scratch)
{
	for (size_t i = 0; i < count; i++)
		scratch[i] = values[i];
	stats_sort(scratch, count);
	return middle(scale, scratch, count);
}

static bool is_measured(const struct compare_series *s, size_t pairs)
{
	for (size_t i = 0; i < pairs; i++) {
		if (!isfinite(s->a[i]) || !isfinite(s->b[i]))
			return false;
		if (s->scale == COMPARE_RATIO && (s->a[i] <= 0 || s->b[i] <= 0))
			return false;
	}
	return pairs > 0;
}

/* What A against itself would show. Neighbours, not halves: what drifts over all blocks cancels
 * here as it does in the pairs (von Neumann 1941, mean square successive difference). */
static double noise_floor(enum compare_scale scale, const double *a, size_t count)
{
	double steps[COMPARE_PAIRS_MOST], drawn[COMPARE_PAIRS_MOST], means[FLOOR_RESAMPLES];
	uint64_t state = FLOOR_SEED;
	if (count < FLOOR_BLOCKS_LEAST)
		return NAN;
	for (size_t i = 0; i + 1 < count; i++)
		steps[i] = a[i + 1] - a[i];
	for (int r = 0; r < FLOOR_RESAMPLES; r++) {
		for (size_t i = 0; i < count; i++) {
			const uint64_t random = stats_random(&state);
			const double step = steps[(random >> 1) % (count - 1)];
			drawn[i] = random & 1 ? step : -step;
		}
		stats_sort(drawn, count);
		means[r] = fabs(middle(scale, drawn, count));
	}
	stats_sort(means, FLOOR_RESAMPLES);
	return stats_quantile(means, FLOOR_RESAMPLES, FLOOR_LEVEL);
}

static void scale_scores(double *scores, size_t count)
{
	double squares = 0;
	for (size_t i = 0; i < count; i++)
		squares += scores[i] * scores[i];
	for (size_t i = 0; squares > 0 && i < count; i++)
		scores[i] /= sqrt(squares);
}

static double sign(double change)
{
	return change > 0 ? 1 : change < 0 ? -1 : 0; /* no change is on no side */
}

/* What is asked of the changes of a series; each is a column of scores whose sum under random signs
 * has variance 1. */
enum { BY_RANKS, BY_SIGNS, BY_INNER_SIGNS, SCORES };
struct scores {
	double of[SCORES][COMPARE_PAIRS_MOST];
};

/* Equal sizes share their ranks. */
static void score(const double *changes, size_t count, struct scores *scores)
{
	for (size_t i = 0; i < count; i++) {
		double below = 0, equal = 0;
		for (size_t k = 0; k < count; k++) {
			below += fabs(changes[k]) < fabs(changes[i]);
			equal += fabs(fabs(changes[k]) - fabs(changes[i])) <= 0;
		}
		const double rank = below + (equal + 1) / 2;
		scores->of[BY_RANKS][i] = sign(changes[i]) * rank;
		scores->of[BY_SIGNS][i] = sign(changes[i]);
		scores->of[BY_INNER_SIGNS][i] =
			rank <= ceil(INNER * (double)count) ? sign(changes[i]) : 0;
	}
	for (int k = 0; k < SCORES; k++)
		scale_scores(scores->of[k], count);
}

struct family {
	struct scores *scores; /* of each measured series */
	double *seen;          /* the larger |sum| as it is */
	uint64_t *as_extreme;  /* swaps whose largest |sum| is no less */
	size_t count, pairs;
};

/* The larger |sum| of a series where the pairs of these bits are swapped. */
static double extreme_of(const struct scores *scores, size_t pairs, const uint64_t *bits)
{
	double most = 0;
	for (int k = 0; k < SCORES; k++) {
		double sum = 0;
		for (size_t i = 0; i < pairs; i++)
			sum += bits[i / 64] >> (i % 64) & 1 ? -scores->of[k][i] : scores->of[k][i];
		most = fmax(most, fabs(sum));
	}
	return most;
}

static void count_swap(struct family *f, const uint64_t *bits)
{
	double most = 0;
	for (size_t s = 0; s < f->count; s++)
		most = fmax(most, extreme_of(&f->scores[s], f->pairs, bits));
	/* sums of the same numbers in another order differ in their last digits */
	for (size_t s = 0; s < f->count; s++)
		f->as_extreme[s] += most >= f->seen[s] - 1e-9;
}

static uint64_t count_swaps(struct family *f)
{
	uint64_t bits[SWAP_WORDS] = {0}, state = SWAP_SEED;
	if (f->pairs <= SWAPS_ALL_BITS) {
		for (; bits[0] < UINT64_C(1) << f->pairs; bits[0]++)
			count_swap(f, bits);
		return bits[0];
	}
	count_swap(f, bits); /* the order as it was is one of them */
	for (int r = 1; r < SWAPS; r++) {
		for (size_t i = 0; i < sizeof bits / sizeof *bits; i++)
			bits[i] = stats_random(&state);
		count_swap(f, bits);
	}
	return SWAPS;
}

enum compare_verdict compare_judge(const struct compare_row *row, double wanted)
{
	const struct stats_interval *c = &row->change;
	const bool is_rare = row->chance <= row->chance_most;
	const bool is_more = c->low > 0 && c->mid > row->floor;
	const bool is_less = c->high < 0 && -c->mid > row->floor;
	if (is_more || is_less)
		return !is_rare ? COMPARE_CANNOT_TELL : is_more ? COMPARE_MORE : COMPARE_LESS;
	return row->floor < wanted && c->low > -wanted && c->high < wanted ? COMPARE_SAME
									   : COMPARE_CANNOT_TELL;
}

void compare_assume(struct compare_row *row, enum compare_scale scale, double assumed,
		    double wanted)
{
	const struct stats_interval *c = &row->change;
	/* twice as much, or half of it */
	const double less = scale == COMPARE_RATIO ? 1 - 1 / (1 + assumed) : assumed;
	row->floor = row->chance = row->chance_most = NAN;
	row->assumed = assumed;
	row->verdict = c->low > assumed  ? COMPARE_MORE
		       : c->high < -less ? COMPARE_LESS
		       : assumed <= wanted && c->low > -wanted && c->high < wanted
			       ? COMPARE_SAME
			       : COMPARE_CANNOT_TELL;
}

static void measure(const struct compare_series *s, size_t pairs, struct compare_row *row,
		    struct scores *scores)
{
	double a[COMPARE_PAIRS_MOST], b[COMPARE_PAIRS_MOST], changes[COMPARE_PAIRS_MOST],
		scratch[COMPARE_PAIRS_MOST];
	for (size_t i = 0; i < pairs; i++) {
		a[i] = scaled(s->scale, s->a[i]);
		b[i] = scaled(s->scale, s->b[i]);
		changes[i] = b[i] - a[i];
	}
	score(changes, pairs, scores);
	row->measured = true;
	row->a = centre(s->scale, a, pairs, scratch);
	row->b = centre(s->scale, b, pairs, scratch);
	if (s->scale == COMPARE_RATIO) {
		row->a = exp(row->a);
		row->b = exp(row->b);
	}
	stats_sort(changes, pairs);
	const struct stats_interval change = s->scale == COMPARE_RATIO
						     ? stats_median_interval(changes, pairs)
						     : stats_bootstrap_trimmed(changes, pairs);
	row->change =
		(struct stats_interval){shown(s->scale, change.low), shown(s->scale, change.mid),
					shown(s->scale, change.high)};
	row->floor = shown(s->scale, noise_floor(s->scale, a, pairs));
}

/* Measures and judges series[from] … series[to - 1] but that of the index `without`: together one
 * family. True: one of them was called different. */
static bool compare_family(const struct compare_series *series, size_t from, size_t to,
			   size_t without, size_t pairs, double chance_most,
			   struct compare_row *rows)
{
	const uint64_t none[SWAP_WORDS] = {0};
	struct family f = {.pairs = pairs};
	bool any = false;
	f.scores = mem_alloc((to - from) * sizeof *f.scores);
	f.seen = mem_alloc((to - from) * sizeof *f.seen);
	f.as_extreme = mem_alloc((to - from) * sizeof *f.as_extreme);
	for (size_t s = from; s < to; s++) {
		if (s == without || !is_measured(&series[s], pairs))
			continue;
		measure(&series[s], pairs, &rows[s], &f.scores[f.count]);
		f.seen[f.count] = extreme_of(&f.scores[f.count], pairs, none);
		f.count++;
	}
	const double swaps = (double)count_swaps(&f);
	for (size_t s = from, at = 0; s < to; s++) {
		if (s == without || !rows[s].measured)
			continue;
		rows[s].chance = (double)f.as_extreme[at++] / swaps;
		rows[s].chance_most = chance_most;
		rows[s].verdict = compare_judge(&rows[s], series[s].wanted);
		any |= rows[s].verdict == COMPARE_MORE || rows[s].verdict == COMPARE_LESS;
	}
	free(f.scores);
	free(f.seen);
	free(f.as_extreme);
	return any;
}

void compare(const struct compare_series *series, size_t count, size_t pairs, size_t decides,
	     struct compare_row *rows)
{
	double others = COMPARE_CHANCE_OTHERS;
	for (size_t s = 0; s < count; s++)
		rows[s] = (struct compare_row){.a = NAN,
					       .b = NAN,
					       .change = {NAN, NAN, NAN},
					       .floor = NAN,
					       .chance = NAN,
					       .chance_most = NAN,
					       .assumed = NAN};
	if (decides < count && compare_family(series, decides, decides + 1, count, pairs,
					      COMPARE_CHANCE_DECIDES, rows))
		others += COMPARE_CHANCE_DECIDES;
	compare_family(series, 0, count, decides, pairs, others, rows);
}
