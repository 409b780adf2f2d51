#include "cmd/fail_on.h"

#include <math.h>
#include <string.h>

#include "base/log.h"
#include "cmd/gate.h"
#include "rules/glossary.h"
#include "view/diff.h"

enum { NEAREST_MAX_BYTES = 120 };
enum { METRIC_CAUSE, METRIC_MEAN, METRIC_P50, METRIC_P99, METRIC_ERRORS };

static const struct gate_metric metrics[] = {
	[METRIC_CAUSE] = {"cause", GATE_WORD},    [METRIC_MEAN] = {"mean", GATE_TIME},
	[METRIC_P50] = {"p50", GATE_TIME},        [METRIC_P99] = {"p99", GATE_TIME},
	[METRIC_ERRORS] = {"errors", GATE_COUNT}, {0},
};
static const struct gate_language language = {
	metrics, "'cause:ID', 'p99>50ms' (mean, p50, p99) or 'errors>1%'"};

static const struct gate_metric changes[] = {
	[RUN_P50] = {"p50", GATE_CHANGE},
	[RUN_P90] = {"p90", GATE_CHANGE},
	[RUN_P99] = {"p99", GATE_CHANGE},
	[RUN_MEAN] = {"mean", GATE_CHANGE},
	[RUN_RATE] = {"rate", GATE_CHANGE},
	[RUN_ERRORS] = {"errors", GATE_CHANGE},
	[RUN_WALL] = {"wall", GATE_CHANGE},
	[RUN_CPU] = {"cpu", GATE_CHANGE},
	[RUN_METRICS] = {0},
};
static const struct gate_language change_language = {
	changes, "'p99>+5%' (p50, p90, p99, mean, rate, errors, wall, cpu)"};

/* A gate on what is never found would never close. */
static enum err_kind check_cause(const char *cause, struct err *e)
{
	char nearest[NEAREST_MAX_BYTES];
	const struct glossary_entry *entry = glossary_find(cause);
	if (glossary_page(cause))
		return ERR_OK;
	if (entry)
		return ERR(e, ERR_USAGE,
			   "--fail-on: '%s' is never found: unslow knows it as %s (%s)", cause,
			   entry->kind == GLOSSARY_REMEDY ? "a remedy" : "a rival of other causes",
			   entry->line);
	if (glossary_nearest(cause, nearest, sizeof nearest))
		return ERR(e, ERR_USAGE, "--fail-on: there is no cause '%s'; the nearest is '%s'",
			   cause, nearest);
	return ERR(e, ERR_USAGE,
		   "--fail-on: there is no cause '%s'; `unslow why --explain` lists them", cause);
}

enum err_kind fail_on_check(const char *expression, bool any_cause, struct err *e)
{
	struct gate_term term;
	if (!expression)
		return ERR_OK;
	do {
		TRY(gate_parse(&language, &expression, &term, e));
		if (term.metric->kind == GATE_WORD && !any_cause)
			TRY(check_cause(term.word, e));
	} while (*expression);
	return ERR_OK;
}

static bool has_cause(const struct diagnosis *d, const char *cause)
{
	for (size_t i = 0; i < d->finding_count; i++)
		if (strcmp(d->findings[i].cause, cause) == 0)
			return true;
	return false;
}

static double value_of(const struct gate_term *term, const struct diagnosis *d)
{
	switch (term->metric - metrics) {
	case METRIC_MEAN:
		return d->mean_ms;
	case METRIC_P50:
		return d->p50_ms;
	case METRIC_P99:
		return d->p99_ms;
	}
	return (double)d->errors / (term->is_share ? (double)d->requests : 1);
}

static bool term_crossed(const struct gate_term *term, const struct diagnosis *d)
{
	if (term->metric->kind == GATE_WORD) {
		const bool found = has_cause(d, term->word);
		if (found)
			log_warn("--fail-on: %s was found", term->word);
		return found;
	}
	if (!d->has_requests || d->requests == 0) {
		log_warn("--fail-on: '%s' was not judged: no request was seen", term->text);
		return false;
	}
	return gate_crossed(term, value_of(term, d));
}

bool fail_on_crossed(const char *expression, const struct diagnosis *d)
{
	bool crossed = false;
	while (expression && *expression) {
		struct gate_term term;
		if (gate_parse(&language, &expression, &term, NULL) == ERR_OK)
			crossed |= term_crossed(&term, d);
	}
	return crossed;
}

enum err_kind fail_on_check_change(const char *expression, struct err *e)
{
	struct gate_term term;
	if (!expression)
		return ERR_OK;
	do {
		TRY(gate_parse(&change_language, &expression, &term, e));
	} while (*expression);
	return ERR_OK;
}

/* What the verdict's "no difference" is for `wanted`, for the gate's own limit: the noise is
 * smaller and the interval leaves it out. */
static bool is_ruled_out(const struct gate_term *term, const struct compare_row *row)
{
	const double noise = isnan(row->floor) ? row->assumed : row->floor;
	const double end = term->less ? row->change.low : row->change.high;
	return noise < fabs(term->limit) && isfinite(end) && !gate_is_beyond(term, 0) &&
	       !gate_is_beyond(term, end);
}

/* A gate that did not close because nothing was known would be silent where it is needed most. */
static bool not_judged(const struct gate_term *term, const char *why, bool may_help)
{
	log_warn("--fail-on: '%s' was not judged, which is no pass: %s%s", term->text, why,
		 may_help ? "; give it more runs (--commands, or several results in one file)"
			  : "");
	return true;
}

/* Of the interval the end on our side decides. Never surer than the table that is printed. */
static bool change_crossed(const struct gate_term *term, const struct comparison *c)
{
	const enum run_metric metric = (enum run_metric)(term->metric - changes);
	const struct comparison_metric *at = NULL;
	char words[DIFF_VERDICT_SIZE];
	for (size_t i = 0; i < c->metric_count; i++)
		if (c->metrics[i].metric == metric)
			at = &c->metrics[i];
	if (!at)
		return not_judged(term, "both sides must have it", false);
	const struct compare_row *row = &at->row;
	if (row->verdict == COMPARE_CANNOT_TELL)
		return !is_ruled_out(term, row) &&
		       not_judged(term, diff_verdict(at, c->pairs, words), true);
	const bool crossed =
		gate_is_beyond(term, term->less ? row->change.high : row->change.low) &&
		(row->verdict != COMPARE_SAME || gate_is_beyond(term, 0));
	if (crossed)
		log_warn("--fail-on: '%s' was crossed: it is %+.1f %s (%+.1f … %+.1f)", term->text,
			 row->change.mid * 100,
			 run_metrics[metric].scale == COMPARE_RATIO ? "%" : "points",
			 row->change.low * 100, row->change.high * 100);
	return crossed;
}

bool fail_on_change_crossed(const char *expression, const struct comparison *c)
{
	bool crossed = false;
	while (expression && *expression) {
		struct gate_term term;
		if (gate_parse(&change_language, &expression, &term, NULL) == ERR_OK)
			crossed |= change_crossed(&term, c);
	}
	return crossed;
}
