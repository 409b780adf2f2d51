/* What holds objects that are looked for, in a heap read from outside: by passes over all that the
 * collector follows, each of which finds who refers to what the one before found.
 *
 * Rows of references are as a walk inside has them (walk_text.h), where they begin at a module, a
 * class, or functools.lru_cache. What a running function holds, or a C object in memory of its own,
 * is not found: then a row is as long as it got. What is kept of the heap meanwhile is bounded by
 * count (types, modules and classes, untracked tuples and dicts, holders of each target). Of names
 * those of modules, classes, functions and their variables are told; no key is.
 */
#ifndef UNSLOW_PROBE_OUTSIDE_HOLDERS_H
#define UNSLOW_PROBE_OUTSIDE_HOLDERS_H

#include "agent/walk_file.h"
#include "base/arena.h"
#include "probe/outside_time.h"
#include "python/remote_heap.h"
#include "recording/walks.h"

struct outside_holders {
	struct walk_holder_row *rows; /* in the arena, as all texts; those found */
	size_t count;
	bool is_cut; /* time was over before all were looked for, or not all could be read or kept
		      */
};

/* `targets`: at most WALK_TARGETS. All zeros before. */
MUST_CHECK enum err_kind outside_holders_find(const struct remote *remote,
					      const struct outside_limits *limits,
					      const struct walk_target *targets, size_t count,
					      struct arena *arena, struct outside_holders *found,
					      struct err *e);

#endif
