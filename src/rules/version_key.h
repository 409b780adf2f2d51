/* Versions of packages in an order that text has: what PEP 440 puts later is the greater text.
 *
 * Release segments count as numbers, missing ones as 0; before a release come its .dev, a, b and
 * rc, after it .post. Epochs are none of any package that this is asked about, and local parts
 * (+cu121) do not change what a version contains: both are left out.
 */
#ifndef UNSLOW_RULES_VERSION_KEY_H
#define UNSLOW_RULES_VERSION_KEY_H

#include <stddef.h>

enum { VERSION_KEY_BYTES = 48 };

/* Writes the key of `version` with its NUL; an empty one if that does not begin with a digit. */
void version_key(const char *version, char out[VERSION_KEY_BYTES]);

#endif
