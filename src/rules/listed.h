/* Is a name a list that is long, by all that can be read: made of something, split off a text, or
 * empty and then added to? A few items that are written down are none.
 */
#ifndef UNSLOW_RULES_LISTED_H
#define UNSLOW_RULES_LISTED_H

#include <stdbool.h>
#include <stddef.h>

/* `text`: a whole file, blanked; [def, end): the function in it that uses `name`, which may have
 * attributes: "self.seen". */
bool listed(const char *text, const char *def, const char *end, const char *name);

/* What a line of [from, to), which begins with `indent` blanks at most, makes a list of that name
 * of, and not of what it was; NULL: none does. */
const char *listed_made_of(const char *from, const char *to, size_t indent, const char *name);

#endif
