/* --fail-on EXPR: one gate for every verb that has an answer.
 *
 *     cause:ID            this cause was found
 *     p50|p99|mean > 50ms a time of the requests (>, >=, <, <=)
 *     errors > 3          failed requests; errors > 1% of all
 *
 * and of a comparison, for `unslow diff` alone:
 *     p99 > +5%           a change of p50, p90, p99, mean, rate, wall, cpu; of errors in percentage
 *                         points. Crossed if a difference is called and its whole interval lies
 *                         beyond it. Where the table cannot tell and the interval, or a noise as
 *                         large as the limit, leaves it open, it was not judged: that counts as
 *                         crossed, or a gate of too few runs would never close.
 *
 * Several, separated by commas: any of them fails.
 */
#ifndef UNSLOW_CMD_FAIL_ON_H
#define UNSLOW_CMD_FAIL_ON_H

#include <stdbool.h>

#include "base/err.h"
#include "model/comparison.h"
#include "model/diagnosis.h"

/* ERR_USAGE with what is wrong; call it before anything is started. NULL is fine. `any_cause`: the
 * user has rules of their own, whose causes are not known here. */
MUST_CHECK enum err_kind fail_on_check(const char *expression, bool any_cause, struct err *e);
/* True if the gate was crossed; says on stderr by what. `expression` was checked. */
bool fail_on_crossed(const char *expression, const struct diagnosis *d);

/* The same of a comparison: true, too, if a term could not be judged. */
MUST_CHECK enum err_kind fail_on_check_change(const char *expression, struct err *e);
bool fail_on_change_crossed(const char *expression, const struct comparison *c);

#endif
