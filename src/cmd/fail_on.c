#include "cmd/fail_on.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/opt.h"
#include "rules/glossary.h"

enum { TERM_MAX_BYTES = 120 };

enum metric {
	METRIC_CAUSE,
	METRIC_MEAN,
	METRIC_P50,
	METRIC_P99,
	METRIC_ERRORS,
	METRIC_ERROR_SHARE,
	METRIC_CHANGE, /* of a comparison: run_metric */
};

enum gate { GATE_ANSWER, GATE_COMPARISON };

struct term {
	enum metric metric;
	char cause[TERM_MAX_BYTES];
	bool less; /* < instead of > */
	bool or_equal;
	double limit; /* milliseconds, a number, or a fraction */
	enum run_metric run_metric;
	char text[TERM_MAX_BYTES];
};

static const struct {
	const char *name;
	enum metric metric;
} metrics[] = {
	{"mean", METRIC_MEAN},
	{"p50", METRIC_P50},
	{"p99", METRIC_P99},
	{"errors", METRIC_ERRORS},
};

static enum err_kind parse_limit(struct term *term, const char *text, struct err *e)
{
	if (text[0] == '+' || text[0] == '-')
		return ERR(e, ERR_USAGE,
			   "--fail-on: '%s' is about a change; two runs are compared by "
			   "`unslow diff`",
			   term->text);
	if (term->metric != METRIC_ERRORS) {
		uint64_t ns;
		if (!isdigit((unsigned char)text[0]) ||
		    isdigit((unsigned char)text[strlen(text) - 1]))
			return ERR(e, ERR_USAGE,
				   "--fail-on: '%s' needs a duration with its unit, such as 50ms",
				   term->text);
		TRY(opt_read_duration(text, &ns, e));
		term->limit = (double)ns / (double)NS_PER_MS;
		return ERR_OK;
	}
	char *end = NULL;
	term->limit = strtod(text, &end);
	if (end == text || !isdigit((unsigned char)text[0]) || (*end && strcmp(end, "%") != 0))
		return ERR(e, ERR_USAGE, "--fail-on: '%s' needs a number or a share, such as 1%%",
			   term->text);
	if (*end) {
		term->metric = METRIC_ERROR_SHARE;
		term->limit /= 100;
	}
	return ERR_OK;
}

static enum err_kind parse_change(struct term *term, const char *text, struct err *e)
{
	const bool is_signed = text[0] == '+' || text[0] == '-';
	char *end = NULL;
	term->limit = strtod(text, &end) / 100;
	if (!is_signed || !isdigit((unsigned char)text[1]) || strcmp(end, "%") != 0)
		return ERR(e, ERR_USAGE,
			   "--fail-on: '%s' needs a change with its sign, such as +5%%",
			   term->text);
	return ERR_OK;
}

/* The metric whose name is the first `length` bytes of the text; false: there is none. */
static bool find_metric(struct term *term, enum gate gate, size_t length)
{
	if (gate == GATE_COMPARISON) {
		for (int i = 0; i < RUN_METRICS; i++)
			if (strlen(run_metrics[i].name) == length &&
			    memcmp(run_metrics[i].name, term->text, length) == 0) {
				term->metric = METRIC_CHANGE;
				term->run_metric = (enum run_metric)i;
				return true;
			}
		return false;
	}
	for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++)
		if (strlen(metrics[i].name) == length &&
		    memcmp(metrics[i].name, term->text, length) == 0) {
			term->metric = metrics[i].metric;
			return true;
		}
	return false;
}

/* One term; `at` moves behind it and its comma. */
static enum err_kind parse_term(const char **at, enum gate gate, struct term *term, struct err *e)
{
	*term = (struct term){0};
	size_t length = 0;
	for (; **at && **at != ','; (*at)++) {
		if (**at == ' ')
			continue;
		if (length + 1 >= sizeof term->text)
			return ERR(e, ERR_USAGE, "--fail-on: a term is longer than %d characters",
				   TERM_MAX_BYTES);
		term->text[length++] = **at;
	}
	if (**at == ',' && *++(*at) == '\0')
		return ERR(e, ERR_USAGE, "--fail-on: nothing stands after the last comma");
	if (gate == GATE_ANSWER && strncmp(term->text, "cause:", 6) == 0 && term->text[6]) {
		memcpy(term->cause, term->text + 6, length - 5);
		return ERR_OK;
	}
	const char *operator= strpbrk(term->text, "<>");
	const size_t name = operator? (size_t)(operator- term->text) : 0;
	if (operator&& find_metric(term, gate, name)) {
		term->less = *operator++ == '<';
		term->or_equal = *operator== '=';
		operator+= term->or_equal;
		if (*operator)
			return gate == GATE_COMPARISON ? parse_change(term, operator, e)
						       : parse_limit(term, operator, e);
	}
	if (gate == GATE_COMPARISON)
		return ERR(e, ERR_USAGE,
			   "--fail-on: '%s' is not 'p99>+5%%' (p50, p90, p99, mean, rate, errors, "
			   "wall, cpu)",
			   term->text);
	return ERR(e, ERR_USAGE,
		   "--fail-on: '%s' is not 'cause:ID', 'p99>50ms' (mean, p50, p99) or 'errors>1%%'",
		   term->text);
}

/* A gate on what is never found would never close. */
static enum err_kind check_cause(const char *cause, struct err *e)
{
	char nearest[TERM_MAX_BYTES];
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
	struct term term;
	if (!expression)
		return ERR_OK;
	do {
		TRY(parse_term(&expression, GATE_ANSWER, &term, e));
		if (term.metric == METRIC_CAUSE && !any_cause)
			TRY(check_cause(term.cause, e));
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

static bool term_crossed(const struct term *term, const struct diagnosis *d)
{
	double value = 0;
	if (term->metric == METRIC_CAUSE) {
		const bool found = has_cause(d, term->cause);
		if (found)
			log_warn("--fail-on: %s was found", term->cause);
		return found;
	}
	if (!d->has_requests || d->requests == 0) {
		log_warn("--fail-on: '%s' was not judged: no request was seen", term->text);
		return false;
	}
	switch (term->metric) {
	case METRIC_CAUSE:
	case METRIC_CHANGE:
		break;
	case METRIC_MEAN:
		value = d->mean_ms;
		break;
	case METRIC_P50:
		value = d->p50_ms;
		break;
	case METRIC_P99:
		value = d->p99_ms;
		break;
	case METRIC_ERRORS:
		value = (double)d->errors;
		break;
	case METRIC_ERROR_SHARE:
		value = (double)d->errors / (double)d->requests;
		break;
	}
	const bool beyond = term->less ? value < term->limit : value > term->limit;
	/* No rounding wanted here: the user's number against ours. */
	const bool equal = !(value < term->limit) && !(value > term->limit);
	const bool crossed = beyond || (term->or_equal && equal);
	if (crossed)
		log_warn("--fail-on: '%s' was crossed: it is %.4g%s", term->text,
			 term->metric == METRIC_ERROR_SHARE ? value * 100 : value,
			 term->metric == METRIC_ERRORS        ? ""
			 : term->metric == METRIC_ERROR_SHARE ? " %"
							      : " ms");
	return crossed;
}

bool fail_on_crossed(const char *expression, const struct diagnosis *d)
{
	bool crossed = false;
	while (expression && *expression) {
		struct term term;
		if (parse_term(&expression, GATE_ANSWER, &term, NULL) == ERR_OK)
			crossed |= term_crossed(&term, d);
	}
	return crossed;
}

enum err_kind fail_on_check_change(const char *expression, struct err *e)
{
	struct term term;
	if (!expression)
		return ERR_OK;
	do {
		TRY(parse_term(&expression, GATE_COMPARISON, &term, e));
	} while (*expression);
	return ERR_OK;
}

static bool change_crossed(const struct term *term, const struct comparison *c)
{
	const struct compare_row *row = NULL;
	for (size_t i = 0; i < c->metric_count; i++)
		if (c->metrics[i].metric == term->run_metric)
			row = &c->metrics[i].row;
	if (!row || isnan(row->change.low) || isnan(row->change.high)) {
		log_warn("--fail-on: '%s' was not judged: %s", term->text,
			 row ? "too few blocks for an interval" : "both sides must have it");
		return false;
	}
	const double end = term->less ? row->change.high : row->change.low;
	const bool beyond = term->less ? end < term->limit : end > term->limit;
	const bool equal = !(end < term->limit) && !(end > term->limit);
	const bool crossed = beyond || (term->or_equal && equal);
	if (crossed)
		log_warn("--fail-on: '%s' was crossed: it is %+.1f %s (%+.1f … %+.1f)", term->text,
			 row->change.mid * 100,
			 run_metrics[term->run_metric].scale == COMPARE_RATIO ? "%" : "points",
			 row->change.low * 100, row->change.high * 100);
	return crossed;
}

bool fail_on_change_crossed(const char *expression, const struct comparison *c)
{
	bool crossed = false;
	while (expression && *expression) {
		struct term term;
		if (parse_term(&expression, GATE_COMPARISON, &term, NULL) == ERR_OK)
			crossed |= change_crossed(&term, c);
	}
	return crossed;
}
