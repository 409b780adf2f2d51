#include "model/runs.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TENTH 0.10 /* change of a time or a rate that a comparison should be able to see */
#define POINT 0.01 /* the same of the share of errors */
#define WARNINGS_MOST 8
#define SAME_LOAD 1.01 /* rates offered nearer than this are one */
#define WITHIN_RESAMPLES 400
#define WITHIN_SEED UINT64_C(0x77697468696e)
#define Z 1.96            /* 19 in 20 of a normal distribution lie within */
#define POISSON_NORMAL 30 /* from this mean on a Poisson count is drawn from a normal one */

const struct run_metric_info run_metrics[RUN_METRICS] = {
	[RUN_P50] = {"p50", "ms", COMPARE_RATIO, TENTH, "slower", "faster"},
	[RUN_P90] = {"p90", "ms", COMPARE_RATIO, TENTH, "slower", "faster"},
	[RUN_P99] = {"p99", "ms", COMPARE_RATIO, TENTH, "slower", "faster"},
	[RUN_MEAN] = {"mean", "ms", COMPARE_RATIO, TENTH, "slower", "faster"},
	[RUN_RATE] = {"rate", "1/s", COMPARE_RATIO, TENTH, "higher", "lower"},
	[RUN_ERRORS] = {"errors", "", COMPARE_DIFFERENCE, POINT, "higher", "lower"},
	[RUN_WALL] = {"wall", "s", COMPARE_RATIO, TENTH, "slower", "faster"},
	[RUN_CPU] = {"cpu", "s", COMPARE_RATIO, TENTH, "more", "less"},
};

const char *const comparison_basis_names[] = {
	[BASIS_BLOCKS] = "blocks",
	[BASIS_RESULTS] = "results",
	[BASIS_PARTS] = "parts",
	[BASIS_NONE] = "none",
};

static const struct {
	enum run_metric metric;
	double quantile;
} quantiles[] = {{RUN_P50, 0.5}, {RUN_P90, 0.9}, {RUN_P99, 0.99}};

void run_part_clear(struct run_part *part)
{
	for (int m = 0; m < RUN_METRICS; m++)
		part->value[m] = NAN;
}

void run_part_of_counts(struct run_part *part, const struct run_count *counts, size_t count)
{
	double total = 0, sum = 0, seen = 0;
	for (size_t i = 0; i < count; i++) {
		total += counts[i].count;
		sum += counts[i].count * counts[i].value_ms;
	}
	if (total <= 0)
		return;
	part->value[RUN_MEAN] = sum / total;
	size_t at = 0;
	for (size_t i = 0; i < count && at < sizeof quantiles / sizeof *quantiles; i++) {
		seen += counts[i].count;
		while (at < sizeof quantiles / sizeof *quantiles &&
		       seen >= ceil(quantiles[at].quantile * total))
			part->value[quantiles[at++].metric] = counts[i].value_ms;
	}
}

size_t run_fold_parts(struct run_part *parts, size_t count, size_t wanted)
{
	if (count <= wanted)
		return count;
	for (size_t k = 0; k < wanted; k++) {
		const size_t from = k * count / wanted, to = (k + 1) * count / wanted;
		struct run_part folded;
		for (int m = 0; m < RUN_METRICS; m++) {
			double sum = 0, known = 0;
			for (size_t i = from; i < to; i++) {
				sum += isfinite(parts[i].value[m]) ? parts[i].value[m] : 0;
				known += isfinite(parts[i].value[m]);
			}
			folded.value[m] = known > 0 ? sum / known : NAN;
		}
		parts[k] = folded;
	}
	return wanted;
}

void comparison_warn(struct comparison *c, struct arena *arena, const char *format, ...)
{
	char text[480];
	va_list values;
	if (!c->warnings)
		c->warnings = arena_alloc(arena, WARNINGS_MOST * sizeof *c->warnings);
	if (c->warning_count == WARNINGS_MOST)
		return;
	va_start(values, format);
	vsnprintf(text, sizeof text, format, values);
	va_end(values);
	c->warnings[c->warning_count++] = arena_string(arena, text);
}

/* --- what the number of requests leaves open --- */

static double uniform(uint64_t *state)
{
	return ((double)(stats_random(state) >> 11) + 0.5) / 0x1p53;
}

static double poisson(double mean, uint64_t *state)
{
	if (mean >= POISSON_NORMAL) {
		const double radius = sqrt(-2 * log(uniform(state)));
		return fmax(0, round(mean + sqrt(mean) * radius * cos(2 * M_PI * uniform(state))));
	}
	/* Knuth: how many uniform factors until the product is below e^-mean */
	const double least = exp(-mean);
	double product = uniform(state);
	int count = 0;
	for (; product > least; count++)
		product *= uniform(state);
	return count;
}

static void resample(const struct run *run, struct run_count *drawn, struct run_part *part,
		     uint64_t *state)
{
	for (size_t i = 0; i < run->count_count; i++)
		drawn[i] = (struct run_count){run->counts[i].value_ms,
					      poisson(run->counts[i].count, state)};
	run_part_clear(part);
	run_part_of_counts(part, drawn, run->count_count);
}

/* log(b / a) of p50, p90, p99 and mean: 95 % interval if only the requests were drawn anew. NaN
 * for the others. */
static void within(const struct run *a, const struct run *b,
		   struct stats_interval change[RUN_METRICS])
{
	double(*ratios)[WITHIN_RESAMPLES] = mem_alloc(RUN_METRICS * sizeof *ratios);
	struct run_count *drawn_a = mem_alloc(a->count_count * sizeof *drawn_a + 1);
	struct run_count *drawn_b = mem_alloc(b->count_count * sizeof *drawn_b + 1);
	uint64_t state = WITHIN_SEED;
	for (int r = 0; r < WITHIN_RESAMPLES; r++) {
		struct run_part of_a, of_b;
		resample(a, drawn_a, &of_a, &state);
		resample(b, drawn_b, &of_b, &state);
		for (int m = 0; m < RUN_METRICS; m++)
			ratios[m][r] = log(of_b.value[m] / of_a.value[m]);
	}
	for (int m = 0; m < RUN_METRICS; m++) {
		bool known = true;
		for (int r = 0; r < WITHIN_RESAMPLES; r++)
			known &= isfinite(ratios[m][r]);
		change[m] = (struct stats_interval){NAN, NAN, NAN};
		if (!known)
			continue;
		stats_sort(ratios[m], WITHIN_RESAMPLES);
		change[m].low = stats_quantile(ratios[m], WITHIN_RESAMPLES, 0.025);
		change[m].mid = log(b->whole.value[m] / a->whole.value[m]);
		change[m].high = stats_quantile(ratios[m], WITHIN_RESAMPLES, 0.975);
	}
	free(ratios);
	free(drawn_a);
	free(drawn_b);
}

/* b - a of two shares of so many requests: 95 % interval (Newcombe 1998, method 10: from Wilson's
 * intervals of both). */
static struct stats_interval within_shares(double a, double of_a, double b, double of_b)
{
	const double shares[2] = {a, b}, counts[2] = {of_a, of_b};
	double low[2], high[2];
	for (int i = 0; i < 2; i++) {
		const double z2 = Z * Z / counts[i], p = shares[i];
		const double centre = (p + z2 / 2) / (1 + z2);
		const double half = sqrt(fmax(0, p * (1 - p)) * z2 + z2 * z2 / 4) / (1 + z2);
		low[i] = centre - half;
		high[i] = centre + half;
	}
	return (struct stats_interval){b - a - hypot(b - low[1], high[0] - a), b - a,
				       b - a + hypot(high[1] - b, a - low[0])};
}

/* A change as it is computed with: of it intervals can be moved. */
static double moved_to(enum compare_scale scale, double change)
{
	return scale == COMPARE_RATIO ? log1p(change) : change;
}

static double moved_back(enum compare_scale scale, double change)
{
	return scale == COMPARE_RATIO ? expm1(change) : change;
}

/* The row of two whole runs, in place of that of their parts: these's interval laid around the
 * whole runs' change and never narrower than what the requests leave open. A stretch may be known
 * only coarsely, the whole is not. */
static void row_of_wholes(enum run_metric metric, double a, double b,
			  const struct stats_interval *open, struct compare_row *row)
{
	const struct run_metric_info *info = &run_metrics[metric];
	const bool is_ratio = info->scale == COMPARE_RATIO;
	const double mid = is_ratio ? log(b / a) : b - a;
	double low = open->low, high = open->high;
	if (row->measured) {
		const double shift = mid - moved_to(info->scale, row->change.mid);
		/* of a NaN and a number fmin and fmax take the number */
		low = fmin(low, moved_to(info->scale, row->change.low) + shift);
		high = fmax(high, moved_to(info->scale, row->change.high) + shift);
	}
	row->measured = true;
	row->a = a;
	row->b = b;
	row->change =
		(struct stats_interval){moved_back(info->scale, low), moved_back(info->scale, mid),
					moved_back(info->scale, high)};
	compare_assume(row, info->scale, is_ratio ? COMPARE_ASSUMED_RATIO : COMPARE_ASSUMED_SHARE,
		       info->wanted);
}

/* --- the rows --- */

/* What users feel, as steadily as it can be measured: the median response, else the command's time.
 */
static enum run_metric what_decides(const struct run_part *a)
{
	return isfinite(a[0].value[RUN_P50]) ? RUN_P50 : RUN_WALL;
}

static void compare_metrics(const struct run_part *a, const struct run_part *b, size_t pairs,
			    enum run_metric decides, struct compare_row rows[RUN_METRICS])
{
	struct compare_series series[RUN_METRICS];
	double(*values)[RUN_METRICS][COMPARE_PAIRS_MOST] = mem_alloc(2 * sizeof *values);
	for (int m = 0; m < RUN_METRICS; m++) {
		for (size_t i = 0; i < pairs; i++) {
			values[0][m][i] = a[i].value[m];
			values[1][m][i] = b[i].value[m];
		}
		series[m] = (struct compare_series){run_metrics[m].scale, run_metrics[m].wanted,
						    values[0][m], values[1][m]};
	}
	compare(series, RUN_METRICS, pairs, decides, rows);
	free(values);
}

size_t runs_compare_parts(const struct run *a, const struct run *b, size_t pairs,
			  struct comparison_metric rows[RUN_METRICS])
{
	struct compare_row of_parts[RUN_METRICS];
	struct stats_interval open[RUN_METRICS];
	size_t count = 0;
	compare_metrics(a->parts, b->parts, pairs, RUN_METRICS, of_parts);
	within(a, b, open);
	for (int m = 0; m < RUN_METRICS; m++) {
		const double of_a = a->whole.value[m], of_b = b->whole.value[m];
		const bool is_ratio = run_metrics[m].scale == COMPARE_RATIO;
		if (!isfinite(of_a) || !isfinite(of_b) || (is_ratio && (of_a <= 0 || of_b <= 0)))
			continue;
		if (!is_ratio)
			open[m] =
				within_shares(of_a, (double)a->requests, of_b, (double)b->requests);
		row_of_wholes((enum run_metric)m, of_a, of_b, &open[m], &of_parts[m]);
		rows[count++] = (struct comparison_metric){(enum run_metric)m, of_parts[m]};
	}
	return count;
}

static void compare_blocks(struct run *const runs[2], struct arena *arena, struct comparison *out)
{
	struct run_part *blocks[2];
	struct compare_row rows[RUN_METRICS];
	for (int side = 0; side < 2; side++) {
		blocks[side] = arena_alloc(arena, out->pairs * sizeof *blocks[side]);
		for (size_t i = 0; i < out->pairs; i++)
			blocks[side][i] = runs[side][i].whole;
		out->blocks[side] = blocks[side];
	}
	out->decides = what_decides(blocks[0]);
	compare_metrics(blocks[0], blocks[1], out->pairs, out->decides, rows);
	for (int m = 0; m < RUN_METRICS; m++)
		if (rows[m].measured)
			out->metrics[out->metric_count++] =
				(struct comparison_metric){(enum run_metric)m, rows[m]};
}

static void compare_one_run(struct run *a, struct run *b, struct arena *arena,
			    struct comparison *out)
{
	size_t pairs = a->part_count < b->part_count ? a->part_count : b->part_count;
	pairs = pairs < RUN_PARTS_MOST ? pairs : RUN_PARTS_MOST;
	if (pairs < COMPARE_PAIRS_LEAST)
		pairs = 0;
	if (pairs) {
		a->part_count = run_fold_parts(a->parts, a->part_count, pairs);
		b->part_count = run_fold_parts(b->parts, b->part_count, pairs);
		out->blocks[0] = a->parts;
		out->blocks[1] = b->parts;
	}
	out->pairs = pairs;
	out->decides = RUN_METRICS;
	out->basis = pairs ? BASIS_PARTS : BASIS_NONE;
	out->metric_count = runs_compare_parts(a, b, pairs, out->metrics);
	comparison_warn(out, arena,
			"one run each cannot show the noise between runs: nothing is called "
			"different within a factor of 2 (errors: a point), which is assumed. "
			"`unslow diff --commands` runs A and B in turns and knows");
}

static void count_side(const struct run *runs, size_t count, struct comparison_side *side)
{
	for (size_t i = 0; i < count; i++) {
		side->requests += runs[i].requests;
		side->invalid += runs[i].invalid;
	}
}

/* A rate that waits in line more is slower: of two loads no difference is the code's alone. */
static void warn_of_two_loads(struct run *const runs[2], const size_t counts[2],
			      struct arena *arena, struct comparison *out)
{
	double low[2] = {INFINITY, INFINITY}, high[2] = {0, 0};
	for (int side = 0; side < 2; side++)
		for (size_t i = 0; i < counts[side]; i++) {
			low[side] = fmin(low[side], runs[side][i].offered_per_s);
			high[side] = fmax(high[side], runs[side][i].offered_per_s);
		}
	const bool is_same = fmax(high[0], high[1]) <= fmin(low[0], low[1]) * SAME_LOAD;
	if (is_same || !(low[0] > 0) || !(low[1] > 0))
		return;
	if (high[0] > low[0] || high[1] > low[1])
		comparison_warn(out, arena,
				"A was offered %.6g/s to %.6g/s, B %.6g/s to %.6g/s: this compares "
				"different loads",
				low[0], high[0], low[1], high[1]);
	else
		comparison_warn(out, arena,
				"A was offered %.6g/s, B %.6g/s: this compares two different "
				"loads; load both at one rate (-R)",
				low[0], low[1]);
}

void runs_compare(struct run *const runs[2], const size_t counts[2], bool interleaved,
		  struct arena *arena, struct comparison *out)
{
	size_t pairs = counts[0] < counts[1] ? counts[0] : counts[1];
	pairs = pairs < COMPARE_PAIRS_MOST ? pairs : COMPARE_PAIRS_MOST;
	warn_of_two_loads(runs, counts, arena, out);
	for (int side = 0; side < 2; side++) {
		count_side(runs[side], counts[side], &out->sides[side]);
		if (out->sides[side].invalid)
			comparison_warn(out, arena,
					"%c: %llu of %zu load results call themselves invalid: "
					"what they measured is the client, too; their text says "
					"why",
					"AB"[side], (unsigned long long)out -> sides[side].invalid,
					counts[side]);
		if (counts[side] > pairs)
			comparison_warn(out, arena,
					"%c: the last %zu of %zu results have no "
					"partner and are left out",
					"AB"[side], counts[side] - pairs, counts[side]);
	}
	if (pairs == 1 && !interleaved) {
		compare_one_run(&runs[0][0], &runs[1][0], arena, out);
		return;
	}
	out->pairs = pairs;
	out->basis = interleaved ? BASIS_BLOCKS : BASIS_RESULTS;
	compare_blocks(runs, arena, out);
	if (pairs < COMPARE_PAIRS_LEAST)
		comparison_warn(out, arena,
				"%zu block%s each: nothing is called different below %d", pairs,
				pairs == 1 ? "" : "s", COMPARE_PAIRS_LEAST);
}
