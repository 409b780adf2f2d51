/* A line cut into words as sh does it: blanks part them, '…' and "…" keep them together, a
 * backslash takes the byte behind it as it is (inside "…" only a quote or another backslash). No
 * variables, no patterns, no commands.
 */
#ifndef UNSLOW_BASE_WORDS_H
#define UNSLOW_BASE_WORDS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/vec.h"

struct words {
	VEC(char *) list; /* texts lie in the arena; the vector is the caller's to free */
};

/* The words of the bytes from `at` to `end`, after those that are there. ERR_USAGE: a quote stays
 * open. */
MUST_CHECK enum err_kind words_split(struct words *words, const char *at, const char *end,
				     struct arena *arena, struct err *e);

#endif
