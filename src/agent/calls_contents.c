/* Sources: Include/cpython/unicodeobject.h, longintrepr.h, setobject.h, rangeobject.c,
 * methodobject.h (3.8–3.13). */
#include "agent/calls_contents.h"

#include <dlfcn.h>

#include "agent/abi.h"
#include "agent/code_identity.h"
#include "agent/walk_objects.h"

enum {
	WORD = sizeof(uintptr_t),
	RANGE_PARTS = 16,     /* start, stop, step: behind the head (Objects/rangeobject.c) */
	SET_ENTRY = 2 * WORD, /* key, hash */
	DIGIT_BYTES = 4,
};
#define CLASS_FLAG (UINT64_C(1) << 31) /* Py_TPFLAGS_TYPE_SUBCLASS, of a class's own type */
#define NO_HASH UINTPTR_MAX            /* -1: an entry of a set that was taken out */

struct py_evaluation contents_at;

typedef void taker(struct contents *c, uintptr_t object);
static taker take_address, take_whole, take_float, take_complex, take_text, take_bytes, take_tuple,
	take_set, take_range, take_function, take_builtin, take_list, take_pairs;

/* Exactly these types: a subclass may keep more. */
static struct taken {
	const char *symbol;
	taker *take;
	bool changes;   /* it is what it is at that moment only */
	uintptr_t type; /* 0: this Python does not export it */
} rows[] = {
	{"PyUnicode_Type", take_text, false, 0},
	{"PyLong_Type", take_whole, false, 0},
	{"PyBool_Type", take_address, false, 0}, /* there are two */
	{"PyFloat_Type", take_float, false, 0},
	{"PyTuple_Type", take_tuple, false, 0},
	{"PyBytes_Type", take_bytes, false, 0},
	{"PyFrozenSet_Type", take_set, false, 0},
	{"PyComplex_Type", take_complex, false, 0},
	{"PyRange_Type", take_range, false, 0},
	{"PyEllipsis_Type", take_address, false, 0},
	{"PyModule_Type", take_address, false, 0},
	{"PyFunction_Type", take_function, false, 0},
	{"PyCFunction_Type", take_builtin, false, 0},
	{"PyList_Type", take_list, true, 0},
	{"PyDict_Type", take_pairs, true, 0},
	{"PySet_Type", take_set, true, 0},
};
static uintptr_t cell_type, module_type;

bool contents_prepare(void)
{
	const struct py_evaluation *row = py_evaluation_for(py.version_hex);

	if (row == NULL || (walk_objects == NULL && !walk_objects_prepare()))
		return false;
	contents_at = *row;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		rows[i].type = (uintptr_t)dlsym(RTLD_DEFAULT, rows[i].symbol);
	cell_type = (uintptr_t)dlsym(RTLD_DEFAULT, "PyCell_Type");
	module_type = (uintptr_t)dlsym(RTLD_DEFAULT, "PyModule_Type");
	(void)dlerror(); /* the app must not find our failure as its own */
	return cell_type != 0;
}

static const struct taken *row_of(uintptr_t type)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].type == type)
			return &rows[i];
	return NULL;
}

static bool is_class(uintptr_t type)
{
	return (walk_flags_of(type) & CLASS_FLAG) != 0;
}

bool contents_takes(uintptr_t object)
{
	const uintptr_t type = walk_type_of(object);

	return object == (uintptr_t)py.none || row_of(type) != NULL || is_class(type);
}

/* --- pieces ---------------------------------------------------------------- */

static void add_bytes(struct contents *c, const void *bytes, size_t length)
{
	if (!c->known)
		return;
	if (length > CONTENTS_BYTES_MAX - c->bytes) {
		c->known = false;
		return;
	}
	c->bytes += (uint32_t)length;
	hash_stream_add(&c->stream, bytes, length);
}

static void add_word(struct contents *c, uint64_t word)
{
	add_bytes(c, &word, sizeof word);
}

/* --- values ---------------------------------------------------------------- */

static void take_address(struct contents *c, uintptr_t object)
{
	add_word(c, object);
}

static void take_whole(struct contents *c, uintptr_t object)
{
	/* ob_size, or lv_tag (3.12+), which has the sign in its lowest bits */
	const uintptr_t word = walk_word(object, agent_layout.bytes_size);
	const unsigned shift = walk_objects->long_size_shift;
	const bool is_negative = shift == 0 ? (intptr_t)word < 0 : (word & 3) == 2;
	const uintptr_t digits = shift == 0 ? (is_negative ? 0 - word : word) : word >> shift;

	if (digits > CONTENTS_BYTES_MAX / DIGIT_BYTES) {
		c->known = false;
		return;
	}
	add_word(c, digits << 1 | is_negative);
	/* zero has a digit in some versions, and none in others: its count is 0 */
	add_bytes(c, (const void *)(object + walk_objects->long_digits), digits * DIGIT_BYTES);
}

static void take_float(struct contents *c, uintptr_t object)
{
	add_bytes(c, (const void *)(object + contents_at.float_value), sizeof(double));
}

static void take_complex(struct contents *c, uintptr_t object)
{
	add_bytes(c, (const void *)(object + contents_at.complex_value), 2 * sizeof(double));
}

/* Equal strings have the same width: the least that all their characters need. */
static void take_text(struct contents *c, uintptr_t object)
{
	const uint64_t length = walk_word(object, agent_layout.str_length);
	const uint32_t state = (uint32_t)walk_int(object, agent_layout.str_state);
	const uint32_t width = state >> 2 & 7, is_compact = state >> 5 & 1;
	const uintptr_t data = object + (state >> 6 & 1 ? agent_layout.str_data_ascii
							: agent_layout.str_data_compact);

	if (width == 0 || !is_compact || length > CONTENTS_BYTES_MAX / width) {
		c->known = false;
		return;
	}
	add_word(c, length << 3 | width);
	add_bytes(c, (const void *)data, length * width);
}

static void take_bytes(struct contents *c, uintptr_t object)
{
	const uint64_t size = walk_word(object, agent_layout.bytes_size);

	add_word(c, size);
	add_bytes(c, (const void *)(object + agent_layout.bytes_data), size);
}

/* --- containers ------------------------------------------------------------ */

static void add_items(struct contents *c, uintptr_t items, uint64_t count)
{
	add_word(c, count);
	for (uint64_t i = 0; i < count && c->known; i++)
		contents_add(c, walk_word(items, i * WORD));
}

static void take_tuple(struct contents *c, uintptr_t object)
{
	add_items(c, object + walk_heap->tuple_items, walk_word(object, agent_layout.bytes_size));
}

static void take_list(struct contents *c, uintptr_t object)
{
	add_items(c, walk_word(object, walk_heap->list_items),
		  walk_word(object, agent_layout.bytes_size));
}

/* In whatever order they lie: each is hashed apart, the hashes are added up. */
static void take_set(struct contents *c, uintptr_t object)
{
	const uint64_t slots = walk_word(object, walk_objects->set_mask) + 1;
	const uintptr_t table = walk_word(object, walk_objects->set_table);
	uint64_t sum = 0;

	if (slots > 8 * CONTENTS_OBJECTS_MAX) {
		c->known = false;
		return;
	}
	for (uint64_t i = 0; i < slots && c->known; i++) {
		const uintptr_t key = walk_word(table, i * SET_ENTRY);
		struct contents one = *c;

		if (key == 0 || walk_word(table, i * SET_ENTRY + WORD) == NO_HASH)
			continue;
		hash_stream_begin(&one.stream, c->key);
		contents_add(&one, key);
		c->known = one.known;
		c->bytes = one.bytes;
		c->objects = one.objects;
		sum += hash_stream_end(&one.stream);
	}
	add_word(c, walk_word(object, walk_heap->set_used));
	add_word(c, sum);
}

static void take_pairs(struct contents *c, uintptr_t object)
{
	struct walk_entries walk;
	struct walk_entry entry;

	add_word(c, walk_word(object, walk_heap->dict_used));
	walk_dict_begin(&walk, object);
	if (walk.count > 8 * CONTENTS_OBJECTS_MAX) { /* entries that are gone, too */
		c->known = false;
		return;
	}
	while (c->known && walk_entries_next(&walk, &entry)) {
		contents_add(c, entry.key);
		contents_add(c, entry.value);
	}
}

static void take_range(struct contents *c, uintptr_t object)
{
	for (unsigned i = 0; i < 3; i++)
		contents_add(c, walk_word(object, RANGE_PARTS + i * WORD));
}

/* --- code ------------------------------------------------------------------ */

/* By its code, where it lies and what it says, and its module: two on one line say the same (3.8),
 * and one that is gone may have lain there. One with a closure, or with defaults by name, is more
 * than that. */
static void take_function(struct contents *c, uintptr_t object)
{
	struct peek direct = PEEK_DIRECT;
	struct known_file known = {0};
	const uintptr_t code = walk_word(object, walk_objects->function_code);
	const uintptr_t defaults = walk_word(object, walk_heap->function_defaults);
	const uintptr_t file = walk_word(code, agent_layout.code_filename);

	/* "<string>": code that is made and thrown away, another of which may look the same */
	if (walk_byte(file, agent_layout.str_data_ascii) == '<' ||
	    walk_word(object, walk_heap->function_closure) != 0 ||
	    walk_word(object, walk_heap->function_kwdefaults) != 0) {
		c->known = false;
		return;
	}
	add_word(c, code);
	add_word(c, code_identity(&direct, code_fields_of(&agent_layout), code, &known));
	add_word(c, walk_word(object, walk_heap->function_globals));
	if (defaults != 0)
		contents_add(c, defaults);
}

/* Of a module, or of nothing: a method of an object is that object's, too. */
static void take_builtin(struct contents *c, uintptr_t object)
{
	const uintptr_t self = walk_word(object, contents_at.builtin_self);

	if (self != 0 && walk_type_of(self) != module_type)
		c->known = false;
	add_word(c, walk_word(object, contents_at.builtin_definition));
}

/* --- all of them ----------------------------------------------------------- */

void contents_begin(struct contents *c, const uint64_t key[2], bool of_now)
{
	*c = (struct contents){.key = key, .of_now = of_now, .known = true};
	hash_stream_begin(&c->stream, key);
}

/* Is there room for another object? */
static bool enters(struct contents *c)
{
	if (c->objects >= CONTENTS_OBJECTS_MAX || c->depth >= CONTENTS_DEPTH_MAX)
		c->known = false;
	return c->known;
}

static void add_taken(struct contents *c, uintptr_t object, uintptr_t type, taker *take)
{
	c->objects++;
	c->depth++;
	add_word(c, type);
	take(c, object);
	c->depth--;
}

void contents_add(struct contents *c, uintptr_t object)
{
	const struct taken *row;
	uintptr_t type;

	if (object == 0 || object == (uintptr_t)py.none) {
		add_word(c, object);
		return;
	}
	if (!enters(c))
		return;
	type = walk_type_of(object);
	row = row_of(type);
	if (row != NULL && (c->of_now || !row->changes))
		add_taken(c, object, type, row->take);
	else if (row == NULL && is_class(type))
		add_taken(c, object, type, take_address);
	else
		c->known = false;
}

uintptr_t contents_in_cell(uintptr_t cell)
{
	return cell != 0 && walk_type_of(cell) == cell_type ? walk_word(cell, walk_heap->cell_value)
							    : cell;
}

void contents_add_cell(struct contents *c, uintptr_t cell)
{
	contents_add(c, contents_in_cell(cell));
}

void contents_add_pairs(struct contents *c, uintptr_t dict)
{
	if (dict != 0 && enters(c))
		add_taken(c, dict, walk_type_of(dict), take_pairs);
}

void contents_add_address(struct contents *c, uintptr_t object)
{
	add_word(c, walk_type_of(object));
	add_word(c, object);
}

uint64_t contents_end(struct contents *c)
{
	uint64_t hash;

	if (!c->known)
		return 0;
	hash = hash_stream_end(&c->stream);
	return hash != 0 ? hash : 1;
}
