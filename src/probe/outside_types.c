#include "probe/outside_types.h"

#include <string.h>

#include "python/remote_objects.h"

void outside_types_open(struct outside_types *types, const struct remote_heap *heap,
			struct arena *arena)
{
	*types = (struct outside_types){.heap = heap, .arena = arena};
}

void outside_types_close(struct outside_types *types)
{
	map_free(&types->places);
	vec_free(&types->types);
}

/* tp_name. */
static const char *short_name(const struct remote *r, uintptr_t type, char name[REMOTE_NAME_BYTES])
{
	const uintptr_t text = remote_word(r, type, r->layout.type_name);
	size_t length = 0;
	while (text && length < REMOTE_NAME_BYTES - 1 &&
	       r->read(r->context, text + length, &name[length], 1) && name[length])
		length++;
	name[length] = '\0';
	return name;
}

struct walk_name outside_type_name(const struct outside_types *t, uintptr_t type, bool is_class)
{
	const struct remote *r = t->heap->remote;
	char module[REMOTE_NAME_BYTES], own[REMOTE_NAME_BYTES];
	const uintptr_t dict = is_class ? remote_word(r, type, r->objects.type_dict) : 0;
	const char *name;
	if (!dict ||
	    remote_text(r, remote_dict_get(r, dict, "__module__"), module, sizeof module) < 0 ||
	    remote_text(r, remote_word(r, type, t->heap->layout.type_qualname), own, sizeof own) <
		    0)
		name = arena_string(t->arena, short_name(r, type, own));
	else if (!*module || strcmp(module, "builtins") == 0)
		name = arena_string(t->arena, own);
	else
		name = arena_printf(t->arena, "%s.%s", module, own);
	return (struct walk_name){name, strlen(name)};
}

size_t outside_type_of(struct outside_types *t, uintptr_t object)
{
	struct remote_sizes sizes;
	const struct remote *r = t->heap->remote;
	const uintptr_t address = remote_word(r, object, r->layout.object_type);
	if (!address)
		return 0;
	if (address == t->last_type && t->last_place)
		return t->last_place;
	const uint64_t *known = map_find(&t->places, address);
	uint64_t place = known ? *known : 0;
	if (!known && t->types.count == OUTSIDE_TYPES_MAX) {
		t->too_many = true;
	} else if (!known && remote_sizes_of(t->heap, address, &sizes)) {
		*vec_push(&t->types) = (struct outside_type){
			.sizes = sizes, .name = outside_type_name(t, address, sizes.is_class)};
		place = t->types.count;
		*map_put(&t->places, address, NULL) = place;
	}
	t->last_type = address;
	t->last_place = place;
	return place;
}
