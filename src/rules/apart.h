/* Could calls that a function makes one after the other be made together? Read off the function's
 * source: does a later one use a name that was made of an earlier one's result?
 *
 * What is understood is narrow: names on the left of `=`, after `as` and `for`, what is made of
 * them and what is changed by a method with them. A condition, loop or return that uses such a name
 * between the calls decides whether there is a next one, so they are not apart. Strings and
 * comments are not looked at, but for f-strings, which use names. The text may be anything; nothing
 * is kept.
 */
#ifndef UNSLOW_RULES_APART_H
#define UNSLOW_RULES_APART_H

#include <stdbool.h>

#include "base/arena.h"

/* `text`: a whole file; `lines`: where the calls are, as "12,14,15", ascending. False, too, where
 * it cannot be told. */
bool apart_source(struct arena *arena, const char *text, const char *lines);

#endif
