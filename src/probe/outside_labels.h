/* What rows of references begin at, in a heap read from outside, and how it is called: modules,
 * classes, functools.lru_cache. Names are of the program's source; of variables such as
 * walk_label.h shows of modules and classes. Texts are added to one buffer, as in a walk's file.
 */
#ifndef UNSLOW_PROBE_OUTSIDE_LABELS_H
#define UNSLOW_PROBE_OUTSIDE_LABELS_H

#include "agent/walk_file.h"
#include "base/str.h"
#include "probe/outside_types.h"

struct outside_root {
	enum walk_edge_kind kind; /* 0: it is none */
	uintptr_t object, dict;   /* the dict that has what it holds */
};

/* Of an object of this type. */
struct outside_root outside_root_of(const struct remote_heap *heap, const struct outside_type *type,
				    uintptr_t object);
/* Its name; numbers of a cache are filled in, and how many entries it has. */
struct walk_edge outside_root_edge(struct outside_types *types, const struct outside_root *root,
				   struct str *texts);
/* Empty: it is not to be shown. */
struct walk_text outside_variable_label(const struct remote *remote, uintptr_t key,
					struct str *texts);

#endif
