/* The one door to another process's memory: process_vm_readv(2), never ptrace, never a write.
 *
 * Pages are kept in a small cache until memory_forget(): a reader that follows pointers through
 * neighbouring structs costs one call a page. Whoever needs a later state of the same place must
 * forget first. A read is whole or it fails; what was read is the process's word and must be
 * checked.
 *
 * The caller owns the struct; nothing in it is allocated but by memory_open, freed by memory_close.
 */
#ifndef UNSLOW_TARGET_MEMORY_H
#define UNSLOW_TARGET_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MEMORY_PAGE_BYTES = 4096, MEMORY_PAGES = 256, MEMORY_PIECES_MAX = 1024 };

struct memory {
	int pid;
	int failed_errno; /* of the last read that failed: EFAULT unmapped, ESRCH gone, EPERM */
	uint64_t calls;   /* system calls made */
	/* Direct-mapped: the page's number decides the place. 0: empty (page 0 is never mapped). */
	uintptr_t numbers[MEMORY_PAGES];
	bool is_used[MEMORY_PAGES]; /* since the last memory_take_used */
	uint8_t (*pages)[MEMORY_PAGE_BYTES];
	/* Only what is in the cache is there (EAGAIN): it was read while a thread stood, which it
	 * does no more. The caller's to set; memory_forget() ends it. */
	bool is_sealed;
};

/* A part of a batch: `got` is what arrived, at most `size`. */
struct memory_piece {
	uintptr_t address;
	void *to;
	size_t size;
	size_t got;
};

void memory_open(struct memory *memory, int pid);
void memory_close(struct memory *memory);
void memory_forget(struct memory *memory);
/* Numbers of the pages that were asked for since this was last called, at most `max` of them: for a
 * reader that takes the same way each time and wants them in one call. */
size_t memory_take_used(struct memory *memory, uintptr_t *numbers, size_t max);
/* These pages into the cache, in one call; what does not come is fetched when it is asked for. */
void memory_fetch_pages(struct memory *memory, const uintptr_t *numbers, size_t count);

/* `size` bytes at `address` to `to`; `memory` is a struct memory (the form of a walk_reader).
 * False: not all of it can be read, failed_errno says why. */
bool memory_read(void *memory, uintptr_t address, void *to, size_t size);

/* Past the cache, in as few calls as can be (1,024 pieces each). A piece that cannot be read does
 * not spoil the ones after it. Returns how many pieces are whole. */
size_t memory_read_pieces(struct memory *memory, struct memory_piece *pieces, size_t count);

#endif
