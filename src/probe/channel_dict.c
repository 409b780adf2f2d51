#include "probe/channel_dict.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum { TEXT_BYTES_MAX = 8192 };

void channel_dict_init(struct channel_dict *dict, const unsigned char *bytes, uint64_t size)
{
	*dict = (struct channel_dict){.bytes = bytes, .size = size};
}

/* Hand over one entry from our own copy of its payload. False: it breaks the rules. */
static bool hand_over(struct ingest *ingest, uint32_t serial, uint32_t kind, const void *payload,
		      uint64_t size)
{
	switch (kind) {
	case DICT_TEXT: {
		const struct dict_text *text = payload;
		if (size < sizeof *text || text->length > size - sizeof *text ||
		    text->length > TEXT_BYTES_MAX)
			return false;
		ingest_text(ingest, serial, text);
		return true;
	}
	case DICT_CODE: {
		const struct dict_code *code = payload;
		if (size < sizeof *code || (uint64_t)code->filename_length + code->qualname_length +
							   code->line_table_length >
						   size - sizeof *code)
			return false;
		ingest_code(ingest, serial, code);
		return true;
	}
	case DICT_STACK: {
		const struct dict_stack *stack = payload;
		if (size < sizeof *stack || stack->frame_count > STACK_FRAMES_MAX ||
		    stack->frame_count * sizeof *stack->frames > size - sizeof *stack)
			return false;
		ingest_stack(ingest, serial, stack);
		return true;
	}
	case DICT_HANDLE:
		if (size < sizeof(struct dict_handle))
			return false;
		ingest_handle(ingest, serial, payload);
		return true;
	case DICT_FACT:
		if (size < sizeof(struct dict_fact))
			return false;
		ingest_fact(ingest, serial, payload);
		return true;
	case DICT_THREAD:
		if (size < sizeof(struct dict_thread))
			return false;
		ingest_thread(ingest, serial, payload);
		return true;
	default:
		return false;
	}
}

bool channel_dict_drain(struct channel_dict *dict, struct ingest *ingest, uint32_t serial,
			uint64_t tail, bool skip_unready)
{
	const uint64_t end = tail < dict->size ? tail : dict->size;
	while (!dict->broken && dict->position + sizeof(struct dict_entry) <= end) {
		struct dict_entry *entry = (void *)(uintptr_t)(dict->bytes + dict->position);
		const uint32_t kind = atomic_load_explicit(&entry->ready, memory_order_acquire);
		const uint32_t size = atomic_load_explicit(&entry->size, memory_order_acquire);
		if (size == 0) /* reserved, its size not stored yet: nothing to skip by */
			return false;
		if (size % 8 || size < sizeof *entry || size > dict->size - dict->position) {
			dict->broken = "a dictionary entry has a wrong size";
			return true;
		}
		if (kind == 0 && !skip_unready)
			return false;
		if (kind != 0) {
			const uint64_t payload_size = size - sizeof *entry;
			void *payload = mem_alloc(payload_size + 1);
			memcpy(payload, entry + 1, payload_size);
			dict->rejected += !hand_over(ingest, serial, kind, payload, payload_size);
			free(payload);
		} else {
			dict->rejected++;
		}
		dict->position += size;
	}
	return true;
}
