#include "recording/heap.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/str.h"
#include "recording/ingest_state.h"
#include "recording/rows.h"

struct site {
	uint32_t row;    /* its id in heap_site */
	uint64_t change; /* hash of what was written; 0: nothing yet */
};

struct snapshot {
	uint32_t row;
	int64_t first, last; /* of heap_live; last < first: none */
};

struct peak {
	int64_t row;
	uint64_t unit, at_ns, bytes, site_bytes;
	double variance;
	uint32_t route, site, samples; /* of the recording; 0: not known */
	uint32_t weight;
};

struct process_heap {
	VEC(struct site) sites; /* by index */
	uint32_t site_rows;
	VEC(struct snapshot) snapshots; /* in order of time, HEAP_SNAPSHOTS_MAX at most */
	uint64_t rows;                  /* of heap_live that it has */
	VEC(int64_t) seconds;           /* rows, in order of time, HEAP_SECONDS_MAX at most */
	uint64_t every;                 /* seconds of which one is kept */
	uint64_t skipped;
	VEC(struct peak) peaks; /* HEAP_PEAKS_MAX at most */
	struct map largest;     /* route → the most of its peaks … */
	struct map largest_row; /* … and its row */
	uint32_t peak_every, peaks_skipped;
	bool peaks_full; /* none can give way */
};

void process_heap_free(struct process_heap *heap)
{
	if (!heap)
		return;
	vec_free(&heap->sites);
	vec_free(&heap->snapshots);
	vec_free(&heap->seconds);
	vec_free(&heap->peaks);
	map_free(&heap->largest);
	map_free(&heap->largest_row);
	free(heap);
}

static struct process_heap *heap_of(struct process *p)
{
	if (!p->heap) {
		p->heap = mem_alloc(sizeof *p->heap);
		p->heap->every = 1;
		p->heap->peak_every = 1;
	}
	return p->heap;
}

/* An unknown one is no loss of a record: a later row may know it. */
static uint32_t global(const struct map *ids, uint32_t local)
{
	const uint64_t *id = local ? map_find(ids, local) : NULL;
	return id ? (uint32_t)*id : 0;
}

static void row_bytes(struct row *row, uint64_t bytes)
{
	row_uint(row, bytes < HEAP_BYTES_MAX ? bytes : HEAP_BYTES_MAX);
}

static void row_blocks(struct row *row, uint64_t blocks_1k)
{
	row_real(row, (double)(blocks_1k < HEAP_BYTES_MAX ? blocks_1k : HEAP_BYTES_MAX) / 1000);
}

static void row_known_text(struct row *row, struct ingest *in, uint32_t id)
{
	size_t length = 0;
	const char *text = id ? names_text_of(in->names, id, &length) : NULL;
	row_text(row, text, length);
}

void ingest_heap_lost(struct ingest *in, uint32_t serial, uint64_t count)
{
	struct process *p = ingest_process_of(in, serial);
	if (p)
		ingest_lose(in, p, RECORDER_HEAP, count);
}

/* --- the process --------------------------------------------------------- */

static void hooks_text(uint32_t hooks, struct str *text)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} names[] = {{HEAP_HOOK_MALLOC, "malloc"},
		     {HEAP_HOOK_MEM, "mem"},
		     {HEAP_HOOK_OBJECT, "object"},
		     {HEAP_HOOK_TRACER, "tracer"},
		     {HEAP_HOOK_MMAP, "mmap"}};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (hooks & names[i].bit)
			str_printf(text, "%s%s", text->length ? " " : "", names[i].name);
}

void ingest_heap(struct ingest *in, uint32_t serial, const struct heap_facts *facts)
{
	const struct heap_file *f = facts->file;
	struct str hooks;
	if (!ingest_process_of(in, serial))
		return;
	str_init(&hooks, 64); /* until row_end() */
	hooks_text(f->hooks, &hooks);
	const size_t reason_bytes = strnlen(f->reason, sizeof f->reason);
	const uint32_t reason = reason_bytes ? names_text(in->names, f->reason, reason_bytes) : 0;
	struct row row = row_begin(in->recording, ROW_HEAP_PROCESS);
	row_int(&row, serial);
	row_text(&row, hooks.text, hooks.length);
	row_known_text(&row, in, reason);
	row_int(&row, facts->want);
	row_int(&row, f->interval_bytes);
	row_int(&row, f->doubled);
	row_id(&row, f->parent_pid);
	row_id(&row, f->began_ns);
	row_id(&row, f->ended_ns);
	row_uint(&row, f->samples);
	row_uint(&row, f->frees);
	row_uint(&row, f->false_hits);
	row_bytes(&row, f->thinned_bytes);
	row_uint(&row, f->lost_samples);
	row_uint(&row, f->recycled);
	if (f->hook_timed)
		row_real(&row, (double)f->hook_ns / (double)f->hook_timed);
	else
		row_null(&row);
	row_bytes(&row, f->peak_live_bytes);
	row_id(&row, f->peak_ns);
	row_end(&row);
	str_free(&hooks);
}

/* --- sites --------------------------------------------------------------- */

static const char *domain_name(uint32_t domain)
{
	static const char *const names[] = {
		[HEAP_MALLOC] = "malloc", [HEAP_OBJECT] = "object", [HEAP_MAPPED] = "mapped"};
	return domain < sizeof names / sizeof *names && names[domain] ? names[domain] : "unknown";
}

static uint64_t hash_of(const struct heap_site_sums *s, uint32_t stack, uint32_t native)
{
	const uint64_t parts[] = {s->made_bytes, s->live_bytes,    s->short_bytes,    s->peak_bytes,
				  s->samples,    s->peak_ns,       s->live_blocks_1k, stack,
				  native,        s->made_blocks_1k};
	uint64_t hash = 1;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		hash = hash_mix64(hash ^ parts[i]) + 1;
	return hash ? hash : 1;
}

/* NULL: there is no room, which is counted. */
static struct site *site_at(struct ingest *in, struct process *p, uint32_t index)
{
	struct process_heap *heap = heap_of(p);
	while (heap->sites.count <= index &&
	       call_share_take(&heap->site_rows, &in->last_heap_site, HEAP_SITE_ROWS_MAX))
		vec_push(&heap->sites)->row = in->last_heap_site;
	if (index < heap->sites.count)
		return &heap->sites.items[index];
	ingest_lose(in, p, RECORDER_HEAP, 1);
	return NULL;
}

void ingest_heap_site(struct ingest *in, uint32_t serial, const struct heap_site_sums *s)
{
	struct process *p = ingest_process_of(in, serial);
	struct site *site = p ? site_at(in, p, s->index) : NULL;
	if (!site)
		return;
	const struct process *names =
		s->serial && s->serial != serial ? ingest_process_of(in, s->serial) : p;
	const uint32_t stack = names ? global(&names->stacks, s->stack) : 0;
	const uint32_t native = names ? global(&names->texts, s->native) : 0;
	const uint64_t change = hash_of(s, stack, native);
	if (site->change == change)
		return;
	site->change = change;
	struct row row = row_begin(in->recording, ROW_HEAP_SITE);
	row_int(&row, site->row);
	row_int(&row, serial);
	row_string(&row, domain_name(s->domain));
	row_id(&row, stack);
	row_known_text(&row, in, native);
	row_bytes(&row, s->made_bytes);
	row_blocks(&row, s->made_blocks_1k);
	row_bytes(&row, s->live_bytes);
	row_blocks(&row, s->live_blocks_1k);
	row_bytes(&row, s->short_bytes);
	row_int(&row, s->samples);
	row_bytes(&row, s->peak_bytes);
	row_id(&row, s->peak_ns);
	row_end(&row);
}

uint32_t ingest_heap_site_row(struct ingest *in, uint32_t serial, uint32_t index)
{
	const struct process *p = ingest_process_of(in, serial);
	const bool is_there = p && p->heap && index < p->heap->sites.count;
	return is_there ? p->heap->sites.items[index].row : 0;
}

uint32_t ingest_heap_site_reserve(struct ingest *in, uint32_t serial, uint32_t index)
{
	struct process *p = ingest_process_of(in, serial);
	const struct site *site = p ? site_at(in, p, index) : NULL;
	return site ? site->row : 0;
}

/* --- snapshots ----------------------------------------------------------- */

uint32_t ingest_heap_route(struct ingest *in, uint32_t serial, const struct heap_live *live)
{
	const struct process *p = ingest_process_of(in, serial);
	uint32_t route = 0;
	enum unit_time whose;
	if (!p || live->flags & HEAP_PRE_FORK)
		return 0;
	if (live->route)
		return global(&p->texts, live->route);
	const bool is_its_own = live->unit >> UNIT_SERIAL_SHIFT == serial;
	return is_its_own && unit_look(in, p, live->unit, live->born_ns, &route, &whose) ==
				       UNIT_OVER
		       ? route
		       : 0;
}

static void forget(struct ingest *in, struct process_heap *heap, const struct snapshot *s)
{
	const uint64_t rows = (uint64_t)(s->last - s->first + 1);
	if (rows)
		recording_forget(in->recording, ROW_HEAP_LIVE, s->first, s->last);
	recording_forget(in->recording, ROW_HEAP_SNAPSHOT, s->row, s->row);
	heap->rows -= rows;
	in->heap_rows -= rows;
}

/* Every second one goes; the newest but one of an even number is among those that stay. */
static void thin(struct ingest *in, struct process_heap *heap)
{
	size_t kept = 0;
	for (size_t i = 0; i < heap->snapshots.count; i++) {
		const struct snapshot s = heap->snapshots.items[i];
		if (i % 2)
			forget(in, heap, &s);
		else
			heap->snapshots.items[kept++] = s;
	}
	heap->snapshots.count = kept;
}

static bool has_room(const struct ingest *in, const struct process_heap *heap, size_t rows)
{
	const uint64_t others = in->heap_rows - heap->rows;
	return heap->rows + rows <= (HEAP_ROWS_MAX - others) / 2;
}

static void write_sum(struct ingest *in, struct process *p, uint32_t snapshot,
		      const struct heap_sum *sum)
{
	const struct process_heap *heap = p->heap;
	const bool has_site = sum->site < heap->sites.count;
	struct row row = row_begin(in->recording, ROW_HEAP_LIVE);
	row_int(&row, ++in->last_heap_live);
	row_int(&row, snapshot);
	row_id(&row, has_site ? heap->sites.items[sum->site].row : 0);
	row_int(&row, sum->age);
	row_id(&row, sum->route);
	row_bytes(&row, sum->bytes);
	row_blocks(&row, sum->blocks_1k);
	row_int(&row, sum->samples);
	row_real(&row, sum->variance);
	row_int(&row, sum->recycled);
	row_end(&row);
}

static void write_moment(struct ingest *in, const struct process *p, uint32_t id,
			 const struct heap_moment *moment)
{
	struct row row = row_begin(in->recording, ROW_HEAP_SNAPSHOT);
	row_int(&row, id);
	row_int(&row, p->serial);
	row_uint(&row, moment->at_ns);
	row_uint(&row, moment->units);
	row_bytes(&row, moment->live_bytes);
	row_bytes(&row, moment->made_bytes);
	row_uint(&row, moment->folded);
	row_end(&row);
}

bool ingest_heap_moment(struct ingest *in, uint32_t serial, const struct heap_moment *moment)
{
	struct process *p = ingest_process_of(in, serial);
	if (!p)
		return false;
	struct process_heap *heap = heap_of(p);
	bool thinned = heap->snapshots.count == HEAP_SNAPSHOTS_MAX;
	if (thinned)
		thin(in, heap);
	while (!has_room(in, heap, moment->count) && heap->snapshots.count > 1) {
		thin(in, heap);
		thinned = true;
	}
	if (!has_room(in, heap, moment->count)) {
		ingest_lose(in, p, RECORDER_HEAP, 1);
		return thinned;
	}
	struct snapshot *s = vec_push(&heap->snapshots);
	s->row = ++in->last_heap_snapshot;
	s->first = in->last_heap_live + 1;
	for (size_t i = 0; i < moment->count; i++)
		write_sum(in, p, s->row, &moment->sums[i]);
	s->last = in->last_heap_live;
	heap->rows += moment->count;
	in->heap_rows += moment->count;
	write_moment(in, p, s->row, moment);
	return thinned;
}

/* --- seconds ------------------------------------------------------------- */

static void thin_seconds(struct ingest *in, struct process_heap *heap)
{
	size_t kept = 0;
	for (size_t i = 0; i < heap->seconds.count; i++) {
		const int64_t row = heap->seconds.items[i];
		if (i % 2)
			recording_forget(in->recording, ROW_HEAP_SECOND, row, row);
		else
			heap->seconds.items[kept++] = row;
	}
	heap->seconds.count = kept;
	heap->every *= 2;
}

static void row_known_bytes(struct row *row, uint64_t bytes)
{
	if (bytes == UINT64_MAX)
		row_null(row);
	else
		row_bytes(row, bytes);
}

void ingest_heap_second(struct ingest *in, uint32_t serial, const struct heap_second *s)
{
	struct process *p = ingest_process_of(in, serial);
	if (!p)
		return;
	struct process_heap *heap = heap_of(p);
	if (heap->seconds.count && ++heap->skipped < heap->every)
		return;
	heap->skipped = 0;
	if (heap->seconds.count == HEAP_SECONDS_MAX)
		thin_seconds(in, heap);
	*vec_push(&heap->seconds) = ++in->last_heap_second;
	const uint64_t columns[] = {s->rss_bytes,
				    s->rss_anonymous_bytes,
				    s->private_dirty_bytes,
				    s->pss_bytes,
				    s->swap_bytes,
				    s->live_bytes,
				    s->live_malloc_bytes,
				    s->arena_bytes,
				    s->malloc_used,
				    s->malloc_free,
				    s->malloc_mapped,
				    s->malloc_arenas,
				    s->stack_bytes,
				    s->units,
				    s->threads,
				    s->made_bytes};
	struct row row = row_begin(in->recording, ROW_HEAP_SECOND);
	row_int(&row, in->last_heap_second);
	row_int(&row, serial);
	row_uint(&row, s->at_ns);
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		row_known_bytes(&row, columns[i]);
	row_end(&row);
}

/* --- peaks --------------------------------------------------------------- */

static void write_peak(struct ingest *in, const struct process *p, const struct peak *peak)
{
	struct row row = row_begin(in->recording, ROW_HEAP_UNIT_PEAK);
	row_int(&row, peak->row);
	row_int(&row, p->serial);
	row_uint(&row, peak->unit);
	row_id(&row, peak->route);
	row_uint(&row, peak->at_ns);
	row_bytes(&row, peak->bytes);
	row_real(&row, peak->variance);
	row_id(&row, peak->site);
	row_bytes(&row, peak->site_bytes);
	row_int(&row, peak->samples);
	row_int(&row, peak->weight);
	row_end(&row);
}

static bool is_larger(const struct process_heap *heap, const struct peak *peak)
{
	const uint64_t *most = map_find(&heap->largest, peak->route);
	return !most || peak->bytes > *most;
}

static bool is_largest(const struct process_heap *heap, const struct peak *peak)
{
	const uint64_t *row = map_find(&heap->largest_row, peak->route);
	return row && *row == (uint64_t)peak->row;
}

/* Every second one goes, and the one before stands for it; the largest of a route stays, for
 * itself. */
static void thin_peaks(struct ingest *in, const struct process *p, struct process_heap *heap)
{
	size_t kept = 0;
	for (size_t i = 0; i < heap->peaks.count; i++) {
		struct peak peak = heap->peaks.items[i];
		if (i % 2 && !is_largest(heap, &peak)) {
			recording_forget(in->recording, ROW_HEAP_UNIT_PEAK, peak.row, peak.row);
			continue;
		}
		if (i % 2 == 0 && i + 1 < heap->peaks.count &&
		    !is_largest(heap, &heap->peaks.items[i + 1])) {
			peak.weight += heap->peaks.items[i + 1].weight;
			write_peak(in, p, &peak);
		}
		heap->peaks.items[kept++] = peak;
	}
	heap->peaks_full =
		kept == heap->peaks.count; /* each is the largest of a route of its own */
	heap->peaks.count = kept;
	if (!heap->peaks_full && heap->peak_every <= UINT32_MAX / 2)
		heap->peak_every *= 2;
}

void ingest_heap_peak(struct ingest *in, uint32_t serial, const struct heap_peak *from,
		      uint32_t sites)
{
	struct process *p = ingest_process_of(in, serial);
	/* an unit is of its process, and what it says of none would be a row that nobody can read
	 */
	if (!p || !from->bytes || from->unit >> UNIT_SERIAL_SHIFT != serial)
		return;
	struct process_heap *heap = heap_of(p);
	struct peak peak = {
		.unit = from->unit,
		.at_ns = from->at_ns,
		.bytes = from->bytes,
		.site_bytes = from->site_bytes < from->bytes ? from->site_bytes : from->bytes,
		.variance = (double)from->variance_1k * 1024,
		.route = global(&p->texts, from->route),
		.samples = from->samples,
		.weight = heap->peak_every,
	};
	const bool is_more = is_larger(heap, &peak);
	if (++heap->peaks_skipped < heap->peak_every && !is_more)
		return;
	if (heap->peaks_skipped >= heap->peak_every)
		heap->peaks_skipped = 0;
	else
		peak.weight = 1; /* out of turn */
	if (heap->peaks.count >= HEAP_PEAKS_MAX && !heap->peaks_full)
		thin_peaks(in, p, heap);
	if (heap->peaks.count >= HEAP_PEAKS_MAX) {
		ingest_lose(in, p, RECORDER_HEAP, 1);
		return;
	}
	/* sites keep their rows: it may be written later than what names it */
	const struct site *site = from->site < sites ? site_at(in, p, from->site) : NULL;
	peak.site = site ? site->row : 0;
	peak.row = ++in->last_heap_peak;
	if (is_more) {
		*map_put(&heap->largest, peak.route, NULL) = peak.bytes;
		*map_put(&heap->largest_row, peak.route, NULL) = (uint64_t)peak.row;
	}
	*vec_push(&heap->peaks) = peak;
	write_peak(in, p, &peak);
}
