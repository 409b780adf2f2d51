/* Does a line do work that grows with the square of something? Read off the source around it.
 *
 * What is understood is narrow, and silence is the answer to all else: a name that is a list by all
 * that the file says, or is made there, searched (`in`, .index(), .count(), .remove()) in each
 * round of a loop; the first item of a list taken or put in each round; a loop within a loop over
 * the same thing, or over another all of which is compared (`==`) with what the outer one gives.
 * Names are compared as they are written, strings and comments are not looked at. The text may be
 * anything.
 */
#ifndef UNSLOW_RULES_SQUARE_H
#define UNSLOW_RULES_SQUARE_H

#include "base/arena.h"

/* `text`: a whole file; `line`: where the time passes, from 1. What makes it grow, in words, as
 * "`in seen` walks a list from its start, in each round of a loop"; NULL: nothing that is
 * understood. */
const char *square_source(struct arena *arena, const char *text, int line);

/* The same of a line that is in no loop itself, but may be called in one: "`in self.seen` walks a
 * list from its start"; NULL: nothing that is understood, or it is in a loop. */
const char *square_searched(struct arena *arena, const char *text, int line);

#endif
