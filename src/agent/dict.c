#include "agent/dict.h"

#include <string.h>

#include "agent/core.h"
#include "base/hash.h"

/* Where the current channel's dictionary lies. A reader of `base` that runs
 * while a fork's child resets it is that child itself: there is one thread. */
static struct {
	_Atomic(char *) base;
	struct channel_header *header;
	_Atomic uint32_t next_text;
} dict;

/* Open addressing over texts. A slot is taken by its hash; the entry is known
 * once `entry` is set. Who meets a taken slot without entry (another thread, or
 * the signal handler that interrupted its writer) writes the text a second
 * time under another id: two ids of one text are harmless, waiting is not. */
static struct text_slot {
	_Atomic uint64_t hash; /* 0: free */
	_Atomic(const struct dict_text *) entry;
} texts[DICT_TEXTS];

/* The kind waits in the entry's last bytes until it is published. */
#define TRAILER sizeof(uint32_t)
#define TEXT_PROBES 64 /* a look-up stays short when the table is nearly full */

void dict_attach(struct channel_header *header, void *base)
{
	atomic_store(&dict.base, NULL);
	if (!base)
		return; /* a fork's child that may exec at once: touch no page of the table */
	memset((void *)texts, 0, sizeof texts);
	atomic_store(&dict.next_text, 1);
	dict.header = header;
	atomic_store_explicit(&dict.base, base, memory_order_release);
}

uint32_t dict_generation(void)
{
	return atomic_load_explicit(&dict.base, memory_order_acquire) ? dict.header->serial : 0;
}

uint32_t dict_fill_256(void)
{
	if (!dict_generation())
		return 0;
	uint64_t used = atomic_load_explicit(&dict.header->dict_tail, memory_order_relaxed);
	return used >= dict.header->dict_size ? 256
					      : (uint32_t)(used * 256 / dict.header->dict_size);
}

uint32_t dict_text_count(void)
{
	uint32_t next = atomic_load_explicit(&dict.next_text, memory_order_relaxed);
	return next ? next - 1 : 0;
}

void *dict_reserve(enum dict_kind kind, size_t payload_bytes)
{
	char *base = atomic_load_explicit(&dict.base, memory_order_acquire);
	if (!base)
		return NULL;
	uint64_t size = (sizeof(struct dict_entry) + payload_bytes + TRAILER + 7) & ~UINT64_C(7);
	uint64_t at =
		atomic_fetch_add_explicit(&dict.header->dict_tail, size, memory_order_relaxed);
	if (at + size > dict.header->dict_size) {
		agent_count_loss(LOSS_DICT_FULL);
		return NULL;
	}
	struct dict_entry *entry = (struct dict_entry *)(base + at);
	atomic_store_explicit(&entry->size, (uint32_t)size, memory_order_release);
	uint32_t kept = (uint32_t)kind;
	memcpy((char *)entry + size - TRAILER, &kept, TRAILER);
	return entry + 1;
}

void dict_publish(void *payload)
{
	struct dict_entry *entry = (struct dict_entry *)payload - 1;
	uint32_t size = atomic_load_explicit(&entry->size, memory_order_relaxed);
	uint32_t kind;
	memcpy(&kind, (char *)entry + size - TRAILER, TRAILER);
	atomic_store_explicit(&entry->ready, kind, memory_order_release);
}

static const struct dict_text *text_write(const char *bytes, size_t length)
{
	struct dict_text *text = dict_reserve(DICT_TEXT, sizeof *text + length);
	if (!text)
		return NULL;
	text->id = atomic_fetch_add_explicit(&dict.next_text, 1, memory_order_relaxed);
	text->length = (uint32_t)length;
	memcpy(text->bytes, bytes, length);
	dict_publish(text);
	return text;
}

uint32_t dict_text_id(const char *bytes, size_t length)
{
	if (!atomic_load_explicit(&dict.base, memory_order_acquire) || length == 0)
		return 0;
	if (length > DICT_TEXT_MAX)
		length = DICT_TEXT_MAX;
	uint64_t hash = hash_bytes(bytes, length) | 1;
	for (size_t probe = 0; probe < TEXT_PROBES; probe++) {
		struct text_slot *slot = &texts[((hash >> 1) + probe) % DICT_TEXTS];
		uint64_t held = atomic_load_explicit(&slot->hash, memory_order_acquire);
		bool mine = held == 0 && atomic_compare_exchange_strong(&slot->hash, &held, hash);
		if (mine) {
			const struct dict_text *text = text_write(bytes, length);
			atomic_store_explicit(&slot->entry, text, memory_order_release);
			return text ? text->id : 0;
		}
		if (held != hash)
			continue;
		const struct dict_text *known =
			atomic_load_explicit(&slot->entry, memory_order_acquire);
		if (known && known->length == length && memcmp(known->bytes, bytes, length) == 0)
			return known->id;
		if (!known) {
			known = text_write(bytes, length);
			return known ? known->id : 0;
		}
	}
	agent_count_loss(LOSS_DICT_FULL);
	return 0;
}

uint32_t dict_constant_id(struct dict_constant *constant)
{
	uint32_t generation = dict_generation();
	uint64_t known = atomic_load_explicit(&constant->known, memory_order_relaxed);
	if (LIKELY(generation && known >> 32 == generation))
		return (uint32_t)known;
	uint32_t id = dict_text_id(constant->text, strlen(constant->text));
	if (generation && id)
		atomic_store_explicit(&constant->known, (uint64_t)generation << 32 | id,
				      memory_order_relaxed);
	return id;
}

void dict_fact(const char *key, const char *value)
{
	if (value[0] == '\0')
		value = "none"; /* an empty text has no id: the reader would wait for it for ever */
	if (!dict_generation()) {
		core_keep_fact(key, value);
		return;
	}
	struct dict_fact *fact = dict_reserve(DICT_FACT, sizeof *fact);
	if (!fact)
		return;
	fact->key = dict_text_id(key, strlen(key));
	fact->value = dict_text_id(value, strlen(value));
	dict_publish(fact);
}
