/* --fail-on of a load: the gate over its response times, errors and rate.
 *
 *     p50|p75|p90|p95|p99|p99.9|max|mean > 50ms    response times
 *     errors > 3, errors > 1%                      requests without a good answer
 *     rate < 500                                   answers a second
 *     invalid                                      this client, not the server, made the figures
 */
#ifndef UNSLOW_CMD_LOAD_GATE_H
#define UNSLOW_CMD_LOAD_GATE_H

#include <stdbool.h>

#include "base/err.h"
#include "load/run.h"
#include "load/verdict.h"

/* Before the load is started. NULL is fine. */
MUST_CHECK enum err_kind load_gate_check(const char *expression, struct err *e);
/* True if the gate was crossed; says on stderr by what. A load without an answer crosses every
 * gate: it is no proof of anything. */
bool load_gate_crossed(const char *expression, const struct load_result *result,
		       const struct load_verdicts *verdicts);

#endif
