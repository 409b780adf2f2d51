/* Whom a walk is to look for: live samples of the lines that keep more and more.
 *
 * What a program has had since its start, and what it is at work on, is live, too, and mostly more
 * than a leak is. What grows was born in between, again and again: so sites are ranked by the bytes
 * of their samples that were born neither in the first eighth of the time nor in the last, if these
 * were born in several of the others. Sites with too few samples to tell follow, those first whose
 * samples were made by units of work, as no import is; and, where few sites have any, those with
 * most of older bytes.
 *
 * One line of a program makes what it keeps by many stacks, and the targets have to stand for most
 * of it. Of each site they are the oldest, the newest and the one in the middle: what is kept for
 * good was kept at each time, and of what is linked one to the next the newest is near its holder.
 */
#ifndef UNSLOW_PROBE_WALK_TARGETS_H
#define UNSLOW_PROBE_WALK_TARGETS_H

#include <stddef.h>
#include <stdint.h>

#include "agent/heap_file.h"
#include "agent/walk_file.h"
#include "base/arena.h"

/* The rest of WALK_TARGETS is for what is largest. */
#define WALK_TARGET_SITES 96u
#define WALK_TARGET_SITES_LEAST \
	12u /* so many at least, if there are any, of what does not grow \
	     */
#define WALK_TARGETS_EACH 3u

/* Of `lives`, checked (heap_copy.h); `began_ns`: since when they are sampled. Into `out`, of
 * WALK_TARGETS; returns how many. */
size_t walk_targets_choose(const struct heap_live *lives, size_t count, uint64_t began_ns,
			   uint64_t now_ns, struct arena *arena, struct walk_target *out);

#endif
