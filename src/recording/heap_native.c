#include "recording/heap_native.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/map.h"
#include "recording/calls.h"
#include "recording/heap.h"
#include "recording/ingest_state.h"
#include "recording/rows.h"

struct chain {
	uint32_t row;
	uint32_t site; /* row of heap_site */
	uint32_t captures;
	uint64_t bytes;
	enum heap_native_end end;
};

struct process_natives {
	VEC(struct chain) chains;
	struct map chain_of; /* hash of site and frames → index */
	uint32_t rows;
};

void process_natives_free(struct process_natives *natives)
{
	if (!natives)
		return;
	vec_free(&natives->chains);
	map_free(&natives->chain_of);
	free(natives);
}

static const char *end_name(enum heap_native_end end)
{
	static const char *const names[HEAP_NATIVE_ENDS] = {"python", "thread", "unknown"};
	return names[end];
}

/* By what the rows will say: where in a function a block is allocated tells two calls apart. */
static uint64_t hash_of(const struct heap_native_chain *chain, uint32_t site)
{
	uint64_t hash = hash_mix64((uint64_t)site << 8 | (uint64_t)chain->end);
	for (size_t i = 0; i < chain->count; i++) {
		const struct heap_native_frame *f = &chain->frames[i];
		const char *function = f->function ? f->function : "";
		hash = hash_mix64(hash ^ hash_bytes(f->library, strlen(f->library)));
		hash = hash_mix64(hash ^ hash_bytes(function, strlen(function)));
		hash = hash_mix64(hash ^ f->offset);
	}
	return hash;
}

/* As text of the recording, where what is not UTF-8 is replaced; `otherwise` past its ceiling. */
static void row_name(struct row *row, struct ingest *in, const char *name, const char *otherwise)
{
	size_t length = 0;
	const uint32_t id = name ? names_text(in->names, name, strlen(name)) : 0;
	const char *text = id ? names_text_of(in->names, id, &length) : NULL;
	if (text)
		row_text(row, text, length);
	else
		row_string(row, otherwise);
}

static void write_frames(struct ingest *in, uint32_t id, const struct heap_native_chain *chain)
{
	for (size_t i = 0; i < chain->count; i++) {
		const struct heap_native_frame *f = &chain->frames[i];
		struct row row = row_begin(in->recording, ROW_HEAP_NATIVE_FRAME);
		row_int(&row, id);
		row_int(&row, (int64_t)i);
		row_name(&row, in, f->library, "?");
		row_name(&row, in, f->function, NULL);
		row_uint(&row, f->offset);
		row_end(&row);
	}
}

static void write_chain(struct ingest *in, const struct chain *chain)
{
	struct row row = row_begin(in->recording, ROW_HEAP_NATIVE);
	row_int(&row, chain->row);
	row_int(&row, chain->site);
	row_int(&row, chain->captures);
	row_uint(&row, chain->bytes);
	row_string(&row, end_name(chain->end));
	row_end(&row);
}

/* NULL: there is no room, which is counted. */
static struct chain *chain_at(struct ingest *in, struct process *p,
			      const struct heap_native_chain *from, uint32_t site)
{
	struct process_natives *natives = p->natives;
	const uint64_t hash = hash_of(from, site);
	const uint64_t *known = map_find(&natives->chain_of, hash);
	if (known)
		return &natives->chains.items[*known];
	if (!call_share_take(&natives->rows, &in->last_heap_native, HEAP_NATIVE_ROWS_MAX)) {
		ingest_lose(in, p, RECORDER_HEAP, 1);
		return NULL;
	}
	*map_put(&natives->chain_of, hash, NULL) = natives->chains.count;
	struct chain *chain = vec_push(&natives->chains);
	*chain = (struct chain){.row = in->last_heap_native, .site = site, .end = from->end};
	write_frames(in, chain->row, from);
	return chain;
}

void ingest_heap_native(struct ingest *in, uint32_t serial, const struct heap_native_chain *from,
			uint32_t sites)
{
	struct process *p = ingest_process_of(in, serial);
	if (!p || !from->count || from->site >= sites)
		return;
	/* a site keeps its row: it may be written later than what names it */
	const uint32_t site = ingest_heap_site_reserve(in, serial, from->site);
	if (!site)
		return;
	if (!p->natives)
		p->natives = mem_alloc(sizeof *p->natives);
	struct chain *chain = chain_at(in, p, from, site);
	if (!chain)
		return;
	chain->captures++;
	if (from->size < HEAP_BYTES_MAX && chain->bytes < HEAP_BYTES_MAX)
		chain->bytes += from->size;
	write_chain(in, chain);
}
