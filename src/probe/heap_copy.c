#include "probe/heap_copy.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/map.h"
#include "probe/calls_copy.h"

/* Ages: powers of four of units, or of tenths of a second, whichever is more. */
enum { AGE_BITS = 2, AGES = HEAP_AGE_INHERITED + 1 };
#define AGE_NS (100 * NS_PER_MS)
#define FUTURE_NS NS_PER_S
/* User space of both architectures ends below 2^56 (with five levels of page tables). */
#define SIZE_MAX_BELIEVED (UINT64_C(1) << 56)

/* --- head ---------------------------------------------------------------- */

/* Does an array of `count` times `size` bytes at `offset` lie in the file, behind its head? */
static bool lies_inside(const struct guarded_map *map, uint64_t offset, uint64_t count, size_t size)
{
	return offset >= sizeof(struct heap_file) && offset % sizeof(uint64_t) == 0 &&
	       offset <= map->size && count <= (map->size - offset) / size;
}

enum err_kind heap_copy_head(const struct guarded_map *map, uint32_t pid, uint32_t serial,
			     struct heap_file *out, struct err *e)
{
	const struct heap_file *there = (const void *)map->bytes;
	if (map->size < sizeof *there)
		return ERR(e, ERR_INVALID, "its heap file is too short for its head");
	if (atomic_load_explicit(&there->magic, memory_order_acquire) == 0)
		return ERR(e, ERR_LIMIT, "its heap file is not made yet");
	calls_copy_words(out, there, offsetof(struct heap_file, seconds));
	out->reason[HEAP_REASON - 1] = '\0';
	if (out->magic != HEAP_MAGIC || out->pid != pid || out->serial != serial)
		return ERR(e, ERR_INVALID, "its heap file is not its own");
	if (out->abi != HEAP_ABI)
		return ERR(e, ERR_INVALID, "its heap file is of another version of the agent");
	if (out->site_capacity > HEAP_FILE_SITES_MAX || out->live_capacity > HEAP_FILE_LIVES_MAX ||
	    !lies_inside(map, out->sites_at, out->site_capacity, sizeof(struct heap_site)) ||
	    !lies_inside(map, out->live_at, out->live_capacity, sizeof(struct heap_live)))
		return ERR(e, ERR_INVALID, "its heap file contradicts its size");
	if (out->site_count > out->site_capacity)
		out->site_count = out->site_capacity;
	return ERR_OK;
}

/* --- seconds ------------------------------------------------------------- */

size_t heap_copy_seconds(const struct guarded_map *map, const struct heap_file *head, uint64_t from,
			 uint64_t now_ns, struct heap_second *out)
{
	const struct heap_file *there = (const void *)map->bytes;
	const uint64_t oldest =
		head->second_head > HEAP_SECONDS ? head->second_head - HEAP_SECONDS : 0;
	uint64_t last_ns = 0;
	size_t count = 0;
	for (uint64_t i = from > oldest ? from : oldest; i < head->second_head; i++) {
		struct heap_second *row = &out[count];
		calls_copy_words(row, &there->seconds[i % HEAP_SECONDS], sizeof *row);
		/* the writer may have gone round and over it meanwhile: it is from later, or torn
		 */
		if (row->at_ns <= last_ns || row->at_ns > now_ns + FUTURE_NS)
			continue;
		last_ns = row->at_ns;
		count++;
	}
	return count;
}

/* --- peaks --------------------------------------------------------------- */

enum peak_state { PEAK_WHOLE, PEAK_COMES, PEAK_GONE };

static enum peak_state take_peak(const struct heap_peak *there, uint64_t number,
				 struct heap_peak *out)
{
	const uint64_t before = atomic_load_explicit(&there->number, memory_order_acquire);
	if (before != number)
		return before < number ? PEAK_COMES : PEAK_GONE;
	calls_copy_words(out, there, sizeof *out);
	atomic_thread_fence(memory_order_acquire);
	return atomic_load_explicit(&there->number, memory_order_relaxed) == number ? PEAK_WHOLE
										    : PEAK_GONE;
}

size_t heap_copy_peaks(const struct guarded_map *map, uint64_t *next, uint64_t *lost,
		       struct heap_peak *out)
{
	const struct heap_file *there = (const void *)map->bytes;
	const uint64_t head = atomic_load_explicit(&there->peak_head, memory_order_acquire);
	const uint64_t oldest = head > HEAP_PEAKS ? head - HEAP_PEAKS : 0;
	size_t count = 0;
	if (head < *next) /* a writer that goes back */
		*next = head;
	if (oldest > *next) {
		*lost += oldest - *next;
		*next = oldest;
	}
	for (; *next < head; (*next)++) {
		const enum peak_state state =
			take_peak(&there->peaks[*next % HEAP_PEAKS], *next + 1, &out[count]);
		/* who began to write one long ago does not go on */
		if (state == PEAK_COMES && head - *next < HEAP_PEAKS / 2)
			break;
		count += state == PEAK_WHOLE;
		*lost += state != PEAK_WHOLE;
	}
	return count;
}

/* --- sites --------------------------------------------------------------- */

static uint64_t bounded(uint64_t weight)
{
	return weight < HEAP_BYTES_MAX ? weight : HEAP_BYTES_MAX;
}

static uint64_t not_below_zero(int64_t weight)
{
	return weight > 0 ? bounded((uint64_t)weight) : 0;
}

struct heap_site_sums *heap_copy_sites(const struct guarded_map *map, const struct heap_file *head,
				       struct arena *arena, uint32_t *count)
{
	const struct heap_site *all = (const void *)(map->bytes + head->sites_at);
	struct heap_site_sums *sums = arena_alloc(arena, (head->site_count + 1) * sizeof *sums);
	*count = 0;
	for (uint32_t i = 0; i < head->site_count; i++) {
		struct heap_site site;
		calls_copy_words(&site, &all[i], sizeof site);
		if (!site.samples && site.live_bytes <= 0)
			continue; /* it is being made, or the one of none */
		sums[(*count)++] = (struct heap_site_sums){
			.index = i,
			.serial = site.serial,
			.stack = site.stack,
			.domain = site.domain,
			.native = site.native,
			.made_bytes = bounded(site.made_bytes),
			.made_blocks_1k = bounded(site.made_blocks_1k),
			.short_bytes = bounded(site.short_bytes),
			.live_bytes = not_below_zero(site.live_bytes),
			.live_blocks_1k = not_below_zero(site.live_blocks_1k),
			.peak_bytes = not_below_zero(site.peak_bytes),
			.peak_ns = site.peak_ns,
			.samples = site.samples,
		};
	}
	return sums;
}

/* --- live samples -------------------------------------------------------- */

/* 0 for 0, then one more for each power of four. */
static uint32_t powers(uint64_t steps)
{
	uint32_t age = 0;
	for (; steps; steps >>= AGE_BITS)
		age++;
	return age < HEAP_AGE_INHERITED ? age : HEAP_AGE_INHERITED - 1;
}

uint32_t heap_age(const struct heap_live *live, uint64_t units, uint64_t now_ns)
{
	if (live->flags & HEAP_PRE_FORK)
		return HEAP_AGE_INHERITED;
	/* it may be born after the units were counted */
	const int32_t ended = (int32_t)((uint32_t)units - live->born_unit);
	const uint32_t by_units = powers(ended > 0 ? (uint64_t)ended : 0);
	const uint32_t by_time =
		powers(now_ns > live->born_ns ? (now_ns - live->born_ns) / AGE_NS : 0);
	return by_units > by_time ? by_units : by_time;
}

/* Two lowest bits of an address whose entry is being changed (agent/heap_file.h). */
enum { CHANGING = 3 };

/* False: the place is free, or changed while it was read. */
static bool take_live(const struct heap_live *there, const struct heap_file *head,
		      struct heap_live *out)
{
	const uint64_t address = atomic_load_explicit(&there->address, memory_order_acquire);
	if (!address || (address & CHANGING) == CHANGING)
		return false;
	calls_copy_words(out, there, sizeof *out);
	atomic_thread_fence(memory_order_acquire);
	return out->address == address &&
	       atomic_load_explicit(&there->address, memory_order_relaxed) == address &&
	       out->site < head->site_count && out->size <= SIZE_MAX_BELIEVED &&
	       out->weight_bytes <= HEAP_BYTES_MAX;
}

struct summing {
	struct map places; /* site, age and route → index of sums */
	struct heap_sum *sums;
	size_t count;
};

static void add_live(struct summing *s, const struct heap_live *live, uint32_t age)
{
	bool is_new = false;
	const uint64_t key = (uint64_t)live->site << 37 | (uint64_t)live->route << 5 | age;
	uint64_t *place = map_put(&s->places, key, &is_new);
	if (is_new) {
		*place = s->count;
		s->sums[s->count++] =
			(struct heap_sum){.site = live->site, .age = age, .route = live->route};
	}
	struct heap_sum *sum = &s->sums[*place];
	const double weight = (double)live->weight_bytes, size = (double)live->size;
	sum->samples++;
	sum->recycled += (live->flags & HEAP_WAS_RECYCLED) != 0;
	sum->bytes = bounded(sum->bytes + live->weight_bytes);
	sum->blocks_1k += live->weight_blocks_1k;
	/* a block found with p stands for size / p: so much is it off (Horvitz and Thompson 1952)
	 */
	sum->variance += weight > size ? weight * (weight - size) : 0;
}

static int by_bytes_downward(const void *a, const void *b)
{
	const struct heap_sum *x = a, *y = b;
	if (x->bytes != y->bytes)
		return x->bytes > y->bytes ? -1 : 1;
	if (x->site != y->site)
		return x->site < y->site ? -1 : 1;
	return x->age < y->age ? -1 : x->age > y->age;
}

/* The largest stay, the others become one sum an age. */
static uint64_t fold(struct summing *s)
{
	struct heap_sum rest[AGES] = {0};
	if (s->count <= HEAP_SUMS_MAX)
		return 0;
	qsort(s->sums, s->count, sizeof *s->sums, by_bytes_downward);
	const size_t kept = HEAP_SUMS_MAX - AGES;
	const uint64_t folded = s->count - kept;
	for (size_t i = kept; i < s->count; i++) {
		const struct heap_sum *sum = &s->sums[i];
		struct heap_sum *into = &rest[sum->age];
		into->samples += sum->samples;
		into->recycled += sum->recycled;
		into->bytes = bounded(into->bytes + sum->bytes);
		into->blocks_1k = bounded(into->blocks_1k + sum->blocks_1k);
		into->variance += sum->variance;
	}
	s->count = kept;
	for (uint32_t age = 0; age < AGES; age++) {
		if (!rest[age].samples)
			continue;
		rest[age].site = HEAP_NO_SITE;
		rest[age].age = age;
		s->sums[s->count++] = rest[age];
	}
	return folded;
}

struct heap_live *heap_copy_lives(const struct guarded_map *map, const struct heap_file *head,
				  struct arena *arena, size_t *count)
{
	const struct heap_live *all = (const void *)(map->bytes + head->live_at);
	size_t room = 0;
	for (uint32_t i = 0; i < head->live_capacity; i++)
		room += atomic_load_explicit(&all[i].address, memory_order_relaxed) != 0;
	struct heap_live *lives = arena_alloc(arena, (room + 1) * sizeof *lives);
	*count = 0;
	for (uint32_t i = 0; i < head->live_capacity && *count < room; i++)
		*count += take_live(&all[i], head, &lives[*count]);
	return lives;
}

void heap_sum_lives(const struct heap_live *lives, size_t count, uint64_t units, uint64_t now_ns,
		    struct arena *arena, struct heap_moment *out)
{
	struct summing s = {.sums = arena_alloc(arena, (count + 1) * sizeof *s.sums)};
	*out = (struct heap_moment){.at_ns = now_ns, .units = units};
	for (size_t i = 0; i < count; i++) {
		add_live(&s, &lives[i], heap_age(&lives[i], units, now_ns));
		out->live_bytes = bounded(out->live_bytes + lives[i].weight_bytes);
	}
	map_free(&s.places);
	out->folded = fold(&s);
	out->sums = s.sums;
	out->count = s.count;
}
