/* Are rows that a line asks for only counted, or asked whether there are any? Read off the
 * function's source, as nothing that runs shows it: C code of len() leaves no frame.
 *
 * What is understood is narrow: the query inside of len(…), sum(1 for … in …) or bool(…), or as all
 * of an `if`; its rows, or a cursor's fetchall(), under one name whose every other use in the
 * function is one of these. Any use that is not understood means no: silence, not a wrong answer.
 * Strings and comments are not looked at, but for f-strings, which use names. The text may be
 * anything; nothing is kept.
 */
#ifndef UNSLOW_RULES_ROW_USE_H
#define UNSLOW_RULES_ROW_USE_H

#include "base/arena.h"

/* `text`: a whole file; `first_line`: of the function (its decorators', if it has some); `line`:
 * where the query runs. "14 return len(rows)": the line that counts, its number first; NULL: they
 * are not only counted, or it cannot be told. */
const char *row_use_counts(struct arena *arena, const char *text, int first_line, int line);

#endif
