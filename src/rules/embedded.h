/* Rules, their tables and their pages, carried inside the program. */
#ifndef UNSLOW_RULES_EMBEDDED_H
#define UNSLOW_RULES_EMBEDDED_H

#include "base/embedded.h"

extern const struct embedded_file embedded_rules[];   /* src/rules/GROUP/ID.sql */
extern const struct embedded_file embedded_common[];  /* src/rules/common.sql, fixes.sql */
extern const struct embedded_file embedded_pages[];   /* docs/causes/ID.md */
extern const struct embedded_file embedded_fixture[]; /* tests/rules/fixture.sql */

#endif
