#include "cmd/load_gate.h"

#include <string.h>

#include "base/log.h"
#include "cmd/gate.h"
#include "load/histogram.h"

static const struct gate_metric metrics[] = {
	{"p50", GATE_TIME},     {"p75", GATE_TIME},   {"p90", GATE_TIME},     {"p95", GATE_TIME},
	{"p99", GATE_TIME},     {"p99.9", GATE_TIME}, {"max", GATE_TIME},     {"mean", GATE_TIME},
	{"errors", GATE_COUNT}, {"rate", GATE_COUNT}, {"invalid", GATE_FACT}, {0},
};
static const struct gate_language language = {
	metrics, "'p99>50ms' (mean, p50, p75, p90, p95, p99, p99.9, max), 'errors>1%', 'rate<500' "
		 "or 'invalid'"};

/* As metrics has them. */
static const double quantiles[] = {0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1};
enum { QUANTILES = sizeof quantiles / sizeof *quantiles };

enum err_kind load_gate_check(const char *expression, struct err *e)
{
	struct gate_term term;
	if (!expression)
		return ERR_OK;
	do {
		TRY(gate_parse(&language, &expression, &term, e));
		if (term.is_share && strcmp(term.metric->name, "rate") == 0)
			return ERR(e, ERR_USAGE,
				   "--fail-on: '%s' needs answers a second, such as rate<500",
				   term.text);
	} while (*expression);
	return ERR_OK;
}

static double value_of(const struct gate_term *term, const struct load_result *r)
{
	const size_t metric = (size_t)(term->metric - metrics);
	if (metric < QUANTILES)
		return (double)histogram_at(r->response, quantiles[metric]) / 1e6;
	if (term->metric->kind == GATE_TIME)
		return histogram_mean(r->response) / 1e6;
	if (strcmp(term->metric->name, "rate") == 0)
		return load_result_rate(r);
	const uint64_t errors = load_result_errors(r) + r->unanswered + r->unsent;
	return (double)errors / (term->is_share ? (double)r->due : 1);
}

static bool term_crossed(const struct gate_term *term, const struct load_result *r,
			 const struct load_verdicts *verdicts)
{
	if (term->metric->kind != GATE_FACT)
		return gate_crossed(term, value_of(term, r));
	if (verdicts->is_invalid)
		log_warn("--fail-on: the result is invalid (%s)", verdicts->items[0].id);
	return verdicts->is_invalid;
}

bool load_gate_crossed(const char *expression, const struct load_result *r,
		       const struct load_verdicts *verdicts)
{
	bool crossed = false;
	if (!expression)
		return false;
	if (r->answered == 0) {
		log_warn("--fail-on: no request was answered: that is no pass");
		return true;
	}
	while (*expression) {
		struct gate_term term;
		if (gate_parse(&language, &expression, &term, NULL) == ERR_OK)
			crossed |= term_crossed(&term, r, verdicts);
	}
	return crossed;
}
