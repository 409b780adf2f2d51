/* Pages of another process as they were at one instant, when it stood still: copied in few calls,
 * read later.
 *
 * Unlike memory.h's cache no page drives out another, and nothing is fetched when it is read. Who
 * must not keep the process standing asks for all that he may need, fetches it, and asks again only
 * for what that led to.
 */
#ifndef UNSLOW_TARGET_PAGES_H
#define UNSLOW_TARGET_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "target/memory.h"

enum { PAGES_MAX = 2048, PAGES_SLOTS = 2 * PAGES_MAX };

struct pages {
	size_t count;   /* asked for */
	size_t fetched; /* the first of them; the rest is still to be fetched */
	uintptr_t *numbers;
	bool *is_there;
	uint16_t *slots; /* by hash of the number: place + 1 */
	uint8_t (*bytes)[MEMORY_PAGE_BYTES];
};

void pages_open(struct pages *pages);
void pages_close(struct pages *pages);
void pages_forget(struct pages *pages);
/* The pages that hold these bytes. False: all were asked for before, or there is no room. */
bool pages_want(struct pages *pages, uintptr_t address, size_t size);
/* What was asked for and was not fetched, in that order. What cannot be read is not there. False:
 * it took until `until_ns` (CLOCK_MONOTONIC), and what is left is not there either. */
bool pages_fetch(struct pages *pages, struct memory *memory, uint64_t until_ns);
/* `pages` is a struct pages (the form of a walk_reader). False: not all of it is there. */
bool pages_read(void *pages, uintptr_t address, void *to, size_t size);

#endif
