/* The census of a heap that is read from outside while its process runs: how many objects of each
 * type are in the collector's lists, and how large they are themselves.
 *
 * What the collector does not follow (texts, numbers, tuples and dicts of such) is in no list, and
 * is not counted here: only a walk inside sees it. Of an object that was changed while it was read
 * nothing is told. Types, names and time are bounded; memory comes through the reader of `remote`.
 */
#ifndef UNSLOW_PROBE_OUTSIDE_CENSUS_H
#define UNSLOW_PROBE_OUTSIDE_CENSUS_H

#include "base/arena.h"
#include "probe/outside_time.h"
#include "python/remote_heap.h"
#include "recording/walks.h"

struct outside_census {
	struct walk_type_row *types; /* in the arena, as their names; those with most bytes first */
	size_t type_count;
	uint64_t objects, bytes;
	uint64_t links_changed;   /* as remote_heap.h has it … */
	uint64_t objects_changed; /* … and such as were no object when they were looked at */
	bool is_cut;              /* a part of the lists was not read, or much of them cannot be */
};

/* All zeros before. ERR_INVALID, ERR_UNSUPPORTED as remote_heap.h. */
MUST_CHECK enum err_kind outside_census_take(const struct remote *remote,
					     const struct outside_limits *limits,
					     struct arena *arena, struct outside_census *census,
					     struct err *e);

#endif
