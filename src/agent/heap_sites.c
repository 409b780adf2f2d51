#include "agent/heap_sites.h"

#include <string.h>

#include "base/hash.h"

#define SLOTS 16384u
#define PROBES 32
#define NOT_YET 0
#define NO_ROOM UINT32_MAX

static _Atomic uint64_t keys[SLOTS];    /* 0: free */
static _Atomic uint32_t numbers[SLOTS]; /* of the site; NOT_YET, NO_ROOM */

static uint64_t key_of(struct heap_site_name name)
{
	uint64_t key = hash_mix64((uint64_t)name.stack << 32 | name.serial);

	return hash_mix64(key ^ ((uint64_t)name.native << 32 | name.domain)) | 1;
}

/* 0: there is no room. */
static uint32_t write_site(struct heap_file *file, struct heap_site *sites,
			   struct heap_site_name name, uint64_t key)
{
	uint32_t n = atomic_load(&file->site_count);

	do {
		if (n >= HEAP_SITE_CAPACITY)
			return 0;
	} while (!atomic_compare_exchange_weak(&file->site_count, &n, n + 1));
	sites[n].stack = name.stack;
	sites[n].domain = name.domain;
	sites[n].native = name.native;
	sites[n].serial = name.serial;
	__atomic_store_n(&sites[n].key, key, __ATOMIC_RELEASE);
	return n;
}

uint32_t heap_site_of(struct heap_file *file, struct heap_site *sites, struct heap_site_name name)
{
	const uint64_t key = key_of(name);

	for (uint32_t probe = 0; probe < PROBES; probe++) {
		uint32_t at = ((uint32_t)(key >> 8) + probe) % SLOTS;
		uint64_t held = atomic_load_explicit(&keys[at], memory_order_acquire);
		uint32_t number;

		if (held == 0 && atomic_compare_exchange_strong(&keys[at], &held, key)) {
			number = write_site(file, sites, name, key);
			atomic_store_explicit(&numbers[at], number == 0 ? NO_ROOM : number,
					      memory_order_release);
			return number;
		}
		if (held != key)
			continue;
		number = atomic_load_explicit(&numbers[at], memory_order_acquire);
		if (number == NOT_YET)
			return write_site(file, sites, name, key);
		return number == NO_ROOM ? 0 : number;
	}
	return 0;
}

void heap_sites_reset(struct heap_file *file)
{
	memset((void *)keys, 0, sizeof keys);
	memset((void *)numbers, 0, sizeof numbers);
	atomic_store(&file->site_count, 1);
}
