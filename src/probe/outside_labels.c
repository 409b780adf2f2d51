#include "probe/outside_labels.h"

#include <string.h>

#include "python/remote_objects.h"

enum { VARIABLE_BYTES = 64 };

static bool is_named(const struct outside_type *type, const char *name)
{
	return type->name.length == strlen(name) &&
	       memcmp(type->name.bytes, name, type->name.length) == 0;
}

struct outside_root outside_root_of(const struct remote_heap *heap, const struct outside_type *type,
				    uintptr_t object)
{
	const struct remote *r = heap->remote;
	struct outside_root root = {.object = object};
	if (is_named(type, "module")) {
		root.kind = WALK_MODULE;
		root.dict = remote_word(r, object, r->objects.module_dict);
	} else if (is_named(type, "functools._lru_cache_wrapper")) {
		root.kind = WALK_CACHE;
		root.dict = remote_word(r, object, heap->layout.cache_dict);
	} else if (type->sizes.is_type) {
		root.kind = WALK_CLASS;
		root.dict = remote_word(r, object, r->objects.type_dict);
	}
	return root;
}

static struct walk_text keep(struct str *texts, const char *text)
{
	const struct walk_text kept = {(uint32_t)texts->length, (uint32_t)strlen(text)};
	str_add(texts, text);
	return texts->cut ? (struct walk_text){0} : kept;
}

static struct walk_text function_label(const struct remote_heap *heap, uintptr_t function,
				       struct str *texts)
{
	const struct remote *r = heap->remote;
	char text[2 * REMOTE_NAME_BYTES], own[REMOTE_NAME_BYTES];
	if (!remote_is(r, function, "function") ||
	    remote_text(r, remote_word(r, function, heap->layout.function_module), text,
			REMOTE_NAME_BYTES) < 0 ||
	    remote_text(r, remote_word(r, function, heap->layout.function_qualname), own,
			sizeof own) < 0)
		return (struct walk_text){0};
	const size_t length = strlen(text);
	text[length] = '.';
	memcpy(text + length + 1, own, strlen(own) + 1);
	return keep(texts, text);
}

static uint64_t limit_of(const struct remote_heap *heap, uintptr_t cache)
{
	const uintptr_t limit = remote_word(heap->remote, cache, heap->layout.cache_limit);
	return (intptr_t)limit < 0 ? WALK_UNKNOWN : limit;
}

struct walk_edge outside_root_edge(struct outside_types *types, const struct outside_root *root,
				   struct str *texts)
{
	const struct remote_heap *heap = types->heap;
	const struct remote *r = heap->remote;
	struct walk_edge edge = {.kind = root->kind,
				 .holder = UINT32_MAX,
				 .index = WALK_UNKNOWN,
				 .length = WALK_UNKNOWN};
	char text[REMOTE_NAME_BYTES];
	switch (root->kind) {
	case WALK_MODULE:
		if (remote_text(r, remote_dict_get(r, root->dict, "__name__"), text, sizeof text) >
		    0)
			edge.label = keep(texts, text);
		break;
	case WALK_CLASS:
		edge.label = keep(texts, outside_type_name(types, root->object, true).bytes);
		break;
	case WALK_CACHE:
		edge.label = function_label(
			heap, remote_word(r, root->object, heap->layout.cache_function), texts);
		edge.length = remote_word(r, root->dict, heap->layout.dict_used);
		edge.numbers[0] = limit_of(heap, root->object);
		edge.numbers[1] = remote_word(r, root->object, heap->layout.cache_hits);
		edge.numbers[2] = remote_word(r, root->object, heap->layout.cache_misses);
		break;
	default:
		edge.kind = WALK_TOO_FAR;
		break;
	}
	return edge;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

struct walk_text outside_variable_label(const struct remote *r, uintptr_t key, struct str *texts)
{
	char text[REMOTE_NAME_BYTES];
	const uint32_t state = (uint32_t)remote_int(r, key, r->layout.str_state);
	const long length = remote_text(r, key, text, sizeof text);
	/* PyASCIIObject.state: interned:2 */
	if (length <= 0 || length > VARIABLE_BYTES || !(state & 3) || !is_letter(text[0]))
		return (struct walk_text){0};
	for (long i = 1; i < length; i++)
		if (!is_letter(text[i]) && !(text[i] >= '0' && text[i] <= '9'))
			return (struct walk_text){0};
	return keep(texts, text);
}
