#include "target/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include "base/arena.h"

void memory_open(struct memory *memory, int pid)
{
	*memory = (struct memory){.pid = pid};
	memory->pages = mem_alloc(MEMORY_PAGES * sizeof *memory->pages);
}

void memory_close(struct memory *memory)
{
	free(memory->pages);
	*memory = (struct memory){0};
}

void memory_forget(struct memory *memory)
{
	memset(memory->numbers, 0, sizeof memory->numbers);
	memory->is_sealed = false;
}

size_t memory_take_used(struct memory *memory, uintptr_t *numbers, size_t max)
{
	size_t count = 0;
	for (size_t i = 0; i < MEMORY_PAGES; i++)
		if (memory->is_used[i] && memory->numbers[i] && count < max)
			numbers[count++] = memory->numbers[i];
	memset(memory->is_used, 0, sizeof memory->is_used);
	return count;
}

void memory_fetch_pages(struct memory *memory, const uintptr_t *numbers, size_t count)
{
	struct iovec here[MEMORY_PAGES], there[MEMORY_PAGES];
	size_t places[MEMORY_PAGES], wanted = 0;
	for (size_t i = 0; i < count; i++) {
		const size_t place = numbers[i] % MEMORY_PAGES;
		if (memory->numbers[place] || wanted == MEMORY_PAGES)
			continue; /* it is there, or its place is taken */
		memory->numbers[place] = numbers[i];
		places[wanted] = place;
		here[wanted] = (struct iovec){memory->pages[place], MEMORY_PAGE_BYTES};
		there[wanted++] =
			(struct iovec){(void *)(numbers[i] * MEMORY_PAGE_BYTES), MEMORY_PAGE_BYTES};
	}
	if (wanted == 0)
		return;
	memory->calls++;
	const ssize_t got = process_vm_readv(memory->pid, here, wanted, there, wanted, 0);
	for (size_t i = got > 0 ? (size_t)got / MEMORY_PAGE_BYTES : 0; i < wanted; i++)
		memory->numbers[places[i]] = 0;
}

static bool fetch(struct memory *memory, uintptr_t address, void *to, size_t size)
{
	struct iovec here = {to, size};
	struct iovec there = {(void *)address, size};
	memory->calls++;
	const ssize_t got = process_vm_readv(memory->pid, &here, 1, &there, 1, 0);
	if (got == (ssize_t)size)
		return true;
	/* A short read ends where the next page is not mapped. */
	memory->failed_errno = got < 0 ? errno : EFAULT;
	return false;
}

bool memory_read(void *context, uintptr_t address, void *to, size_t size)
{
	struct memory *memory = context;
	uint8_t *at = to;
	if (address > UINTPTR_MAX - size) {
		memory->failed_errno = EFAULT;
		return false;
	}
	while (size > 0) {
		const uintptr_t number = address / MEMORY_PAGE_BYTES;
		const size_t offset = address % MEMORY_PAGE_BYTES;
		const size_t part =
			size < MEMORY_PAGE_BYTES - offset ? size : MEMORY_PAGE_BYTES - offset;
		const size_t place = number % MEMORY_PAGES;
		if (number == 0) {
			memory->failed_errno = EFAULT;
			return false;
		}
		if (memory->numbers[place] != number && memory->is_sealed) {
			memory->failed_errno = EAGAIN;
			return false;
		}
		if (memory->numbers[place] != number) {
			memory->numbers[place] = 0;
			if (!fetch(memory, number * MEMORY_PAGE_BYTES, memory->pages[place],
				   MEMORY_PAGE_BYTES))
				return false;
			memory->numbers[place] = number;
		}
		memory->is_used[place] = true;
		memcpy(at, memory->pages[place] + offset, part);
		at += part;
		address += part;
		size -= part;
	}
	return true;
}

size_t memory_read_pieces(struct memory *memory, struct memory_piece *pieces, size_t count)
{
	struct iovec here[MEMORY_PIECES_MAX], there[MEMORY_PIECES_MAX];
	size_t whole = 0;
	for (size_t i = 0; i < count; i++)
		pieces[i].got = 0;
	for (size_t first = 0; first < count;) {
		size_t batch = 0;
		for (; batch < MEMORY_PIECES_MAX && first + batch < count; batch++) {
			const struct memory_piece *piece = &pieces[first + batch];
			here[batch] = (struct iovec){piece->to, piece->size};
			there[batch] = (struct iovec){(void *)piece->address, piece->size};
		}
		memory->calls++;
		const ssize_t read = process_vm_readv(memory->pid, here, batch, there, batch, 0);
		if (read < 0 && errno != EFAULT) {
			memory->failed_errno = errno;
			return whole;
		}
		/* process_vm_readv(2): partial transfers are by whole iovecs or pages of them; the
		 * first piece that is short is the bad one, and the next call begins behind it. */
		size_t left = read > 0 ? (size_t)read : 0;
		size_t done = 0;
		for (; done < batch; done++) {
			struct memory_piece *piece = &pieces[first + done];
			piece->got = left < piece->size ? left : piece->size;
			left -= piece->got;
			if (piece->got < piece->size)
				break;
			whole++;
		}
		if (done < batch) {
			memory->failed_errno = EFAULT;
			done++;
		}
		first += done;
	}
	return whole;
}
