#include "target/pages.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/hash.h"

enum { BATCH = 64 };

void pages_open(struct pages *p)
{
	*p = (struct pages){0};
	p->numbers = mem_alloc(PAGES_MAX * sizeof *p->numbers);
	p->is_there = mem_alloc(PAGES_MAX * sizeof *p->is_there);
	p->slots = mem_alloc(PAGES_SLOTS * sizeof *p->slots);
	p->bytes = mem_alloc(PAGES_MAX * sizeof *p->bytes);
}

void pages_close(struct pages *p)
{
	free(p->numbers);
	free(p->is_there);
	free(p->slots);
	free(p->bytes);
	*p = (struct pages){0};
}

/* The slot of a page, or the free one where it belongs. */
static uint16_t *slot_of(const struct pages *p, uintptr_t number)
{
	size_t at = hash_mix64(number) % PAGES_SLOTS;
	while (p->slots[at] && p->numbers[p->slots[at] - 1] != number)
		at = (at + 1) % PAGES_SLOTS;
	return &p->slots[at];
}

void pages_forget(struct pages *p)
{
	/* newest first: none is looked for past a slot that was freed */
	while (p->count > 0) {
		*slot_of(p, p->numbers[p->count - 1]) = 0;
		p->count--;
	}
	p->fetched = 0;
}

bool pages_want(struct pages *p, uintptr_t address, size_t size)
{
	bool is_new = false;
	if (size == 0 || address < MEMORY_PAGE_BYTES || address > UINTPTR_MAX - size)
		return false;
	const uintptr_t last = (address + size - 1) / MEMORY_PAGE_BYTES;
	for (uintptr_t number = address / MEMORY_PAGE_BYTES; number <= last && p->count < PAGES_MAX;
	     number++) {
		uint16_t *slot = slot_of(p, number);
		if (*slot)
			continue;
		p->is_there[p->count] = false;
		p->numbers[p->count++] = number;
		*slot = (uint16_t)p->count;
		is_new = true;
	}
	return is_new;
}

bool pages_fetch(struct pages *p, struct memory *memory, uint64_t until_ns)
{
	struct memory_piece pieces[BATCH];
	while (p->fetched < p->count) {
		const size_t first = p->fetched;
		const size_t count = p->count - first < BATCH ? p->count - first : BATCH;
		for (size_t i = 0; i < count; i++)
			pieces[i] = (struct memory_piece){
				.address = p->numbers[first + i] * MEMORY_PAGE_BYTES,
				.to = p->bytes[first + i],
				.size = MEMORY_PAGE_BYTES,
			};
		(void)memory_read_pieces(memory, pieces, count);
		for (size_t i = 0; i < count; i++)
			p->is_there[first + i] = pieces[i].got == MEMORY_PAGE_BYTES;
		p->fetched += count;
		if (p->fetched < p->count && clock_now_ns() >= until_ns)
			return false;
	}
	return true;
}

bool pages_read(void *context, uintptr_t address, void *to, size_t size)
{
	const struct pages *p = context;
	uint8_t *at = to;
	if (address > UINTPTR_MAX - size)
		return false;
	while (size > 0) {
		const size_t offset = address % MEMORY_PAGE_BYTES;
		const size_t part =
			size < MEMORY_PAGE_BYTES - offset ? size : MEMORY_PAGE_BYTES - offset;
		const uint16_t place = *slot_of(p, address / MEMORY_PAGE_BYTES);
		if (!place || !p->is_there[place - 1])
			return false;
		memcpy(at, p->bytes[place - 1] + offset, part);
		at += part;
		address += part;
		size -= part;
	}
	return true;
}
