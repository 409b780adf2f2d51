/* Sources: Include/object.h, Include/internal/pycore_object.h, pycore_gc.h, pycore_dict.h,
 * pycore_frame.h, Objects/dictobject.c, Objects/codeobject.c (3.8–3.13). */
#include "agent/walk_objects.h"

#include <dlfcn.h>

#include "agent/python_api.h"
#include "python/debug_offsets.h"

enum {
	WORD = sizeof(uintptr_t),
	KEYS_SIZE = WORD,           /* 3.8–3.10: dk_size, after dk_refcnt */
	KEYS_LOG2_BYTES = WORD + 1, /* 3.11+: dk_log2_index_bytes, after dk_log2_size */
	KEYS_KIND = WORD + 2,
	KEYS_GENERAL = 0,        /* entries with the hash in front */
	MANAGED_DICT = 3 * WORD, /* before the object */
	VALUES_3_11 = 4 * WORD,
};

const struct py_objects *walk_objects;
const struct py_heap *walk_heap;
uintptr_t walk_interpreter;

/* Found by address in a type's line of bases. */
static struct named_type {
	const char *symbol;
	enum walk_kind kind;
	uintptr_t type; /* 0: this Python does not export it */
} named_types[] = {
	{"PySet_Type", WALK_OF_SET, 0},
	{"PyFrozenSet_Type", WALK_OF_SET, 0},
	{"PyByteArray_Type", WALK_OF_BYTEARRAY, 0},
	{"PyModule_Type", WALK_OF_MODULE, 0},
	{"PyFunction_Type", WALK_OF_FUNCTION, 0},
	{"PyMethod_Type", WALK_OF_METHOD, 0},
	{"PyCell_Type", WALK_OF_CELL, 0},
	{"PyFrame_Type", WALK_OF_FRAME, 0},
	{"PyTraceBack_Type", WALK_OF_TRACEBACK, 0},
	{"PyGen_Type", WALK_OF_GENERATOR, 0},
	{"PyCoro_Type", WALK_OF_GENERATOR, 0},
	{"PyAsyncGen_Type", WALK_OF_GENERATOR, 0},
};
static uintptr_t dict_type;

/* By the bit in the type's flags that says "or a subclass of it". */
static const struct {
	unsigned bit; /* Py_TPFLAGS_…_SUBCLASS, object.h */
	enum walk_kind kind;
} flagged[] = {
	{24, WALK_OF_LONG}, {25, WALK_OF_LIST}, {26, WALK_OF_TUPLE},     {27, WALK_OF_BYTES},
	{28, WALK_OF_STR},  {29, WALK_OF_DICT}, {30, WALK_OF_EXCEPTION}, {31, WALK_OF_TYPE},
};

/* Types that no symbol leads to. */
static const struct {
	const char *name;
	enum walk_kind kind;
} by_name[] = {
	{"functools._lru_cache_wrapper", WALK_OF_CACHE},
	{"_thread._local", WALK_OF_LOCAL},
};

bool walk_objects_prepare(void)
{
	static struct py_objects objects;
	static struct py_heap heap;
	const struct py_objects *objects_row = py_objects_for(py.version_hex);
	const struct py_heap *heap_row = py_heap_for(py.version_hex);
	const uintptr_t tstate = (uintptr_t)py.PyGILState_GetThisThreadState();

	if (objects_row == NULL || heap_row == NULL || tstate == 0)
		return false;
	objects = *objects_row;
	heap = *heap_row;
	if (py.version_hex >> 16 >= 0x030d) { /* what it says itself, as python_layout.c */
		debug_offsets_decode_objects(py.runtime, &objects);
		debug_offsets_decode_heap(py.runtime, &heap);
	}
	walk_objects = &objects;
	walk_heap = &heap;
	walk_interpreter = walk_word(tstate, agent_layout.tstate_interp);
	for (size_t i = 0; i < sizeof(named_types) / sizeof(named_types[0]); i++)
		named_types[i].type = (uintptr_t)dlsym(RTLD_DEFAULT, named_types[i].symbol);
	dict_type = (uintptr_t)dlsym(RTLD_DEFAULT, "PyDict_Type");
	(void)dlerror(); /* the app must not find our failure as its own */
	return true;
}

bool walk_type_is_named(uintptr_t type, const char *name)
{
	return strcmp((const char *)walk_word(type, agent_layout.type_name), name) == 0;
}

static enum walk_kind kind_of_line(uintptr_t type)
{
	for (int i = 0; type != 0 && i < 64; i++, type = walk_word(type, walk_heap->type_base)) {
		for (size_t n = 0; n < sizeof(named_types) / sizeof(named_types[0]); n++)
			if (type == named_types[n].type)
				return named_types[n].kind;
		for (size_t n = 0; n < sizeof(by_name) / sizeof(by_name[0]); n++)
			if (walk_type_is_named(type, by_name[n].name))
				return by_name[n].kind;
	}
	return WALK_OF_OTHER;
}

enum walk_kind walk_kind_of_type(uintptr_t type)
{
	const uintptr_t flags = walk_flags_of(type);

	for (size_t i = 0; i < sizeof(flagged) / sizeof(flagged[0]); i++)
		if (flags >> flagged[i].bit & 1)
			return flagged[i].kind;
	return kind_of_line(type);
}

bool walk_is_plain(uintptr_t type)
{
	return type == (uintptr_t)py.tuple_type || type == dict_type;
}

bool walk_is_gc(uintptr_t object, uintptr_t type)
{
	int (*is_gc)(py_object);
	uintptr_t address;

	if (!(walk_flags_of(type) & WALK_TYPE_HAS_GC))
		return false;
	address = walk_word(type, walk_heap->type_is_gc);
	memcpy(&is_gc, &address, sizeof(is_gc));
	return address == 0 || is_gc((py_object)object) != 0;
}

uint64_t walk_length_of(uintptr_t object)
{
	switch (walk_kind_of(object)) {
	case WALK_OF_LIST:
	case WALK_OF_TUPLE:
		return walk_word(object, agent_layout.bytes_size);
	case WALK_OF_DICT:
		return walk_word(object, walk_heap->dict_used);
	case WALK_OF_SET:
		return walk_word(object, walk_heap->set_used);
	default:
		return UINT64_MAX;
	}
}

/* --- dicts and instances ----------------------------------------------------- */

static void begin_keys(struct walk_entries *walk, uintptr_t keys, uintptr_t values)
{
	const uintptr_t indices = keys + walk_objects->keys_indices;

	*walk = (struct walk_entries){
		.values = values,
		.count = walk_word(keys, walk_objects->keys_entries),
		.entry_bytes = 3 * WORD,
		.key_at = WORD,
	};
	if (walk_objects->keys_kind == PY_KEYS_SIZE) {
		const uintptr_t size = walk_word(keys, KEYS_SIZE);

		/* DK_IXSIZE, Objects/dictobject.c */
		walk->entries = indices + size * (size <= 0xff         ? 1
						  : size <= 0xffff     ? 2
						  : size <= 0xffffffff ? 4
								       : 8);
		return;
	}
	walk->entries = indices + ((uintptr_t)1 << walk_byte(keys, KEYS_LOG2_BYTES));
	if (walk_byte(keys, KEYS_KIND) != KEYS_GENERAL) {
		walk->entry_bytes = 2 * WORD;
		walk->key_at = 0;
	}
}

/* Where the values of a split dict or an instance begin. */
static uintptr_t items_of(uintptr_t values)
{
	return values == 0 ? 0 : values + walk_objects->values_items;
}

void walk_dict_begin(struct walk_entries *walk, uintptr_t dict)
{
	begin_keys(walk, walk_word(dict, walk_objects->dict_keys),
		   items_of(walk_word(dict, walk_objects->dict_values)));
}

bool walk_entries_next(struct walk_entries *walk, struct walk_entry *entry)
{
	while (walk->at < walk->count) {
		const size_t at = walk->at++;
		const uintptr_t pair = walk->entries + at * walk->entry_bytes + walk->key_at;

		entry->key = walk_word(pair, 0);
		entry->value = walk->values != 0 ? walk_word(walk->values, at * WORD)
						 : walk_word(pair, WORD);
		if (entry->key != 0 && entry->value != 0)
			return true;
	}
	return false;
}

static bool is_text(uintptr_t object, const char *text)
{
	const size_t length = strlen(text);

	/* PyASCIIObject.state: interned:2, kind:3, compact:1, ascii:1 */
	return walk_kind_of(object) == WALK_OF_STR &&
	       (walk_int(object, agent_layout.str_state) >> 5 & 3) == 3 &&
	       walk_word(object, agent_layout.str_length) == length &&
	       memcmp((const char *)object + agent_layout.str_data_ascii, text, length) == 0;
}

uintptr_t walk_dict_get(uintptr_t dict, const char *key)
{
	struct walk_entries walk;
	struct walk_entry entry;

	if (dict == 0 || walk_kind_of(dict) != WALK_OF_DICT)
		return 0;
	walk_dict_begin(&walk, dict);
	while (walk_entries_next(&walk, &entry))
		if (is_text(entry.key, key))
			return entry.value;
	return 0;
}

uintptr_t walk_values_of(uintptr_t object, uintptr_t type)
{
	uintptr_t word, values;

	if (!(walk_flags_of(type) & WALK_TYPE_MANAGED_DICT))
		return 0;
	switch ((enum py_instance_kind)walk_objects->instance_kind) {
	case PY_INSTANCE_VALUES:
		return walk_word(object - VALUES_3_11, 0);
	case PY_INSTANCE_TAGGED: /* values are stored less one */
		word = walk_word(object - MANAGED_DICT, 0);
		return word & 1 ? word + 1 : 0;
	case PY_INSTANCE_INLINE: /* a dict that was asked for has these same values */
		if (!(walk_flags_of(type) & WALK_TYPE_INLINE_VALUES))
			return 0;
		values = object + walk_word(type, walk_objects->type_basicsize);
		return walk_byte(values, walk_heap->values_valid) ? values : 0;
	case PY_INSTANCE_DICT:
		break;
	}
	return 0;
}

bool walk_values_begin(struct walk_entries *walk, uintptr_t object)
{
	const uintptr_t type = walk_type_of(object);
	const uintptr_t values = walk_values_of(object, type);
	const uintptr_t keys = values == 0 ? 0 : walk_word(type, walk_objects->type_cached_keys);

	if (keys == 0)
		return false;
	begin_keys(walk, keys, items_of(values));
	return true;
}

uintptr_t walk_dict_of(uintptr_t object)
{
	const uintptr_t type = walk_type_of(object);
	const intptr_t at = (intptr_t)walk_word(type, walk_objects->type_dictoffset);

	if (walk_objects->instance_kind != PY_INSTANCE_DICT &&
	    walk_flags_of(type) & WALK_TYPE_MANAGED_DICT) {
		const uintptr_t word = walk_word(object - MANAGED_DICT, 0);

		return walk_objects->instance_kind == PY_INSTANCE_TAGGED && word & 1 ? 0 : word;
	}
	/* counted from the end in instances of variable size: those of int and tuple, left out */
	return at > 0 ? walk_word(object, (size_t)at) : 0;
}

/* --- frames ------------------------------------------------------------------ */

struct walk_locals walk_locals_of(uintptr_t frame)
{
	struct walk_locals locals = {0};

	if (frame == 0)
		return locals;
	locals.code = walk_word(frame, agent_layout.frame_code);
	if (locals.code == 0 || walk_type_of(locals.code) != (uintptr_t)py.code_type)
		return (struct walk_locals){0};
	locals.first = frame + walk_heap->frame_locals;
	locals.count = (size_t)walk_int(locals.code, walk_heap->code_locals);
	if (walk_heap->names_kind == PY_NAMES_APART)
		locals.count += walk_word(walk_word(locals.code, walk_heap->code_cell_names),
					  agent_layout.bytes_size) +
				walk_word(walk_word(locals.code, walk_heap->code_free_names),
					  agent_layout.bytes_size);
	return locals;
}

uintptr_t walk_frame_of(uintptr_t object)
{
	const enum walk_kind kind = walk_kind_of(object);

	if (kind == WALK_OF_FRAME)
		return walk_heap->frame_in_object == PY_UNKNOWN
			       ? object
			       : walk_word(object, walk_heap->frame_in_object);
	if (kind != WALK_OF_GENERATOR)
		return 0;
	if (agent_layout.frame_kind == PY_FRAME_OBJECT)
		return walk_word(object, agent_layout.gen_frame);
	/* FRAME_CLEARED and more: nothing is left in it (pycore_frame.h) */
	return (int8_t)walk_byte(object, walk_objects->gen_state) > 0
		       ? 0
		       : object + agent_layout.gen_frame;
}

static uintptr_t tuple_item(uintptr_t tuple, size_t *place)
{
	const size_t count = walk_word(tuple, agent_layout.bytes_size);

	if (*place < count)
		return walk_word(tuple, walk_heap->tuple_items + *place * WORD);
	*place -= count;
	return 0;
}

uintptr_t walk_local_name(uintptr_t code, size_t place)
{
	uintptr_t name = tuple_item(walk_word(code, walk_heap->code_names), &place);

	if (name != 0 || walk_heap->names_kind == PY_NAMES_TOGETHER)
		return name;
	/* co_nlocals is the length of co_varnames */
	name = tuple_item(walk_word(code, walk_heap->code_cell_names), &place);
	return name != 0 ? name : tuple_item(walk_word(code, walk_heap->code_free_names), &place);
}
