/* Can a regular expression match one text in many ways? Asked of a line of source that holds it.
 *
 * Backtracking is exponential where a group is repeated without bound that holds a repeat without
 * bound, and nothing else in it has to match: (\w+[ -]?)+. A round of the group may then end after
 * any character. What must match between two rounds ((?:\w+,)+), an atomic group, a possessive
 * repeat (re, Python 3.11) or a look-around leaves one way only. Alternatives that overlap (a|a)*
 * are not looked at: silence, not a wrong answer.
 */
#ifndef UNSLOW_RULES_PATTERN_H
#define UNSLOW_RULES_PATTERN_H

#include <stdbool.h>

/* One of the string literals in `source`, a piece of Python, is such a pattern. */
bool pattern_is_ambiguous(const char *source);

#endif
