/* Is a line run again and again in one call of its function? Read off the source around it.
 *
 * A `for` or `while` around it, a comprehension that it is part of, a function that is given to
 * map(), filter() or as key=. What a `for` goes over is made once. The text may be anything.
 */
#ifndef UNSLOW_RULES_LOOPED_H
#define UNSLOW_RULES_LOOPED_H

#include <stdbool.h>

#include "base/arena.h"

/* `text`: a whole file; `line`: from 1. */
bool looped_source(struct arena *arena, const char *text, int line);

#endif
