/* A process with a sampled heap, as its files have it, and a reader of them. Every test ends it. */
#ifndef UNSLOW_TESTS_HEAP_WORLD_H
#define UNSLOW_TESTS_HEAP_WORLD_H

#include "calls_world.h"

#include "probe/heap_reader.h"

enum { SITES = 8, LIVES = 32, SITES_AT = (sizeof(struct heap_file) / CHANNEL_PAGE + 1) * 4096 };
enum { LIVE_AT = SITES_AT + CHANNEL_PAGE, HEAP_BYTES = LIVE_AT + CHANNEL_PAGE, ROOM = 1 << 22 };

struct scene {
	struct world w;
	struct heap_file *file;
	struct heap_site *sites;
	struct heap_live *lives;
};

void put_stack(struct file *f, uint32_t id, uint32_t code);
void put_live(struct scene *s, uint32_t at, uint32_t site, uint32_t size, uint32_t born);
/* foo: two live samples of 100 bytes that stand for 1,000 each, born in units 0 and 95 of 100;
 * bar: one of 5,000 bytes, exact. */
void set(struct scene *s);
/* Reads once, as at the end of a recording. */
struct heap_reader *read_heap_within(struct scene *s, uint64_t units, uint64_t bytes_max);
void read_heap(struct scene *s, uint64_t units);
void end(struct scene *s);
/* Of a table, or of what follows FROM. */
void assert_count(struct scene *s, const char *what, int64_t wanted);

#endif
