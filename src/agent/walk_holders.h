/* What holds an object: a row of references from something that stays by itself down to it.
 *
 * Searched from the targets up, a step a round, each round a pass over all objects that looks which
 * of them refer to what the round before has found. Ends of a search are what the program keeps on
 * purpose: a module, a class, a cache of functools, a thread's state; and frames that run, which
 * are taken only where nothing else is found in a share of the time, as they end. Of several rows
 * the shortest is told.
 *
 * An object is not explained if fewer references to it are found than are counted (ob_refcnt): then
 * code in C holds it. From 3.12 on some objects do not count (PEP 683): of them nothing is said.
 */
#ifndef UNSLOW_AGENT_WALK_HOLDERS_H
#define UNSLOW_AGENT_WALK_HOLDERS_H

#include "agent/walk_census.h"
#include "agent/walk_file.h"

enum {
	HOLDERS_REFERRERS = 16,  /* kept of an object */
	HOLDERS_NODES = 1 << 15, /* objects looked at in a search */
	HOLDERS_PATH = WALK_ROUNDS + 2,
};

/* How a row ends. */
struct holders_row {
	uintptr_t path[HOLDERS_PATH]; /* from the root's end to the target */
	size_t count;                 /* at least 1: the target */
	uint32_t root;                /* enum walk_edge_kind, of those that are roots */
	uintptr_t owner; /* WALK_MODULE: the module; WALK_CLASS: the class; WALK_FRAME: its code */
	uint64_t references, found; /* to path[0] */
};

struct holders;
/* Searches for all targets at once, but those of which it is known that they are garbage. NULL: no
 * memory. */
struct holders *holders_find(const struct census *census, const uintptr_t *targets,
			     const bool *is_garbage, size_t count);
/* The module or the class whose names are in a dict; of a frame that runs its code. 0: it is none.
 */
uintptr_t holders_owner_of(const struct holders *holders, uintptr_t dict_or_frame);
/* The time was over, or there were too many. */
bool holders_were_cut(const struct holders *holders);
/* Of target `at`. */
void holders_row_of(const struct holders *holders, size_t at, struct holders_row *row);

#endif
