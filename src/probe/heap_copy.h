/* From the bytes of an agent's heap file (agent/heap_file.h) to what is true of them: a copy first,
 * then every offset, count and index checked in the copy.
 *
 * The writer may be hostile and goes on writing meanwhile. A live sample is taken only if its
 * address was the same before and after its words were read; one that names no site is left out;
 * weights are bounded, so that no sum overflows. Copies live in the arena.
 */
#ifndef UNSLOW_PROBE_HEAP_COPY_H
#define UNSLOW_PROBE_HEAP_COPY_H

#include <stdint.h>

#include "agent/heap_file.h"
#include "base/arena.h"
#include "base/err.h"
#include "probe/guarded_map.h"
#include "recording/heap.h"

#define HEAP_FILE_SITES_MAX (1u << 18)
#define HEAP_FILE_LIVES_MAX (1u << 20)

/* The head of the file, all before its seconds, into *out (whose seconds are left as they are).
 * ERR_LIMIT: it is not made yet; ERR_INVALID: it contradicts itself, or is of another process. */
MUST_CHECK enum err_kind heap_copy_head(const struct guarded_map *map, uint32_t pid,
					uint32_t serial, struct heap_file *out, struct err *e);

/* Rows of the ring from number `from` on that are still there, oldest first; returns how many, at
 * most HEAP_SECONDS, into `out`. A row from after `now_ns` is none. */
size_t heap_copy_seconds(const struct guarded_map *map, const struct heap_file *head, uint64_t from,
			 uint64_t now_ns, struct heap_second *out);

/* Peaks of units from number *next on that are still there, into `out`; returns how many, at most
 * HEAP_PEAKS, and moves *next past them. *lost grows by those that were overwritten before. One
 * that is being written is waited for. */
size_t heap_copy_peaks(const struct guarded_map *map, uint64_t *next, uint64_t *lost,
		       struct heap_peak *out);

/* Sites in use, by index. */
struct heap_site_sums *heap_copy_sites(const struct guarded_map *map, const struct heap_file *head,
				       struct arena *arena, uint32_t *count);

/* Live samples, in the order of the file. */
struct heap_live *heap_copy_lives(const struct guarded_map *map, const struct heap_file *head,
				  struct arena *arena, size_t *count);

/* Samples summed by site, age and route, which is the recording's here (heap_sum.route). `units`:
 * of work that have ended by now. Past HEAP_SUMS_MAX the smallest sums are folded: those of one age
 * together. *out has all but made_bytes. */
void heap_sum_lives(const struct heap_live *lives, size_t count, uint64_t units, uint64_t now_ns,
		    struct arena *arena, struct heap_moment *out);

/* heap_live.age of a sample. */
uint32_t heap_age(const struct heap_live *live, uint64_t units, uint64_t now_ns);

#endif
