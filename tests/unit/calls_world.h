/* Hand-made files of exact calls, as an agent leaves them in the channel of a channel_world. */
#ifndef UNSLOW_TESTS_CALLS_WORLD_H
#define UNSLOW_TESTS_CALLS_WORLD_H

#include "channel_world.h"

#include "agent/calls_file.h"
#include "probe/calls_reader.h"

enum { AREA_NODES = 64, AREA_LINES = 16, AREA_EVENTS = 8, BYTES_MAX = 1 << 20 };
#define AREA_BYTES (sizeof(struct calls_area) + AREA_NODES * sizeof(struct calls_node))

/* A file of the channel, mapped; `suffix` as "calls", "lines-1". */
void *calls_make(struct world *w, const char *suffix, size_t bytes);
/* The process's page: 3 ticks are 1 ns, tick 0 was `began_ns`. */
struct calls_process *calls_make_process(struct world *w);
struct calls_area *calls_make_area(struct world *w, uint32_t number, uint32_t tid);
struct calls_node *calls_nodes(struct calls_area *area);
/* Its file of lengths, of one call; to be unmapped. */
struct calls_histogram *calls_make_lengths(struct world *w, struct calls_area *area);
/* The next node; times in ns. Returns its index. */
uint32_t calls_put_node(struct calls_area *area, uint32_t kind, uint32_t code, uint32_t parent,
			uint64_t calls, uint64_t own_ns, uint64_t total_ns);
/* The code object `id` of this name, in the dictionary. */
void calls_put_code(struct file *f, uint32_t id, const char *qualname);
struct calls_reader *calls_read(struct world *w, enum calls_moment moment);
/* The same, with little room or time. */
struct calls_reader *calls_read_within(struct world *w, enum calls_moment moment,
				       uint64_t bytes_max, uint64_t until_ns);

#endif
