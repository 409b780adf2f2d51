#include "agent/heap_peaks.h"

#include <string.h>

#include "agent/heap_sites.h"
#include "agent/heap_store.h"
#include "base/clock.h"
#include "base/hash.h"

#define PLACES 1024u
#define PROBES 16u
#define SITES 8u        /* of a unit; what passes them is missing in the largest one's bytes */
#define MADE UINT64_MAX /* as a unit: the place is being made */
#define GIVES_WAY (10 * NS_PER_S)

/* What a site has of a unit. */
struct part {
	_Atomic uint32_t site; /* + 1; 0: free */
	_Atomic int64_t bytes;
};

struct place {
	_Atomic uint64_t unit; /* 0: free */
	_Atomic uint64_t touched_ns;
	_Atomic int64_t live, variance_1k, samples;
	struct part parts[SITES];
	_Atomic bool noting;   /* a thread writes what follows */
	struct heap_peak most; /* as it was then; bytes 0: none yet */
};

static struct place places[PLACES];

/* --- places -------------------------------------------------------------------------- */

static uint32_t first_of(uint64_t unit)
{
	return (uint32_t)hash_mix64(unit);
}

static struct place *find(uint64_t unit)
{
	for (uint32_t i = 0; i < PROBES; i++) {
		struct place *p = &places[(first_of(unit) + i) % PLACES];

		if (atomic_load_explicit(&p->unit, memory_order_acquire) == unit)
			return p;
	}
	return NULL;
}

/* Makes it that unit's, if it still is `held`'s. */
static bool make(struct place *p, uint64_t held, uint64_t unit)
{
	if (!atomic_compare_exchange_strong(&p->unit, &held, MADE))
		return false;
	memset((char *)p + sizeof p->unit, 0, sizeof *p - sizeof p->unit);
	atomic_store_explicit(&p->unit, unit, memory_order_release);
	return true;
}

/* Threads that meet a unit at once may make it two places: the later one is not told of. */
static struct place *claim(uint64_t unit, uint64_t now_ns)
{
	struct place *oldest = NULL;
	uint64_t since_ns = now_ns > GIVES_WAY ? now_ns - GIVES_WAY : 0;

	for (uint32_t i = 0; i < PROBES; i++) {
		struct place *p = &places[(first_of(unit) + i) % PLACES];
		uint64_t touched_ns;

		if (atomic_load_explicit(&p->unit, memory_order_relaxed) == 0 && make(p, 0, unit))
			return p;
		touched_ns = atomic_load_explicit(&p->touched_ns, memory_order_relaxed);
		if (touched_ns < since_ns) {
			since_ns = touched_ns;
			oldest = p;
		}
	}
	if (oldest != NULL) {
		uint64_t held = atomic_load_explicit(&oldest->unit, memory_order_relaxed);

		if (held != MADE && make(oldest, held, unit))
			return oldest;
	}
	atomic_fetch_add(&heap_store.file->peaks_lost, 1);
	return NULL;
}

/* --- sums ---------------------------------------------------------------------------- */

/* The site's, else a free one, else that of the site with least. NULL: to be left alone. */
static struct part *part_of(struct place *p, uint32_t site, bool may_make)
{
	struct part *least = &p->parts[0];

	for (uint32_t i = 0; i < SITES; i++) {
		struct part *part = &p->parts[i];
		uint32_t held = atomic_load_explicit(&part->site, memory_order_relaxed);

		if (held == site + 1)
			return part;
		if (atomic_load_explicit(&part->bytes, memory_order_relaxed) <
		    atomic_load_explicit(&least->bytes, memory_order_relaxed))
			least = part;
	}
	if (!may_make)
		return NULL;
	atomic_store_explicit(&least->bytes, 0, memory_order_relaxed);
	atomic_store_explicit(&least->site, site + 1, memory_order_relaxed);
	return least;
}

static void add_to_part(struct place *p, uint32_t site, int64_t bytes)
{
	struct part *part = part_of(p, site, bytes > 0);

	/* one that gave way for a time was not told of all that it has */
	if (part != NULL && atomic_fetch_add(&part->bytes, bytes) + bytes < 0)
		atomic_store_explicit(&part->bytes, 0, memory_order_relaxed);
}

static void note_peak(struct place *p, int64_t live, uint64_t now_ns)
{
	const struct part *most = &p->parts[0];
	int64_t variance_1k, samples;

	if (atomic_exchange_explicit(&p->noting, true, memory_order_acquire))
		return; /* another thread has about the same */
	if ((uint64_t)live > p->most.bytes) {
		for (uint32_t i = 1; i < SITES; i++)
			if (atomic_load_explicit(&p->parts[i].bytes, memory_order_relaxed) >
			    atomic_load_explicit(&most->bytes, memory_order_relaxed))
				most = &p->parts[i];
		variance_1k = atomic_load_explicit(&p->variance_1k, memory_order_relaxed);
		samples = atomic_load_explicit(&p->samples, memory_order_relaxed);
		p->most.at_ns = now_ns;
		p->most.bytes = (uint64_t)live;
		p->most.variance_1k = variance_1k > 0 ? (uint64_t)variance_1k : 0;
		p->most.samples = samples > 0 ? (uint32_t)samples : 0;
		p->most.site = atomic_load_explicit(&most->site, memory_order_relaxed) - 1;
		p->most.site_bytes =
			(uint64_t)atomic_load_explicit(&most->bytes, memory_order_relaxed);
	}
	atomic_store_explicit(&p->noting, false, memory_order_release);
}

/* A block found with p stands for size / p: so much is it off (Horvitz and Thompson 1952). */
static int64_t variance_1k_of(const struct heap_live *sample)
{
	uint64_t off =
		sample->weight_bytes > sample->size ? sample->weight_bytes - sample->size : 0;

	return (int64_t)((double)sample->weight_bytes * (double)off / 1024);
}

void heap_peaks_account(const struct heap_live *sample, int sign, uint64_t now_ns, bool is_born)
{
	struct place *p = find(sample->unit);
	int64_t bytes = sign * (int64_t)sample->weight_bytes, live;

	if (p == NULL && is_born)
		p = claim(sample->unit, now_ns);
	if (p == NULL)
		return; /* it has ended */
	atomic_store_explicit(&p->touched_ns, now_ns, memory_order_relaxed);
	live = atomic_fetch_add(&p->live, bytes) + bytes;
	atomic_fetch_add(&p->variance_1k, sign * variance_1k_of(sample));
	atomic_fetch_add(&p->samples, sign);
	add_to_part(p, sample->site, bytes);
	if (sign > 0 && live > 0 && (uint64_t)live > p->most.bytes)
		note_peak(p, live, now_ns);
}

/* --- told of ------------------------------------------------------------------------- */

/* The place is ours alone. */
static void tell(struct place *p, uint64_t unit, uint32_t route)
{
	struct heap_file *file = heap_store.file;
	struct heap_peak *to;
	uint64_t number;

	if (p->most.bytes == 0)
		return;
	number = atomic_fetch_add(&file->peak_head, 1);
	to = &file->peaks[number % HEAP_PEAKS];
	atomic_store_explicit(&to->number, 0, memory_order_release);
	to->unit = unit;
	to->at_ns = p->most.at_ns;
	to->bytes = p->most.bytes;
	to->variance_1k = p->most.variance_1k;
	to->site_bytes = p->most.site_bytes;
	to->site = p->most.site;
	to->route = route;
	to->samples = p->most.samples;
	atomic_store_explicit(&to->number, number + 1, memory_order_release);
}

static void tell_and_free(struct place *p, uint64_t unit, uint32_t route)
{
	uint64_t held = unit;

	if (!atomic_compare_exchange_strong(&p->unit, &held, MADE))
		return;
	tell(p, unit, route);
	atomic_store_explicit(&p->unit, 0, memory_order_release);
}

void heap_peaks_unit_over(uint64_t unit, uint32_t route)
{
	struct place *p = find(unit);

	if (LIKELY(p == NULL) || !heap_enter())
		return;
	tell_and_free(p, unit, route);
	heap_leave();
}

void heap_peaks_flush(void)
{
	if (!heap_enter())
		return;
	for (uint32_t i = 0; i < PLACES; i++) {
		uint64_t unit = atomic_load_explicit(&places[i].unit, memory_order_relaxed);

		if (unit != 0 && unit != MADE)
			tell_and_free(&places[i], unit, 0);
	}
	heap_leave();
}

void heap_peaks_after_fork(void)
{
	/* a child that writes to no page of them has them from its parent, for nothing */
	for (uint32_t i = 0; i < PLACES; i++)
		if (atomic_load_explicit(&places[i].unit, memory_order_relaxed) != 0)
			atomic_store_explicit(&places[i].unit, 0, memory_order_relaxed);
}
