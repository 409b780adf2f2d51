/* Views of what walks of the heap found: objects by type, what holds them. Those of each process's
 * last walk; growth is since its first.
 */
#ifndef UNSLOW_VIEW_WALK_VIEWS_H
#define UNSLOW_VIEW_WALK_VIEWS_H

#include "view/table.h"

extern const char walk_types_sql[], walk_holders_sql[], walk_memory_sql[];
MUST_CHECK enum err_kind walk_types_prepare(sqlite3 *db, const struct view_options *o,
					    struct err *e);
MUST_CHECK enum err_kind walk_holders_prepare(sqlite3 *db, const struct view_options *o,
					      struct err *e);
MUST_CHECK enum err_kind walk_memory_prepare(sqlite3 *db, const struct view_options *o,
					     struct err *e);
/* What a walk had no time or memory for; or that there was none. */
extern const struct view_heads walk_heads;
/* The same of `show memory --by type`: at which walk it was, and what was not walked. */
extern const struct view_heads walk_memory_heads;

#define WALK_TYPES_HEAD \
	"objects in the last walk of each process; size: of themselves, as sys.getsizeof() has " \
	"it, " \
	"not of what they refer to; keeps: with all that they lead to, but by modules, classes, " \
	"caches and frames that run; grown: since the first walk; garbage: of them, what only " \
	"garbage holds that was not collected yet (at least); read outside: while the process " \
	"ran, as it has no room for a copy or no agent: at least so many of those that the " \
	"collector follows; changed: links and objects, while they were read"
#define WALK_MEMORY_HEAD \
	"live: Python objects of the last walk, of themselves, as sys.getsizeof() has it, not of " \
	"what they refer to; in no row: what is no object (buffers of C code, free room: `show " \
	"memory`); growth: since the first walk; keeps: with all that they lead to, but by " \
	"modules, classes, caches and frames that run; garbage: of live, what only garbage holds " \
	"that was not collected yet (at least)"
#define WALK_HOLDERS_HEAD \
	"the shortest row of references that keeps an object, of the largest containers and of " \
	"the " \
	"classes with most instances; a key that is data is […]; keeps: with all that it leads " \
	"to; shared: of that, what others lead to as well, so that it would stay; in: the " \
	"container it is in; made at: the line, where it is a live sample of " \
	"the heap (?: or that of an object which was at its place before); of: whose the module " \
	"or " \
	"function is that keeps it, where code of its file was seen; left out: what would " \
	"free less than 4 KiB, and less than a tenth of what it keeps"

#endif
