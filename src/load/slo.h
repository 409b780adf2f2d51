/* An objective of service: what of a load has to hold, in the user's words.
 *
 *     p99=50ms               (p50, p75, p90, p95, p99, p99.9, mean; also p99<50ms)
 *     p99=50ms,errors<1%     several: all of them
 *
 * What is compared is the share of requests beyond the limit, by the share that may be: 1 is the
 * limit, as it is for a percentile, and how far from it says more than the percentile does.
 */
#ifndef UNSLOW_LOAD_SLO_H
#define UNSLOW_LOAD_SLO_H

#include <stddef.h>

#include "base/err.h"
#include "load/run.h"

enum { SLO_TERMS_MAX = 8, SLO_TEXT_MAX = 40 };

enum slo_kind { SLO_PERCENTILE, SLO_MEAN, SLO_ERRORS };

struct slo_term {
	const char *name; /* "p99"; static */
	enum slo_kind kind;
	double quantile;    /* SLO_PERCENTILE */
	uint64_t limit_ns;  /* but for SLO_ERRORS … */
	double limit_share; /* … of requests */
};

struct slo {
	struct slo_term terms[SLO_TERMS_MAX];
	size_t count;
};

/* ERR_USAGE with what is wrong. */
MUST_CHECK enum err_kind slo_parse(struct slo *slo, const char *text, struct err *e);

/* More than 1: the term is broken. A result without requests: 0. */
double slo_ratio(const struct slo_term *term, const struct load_result *result);
/* What the term names: nanoseconds, or for SLO_ERRORS the share in millionths. */
uint64_t slo_value(const struct slo_term *term, const struct load_result *result);

/* Of its times the shortest; UINT64_MAX: it has none. */
uint64_t slo_tightest_ns(const struct slo *slo);
/* Of its percentiles the first; without one, 0.99. */
double slo_quantile(const struct slo *slo);

/* "p99 <= 50.0 ms" and "50.0 ms" or "1 %"; both return `out`, of SLO_TEXT_MAX bytes. */
const char *slo_text(const struct slo_term *term, char *out);
const char *slo_value_text(const struct slo_term *term, uint64_t value, char *out);

#endif
