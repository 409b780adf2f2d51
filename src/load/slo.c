#include "load/slo.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/opt.h"
#include "load/histogram.h"
#include "load/load_text.h"

#define MILLIONTHS 1e6

static const struct slo_term known[] = {
	{.name = "p50", .kind = SLO_PERCENTILE, .quantile = 0.5},
	{.name = "p75", .kind = SLO_PERCENTILE, .quantile = 0.75},
	{.name = "p90", .kind = SLO_PERCENTILE, .quantile = 0.9},
	{.name = "p95", .kind = SLO_PERCENTILE, .quantile = 0.95},
	{.name = "p99", .kind = SLO_PERCENTILE, .quantile = 0.99},
	{.name = "p99.9", .kind = SLO_PERCENTILE, .quantile = 0.999},
	{.name = "mean", .kind = SLO_MEAN},
	{.name = "errors", .kind = SLO_ERRORS},
	{0},
};

static enum err_kind read_limit(struct slo_term *term, const char *limit, const char *text,
				struct err *e)
{
	char *end = NULL;
	if (term->kind != SLO_ERRORS) {
		const size_t length = strlen(limit);
		if (length == 0 || !isdigit((unsigned char)limit[0]) ||
		    isdigit((unsigned char)limit[length - 1]))
			return ERR(e, ERR_USAGE,
				   "--slo: '%s' needs a duration with its unit, such as %s=50ms",
				   text, term->name);
		TRY(opt_read_duration(limit, &term->limit_ns, e));
		return term->limit_ns
			       ? ERR_OK
			       : ERR(e, ERR_USAGE, "--slo: '%s': no request takes no time", text);
	}
	const double percent = strtod(limit, &end);
	if (end == limit || !isdigit((unsigned char)limit[0]) || strcmp(end, "%") != 0 ||
	    percent <= 0 || percent > 100)
		return ERR(e, ERR_USAGE, "--slo: '%s' needs a share above 0, such as errors<1%%",
			   text);
	term->limit_share = percent / 100;
	return ERR_OK;
}

static enum err_kind read_term(struct slo *slo, const char *text, struct err *e)
{
	const size_t length = strcspn(text, "<=");
	const char *limit = text + length;
	while (*limit == '<' || *limit == '=')
		limit++;
	for (const struct slo_term *term = known; term->name && *limit; term++) {
		if (strlen(term->name) != length || memcmp(term->name, text, length) != 0)
			continue;
		if (slo->count == SLO_TERMS_MAX)
			return ERR(e, ERR_USAGE, "--slo: at most %d terms", SLO_TERMS_MAX);
		slo->terms[slo->count] = *term;
		return read_limit(&slo->terms[slo->count++], limit, text, e);
	}
	return ERR(e, ERR_USAGE,
		   "--slo: '%s' is not 'p99=50ms' (p50, p75, p90, p95, p99, p99.9, mean) or "
		   "'errors<1%%'",
		   text);
}

enum err_kind slo_parse(struct slo *slo, const char *text, struct err *e)
{
	*slo = (struct slo){0};
	for (const char *at = text;; at++) {
		char term[SLO_TEXT_MAX];
		size_t length = 0;
		for (; *at && *at != ','; at++) {
			if (*at == ' ')
				continue;
			if (length + 1 == sizeof term)
				return ERR(e, ERR_USAGE,
					   "--slo: a term is longer than %d characters",
					   SLO_TEXT_MAX - 1);
			term[length++] = *at;
		}
		term[length] = '\0';
		TRY(read_term(slo, term, e));
		if (*at == '\0')
			return ERR_OK;
	}
}

/* Requests that waited longer than `limit_ns`, right to a bucket (0.1 %). */
static uint64_t longer_than(const struct histogram *h, uint64_t limit_ns)
{
	struct histogram_bucket bucket;
	size_t cursor = 0;
	uint64_t longer = 0;
	while (histogram_next(h, &cursor, &bucket))
		if (bucket.low_ns > limit_ns)
			longer += bucket.count;
	return longer;
}

static double error_share(const struct load_result *r)
{
	return r->due ? (double)load_result_errors(r) / (double)r->due : 0;
}

double slo_ratio(const struct slo_term *term, const struct load_result *r)
{
	const double count = (double)histogram_count(r->response);
	if (term->kind == SLO_ERRORS)
		return error_share(r) / term->limit_share;
	if (count <= 0)
		return 0;
	if (term->kind == SLO_MEAN)
		return histogram_mean(r->response) / (double)term->limit_ns;
	return (double)longer_than(r->response, term->limit_ns) / count / (1 - term->quantile);
}

uint64_t slo_value(const struct slo_term *term, const struct load_result *r)
{
	switch (term->kind) {
	case SLO_PERCENTILE:
		return histogram_at(r->response, term->quantile);
	case SLO_MEAN:
		return (uint64_t)histogram_mean(r->response);
	case SLO_ERRORS:
		break;
	}
	return (uint64_t)(error_share(r) * MILLIONTHS);
}

uint64_t slo_tightest_ns(const struct slo *slo)
{
	uint64_t tightest = UINT64_MAX;
	for (size_t i = 0; i < slo->count; i++)
		if (slo->terms[i].kind != SLO_ERRORS && slo->terms[i].limit_ns < tightest)
			tightest = slo->terms[i].limit_ns;
	return tightest;
}

double slo_quantile(const struct slo *slo)
{
	for (size_t i = 0; i < slo->count; i++)
		if (slo->terms[i].kind == SLO_PERCENTILE)
			return slo->terms[i].quantile;
	return 0.99;
}

const char *slo_value_text(const struct slo_term *term, uint64_t value, char *out)
{
	char time[LOAD_TEXT_SIZE];
	if (term->kind == SLO_ERRORS)
		snprintf(out, SLO_TEXT_MAX, "%.3g %%", (double)value / MILLIONTHS * 100);
	else
		snprintf(out, SLO_TEXT_MAX, "%s", load_text_time(value, time));
	return out;
}

const char *slo_text(const struct slo_term *term, char *out)
{
	char time[LOAD_TEXT_SIZE];
	if (term->kind == SLO_ERRORS)
		snprintf(out, SLO_TEXT_MAX, "errors <= %.3g %%", term->limit_share * 100);
	else
		snprintf(out, SLO_TEXT_MAX, "%s <= %.24s", term->name,
			 load_text_time(term->limit_ns, time));
	return out;
}
