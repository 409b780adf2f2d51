/* Is a name a list that is long, by all that can be read: made of something, split off a text, or
 * empty and then added to? A few items that are written down are none.
 */
#ifndef UNSLOW_RULES_LISTED_H
#define UNSLOW_RULES_LISTED_H

#include <stdbool.h>

/* `text`: a whole file, blanked; [def, end): the function in it that uses `name`, which may have
 * attributes: "self.seen". */
bool listed(const char *text, const char *def, const char *end, const char *name);

#endif
