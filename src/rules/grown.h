/* Does a line put bytes or a text together piece by piece, so that each piece copies all before it?
 * Read off the source around it.
 *
 * Of bytes: in a loop, or of an attribute, which grows from call to call. Of a str: of an attribute
 * alone, as CPython lengthens the str of a local variable in place. A text that each round of a
 * loop replaces something in is gone through as often. The text may be anything.
 */
#ifndef UNSLOW_RULES_GROWN_H
#define UNSLOW_RULES_GROWN_H

#include "base/arena.h"

/* `text`: a whole file; `line`: from 1. What it does, in words; NULL: nothing that is understood.
 */
const char *grown_source(struct arena *arena, const char *text, int line);

#endif
