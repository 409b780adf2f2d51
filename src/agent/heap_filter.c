#include "agent/heap_filter.h"

#include <string.h>

#define FULL UINT8_MAX /* so many and more: the bit stays for good */

_Atomic uint32_t heap_filter[(1u << HEAP_FILTER_BITS) / 32] __attribute__((aligned(64)));
static _Atomic uint8_t counts[1u << HEAP_FILTER_BITS];

static void set(uint32_t at)
{
	atomic_fetch_or(&heap_filter[at / 32], 1u << (at % 32));
}

void heap_filter_add(uintptr_t address)
{
	uint32_t at = heap_filter_place(address);
	uint8_t n = atomic_load(&counts[at]);

	while (n != FULL && !atomic_compare_exchange_weak(&counts[at], &n, (uint8_t)(n + 1)))
		;
	if (n == 0)
		set(at);
}

void heap_filter_drop(uintptr_t address)
{
	uint32_t at = heap_filter_place(address);
	uint8_t n = atomic_load(&counts[at]);

	while (n != FULL && n != 0 &&
	       !atomic_compare_exchange_weak(&counts[at], &n, (uint8_t)(n - 1)))
		;
	if (n != 1)
		return;
	atomic_fetch_and(&heap_filter[at / 32], ~(1u << (at % 32)));
	/* another thread's sample came in between */
	if (atomic_load(&counts[at]) != 0)
		set(at);
}

void heap_filter_clear(void)
{
	memset((void *)heap_filter, 0, sizeof heap_filter);
	memset((void *)counts, 0, sizeof counts);
}
