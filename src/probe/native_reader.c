#include "probe/native_reader.h"

#include <stdlib.h>

#include "agent/heap_file.h"
#include "base/arena.h"
#include "base/clock.h"
#include "probe/calls_copy.h"
#include "probe/heap_reader.h"
#include "probe/native_unwind.h"

struct native_reader {
	uint32_t serial;
	struct ingest *ingest;
	struct native_unwinder *unwinder;
	uint64_t next[HEAP_NATIVE_RINGS]; /* rows of each ring that were passed */
	bool has_begun;
	uint64_t at_ns, took_ns; /* when it was read last, and the CPU that it took */
};

struct native_reader *native_reader_new(uint32_t pid, uint32_t serial, struct ingest *ingest)
{
	struct native_reader *reader = mem_alloc(sizeof *reader);
	reader->serial = serial;
	reader->ingest = ingest;
	reader->unwinder = native_unwinder_new(pid);
	return reader;
}

void native_reader_free(struct native_reader *reader)
{
	if (!reader)
		return;
	native_unwinder_free(reader->unwinder);
	free(reader);
}

enum row_state { ROW_WHOLE, ROW_COMES, ROW_GONE };

static enum row_state take_row(const struct heap_native *there, uint64_t number,
			       struct heap_native *out)
{
	const uint64_t before = atomic_load_explicit(&there->number, memory_order_acquire);
	if (before != number)
		return before < number ? ROW_COMES : ROW_GONE;
	calls_copy_words(out, there, sizeof *out);
	atomic_thread_fence(memory_order_acquire);
	if (out->word_count > HEAP_NATIVE_WORDS)
		out->word_count = HEAP_NATIVE_WORDS;
	return atomic_load_explicit(&there->number, memory_order_relaxed) == number ? ROW_WHOLE
										    : ROW_GONE;
}

static void hand_over(struct native_reader *reader, const struct heap_native *stack, uint32_t sites)
{
	struct arena *arena = arena_new();
	struct heap_native_chain chain;
	native_unwind(reader->unwinder, stack, arena, &chain);
	ingest_heap_native(reader->ingest, reader->serial, &chain, sites);
	arena_free(arena);
}

/* Rows of one ring that are new. One that was overwritten, or is torn, is as one that was not
 * taken: which are is a matter of chance. */
static void drain_ring(struct native_reader *reader, const struct guarded_map *map,
		       const struct heap_native_ring *ring, uint64_t *next, uint32_t sites)
{
	const uint64_t head = atomic_load_explicit(&ring->head, memory_order_acquire);
	const uint64_t oldest = head > HEAP_NATIVES ? head - HEAP_NATIVES : 0;
	if (head < *next) /* a writer that goes back */
		*next = head;
	if (oldest > *next)
		*next = oldest;
	for (; *next < head; ++*next) {
		struct heap_native stack;
		const enum row_state state =
			take_row(&ring->rows[*next % HEAP_NATIVES], *next + 1, &stack);
		/* who began to write one long ago does not go on */
		if (state == ROW_COMES && head - *next < HEAP_NATIVES / 2)
			break;
		if (state == ROW_WHOLE && !guarded_map_is_cut(map))
			hand_over(reader, &stack, sites);
	}
}

uint64_t native_reader_drain(struct native_reader *reader, const struct guarded_map *map,
			     uint32_t sites)
{
	const struct heap_file *there = (const void *)map->bytes;
	bool any = !reader->has_begun; /* what is loaded then is known, should it end soon */
	for (size_t i = 0; i < HEAP_NATIVE_RINGS; i++)
		any |= atomic_load_explicit(&there->natives[i].head, memory_order_relaxed) !=
		       reader->next[i];
	const uint64_t now_ns = clock_now_ns(), began_ns = clock_thread_cpu_ns();
	if (!any || (now_ns - reader->at_ns) / HEAP_READ_SHARE < reader->took_ns)
		return 0;
	reader->has_begun = true;
	reader->at_ns = now_ns;
	native_unwinder_begin(reader->unwinder);
	for (size_t i = 0; i < HEAP_NATIVE_RINGS; i++)
		drain_ring(reader, map, &there->natives[i], &reader->next[i], sites);
	reader->took_ns = clock_thread_cpu_ns() - began_ns;
	return reader->took_ns;
}
