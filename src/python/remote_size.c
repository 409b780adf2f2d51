/* Sources: Python/sysmodule.c (_PySys_GetSizeOf), Objects/typeobject.c (object.__sizeof__),
 * dictobject.c (_PyDict_SizeOf), listobject.c, setobject.c, unicodeobject.c, longobject.c,
 * bytearrayobject.c, genobject.c, Include/object.h; 3.8–3.13. */
#include "python/remote_size.h"

#include <string.h>

enum {
	WORD = sizeof(uintptr_t),
	KEYS_SIZE = WORD,      /* 3.8–3.10: dk_size, after dk_refcnt */
	KEYS_LOG2_SIZE = WORD, /* 3.11+: bytes dk_log2_size, dk_log2_index_bytes, dk_kind */
	KEYS_LOG2_BYTES = WORD + 1,
	KEYS_KIND = WORD + 2,
	KEYS_GENERAL = 0, /* entries with the hash in front */
	DIGIT = 4,
	LOG2_MAX = 40,
	BASES_MAX = 64,
	NAME_BYTES = 24,
};
#define ITEMS_MAX (UINT64_C(1) << 30)     /* what has more has no count there (frames) */
#define BASIC_MAX (UINT64_C(1) << 24)     /* bytes of a type's instances without their items */
#define TYPE_IS_HEAP (UINT64_C(1) << 9)   /* Py_TPFLAGS_HEAPTYPE */
#define TYPE_IS_TUPLE (UINT64_C(1) << 26) /* Py_TPFLAGS_TUPLE_SUBCLASS */
#define TYPE_IS_TYPE (UINT64_C(1) << 31)  /* Py_TPFLAGS_TYPE_SUBCLASS */

/* By the bit in the type's flags that says "or a subclass of it" (Py_TPFLAGS_…_SUBCLASS). */
static const struct {
	unsigned bit;
	enum remote_size_kind kind;
} flagged[] = {
	{24, REMOTE_SIZE_LONG},  {25, REMOTE_SIZE_LIST},  {26, REMOTE_SIZE_PLAIN},
	{27, REMOTE_SIZE_PLAIN}, {28, REMOTE_SIZE_STR},   {29, REMOTE_SIZE_DICT},
	{30, REMOTE_SIZE_PLAIN}, {31, REMOTE_SIZE_FIXED},
};

/* By the name of a type of C code in a type's line of bases. */
static const struct {
	const char *name;
	enum remote_size_kind kind;
} named[] = {
	{"set", REMOTE_SIZE_SET},
	{"frozenset", REMOTE_SIZE_SET},
	{"bytearray", REMOTE_SIZE_BYTEARRAY},
	{"generator", REMOTE_SIZE_GENERATOR},
	{"coroutine", REMOTE_SIZE_GENERATOR},
	{"async_generator", REMOTE_SIZE_GENERATOR},
	{"frame", REMOTE_SIZE_FIXED},
};

static uint8_t byte_at(const struct remote *r, uintptr_t address)
{
	uint8_t value = 0;
	return r->read(r->context, address, &value, sizeof value) ? value : 0;
}

static bool read_name(const struct remote *r, uintptr_t type, char name[NAME_BYTES])
{
	const uintptr_t text = remote_word(r, type, r->layout.type_name);
	/* byte by byte: it may end at the end of what is mapped */
	for (size_t i = 0; text && i < NAME_BYTES; i++) {
		if (!r->read(r->context, text + i, &name[i], 1))
			return false;
		if (!name[i])
			return true;
	}
	return false;
}

static enum remote_size_kind kind_of_line(const struct remote_heap *heap, uintptr_t type)
{
	const struct remote *r = heap->remote;
	char name[NAME_BYTES];
	for (int i = 0; type && i < BASES_MAX;
	     i++, type = remote_word(r, type, heap->layout.type_base)) {
		if (remote_word(r, type, r->objects.type_flags) & TYPE_IS_HEAP ||
		    !read_name(r, type, name))
			continue;
		for (size_t n = 0; n < sizeof named / sizeof *named; n++)
			if (strcmp(name, named[n].name) == 0)
				return named[n].kind;
	}
	return REMOTE_SIZE_PLAIN;
}

static enum remote_size_kind kind_of(const struct remote_heap *heap, uintptr_t type, uint64_t flags)
{
	for (size_t i = 0; i < sizeof flagged / sizeof *flagged; i++)
		if (flags >> flagged[i].bit & 1)
			return flagged[i].kind;
	return kind_of_line(heap, type);
}

bool remote_sizes_of(const struct remote_heap *heap, uintptr_t type, struct remote_sizes *sizes)
{
	const struct remote *r = heap->remote;
	const uintptr_t of_it = remote_word(r, type, r->layout.object_type);
	const uint64_t flags = remote_word(r, type, r->objects.type_flags);
	const uint64_t basic = remote_word(r, type, r->objects.type_basicsize);
	const uint64_t item = remote_word(r, type, heap->layout.type_itemsize);
	if (type % WORD != 0 || !of_it ||
	    !(remote_word(r, of_it, r->objects.type_flags) & TYPE_IS_TYPE) || basic < 2 * WORD ||
	    basic > BASIC_MAX || item > BASIC_MAX)
		return false;
	*sizes = (struct remote_sizes){
		.type = type,
		.flags = flags,
		.kind = kind_of(heap, type, flags),
		.basic = basic,
		.item = item,
		.before = REMOTE_GC_HEADER +
			  (flags & heap->layout.preheader_flags ? 2 * (uint64_t)WORD : 0),
		.is_type = (flags & TYPE_IS_TYPE) != 0,
		.is_tuple = (flags & TYPE_IS_TUPLE) != 0,
		.is_class = (flags & TYPE_IS_HEAP) != 0,
	};
	return true;
}

/* USABLE_FRACTION, Objects/dictobject.c */
static uint64_t usable(uint64_t slots)
{
	return (slots << 1) / 3;
}

static uint64_t keys_size(const struct remote_heap *heap, uintptr_t keys)
{
	const struct remote *r = heap->remote;
	uint64_t slots, indices, entry = 3 * WORD;
	if (r->objects.keys_kind == PY_KEYS_SIZE) {
		slots = remote_word(r, keys, KEYS_SIZE);
		if (slots >> LOG2_MAX)
			return 0;
		indices = slots * (slots <= 0xff         ? 1
				   : slots <= 0xffff     ? 2
				   : slots <= 0xffffffff ? 4
							 : 8);
	} else {
		const uint8_t log2_size = byte_at(r, keys + KEYS_LOG2_SIZE);
		const uint8_t log2_bytes = byte_at(r, keys + KEYS_LOG2_BYTES);
		if (log2_size > LOG2_MAX || log2_bytes > LOG2_MAX)
			return 0;
		slots = UINT64_C(1) << log2_size;
		indices = UINT64_C(1) << log2_bytes;
		if (byte_at(r, keys + KEYS_KIND) != KEYS_GENERAL)
			entry = 2 * WORD;
	}
	return r->objects.keys_indices + indices + usable(slots) * entry;
}

static uint64_t dict_parts(const struct remote_heap *heap, uintptr_t dict)
{
	const struct remote *r = heap->remote;
	const uintptr_t keys = remote_word(r, dict, r->objects.dict_keys);
	uint64_t size = 0;
	if (remote_word(r, dict, r->objects.dict_values) != 0)
		size = WORD * (r->objects.keys_kind == PY_KEYS_SIZE
				       ? usable(remote_word(r, keys, KEYS_SIZE))
				       : remote_word(r, keys, r->objects.keys_entries) +
						 remote_word(r, keys, heap->layout.keys_usable));
	/* shared keys are the class's; the count of references is their first word */
	if (remote_word(r, keys, 0) == 1)
		size += keys_size(heap, keys);
	return size;
}

static uint64_t set_parts(const struct remote_heap *heap, uintptr_t set)
{
	const struct remote *r = heap->remote;
	if (remote_word(r, set, r->objects.set_table) == set + heap->layout.set_small)
		return 0;
	return 2 * WORD * (remote_word(r, set, r->objects.set_mask) + 1);
}

/* Of str.__sizeof__, which counts what str has, not a class made from it. Only such are in the
 * lists; their characters lie apart, mostly. */
static uint64_t str_size(const struct remote_heap *heap, uintptr_t string)
{
	const struct remote *r = heap->remote;
	const uint64_t basic = remote_word(r, r->symbols.str_type, r->objects.type_basicsize);
	const uint32_t state = (uint32_t)remote_int(r, string, r->layout.str_state);
	const uint64_t length = remote_word(r, string, r->layout.str_length);
	/* PyASCIIObject.state: interned:2, kind:3, compact:1, ascii:1 */
	const uint64_t width = state >> 2 & 7;
	if (state >> 5 & 1 || length > ITEMS_MAX)
		return basic;
	const uintptr_t characters = remote_word(r, string, r->layout.str_data_compact);
	const uintptr_t utf8 = remote_word(r, string, heap->layout.str_utf8);
	const uint64_t utf8_length = remote_word(r, string, heap->layout.str_utf8_length);
	return basic + (characters ? (length + 1) * width : 0) +
	       (utf8 && utf8 != characters && utf8_length <= ITEMS_MAX * 4 ? utf8_length + 1 : 0);
}

/* Of a count whose sign says something else. */
static uint64_t without_sign(uintptr_t count)
{
	return (intptr_t)count < 0 ? 0 - (uint64_t)count : count;
}

/* Of int.__sizeof__, which does not ask for the type's size. */
static uint64_t long_size(const struct remote_heap *heap, uintptr_t number)
{
	const struct remote *r = heap->remote;
	const uintptr_t size = remote_word(r, number, r->layout.bytes_size);
	uint64_t digits = without_sign(size);
	/* 3.12+: lv_tag, and a 0 has a digit */
	if (r->objects.long_size_shift != 0) {
		digits = size >> r->objects.long_size_shift;
		digits += digits == 0;
	}
	return r->objects.long_digits + (digits < ITEMS_MAX ? digits * DIGIT : 0);
}

static uint64_t generator_size(const struct remote_heap *heap, const struct remote_sizes *sizes,
			       uintptr_t generator)
{
	const struct remote *r = heap->remote;
	if (r->layout.frame_kind == PY_FRAME_OBJECT)
		return sizes->basic;
	/* 3.11+: the frame lies in it (gen_sizeof); a frame that was cleared keeps its code */
	const uintptr_t code =
		remote_word(r, generator + r->layout.gen_frame, r->layout.frame_code);
	if (!code || remote_word(r, code, r->layout.object_type) != r->symbols.code_type)
		return sizes->basic;
	return r->layout.gen_frame + heap->layout.frame_locals +
	       WORD * ((uint64_t)(uint32_t)remote_int(r, code, heap->layout.code_locals) +
		       (uint32_t)remote_int(r, code, heap->layout.code_stack));
}

static uint64_t items_size(const struct remote *r, const struct remote_sizes *sizes,
			   uintptr_t object)
{
	if (sizes->item == 0)
		return 0;
	const uint64_t count = without_sign(remote_word(r, object, r->layout.bytes_size));
	return count < ITEMS_MAX ? count * sizes->item : 0;
}

static uint64_t own_size(const struct remote_heap *heap, const struct remote_sizes *sizes,
			 uintptr_t object)
{
	const struct remote *r = heap->remote;
	switch (sizes->kind) {
	case REMOTE_SIZE_DICT:
		return sizes->basic + dict_parts(heap, object);
	case REMOTE_SIZE_LIST:
		return sizes->basic + WORD * remote_word(r, object, heap->layout.list_allocated);
	case REMOTE_SIZE_SET:
		return sizes->basic + set_parts(heap, object);
	case REMOTE_SIZE_STR:
		return str_size(heap, object);
	case REMOTE_SIZE_LONG:
		return long_size(heap, object);
	case REMOTE_SIZE_BYTEARRAY:
		return sizes->basic + remote_word(r, object, heap->layout.bytearray_allocated);
	case REMOTE_SIZE_GENERATOR:
		return generator_size(heap, sizes, object);
	case REMOTE_SIZE_FIXED:
		break;
	case REMOTE_SIZE_PLAIN:
		return sizes->basic + items_size(r, sizes, object);
	}
	return sizes->basic;
}

uint64_t remote_size(const struct remote_heap *heap, const struct remote_sizes *sizes,
		     uintptr_t object, uint64_t most)
{
	const uint64_t size = own_size(heap, sizes, object);
	return sizes->before + (size <= most ? size : sizes->basic);
}
