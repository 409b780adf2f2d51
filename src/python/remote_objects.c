/* Sources: Objects/dictobject.c, Include/internal/pycore_dict.h (3.8–3.13), Objects/setobject.c,
 * Include/cpython/object.h and pycore_object.h for where an instance's attributes are. */
#include "python/remote_objects.h"

#include <string.h>

#include "python/python_text.h"

enum {
	WORD = sizeof(uintptr_t),
	TEXT_BYTES_MAX = 1 << 16,
	LONG_BITS = 30,
	KEYS_SIZE = WORD,           /* 3.8–3.10: dk_size, after dk_refcnt */
	KEYS_LOG2_BYTES = WORD + 1, /* 3.11+: dk_log2_index_bytes, after dk_log2_size */
	KEYS_KIND = WORD + 2,
	KEYS_GENERAL = 0, /* entries with the hash in front */
	MANAGED_DICT = -3 * WORD,
	VALUES_3_11 = -4 * WORD,
};
#define TYPE_INLINE_VALUES (1ul << 2) /* Py_TPFLAGS_INLINE_VALUES, 3.13 */
#define TYPE_MANAGED_DICT (1ul << 4)  /* Py_TPFLAGS_MANAGED_DICT, 3.11+ */

/* --- strings and numbers ---------------------------------------------------- */

long remote_text(const struct remote *r, uintptr_t string, char *to, size_t size)
{
	uint8_t bytes[4096];
	uint32_t state;
	uintptr_t length;
	*to = '\0';
	if (!string || remote_word(r, string, r->layout.object_type) != r->symbols.str_type ||
	    !r->read(r->context, string + r->layout.str_state, &state, sizeof state) ||
	    !r->read(r->context, string + r->layout.str_length, &length, sizeof length))
		return -1;
	/* PyASCIIObject.state: interned:2, kind:3, compact:1, ascii:1 */
	const unsigned width = state >> 2 & 7, compact = state >> 5 & 1, ascii = state >> 6 & 1;
	if (!compact || (width != 1 && width != 2 && width != 4) || length > TEXT_BYTES_MAX)
		return -1;
	if (length > sizeof bytes / width)
		length = sizeof bytes / width;
	if (length > 0 &&
	    !r->read(r->context,
		     string + (ascii ? r->layout.str_data_ascii : r->layout.str_data_compact),
		     bytes, length * width))
		return -1;
	const struct python_text text = {bytes, length, (uint8_t)width, (uint8_t)ascii};
	const size_t written = python_text_utf8_bytes(text, size - 1);
	python_text_write(text, size - 1, to);
	to[written] = '\0';
	return (long)written;
}

bool remote_long(const struct remote *r, uintptr_t number, uint64_t *value)
{
	uint32_t digits[2];
	uintptr_t size;
	if (!number || !r->read(r->context, number + r->layout.bytes_size, &size, sizeof size) ||
	    !r->read(r->context, number + r->objects.long_digits, digits, sizeof digits))
		return false;
	/* a negative one's size is huge, or its sign bits say so in the digits' place */
	const uintptr_t count = size >> r->objects.long_size_shift;
	if (count > 2)
		return false;
	*value = count > 0 ? digits[0] : 0;
	if (count > 1)
		*value |= (uint64_t)digits[1] << LONG_BITS;
	return true;
}

const char *remote_type_name(const struct remote *r, uintptr_t object, char *name)
{
	const uintptr_t text =
		remote_word(r, remote_word(r, object, r->layout.object_type), r->layout.type_name);
	size_t length = 0;
	/* byte by byte: the name may end at the end of what is mapped */
	while (text && length < REMOTE_NAME_BYTES - 1 &&
	       r->read(r->context, text + length, &name[length], 1) && name[length])
		length++;
	name[length] = '\0';
	return name;
}

bool remote_is(const struct remote *r, uintptr_t object, const char *type_name)
{
	char name[REMOTE_NAME_BYTES];
	return object && strcmp(remote_type_name(r, object, name), type_name) == 0;
}

/* --- dicts ----------------------------------------------------------------- */

struct keys {
	uintptr_t entries;
	size_t count;
	size_t entry_bytes, key_at; /* the value follows the key */
};

static bool read_keys(const struct remote *r, uintptr_t keys, struct keys *out)
{
	const uintptr_t indices = keys + r->objects.keys_indices;
	*out = (struct keys){.count = remote_word(r, keys, r->objects.keys_entries),
			     .entry_bytes = 3 * WORD,
			     .key_at = WORD};
	if (!keys || out->count > REMOTE_ENTRIES_MAX)
		return false;
	if (r->objects.keys_kind == PY_KEYS_SIZE) {
		const uintptr_t size = remote_word(r, keys, KEYS_SIZE);
		const size_t bytes = size <= 0xff ? 1 : size <= 0xffff ? 2 : 4;
		out->entries = indices + size * bytes;
		return size <= 4 * REMOTE_ENTRIES_MAX;
	}
	uint8_t log2_bytes, kind;
	if (!r->read(r->context, keys + KEYS_LOG2_BYTES, &log2_bytes, 1) ||
	    !r->read(r->context, keys + KEYS_KIND, &kind, 1) || log2_bytes > 30 || kind > 2)
		return false;
	out->entries = indices + ((uintptr_t)1 << log2_bytes);
	if (kind != KEYS_GENERAL) {
		out->entry_bytes = 2 * WORD;
		out->key_at = 0;
	}
	return true;
}

/* `values` 0: they stand beside the keys. */
static bool each_entry(const struct remote *r, uintptr_t keys_at, uintptr_t values,
		       remote_entry *entry, void *context)
{
	struct keys keys;
	if (!read_keys(r, keys_at, &keys))
		return false;
	for (size_t i = 0; i < keys.count; i++) {
		uintptr_t pair[2];
		if (!r->read(r->context, keys.entries + i * keys.entry_bytes + keys.key_at, pair,
			     sizeof pair))
			return false;
		if (values)
			pair[1] = remote_word(r, values, r->objects.values_items + i * WORD);
		if (pair[0] && pair[1] && !entry(context, pair[0], pair[1]))
			break;
	}
	return true;
}

bool remote_dict_each(const struct remote *r, uintptr_t dict, remote_entry *entry, void *context)
{
	if (!dict)
		return false;
	return each_entry(r, remote_word(r, dict, r->objects.dict_keys),
			  remote_word(r, dict, r->objects.dict_values), entry, context);
}

struct search {
	const struct remote *r;
	const char *key;
	uintptr_t found;
};

static bool is_key(void *context, uintptr_t key, uintptr_t value)
{
	struct search *search = context;
	char text[REMOTE_NAME_BYTES];
	const size_t wanted = strlen(search->key);
	if (remote_word(search->r, key, search->r->layout.str_length) != wanted ||
	    remote_text(search->r, key, text, sizeof text) != (long)wanted ||
	    memcmp(text, search->key, wanted) != 0)
		return true;
	search->found = value;
	return false;
}

uintptr_t remote_dict_get(const struct remote *r, uintptr_t dict, const char *key)
{
	struct search search = {r, key, 0};
	remote_dict_each(r, dict, is_key, &search);
	return search.found;
}

bool remote_set_each(const struct remote *r, uintptr_t set, remote_entry *entry, void *context)
{
	const uintptr_t mask = remote_word(r, set, r->objects.set_mask);
	const uintptr_t table = remote_word(r, set, r->objects.set_table);
	if (!table || mask >= 4 * REMOTE_ENTRIES_MAX)
		return false;
	for (uintptr_t i = 0; i <= mask; i++) {
		uintptr_t item[2]; /* key, hash; a removed entry's key is a dummy with hash -1 */
		if (!r->read(r->context, table + i * sizeof item, item, sizeof item))
			return false;
		if (item[0] && item[1] != UINTPTR_MAX && !entry(context, item[0], 0))
			break;
	}
	return true;
}

/* --- attributes -------------------------------------------------------------- */

static uintptr_t in_values(const struct remote *r, uintptr_t type, uintptr_t values,
			   const char *name)
{
	struct search search = {r, name, 0};
	each_entry(r, remote_word(r, type, r->objects.type_cached_keys), values, is_key, &search);
	return search.found;
}

uintptr_t remote_attribute(const struct remote *r, uintptr_t object, const char *name)
{
	const uintptr_t type = remote_word(r, object, r->layout.object_type);
	const uintptr_t flags = remote_word(r, type, r->objects.type_flags);
	if (!type)
		return 0;
	if (r->objects.instance_kind == PY_INSTANCE_DICT || !(flags & TYPE_MANAGED_DICT)) {
		const intptr_t at = (intptr_t)remote_word(r, type, r->objects.type_dictoffset);
		return at > 0 ? remote_dict_get(r, remote_word(r, object, (size_t)at), name) : 0;
	}
	const uintptr_t managed = remote_word(r, object + MANAGED_DICT, 0);
	switch ((enum py_instance_kind)r->objects.instance_kind) {
	case PY_INSTANCE_VALUES: {
		const uintptr_t values = remote_word(r, object + VALUES_3_11, 0);
		return values ? in_values(r, type, values, name)
			      : remote_dict_get(r, managed, name);
	}
	case PY_INSTANCE_TAGGED: /* values are stored less one */
		return managed & 1 ? in_values(r, type, managed + 1, name)
				   : remote_dict_get(r, managed, name);
	case PY_INSTANCE_INLINE:
		if (!managed && flags & TYPE_INLINE_VALUES)
			return in_values(r, type,
					 object + remote_word(r, type, r->objects.type_basicsize),
					 name);
		return remote_dict_get(r, managed, name);
	case PY_INSTANCE_DICT:
		break;
	}
	return 0;
}

uintptr_t remote_global(const struct remote *r, uintptr_t interpreter, const char *module,
			const char *name)
{
	const uintptr_t modules = remote_word(r, interpreter, r->objects.interp_modules);
	const uintptr_t found = remote_dict_get(r, modules, module);
	return remote_dict_get(r, remote_word(r, found, r->objects.module_dict), name);
}
