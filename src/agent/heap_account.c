#include "agent/heap_account.h"

#include "agent/heap_peaks.h"
#include "agent/heap_sites.h"
#include "agent/heap_store.h"

/* Samples lie in memory that others may write: site 0 is for those that have none. */
static struct heap_site *site_of(const struct heap_live *sample)
{
	return &heap_store.sites[sample->site < HEAP_SITE_CAPACITY ? sample->site : 0];
}

void heap_account_made(const struct heap_live *sample)
{
	struct heap_site *site = site_of(sample);

	atomic_fetch_add(&site->made_bytes, sample->weight_bytes);
	atomic_fetch_add(&site->made_blocks_1k, sample->weight_blocks_1k);
	atomic_fetch_add(&site->samples, 1);
	atomic_fetch_add(&heap_store.made_bytes, sample->weight_bytes);
	atomic_fetch_add(&heap_store.file->samples, 1);
}

static void account(const struct heap_live *sample, int sign, uint64_t now_ns, bool is_born)
{
	struct heap_site *site = site_of(sample);
	struct heap_file *file = heap_store.file;
	int64_t bytes = sign * (int64_t)sample->weight_bytes;
	int64_t here = atomic_fetch_add(&site->live_bytes, bytes) + bytes;
	int64_t all = atomic_fetch_add(&heap_store.live_bytes, bytes) + bytes;

	atomic_fetch_add(&site->live_blocks_1k, sign * (int64_t)sample->weight_blocks_1k);
	if (site->domain == HEAP_MALLOC)
		atomic_fetch_add(&heap_store.live_malloc_bytes, bytes);
	if (sample->unit != 0 && (sample->flags & HEAP_PRE_FORK) == 0)
		heap_peaks_account(sample, sign, now_ns, is_born);
	if (sign < 0)
		return;
	/* of two threads that reach a peak at once, either may be the one that is kept */
	if (here > atomic_load_explicit(&site->peak_bytes, memory_order_relaxed)) {
		atomic_store(&site->peak_bytes, here);
		atomic_store(&site->peak_ns, now_ns);
	}
	if (all > 0 && (uint64_t)all > atomic_load(&file->peak_live_bytes)) {
		atomic_store(&file->peak_live_bytes, (uint64_t)all);
		atomic_store(&file->peak_ns, now_ns);
	}
}

void heap_account_live(const struct heap_live *sample, int sign, uint64_t now_ns)
{
	account(sample, sign, now_ns, sign > 0);
}

void heap_account_again(const struct heap_live *sample, uint64_t now_ns)
{
	account(sample, 1, now_ns, false);
}

void heap_account_short(const struct heap_live *sample)
{
	atomic_fetch_add(&site_of(sample)->short_bytes, sample->weight_bytes);
}
