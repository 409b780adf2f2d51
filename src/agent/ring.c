#include "agent/ring.h"

static struct channel_ring *ring_headers(struct channel_rings *run)
{
	return (struct channel_ring *)(run + 1);
}

size_t ring_run_bytes(uint32_t ring_count, uint32_t capacity)
{
	return sizeof(struct channel_rings) +
	       ring_count *
		       (sizeof(struct channel_ring) + capacity * sizeof(struct channel_record));
}

struct channel_rings *ring_run_make(void *base, uint32_t ring_count, uint32_t capacity)
{
	struct channel_rings *run = base;
	run->ring_count = ring_count;
	run->capacity = capacity;
	atomic_store_explicit(&run->magic, CHANNEL_RING_MAGIC, memory_order_release);
	return run;
}

struct channel_ring *ring_claim(struct channel_rings *run, uint32_t tid,
				struct channel_record **slots, uint32_t *capacity)
{
	struct channel_ring *rings = ring_headers(run);
	struct channel_record *records = (struct channel_record *)(rings + run->ring_count);
	for (uint32_t i = 0; i < run->ring_count; i++) {
		uint32_t free = RING_FREE;
		if (!atomic_compare_exchange_strong(&rings[i].state, &free, RING_OWNED))
			continue;
		atomic_store(&rings[i].tid, tid);
		*slots = records + (size_t)i * run->capacity;
		*capacity = run->capacity;
		return &rings[i];
	}
	return NULL;
}

void ring_release(struct channel_ring *ring)
{
	/* a call may still be open in it: the thread was cancelled inside */
	uint64_t sequence = atomic_load(&ring->open_sequence);
	atomic_store(&ring->open_sequence, sequence + (sequence & 1));
	atomic_store_explicit(&ring->state, RING_FREE, memory_order_release);
}

bool ring_write(struct channel_ring *ring, struct channel_record *slots, uint32_t capacity,
		uint64_t *head, const struct channel_record *record)
{
	uint64_t at = *head;
	if (at - atomic_load_explicit(&ring->tail, memory_order_acquire) >= capacity) {
		atomic_store_explicit(
			&ring->dropped,
			1 + atomic_load_explicit(&ring->dropped, memory_order_relaxed),
			memory_order_relaxed);
		return false;
	}
	slots[at & (capacity - 1)] = *record; /* a power of two; a division costs 10 ns */
	*head = at + 1;
	atomic_store_explicit(&ring->head, at + 1, memory_order_release);
	return true;
}
