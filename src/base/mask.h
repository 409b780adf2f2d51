/* A command line without its secrets, for recordings and messages.
 *
 * Masked: what follows a name that speaks of a secret (--password X, TOKEN=X,
 * "host=h password=X") and the user part of a URL. Better one word too many
 * than one too few.
 */
#ifndef UNSLOW_BASE_MASK_H
#define UNSLOW_BASE_MASK_H

#include <stdbool.h>

#include "base/str.h"

/* Words joined by blanks; a word that a shell would split is quoted. */
void mask_command(char *const *words, int count, struct str *out);
/* One word, as it would stand in the command. */
void mask_word(const char *word, struct str *out);

#endif
