/* Sources: Objects/dictobject.c, listobject.c, setobject.c, Include/internal/pycore_object.h,
 * pycore_dict.h (3.8–3.13). */
#include "python/remote_references.h"

enum {
	WORD = sizeof(uintptr_t),
	KEYS_SIZE = WORD,           /* 3.8–3.10: dk_size, after dk_refcnt */
	KEYS_LOG2_BYTES = WORD + 1, /* 3.11+: dk_log2_index_bytes, after dk_log2_size */
	KEYS_KIND = WORD + 2,
	KEYS_GENERAL = 0,        /* entries with the hash in front */
	MANAGED_DICT = 3 * WORD, /* before the object */
	VALUES_3_11 = 4 * WORD,
	SHARED_MAX = 64, /* keys that instances share: SHARED_KEYS_MAX_SIZE is 30 */
	CHUNK = 384,     /* words: whole entries of two or three */
	HEAD_WORDS = 2,  /* count of references, type */
	LOG2_MAX = 40,
};
#define ENTRIES_MAX (UINT64_C(1) << 28)
#define BODY_MAX (UINT64_C(1) << 16) /* bytes of an object that are looked at word by word */
#define TYPE_MANAGED_DICT (UINT64_C(1) << 4)  /* Py_TPFLAGS_MANAGED_DICT, 3.11+ */
#define TYPE_INLINE_VALUES (UINT64_C(1) << 2) /* Py_TPFLAGS_INLINE_VALUES, 3.13 */

struct telling {
	const struct remote *r;
	remote_link_told *tell;
	void *context;
};

static bool tell(const struct telling *t, uintptr_t to, enum remote_link_kind kind, uint64_t index,
		 uintptr_t key)
{
	return to == 0 ||
	       t->tell(t->context,
		       &(struct remote_link){.to = to, .kind = kind, .index = index, .key = key});
}

/* Nothing, but is there time to go on? What has no words that lead anywhere may be long. */
static bool goes_on(const struct telling *t)
{
	return t->tell(t->context, &(struct remote_link){.to = 0});
}

/* `count` words from `at` on; every `step`th is told. */
static bool tell_words(const struct telling *t, uintptr_t at, uint64_t count, size_t step,
		       enum remote_link_kind kind)
{
	uintptr_t words[CHUNK];
	if (count > ENTRIES_MAX)
		return true;
	for (uint64_t first = 0; first < count; first += CHUNK) {
		const size_t part = count - first < CHUNK ? (size_t)(count - first) : CHUNK;
		if (!t->r->read(t->r->context, at + first * WORD, words, part * WORD))
			return true;
		if (first && !goes_on(t))
			return false;
		for (size_t i = 0; i < part; i += step)
			if (!tell(t, words[i], kind, (first + i) / step, 0))
				return false;
	}
	return true;
}

/* --- dicts ------------------------------------------------------------------------ */

static uint8_t byte_at(const struct remote *r, uintptr_t address)
{
	uint8_t value = 0;
	return r->read(r->context, address, &value, sizeof value) ? value : 0;
}

/* Where a dict's entries are; their words. 0: they are nowhere. */
static uintptr_t entries_of(const struct remote *r, uintptr_t keys, size_t *words)
{
	const uintptr_t indices = keys + r->objects.keys_indices;
	*words = 3;
	if (!keys)
		return 0;
	if (r->objects.keys_kind == PY_KEYS_SIZE) {
		const uintptr_t size = remote_word(r, keys, KEYS_SIZE);
		return size >> LOG2_MAX ? 0
					: indices + size * (size <= 0xff         ? 1
							    : size <= 0xffff     ? 2
							    : size <= 0xffffffff ? 4
										 : 8);
	}
	const uint8_t log2_bytes = byte_at(r, keys + KEYS_LOG2_BYTES);
	if (byte_at(r, keys + KEYS_KIND) != KEYS_GENERAL)
		*words = 2;
	return log2_bytes > LOG2_MAX ? 0 : indices + ((uintptr_t)1 << log2_bytes);
}

static bool tell_entries(const struct telling *t, uintptr_t keys)
{
	uintptr_t words[CHUNK];
	size_t each;
	const uintptr_t entries = entries_of(t->r, keys, &each);
	const uint64_t count = remote_word(t->r, keys, t->r->objects.keys_entries);
	const uint64_t all = entries && count < ENTRIES_MAX ? count * each : 0;
	for (uint64_t first = 0; first < all; first += CHUNK) {
		const size_t part = all - first < CHUNK ? (size_t)(all - first) : CHUNK;
		if (!t->r->read(t->r->context, entries + first * WORD, words, part * WORD))
			return true;
		if (first && !goes_on(t))
			return false;
		for (size_t i = each - 2; i + 1 < part; i += each)
			if (words[i + 1] && (!tell(t, words[i + 1], REMOTE_VALUE, 0, words[i]) ||
					     !tell(t, words[i], REMOTE_KEY, 0, 0)))
				return false;
	}
	return true;
}

static bool tell_dict(const struct telling *t, uintptr_t dict)
{
	const uintptr_t keys = remote_word(t->r, dict, t->r->objects.dict_keys);
	const uintptr_t values = remote_word(t->r, dict, t->r->objects.dict_values);
	const uint64_t count = remote_word(t->r, keys, t->r->objects.keys_entries);
	if (!values)
		return tell_entries(t, keys);
	return count > SHARED_MAX ||
	       tell_words(t, values + t->r->objects.values_items, count, 1, REMOTE_ATTRIBUTE);
}

/* --- instances -------------------------------------------------------------------- */

static bool tell_values(const struct telling *t, const struct remote_sizes *sizes, uintptr_t values)
{
	const uintptr_t keys = remote_word(t->r, sizes->type, t->r->objects.type_cached_keys);
	const uint64_t count = remote_word(t->r, keys, t->r->objects.keys_entries);
	return count > SHARED_MAX ||
	       tell_words(t, values + t->r->objects.values_items, count, 1, REMOTE_ATTRIBUTE);
}

/* Attributes that lie neither in the object nor at tp_dictoffset (3.11+). */
static bool tell_managed(const struct telling *t, const struct remote_sizes *sizes,
			 uintptr_t object)
{
	const uintptr_t managed = remote_word(t->r, object - MANAGED_DICT, 0);
	uintptr_t values = 0, dict = managed;
	switch ((enum py_instance_kind)t->r->objects.instance_kind) {
	case PY_INSTANCE_VALUES:
		values = remote_word(t->r, object - VALUES_3_11, 0);
		break;
	case PY_INSTANCE_TAGGED: /* values are stored less one */
		values = managed & 1 ? managed + 1 : 0;
		dict = managed & 1 ? 0 : managed;
		break;
	case PY_INSTANCE_INLINE:
		if (sizes->flags & TYPE_INLINE_VALUES)
			values = object + sizes->basic;
		break;
	case PY_INSTANCE_DICT:
		return true;
	}
	return tell(t, dict, REMOTE_OWN_DICT, 0, 0) && (!values || tell_values(t, sizes, values));
}

static bool tell_body(const struct telling *t, const struct remote_sizes *sizes, uintptr_t object)
{
	const uint64_t bytes = sizes->basic < BODY_MAX ? sizes->basic : BODY_MAX;
	const intptr_t dict_at =
		(intptr_t)remote_word(t->r, sizes->type, t->r->objects.type_dictoffset);
	if (dict_at > 0 && (uint64_t)dict_at < bytes &&
	    !tell(t, remote_word(t->r, object, (size_t)dict_at), REMOTE_OWN_DICT, 0, 0))
		return false;
	return bytes / WORD <= HEAD_WORDS ||
	       tell_words(t, object + HEAD_WORDS * WORD, bytes / WORD - HEAD_WORDS, 1,
			  sizes->is_class ? REMOTE_ATTRIBUTE : REMOTE_IN_BODY);
}

void remote_references(const struct remote_heap *heap, const struct remote_sizes *sizes,
		       uintptr_t object, remote_link_told *told, void *context)
{
	const struct telling t = {heap->remote, told, context};
	const struct remote *r = heap->remote;
	const uint64_t size = remote_word(r, object, r->layout.bytes_size);
	bool more = true;
	if (sizes->kind == REMOTE_SIZE_DICT)
		more = tell_dict(&t, object);
	else if (sizes->kind == REMOTE_SIZE_LIST)
		more = tell_words(&t, remote_word(r, object, heap->layout.list_items), size, 1,
				  REMOTE_ITEM);
	else if (sizes->kind == REMOTE_SIZE_SET)
		more = tell_words(&t, remote_word(r, object, r->objects.set_table),
				  2 * (remote_word(r, object, r->objects.set_mask) + 1), 2,
				  REMOTE_MEMBER);
	else if (sizes->kind == REMOTE_SIZE_PLAIN && sizes->item == WORD)
		more = tell_words(&t, object + sizes->basic, size, 1, REMOTE_ITEM);
	if (more && sizes->flags & TYPE_MANAGED_DICT)
		more = tell_managed(&t, sizes, object);
	if (more)
		(void)tell_body(&t, sizes, object);
}
