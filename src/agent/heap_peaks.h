/* The most that was live at once of what a unit of work made since it began: what a request needs.
 *
 * Told by live samples alone (heap_account.h), so no allocation costs more: a unit that has one has
 * a place here until it ends, with the sum of what it made and was not freed, and the sites that
 * have most of it. At its end, or when hooks go out, its peak goes into the file's ring
 * (heap_file.h), which the program reads once a second. Who frees a block does not matter, nor on
 * which thread.
 *
 * Places are few: past them, one that was left alone for 10 s gives way (its unit has ended, and a
 * task of its went on); where there is none, the new unit is not followed, which is counted. Inside
 * the gate but where it is said. No lock that blocks.
 */
#ifndef UNSLOW_AGENT_HEAP_PEAKS_H
#define UNSLOW_AGENT_HEAP_PEAKS_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/heap_file.h"

/* A sample of a unit is live, or no more: `sign` 1 or -1. `is_born`: the unit made it now, so it is
 * open. */
void heap_peaks_account(const struct heap_live *sample, int sign, uint64_t now_ns, bool is_born);

/* Before the gate. The unit ends; `route`: text id, 0: not known. And: hooks go out, so those that
 * are open are told of as they are. */
void heap_peaks_unit_over(uint64_t unit, uint32_t route);
void heap_peaks_flush(void);
/* A fork's child: they are its parent's. */
void heap_peaks_after_fork(void);

#endif
