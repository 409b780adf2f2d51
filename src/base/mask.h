/* A command line without its secrets, for recordings.
 *
 * Nothing is shown because it looks harmless; shown is only what has a known place: programs, the
 * script, module or application they run, names of options, and the values of options known to
 * hold none. All else is `***`, and so are a URL's user, and what comes behind its path.
 * Owns nothing.
 */
#ifndef UNSLOW_BASE_MASK_H
#define UNSLOW_BASE_MASK_H

#include <stdbool.h>

#include "base/str.h"

/* Words joined by blanks; a word that a shell would split is quoted. */
void mask_command(char *const *words, int count, struct str *out);
/* Whether the word is the name or path of a web server that is known here. */
bool mask_is_server(const char *word);

#endif
