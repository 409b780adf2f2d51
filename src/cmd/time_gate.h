/* --fail-on of `unslow time`: the gate over what snippets cost, or cost more than A.
 *
 *     wall|cpu > 50us       a run of any snippet takes longer
 *     instructions > 1200   so many a run of any snippet
 *     wall|cpu|instructions > +5%
 *                           any other snippet is surely so much slower than A: a difference is
 *                           called and its whole interval lies beyond. Where that cannot be told
 *                           and the interval, or the noise floor, leaves it open, it was not
 *                           judged, which counts as crossed.
 */
#ifndef UNSLOW_CMD_TIME_GATE_H
#define UNSLOW_CMD_TIME_GATE_H

#include <stdbool.h>

#include "base/err.h"
#include "timing/timing.h"

/* Before anything is started. NULL is fine. */
MUST_CHECK enum err_kind time_gate_check(const char *expression, size_t snippets, struct err *e);
/* True if the gate was crossed; says on stderr by what. */
bool time_gate_crossed(const char *expression, const struct timing_result *result, size_t snippets);

#endif
