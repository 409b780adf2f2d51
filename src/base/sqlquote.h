/* Where a quoted text of a statement ends, whichever dialect wrote it.
 *
 * A backslash before a quote continues the text in MySQL and ends it in standard SQL. Where only
 * one reading leaves SQL behind, it is taken; where both might, everything to the end of the
 * statement counts as quoted: hidden is the safe error. Owns nothing.
 */
#ifndef UNSLOW_BASE_SQLQUOTE_H
#define UNSLOW_BASE_SQLQUOTE_H

#include <stdbool.h>
#include <stddef.h>

#define SQLQUOTE_OPEN ((size_t)-1) /* no end */

/* Past the end of the text that the quote at in[at] opens (at < end; end: bytes of `in`).
 * `escapes`: a backslash is known to escape (E'…'). `*disputed`: the readings disagree.
 * SQLQUOTE_OPEN if the text does not end. */
size_t sqlquote_end(const unsigned char *in, size_t at, size_t end, bool escapes, bool *disputed);

/* Past the end of the comment at in[at]. Comments nest in PostgreSQL only: the nested reading hides
 * more; where it does not end, the flat one is right and `*flat` is set for the next ones. */
size_t sqlquote_comment_end(const unsigned char *in, size_t at, size_t end, bool *flat);

#endif
