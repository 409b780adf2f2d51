/* Statements whose words are values: PRAGMA key = x, SET password TO x, NOTIFY x.
 *
 * Such statements take settings, secrets and made-up names without quotes, so that no reading of
 * their tokens tells a value from a name. Of each kind a few words are kept, the rest is hidden.
 * Owns nothing.
 */
#ifndef UNSLOW_BASE_SQLPRIVATE_H
#define UNSLOW_BASE_SQLPRIVATE_H

#include <stddef.h>

#define SQLPRIVATE_WORDS_MAX 4 /* words of the longest kind */

/* `head`: the first words of a statement, one blank apart. How many more words may be shown if
 * they name a private kind, -1 if they do not. */
int sqlprivate_kept(const char *head, size_t length);

#endif
