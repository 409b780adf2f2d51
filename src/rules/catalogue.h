/* All causes there are: those inside the program, and those of --rules DIR,
 * which add to them or take the place of the one with the same id.
 */
#ifndef UNSLOW_RULES_CATALOGUE_H
#define UNSLOW_RULES_CATALOGUE_H

#include "rules/rule.h"

struct catalogue {
	struct rule *rules; /* in the arena */
	size_t count;
};

/* dir may be NULL. Its *.sql are read, and those of its folders one level down; *.test.sql are
 * left out. */
MUST_CHECK enum err_kind catalogue_load(const char *dir, struct arena *arena, struct catalogue *out,
					struct err *e);

#endif
