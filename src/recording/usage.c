#include "recording/usage.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/vec.h"
#include "recording/kinds.h"
#include "recording/rows.h"

struct entry {
	struct usage_key key;
	struct usage_sums sums;
	int64_t rowid;
	bool dirty;
};

struct slot {
	uint64_t number;
	struct intern *keys; /* id - 1 is the entry; NULL: unused */
	VEC(struct entry) entries;
	VEC(uint32_t) dirty;
};

struct usage {
	struct recording *recording;
	struct slot slots[USAGE_SLOTS];
	int64_t last_rowid;
	uint64_t coarsened;
};

struct usage *usage_new(struct recording *recording)
{
	struct usage *usage = mem_alloc(sizeof *usage);
	usage->recording = recording;
	return usage;
}

static void write_entry(struct usage *usage, const struct slot *slot, struct entry *entry)
{
	const struct usage_key *key = &entry->key;
	const struct usage_sums *sums = &entry->sums;
	struct row row = row_begin(usage->recording, ROW_USAGE);
	row_int(&row, entry->rowid);
	row_uint(&row, slot->number);
	row_id(&row, key->route);
	row_string(&row, record_kind_name(key->kind));
	row_id(&row, key->stack);
	row_string(&row, key->peer_kind == USAGE_NO_PEER ? NULL : peer_kind_name(key->peer_kind));
	row_id(&row, key->subject);
	row_int(&row, key->flags & USAGE_NESTED ? 1 : 0);
	row_int(&row, key->flags & USAGE_ON_LOOP ? 1 : 0);
	row_uint(&row, sums->units);
	row_uint(&row, sums->calls);
	row_uint(&row, sums->failed);
	row_uint(&row, sums->dur_ns);
	row_uint(&row, sums->cpu_ns);
	row_uint(&row, sums->max_ns);
	row_uint(&row, sums->bytes);
	row_uint(&row, sums->others_ns);
	row_uint(&row, sums->aux_ns);
	row_end(&row);
	entry->dirty = false;
}

static void write_slot(struct usage *usage, struct slot *slot)
{
	for (size_t i = 0; i < slot->dirty.count; i++)
		write_entry(usage, slot, &slot->entries.items[slot->dirty.items[i]]);
	vec_clear(&slot->dirty);
}

static void empty_slot(struct slot *slot)
{
	intern_free(slot->keys);
	slot->keys = NULL;
	vec_clear(&slot->entries);
	vec_clear(&slot->dirty);
}

void usage_free(struct usage *usage)
{
	if (!usage)
		return;
	for (int i = 0; i < USAGE_SLOTS; i++) {
		if (usage->slots[i].keys)
			empty_slot(&usage->slots[i]);
		vec_free(&usage->slots[i].entries);
		vec_free(&usage->slots[i].dirty);
	}
	free(usage);
}

/* The slot of this number; the oldest one makes room for it. */
static struct slot *slot_of(struct usage *usage, uint64_t number)
{
	struct slot *oldest = &usage->slots[0];
	for (int i = 0; i < USAGE_SLOTS; i++) {
		struct slot *slot = &usage->slots[i];
		if (slot->keys && slot->number == number)
			return slot;
		if (!slot->keys || (oldest->keys && slot->number < oldest->number))
			oldest = slot;
	}
	if (oldest->keys) {
		write_slot(usage, oldest);
		empty_slot(oldest);
	}
	oldest->keys = intern_new();
	oldest->number = number;
	return oldest;
}

void usage_sum(struct usage_sums *into, const struct usage_sums *more)
{
	into->units += more->units;
	into->calls += more->calls;
	into->failed += more->failed;
	into->dur_ns += more->dur_ns;
	into->cpu_ns += more->cpu_ns;
	into->blocked_ns += more->blocked_ns;
	into->max_ns = more->max_ns > into->max_ns ? more->max_ns : into->max_ns;
	into->bytes += more->bytes;
	into->others_ns += more->others_ns;
	into->aux_ns += more->aux_ns;
}

void usage_add(struct usage *usage, uint64_t at_ns, const struct usage_key *key,
	       const struct usage_sums *sums)
{
	struct slot *slot = slot_of(usage, at_ns / USAGE_SLOT_NS);
	struct usage_key coarse = *key;
	bool is_new = false;
	if (slot->entries.count >= USAGE_KEYS_MAX) {
		coarse.stack = coarse.subject = 0;
		usage->coarsened += sums->calls;
	}
	const uint32_t id = intern_id(slot->keys, (const char *)&coarse, sizeof coarse, &is_new);
	if (is_new)
		*vec_push(&slot->entries) =
			(struct entry){.key = coarse, .rowid = ++usage->last_rowid};
	struct entry *entry = &slot->entries.items[id - 1];
	usage_sum(&entry->sums, sums);
	if (!entry->dirty) {
		entry->dirty = true;
		*vec_push(&slot->dirty) = id - 1;
	}
}

void usage_write(struct usage *usage)
{
	for (int i = 0; i < USAGE_SLOTS; i++)
		if (usage->slots[i].keys)
			write_slot(usage, &usage->slots[i]);
}

uint64_t usage_coarsened(const struct usage *usage)
{
	return usage->coarsened;
}
