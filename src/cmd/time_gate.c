#include "cmd/time_gate.h"

#include <math.h>

#include "base/clock.h"
#include "base/log.h"
#include "cmd/gate.h"
#include "view/timing.h"

/* Two rows a metric, in their order: a limit and a change. */
static const struct gate_metric metrics[] = {
	{"wall", GATE_TIME},
	{"wall", GATE_CHANGE},
	{"cpu", GATE_TIME},
	{"cpu", GATE_CHANGE},
	{"instructions", GATE_COUNT},
	{"instructions", GATE_CHANGE},
	{0},
};
static const struct gate_language language = {
	metrics, "'wall>50us', 'instructions>1200' or 'wall>+5%' (wall, cpu, instructions)"};

static enum timing_metric metric_of(const struct gate_term *term)
{
	return (enum timing_metric)((term->metric - metrics) / 2);
}

enum err_kind time_gate_check(const char *expression, size_t snippets, struct err *e)
{
	struct gate_term term;
	if (!expression)
		return ERR_OK;
	do {
		TRY(gate_parse(&language, &expression, &term, e));
		if (term.metric->kind == GATE_CHANGE && snippets < 2)
			return ERR(e, ERR_USAGE,
				   "--fail-on: '%s' is about a change: give two snippets",
				   term.text);
		if (term.is_share)
			return ERR(e, ERR_USAGE,
				   "--fail-on: '%s' needs a number, or a change with its sign, "
				   "such as instructions>+1%%",
				   term.text);
	} while (*expression);
	return ERR_OK;
}

static bool not_judged(const struct gate_term *term, size_t row, const char *why)
{
	log_warn("--fail-on: '%s' was not judged for %c, which is no pass: %s", term->text,
		 (int)('A' + row), why);
	return true;
}

/* As `unslow diff` has it (fail_on.c): a limit that the interval and the noise leave behind is
 * ruled out, though the sign of the difference may not be known. */
static bool is_ruled_out(const struct gate_term *term, const struct stats_interval *c, double floor)
{
	const double end = term->less ? c->low : c->high;
	return floor < fabs(term->limit) && isfinite(end) && !gate_is_beyond(term, 0) &&
	       !gate_is_beyond(term, end);
}

static bool change_crossed(const struct gate_term *term, const struct timing_result *r, size_t row)
{
	const enum timing_metric metric = metric_of(term);
	const struct timing_change *against = &r->rows[row].against[metric];
	const struct stats_interval *c = &against->change;
	char words[TIMING_WORDS_SIZE];
	if (isnan(c->mid) && metric == TIMING_INSTRUCTIONS)
		return not_judged(term, row, "no instructions were counted");
	if (against->verdict == TIMING_CANNOT_TELL)
		return !is_ruled_out(term, c, r->floor[metric]) &&
		       not_judged(term, row, timing_verdict_words(r, row, metric, words));
	const bool crossed = gate_is_beyond(term, term->less ? c->high : c->low) &&
			     (against->verdict != TIMING_SAME || gate_is_beyond(term, 0));
	if (crossed)
		log_warn("--fail-on: '%s' was crossed by %c: %s", term->text, (int)('A' + row),
			 timing_verdict_words(r, row, metric, words));
	return crossed;
}

static bool limit_crossed(const struct gate_term *term, const struct timing_result *r, size_t row)
{
	const bool is_time = term->metric->kind == GATE_TIME;
	const double value = r->rows[row].value[metric_of(term)].mid;
	char time[TIMING_FIGURE_SIZE];
	if (isnan(value))
		return not_judged(term, row, "no instructions were counted");
	if (!gate_is_beyond(term, is_time ? value / (double)NS_PER_MS : value))
		return false;
	if (is_time)
		log_warn("--fail-on: '%s' was crossed by %c: it is %s", term->text,
			 (int)('A' + row), timing_time(value, time));
	else
		log_warn("--fail-on: '%s' was crossed by %c: it is %.0f", term->text,
			 (int)('A' + row), value);
	return true;
}

static bool term_crossed(const struct gate_term *term, const struct timing_result *r,
			 size_t snippets)
{
	const bool is_change = term->metric->kind == GATE_CHANGE;
	bool crossed = false;
	for (size_t row = is_change; row < snippets; row++)
		crossed |= is_change ? change_crossed(term, r, row) : limit_crossed(term, r, row);
	return crossed;
}

bool time_gate_crossed(const char *expression, const struct timing_result *result, size_t snippets)
{
	bool crossed = false;
	while (expression && *expression) {
		struct gate_term term;
		if (gate_parse(&language, &expression, &term, NULL) == ERR_OK)
			crossed |= term_crossed(&term, result, snippets);
	}
	return crossed;
}
