/* The verdict of a row in words. */
#include <math.h>
#include <string.h>

#include "view/diff.h"
#include "view/text.h"

/* A scale by which changes are printed. */
struct scale {
	double factor;
	const char *unit;
	const char *more, *less;
	double wanted; /* in the unit of change; 0: no floor is named */
};

/* 10.4, 0.52: as many decimals as say something. `out` of 32 bytes. */
static const char *figure(double value, char *out)
{
	const double size = fabs(value);
	snprintf(out, 32, "%.*f",
		 size >= 99.95    ? 0
		 : size >= 0.995  ? 1
		 : size >= 0.0995 ? 2
				  : 3,
		 size);
	return out;
}

static const char *signed_figure(double value, char *out)
{
	out[0] = value < 0 ? '-' : '+';
	figure(value, out + 1);
	return out;
}

static void cannot_tell(const struct compare_row *row, size_t pairs, const struct scale *s,
			char *text)
{
	char low[40], high[40];
	const struct stats_interval *c = &row->change;
	/* of shares the assumed noise is small enough: it is the interval that is too wide */
	const bool is_narrow = row->assumed <= s->wanted && !isnan(c->low);
	if (!is_narrow && (!isnan(row->assumed) || pairs < 2)) {
		snprintf(text, DIFF_VERDICT_SIZE, "cannot tell: one run each");
	} else if (!is_narrow && pairs < COMPARE_PAIRS_LEAST) {
		snprintf(text, DIFF_VERDICT_SIZE, "cannot tell: %zu blocks, %d are needed", pairs,
			 COMPARE_PAIRS_LEAST);
	} else if (s->wanted > 0 && row->floor >= s->wanted) {
		snprintf(text, DIFF_VERDICT_SIZE, "cannot tell: the noise floor is %s %s",
			 figure(row->floor * s->factor, low), s->unit);
	} else {
		snprintf(text, DIFF_VERDICT_SIZE, "cannot tell: %s to %s %s",
			 signed_figure(c->low * s->factor, low),
			 signed_figure(c->high * s->factor, high), s->unit);
	}
}

static const char *words(const struct compare_row *row, size_t pairs, const struct scale *s,
			 char *text)
{
	char low[40], mid[40], high[40];
	const struct stats_interval *c = &row->change;
	const bool is_more = row->verdict == COMPARE_MORE;
	const double most = fmax(fabs(c->low), fabs(c->high)) * s->factor;
	switch (row->verdict) {
	case COMPARE_MORE:
	case COMPARE_LESS:
		snprintf(text, DIFF_VERDICT_SIZE, "%s by %s %s (%s … %s)%s",
			 is_more ? s->more : s->less, figure(c->mid * s->factor, mid), s->unit,
			 figure((is_more ? c->low : c->high) * s->factor, low),
			 figure((is_more ? c->high : c->low) * s->factor, high),
			 isnan(row->assumed) ? "" : ", one run each");
		break;
	case COMPARE_SAME:
		if (most < 5e-4)
			snprintf(text, DIFF_VERDICT_SIZE, "no difference found");
		else
			snprintf(text, DIFF_VERDICT_SIZE, "no difference found: less than %s %s",
				 figure(most, high), s->unit);
		break;
	case COMPARE_CANNOT_TELL:
		cannot_tell(row, pairs, s, text);
		break;
	}
	return text;
}

const char *diff_verdict(const struct comparison_metric *metric, size_t pairs,
			 char text[DIFF_VERDICT_SIZE])
{
	const struct run_metric_info *info = &run_metrics[metric->metric];
	const struct scale scale = {100, info->scale == COMPARE_RATIO ? "%" : "points", info->more,
				    info->less, info->wanted};
	return words(&metric->row, pairs, &scale, text);
}

const char *diff_state_verdict(const struct compare_row *row, size_t pairs,
			       char text[DIFF_VERDICT_SIZE])
{
	static const struct scale scale = {1, "ms", "more", "less", 0};
	return words(row, pairs, &scale, text);
}
