/* Names that stand in the program's source: of its code objects and of its classes.
 *
 * Of code objects those of variables and attributes that they use (co_names, co_varnames, cells,
 * free variables) and their constants that are interned, in tuples too, of the functions inside
 * them as well; of classes that have instances, and of what these are made from, those of their
 * attributes. So what setattr() was given, or a pickle had, is a name only if the source has it.
 */
#ifndef UNSLOW_AGENT_WALK_NAMES_H
#define UNSLOW_AGENT_WALK_NAMES_H

#include "agent/walk_census.h"

/* After census_take(). What there is no time or memory for is not known. */
void walk_names_collect(struct census *census);
/* Is this str one of them? An interned text is one object. */
bool walk_names_have(uintptr_t string);

#endif
