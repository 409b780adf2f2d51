/* `why --test-rule FILE`: run the cases beside a rule, and say which do not hold. */
#ifndef UNSLOW_CMD_TEST_RULE_H
#define UNSLOW_CMD_TEST_RULE_H

#include <stddef.h>
#include <stdio.h>

#include "base/err.h"

/* `path`: the rule, ID.sql; its cases are in ID.test.sql beside it. One line a case on `out`,
 * *failed of them do not hold. */
MUST_CHECK enum err_kind test_rule(const char *path, FILE *out, size_t *failed, struct err *e);

#endif
