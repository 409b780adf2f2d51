#include "recording/walks.h"

#include <string.h>

#include "base/utf8.h"
#include "recording/heap.h"
#include "recording/ingest_state.h"
#include "recording/rows.h"

enum { CLEAN_BYTES = 2048 };

static void row_count(struct row *row, uint64_t count)
{
	row_uint(row, count < WALK_COUNT_MAX ? count : WALK_COUNT_MAX);
}

/* -1: NULL. */
static void row_known(struct row *row, int64_t value)
{
	if (value >= 0)
		row_count(row, (uint64_t)value);
	else
		row_null(row);
}

static uint32_t name_id(struct ingest *in, struct walk_name name)
{
	return name.length ? names_text(in->names, name.bytes, name.length) : 0;
}

/* Not a name: hardly one of them comes again. `clean` is used until the row's end. */
static void row_clean(struct row *row, const char *text, char clean[CLEAN_BYTES])
{
	size_t at = 0;
	const size_t length = text ? strlen(text) : 0;
	while (at < length) {
		const size_t size = utf8_length((const unsigned char *)text + at, length - at);
		const size_t step = size ? size : 1;
		if (at + step > CLEAN_BYTES)
			break;
		if (size)
			memcpy(clean + at, text + at, size);
		else
			clean[at] = '?';
		at += step;
	}
	row_text(row, text ? clean : NULL, at);
}

static void write_type(struct ingest *in, const struct walk_type_row *type)
{
	struct row row = row_begin(in->recording, ROW_WALK_TYPE);
	row_int(&row, in->last_walk);
	row_id(&row, name_id(in, type->name));
	row_count(&row, type->count);
	row_count(&row, type->tracked);
	row_count(&row, type->bytes);
	row_known(&row, type->deep_bytes);
	row_int(&row, type->is_class);
	row_known(&row, type->garbage_count);
	row_known(&row, type->garbage_bytes);
	row_end(&row);
}

static void write_holder(struct ingest *in, uint32_t serial, const struct walk_holder_row *holder)
{
	char clean[CLEAN_BYTES];
	struct row row = row_begin(in->recording, ROW_WALK_HOLDER);
	row_int(&row, in->last_walk);
	row_id(&row, name_id(in, holder->type));
	row_count(&row, holder->bytes);
	row_known(&row, holder->deep_bytes);
	row_known(&row, holder->length);
	row_id(&row,
	       holder->site >= 0 ? ingest_heap_site_row(in, serial, (uint32_t)holder->site) : 0);
	row_string(&row, holder->root);
	row_id(&row, name_id(in, holder->label));
	row_clean(&row, holder->expression, clean);
	row_id(&row, name_id(in, holder->in_type));
	row_known(&row, holder->in_length);
	row_known(&row, holder->cache_entries);
	row_known(&row, holder->cache_limit);
	row_known(&row, holder->cache_hits);
	row_known(&row, holder->cache_misses);
	row_count(&row, holder->references);
	row_count(&row, holder->found);
	row_int(&row, holder->maybe_recycled);
	row_known(&row, holder->shared_bytes);
	row_end(&row);
}

static void write_walk(struct ingest *in, uint32_t serial, const struct walk_row_facts *walk)
{
	char clean[CLEAN_BYTES];
	struct row row = row_begin(in->recording, ROW_WALK);
	row_int(&row, in->last_walk);
	row_int(&row, serial);
	row_int(&row, walk->number);
	row_string(&row, walk->state);
	row_clean(&row, walk->reason, clean);
	row_int(&row, walk->cut);
	row_int(&row, walk->holders_cut);
	row_uint(&row, walk->begun_ns);
	row_count(&row, walk->pause_ns);
	row_count(&row, walk->held_ns);
	row_count(&row, walk->took_ns);
	row_count(&row, walk->cpu_ns);
	row_count(&row, walk->anonymous_bytes);
	row_count(&row, walk->room_bytes);
	row_count(&row, walk->objects);
	row_count(&row, walk->tracked);
	row_count(&row, walk->references);
	row_count(&row, walk->bytes);
	row_known(&row, walk->garbage_objects);
	row_known(&row, walk->garbage_bytes);
	row_known(&row, walk->trim_bytes);
	row_string(&row, walk->how);
	row_known(&row, walk->changed);
	row_end(&row);
}

void ingest_walk(struct ingest *in, uint32_t serial, const struct walk_row_facts *walk)
{
	struct process *p = ingest_process_of(in, serial);
	if (!p)
		return;
	if (in->last_walk == WALKS_MAX) {
		ingest_lose(in, p, RECORDER_WALKS, 1);
		return;
	}
	in->last_walk++;
	write_walk(in, serial, walk);
	for (size_t i = 0; i < walk->type_count; i++) {
		if (i == WALK_TYPES_MAX || in->walk_types == WALK_ROWS_MAX) {
			ingest_lose(in, p, RECORDER_WALKS, walk->type_count - i);
			break;
		}
		in->walk_types++;
		write_type(in, &walk->types[i]);
	}
	for (size_t i = 0; i < walk->holder_count; i++)
		write_holder(in, serial, &walk->holders[i]);
}
