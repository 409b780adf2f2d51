/* Sources: Python/sysmodule.c (_PySys_GetSizeOf), Objects/typeobject.c (object.__sizeof__),
 * dictobject.c (_PyDict_SizeOf), listobject.c, setobject.c, unicodeobject.c, longobject.c,
 * bytearrayobject.c, genobject.c; 3.8–3.13. */
#include "agent/walk_size.h"

#include "agent/python_api.h"

enum {
	WORD = sizeof(uintptr_t),
	KEYS_SIZE = WORD,
	KEYS_LOG2_SIZE = WORD,
	KEYS_LOG2_BYTES = WORD + 1,
	KEYS_KIND = WORD + 2,
	DIGIT = 4,
	ITEMS_MAX = 1 << 30, /* what has more has no count there (frames) */
};

struct walk_sizes walk_sizes_of(uintptr_t type)
{
	const uintptr_t flags = walk_flags_of(type);
	struct walk_sizes sizes = {
		.type = type,
		.kind = walk_kind_of_type(type),
		.basic = walk_word(type, walk_objects->type_basicsize),
		.item = walk_word(type, walk_heap->type_itemsize),
		.owns = (flags & WALK_TYPE_HAS_GC) != 0,
	};

	sizes.asks = sizes.owns && walk_word(type, walk_heap->type_is_gc) != 0;
	if (sizes.owns)
		sizes.before = WALK_GC_HEADER;
	if (flags & walk_heap->preheader_flags)
		sizes.before += 2 * WORD;
	return sizes;
}

/* USABLE_FRACTION, Objects/dictobject.c */
static uint64_t usable(uint64_t slots)
{
	return (slots << 1) / 3;
}

static uint64_t keys_size(uintptr_t keys)
{
	uint64_t slots, indices;
	const uint64_t entry =
		walk_objects->keys_kind == PY_KEYS_LOG2 && walk_byte(keys, KEYS_KIND) != 0
			? 2 * WORD
			: 3 * WORD;

	if (walk_objects->keys_kind == PY_KEYS_SIZE) {
		slots = walk_word(keys, KEYS_SIZE);
		indices = slots * (slots <= 0xff         ? 1
				   : slots <= 0xffff     ? 2
				   : slots <= 0xffffffff ? 4
							 : 8);
	} else {
		slots = UINT64_C(1) << walk_byte(keys, KEYS_LOG2_SIZE);
		indices = UINT64_C(1) << walk_byte(keys, KEYS_LOG2_BYTES);
	}
	return walk_objects->keys_indices + indices + usable(slots) * entry;
}

static uint64_t dict_size(const struct walk_sizes *sizes, uintptr_t dict)
{
	const uintptr_t keys = walk_word(dict, walk_objects->dict_keys);
	uint64_t size = sizes->basic;

	if (walk_word(dict, walk_objects->dict_values) != 0)
		size += WORD * (walk_objects->keys_kind == PY_KEYS_SIZE
					? usable(walk_word(keys, KEYS_SIZE))
					: walk_word(keys, walk_objects->keys_entries) +
						  walk_word(keys, walk_heap->keys_usable));
	/* shared keys are the class's; the count of references is their first word */
	if (walk_word(keys, 0) == 1)
		size += keys_size(keys);
	return size;
}

/* str.__sizeof__: of what str itself has, not a class made from it, whose characters lie apart. */
static uint64_t str_size(uintptr_t string)
{
	const uint32_t state = (uint32_t)walk_int(string, agent_layout.str_state);
	const uint64_t length = walk_word(string, agent_layout.str_length);
	/* PyASCIIObject.state: interned:2, kind:3, compact:1, ascii:1 */
	const uint64_t width = state >> 2 & 7;
	const bool compact = (state >> 5 & 1) != 0, ascii = (state >> 6 & 1) != 0;
	const uintptr_t data = string + agent_layout.str_data_compact;
	uintptr_t characters = data, utf8;
	uint64_t size;

	if (compact && ascii)
		return agent_layout.str_data_ascii + length + 1;
	if (compact) {
		size = agent_layout.str_data_compact + (length + 1) * width;
	} else {
		characters = walk_word(data, 0);
		size = walk_word((uintptr_t)py.unicode_type, walk_objects->type_basicsize) +
		       (characters != 0 ? (length + 1) * width : 0);
	}
	utf8 = walk_word(string, walk_heap->str_utf8);
	if (utf8 != 0 && utf8 != characters)
		size += walk_word(string, walk_heap->str_utf8_length) + 1;
	return size;
}

static uint64_t long_size(const struct walk_sizes *sizes, uintptr_t number)
{
	const intptr_t size = (intptr_t)walk_word(number, agent_layout.bytes_size);
	uint64_t digits = (uint64_t)(size < 0 ? -size : size);

	/* 3.12+: lv_tag, and a 0 has a digit */
	if (walk_objects->long_size_shift != 0) {
		digits >>= walk_objects->long_size_shift;
		digits += digits == 0;
	}
	/* of a subclass (bool) the digits alone, too: int.__sizeof__ */
	(void)sizes;
	return walk_objects->long_digits + digits * DIGIT;
}

static uint64_t generator_size(const struct walk_sizes *sizes, uintptr_t generator)
{
	uintptr_t code;

	if (agent_layout.frame_kind == PY_FRAME_OBJECT)
		return sizes->basic;
	/* 3.11+: the frame lies in it (gen_sizeof); a frame that was cleared keeps its code */
	code = walk_word(generator + agent_layout.gen_frame, agent_layout.frame_code);
	if (code == 0 || walk_type_of(code) != (uintptr_t)py.code_type)
		return sizes->basic;
	return agent_layout.gen_frame + walk_heap->frame_locals +
	       WORD * (uint64_t)(walk_int(code, walk_heap->code_locals) +
				 walk_int(code, walk_heap->code_stack));
}

static uint64_t plain_size(const struct walk_sizes *sizes, uintptr_t object)
{
	uint64_t size = sizes->basic;

	if (sizes->item != 0) {
		const intptr_t items = (intptr_t)walk_word(object, agent_layout.bytes_size);
		const uint64_t count = (uint64_t)(items < 0 ? -items : items);

		size += count < ITEMS_MAX ? count * sizes->item : 0;
	}
	return size;
}

static uint64_t own_size(const struct walk_sizes *sizes, uintptr_t object)
{
	switch (sizes->kind) {
	case WALK_OF_DICT:
		return dict_size(sizes, object);
	case WALK_OF_LIST:
		return sizes->basic + WORD * walk_word(object, walk_heap->list_allocated);
	case WALK_OF_SET:
		return sizes->basic +
		       (walk_word(object, walk_objects->set_table) == object + walk_heap->set_small
				? 0
				: 2 * WORD * (walk_word(object, walk_objects->set_mask) + 1));
	case WALK_OF_STR:
		return str_size(object);
	case WALK_OF_LONG:
		return long_size(sizes, object);
	case WALK_OF_BYTEARRAY:
		return sizes->basic + walk_word(object, walk_heap->bytearray_allocated);
	case WALK_OF_GENERATOR:
		return generator_size(sizes, object);
	case WALK_OF_FRAME:
	case WALK_OF_TYPE:
		return sizes->basic;
	default:
		return plain_size(sizes, object);
	}
}

uint64_t walk_size(const struct walk_sizes *sizes, uintptr_t object)
{
	const bool none =
		walk_heap->preheader_flags == 0 && sizes->asks && !walk_is_gc(object, sizes->type);

	return own_size(sizes, object) + (none ? 0 : sizes->before);
}
