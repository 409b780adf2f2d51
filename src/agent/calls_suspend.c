#include "agent/calls_suspend.h"

#include <string.h>

#include "agent/calls_space.h"
#include "agent/calls_tree.h"
#include "base/hash.h"

#define RECORDS_MAX (1u << 20)
#define RECORDS_LIMITED (1u << 14) /* under a limit of address space: 1 MB */
#define RECORDS_FIRST 1024u

struct record {
	uintptr_t frame; /* 0: it runs */
	uint32_t next;   /* of its bucket, or of those that are free; 0: none */
	uint32_t area;   /* where it was suspended … */
	uint32_t node;
	bool nested;        /* inside another call of the same function … */
	uint64_t suspended; /* … and when, ticks */
	uint64_t begin;     /* of the call */
	uint64_t cpu;       /* of its parts so far */
};

static struct record *records; /* [0] is none */
static uint32_t *buckets;
static uint32_t capacity; /* of both, open; a power of two */
static uint32_t most;     /* of both, reserved */
static bool refused;      /* there was no room for them */
static uint32_t used;     /* records given out at least once */
static uint32_t unused;   /* list of those given back */
/* Ticks: what went on and was suspended before it, nobody was told of. */
static uint64_t known_since;

static uint32_t *bucket_of(uintptr_t frame)
{
	return &buckets[hash_mix64(frame) & (capacity - 1)];
}

static void unmap(void)
{
	if (records != NULL)
		calls_space_release(records, most * sizeof *records);
	if (buckets != NULL)
		calls_space_release(buckets, most * sizeof *buckets);
	records = NULL;
	buckets = NULL;
	unused = 0;
}

static bool open_for(uint32_t count)
{
	return calls_space_open(records, count * sizeof *records) &&
	       calls_space_open(buckets, count * sizeof *buckets);
}

/* Address space for all of them. */
static bool make(void)
{
	if (refused)
		return false;
	most = calls_space_is_limited() ? RECORDS_LIMITED : RECORDS_MAX;
	records = calls_space_reserve(most * sizeof *records);
	buckets = calls_space_reserve(most * sizeof *buckets);
	if (records == NULL || buckets == NULL || !open_for(RECORDS_FIRST)) {
		refused = true;
		unmap();
		return false;
	}
	capacity = RECORDS_FIRST;
	used = 1;
	unused = 0;
	return true;
}

static bool enlarge(void)
{
	if (capacity == most || !open_for(capacity * 2))
		return false;
	memset(buckets, 0, capacity * sizeof *buckets);
	capacity *= 2;
	for (uint32_t i = 1; i < used; i++) {
		if (records[i].frame == 0)
			continue;
		uint32_t *bucket = bucket_of(records[i].frame);

		records[i].next = *bucket;
		*bucket = i;
	}
	return true;
}

/* A free one, 0: none. */
static uint32_t take(void)
{
	uint32_t at = unused;

	if (at != 0) {
		unused = records[at].next;
		return at;
	}
	if (records == NULL && !make())
		return 0;
	if (used == capacity && !enlarge())
		return 0;
	return used++;
}

/* Takes the frame's record out of its bucket; 0: it has none. */
static uint32_t unlink_frame(uintptr_t frame)
{
	if (records == NULL)
		return 0;
	for (uint32_t *link = bucket_of(frame); *link != 0; link = &records[*link].next) {
		uint32_t at = *link;

		if (records[at].frame != frame)
			continue;
		*link = records[at].next;
		records[at].frame = 0;
		return at;
	}
	return 0;
}

static void give_back(uint32_t at)
{
	records[at].next = unused;
	unused = at;
}

void calls_suspended(struct calls_thread *t, struct calls_live *live, uintptr_t frame,
		     struct calls_times now)
{
	uint32_t at = live->flags >> CALLS_LIVE_RECORD;
	struct record *record;
	uint32_t *bucket;

	if (at == 0) {
		uint32_t stale = unlink_frame(frame); /* of one that died there */

		at = stale != 0 ? stale : take();
		if (at == 0) {
			atomic_fetch_add(&calls_process->lost_suspended, 1);
			return;
		}
		records[at].begin = live->wall;
		records[at].cpu = 0;
	}
	record = &records[at];
	record->frame = frame;
	record->area = t->number;
	record->node = live->node;
	record->nested = t->active[t->nodes[live->node].place] > 1;
	record->suspended = now.wall;
	record->cpu += now.cpu - live->cpu;
	bucket = bucket_of(frame);
	record->next = *bucket;
	*bucket = at;
}

void calls_resumed(struct calls_thread *t, struct calls_live *live, uintptr_t frame,
		   struct calls_times now)
{
	uint32_t at = unlink_frame(frame);
	struct record *record = &records[at];
	struct calls_node *node;
	uint64_t ready_from;

	if (at == 0)
		return;
	if (record->suspended < known_since) {
		give_back(at);
		return;
	}
	live->flags |= at << CALLS_LIVE_RECORD;
	/* no poll since then: it was ready all the time; none ever, on this thread: not known */
	ready_from = record->suspended;
	if (calls_polled == 0 || calls_polled > now.wall)
		ready_from = now.wall;
	else if (calls_polled > ready_from)
		ready_from = calls_polled;
	/* on another thread, or below another caller: where it is now */
	node = record->area == t->number && t->nodes[record->node].key == t->top->key
		       ? &t->nodes[record->node]
		       : t->top;
	calls_add_wait(node, ready_from - record->suspended, now.wall - ready_from, record->nested);
}

/* --- lengths of single calls ----------------------------------------------- */

static void count_length(struct calls_histogram *histogram, uint64_t wall_ns, uint64_t cpu_ns)
{
	uint64_t shortest = atomic_load_explicit(&histogram->least, memory_order_relaxed);
	uint64_t longest = atomic_load_explicit(&histogram->most, memory_order_relaxed);

	if (wall_ns == 0)
		wall_ns = 1; /* longest 0 means none */
	if (UNLIKELY(longest == 0 || wall_ns < shortest))
		atomic_store_explicit(&histogram->least, wall_ns, memory_order_relaxed);
	if (UNLIKELY(wall_ns > longest))
		atomic_store_explicit(&histogram->most, wall_ns, memory_order_relaxed);
	calls_add32(&histogram->of[calls_bucket(wall_ns)].wall, 1);
	calls_add32(&histogram->of[calls_bucket(cpu_ns)].cpu, 1);
}

void calls_ended(struct calls_thread *t, struct calls_node *node, struct calls_live *live,
		 struct calls_times now)
{
	uint32_t at = live->flags >> CALLS_LIVE_RECORD;
	uint64_t begin = live->wall, cpu = now.cpu - live->cpu;

	if (at != 0) {
		begin = records[at].begin;
		cpu += records[at].cpu;
		give_back(at);
	} else if (live->flags & CALLS_LIVE_RESUMED) {
		return; /* its begin is not known */
	}
	if (node->histogram == 0)
		return;
	count_length(&t->histograms[node->histogram - 1], calls_ns_of_ticks(now.wall - begin),
		     calls_ns_of_ticks(cpu));
}

void calls_suspend_restart(void)
{
	known_since = calls_ticks();
}

void calls_suspend_forget(void)
{
	unmap();
	refused = false;
	known_since = 0;
}
