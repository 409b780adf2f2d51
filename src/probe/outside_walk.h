/* A walk of a process's heap from outside, where none is made inside: the process has no room to
 * fork, or no agent.
 *
 * Its memory is read by process_vm_readv(2) while it runs; it is not stopped, nothing is written
 * into it, it makes no page of its own: what it costs is the reader's CPU time, which is in the
 * row, and the kernel's references to pages. A page that was swapped out is brought back, as by a
 * full collection. Bounded in time and in bytes read. One at a time, of whatever process, in a
 * thread of its own, which gives way to the app; results are handed over by who began it.
 *
 * The row is a walk like others, with how = "outside": no garbage, no sizes of what objects keep,
 * and of the objects those in the collector's lists; holders of those alone that are asked for.
 */
#ifndef UNSLOW_PROBE_OUTSIDE_WALK_H
#define UNSLOW_PROBE_OUTSIDE_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/walk_file.h"
#include "base/clock.h"
#include "base/err.h"
#include "recording/ingest.h"
#include "recording/walks.h"

#define OUTSIDE_WALK_NS (2 * NS_PER_S)
#define OUTSIDE_READS_MAX (1u << 20) /* pages */

struct outside_walk;

/* NULL: one is under way; try again. `pid` as this program sees it; `targets`, copied: whose
 * holders are looked for (outside_holders.h), if there is time, at most WALK_TARGETS. */
struct outside_walk *outside_walk_begin(int pid, const struct walk_target *targets, size_t count);
bool outside_walk_is_done(const struct outside_walk *walk);
/* Waits for its end, hands it to the recording, and frees it. `asked`: number of the walk, what the
 * process said of it (`reason`, memory); the rest is filled in. Where it failed the row says why,
 * after what the process said, and *e, which the caller may print. */
enum err_kind outside_walk_end(struct outside_walk *walk, uint32_t serial,
			       const struct walk_row_facts *asked, struct ingest *ingest,
			       struct err *e);
/* Waits for its end; nothing is handed over. NULL is allowed. */
void outside_walk_drop(struct outside_walk *walk);

#endif
