/* The advice for a finding, naming the library that was seen doing it. */
#ifndef UNSLOW_RULES_FIX_H
#define UNSLOW_RULES_FIX_H

#include "rules/evaluate.h"

/* The candidate's own fix, else a row of fixes.sql for the packages in the candidate's stack
 * (innermost first), else for its peer, else the rule's own. Lives in the arena. */
MUST_CHECK enum err_kind fix_choose(sqlite3 *db, const struct candidate *c, struct arena *arena,
				    const char **out, struct err *e);

#endif
