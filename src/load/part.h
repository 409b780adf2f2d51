/* A part of a text that somebody else holds: bytes and how many, no NUL. What a header's value is
 * taken apart with. Blanks are ' ' and tab (RFC 9110, 5.6.3). */
#ifndef UNSLOW_LOAD_PART_H
#define UNSLOW_LOAD_PART_H

#include <stdbool.h>
#include <stddef.h>

struct part {
	const char *at;
	size_t length;
};

/* Without the blanks around it. */
struct part part_trim(struct part p);

/* Letters of either case. */
bool part_is(struct part p, const char *word);

/* What stands before the first `separator`, or all, trimmed; *rest is then what stands behind it.
 */
struct part part_cut(struct part *rest, char separator);

/* The next item of a comma-separated list that is not empty (RFC 9110, 5.6.1); false at its end. */
bool part_next_item(struct part *list, struct part *item);

#endif
