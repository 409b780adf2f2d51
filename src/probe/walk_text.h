/* A row of references as an expression that a Python programmer reads:
 *
 *     app.views.CACHE['k'][1204].rows
 *     functools.lru_cache of app.render (maxsize=None, 5013 entries, 3 hits)
 *
 * Where a name is not known or not shown there is `…`. Names come from a process: they are cleaned
 * by who prints them.
 */
#ifndef UNSLOW_PROBE_WALK_TEXT_H
#define UNSLOW_PROBE_WALK_TEXT_H

#include "agent/walk_file.h"
#include "base/str.h"

/* Name of a root in the recording ("module", "class" …); NULL: the kind is none of a root. */
const char *walk_root_name(uint32_t kind);

/* `edges`, at least one, the first a root; their labels lie within `text_bytes` of `text`. */
void walk_text_write(const struct walk_edge *edges, uint32_t count, const char *text,
		     uint32_t text_bytes, struct str *out);

#endif
