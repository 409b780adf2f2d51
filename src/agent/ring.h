/* Rings: one thread writes records, the program reads them.
 *
 * A ring is claimed by compare-and-swap and released when its thread ends; the
 * next owner goes on at the same head. Single writer, no lock: the record is
 * copied, then the head is stored with release order. A full ring drops the
 * record and counts it: a slow reader costs evidence, never the app's time.
 */
#ifndef UNSLOW_AGENT_RING_H
#define UNSLOW_AGENT_RING_H

#include <stdbool.h>
#include <stddef.h>

#include "agent/channel.h"

/* Bytes of a run of `ring_count` rings of `capacity` records each. */
size_t ring_run_bytes(uint32_t ring_count, uint32_t capacity);
/* Lay one out at `base` (zeroed, page-aligned); capacity is a power of two. Returns base. */
struct channel_rings *ring_run_make(void *base, uint32_t ring_count, uint32_t capacity);

/* A free ring of the run, now owned by `tid`; NULL if all are taken. */
struct channel_ring *ring_claim(struct channel_rings *run, uint32_t tid,
				struct channel_record **slots, uint32_t *capacity);
void ring_release(struct channel_ring *ring);

/* Append. `*head` is the writer's private copy of ring->head. False: full. */
bool ring_write(struct channel_ring *ring, struct channel_record *slots, uint32_t capacity,
		uint64_t *head, const struct channel_record *record);

#endif
