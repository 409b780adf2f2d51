#include "python_scene.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

uint8_t *scene_at(struct scene *s, uintptr_t address)
{
	assert_in_range(address, SCENE_BASE, SCENE_BASE + SCENE_BYTES - SCENE_WORD);
	return s->bytes + (address - SCENE_BASE);
}

void scene_put(struct scene *s, uintptr_t address, uint64_t value)
{
	memcpy(scene_at(s, address), &value, sizeof value);
}

uint64_t scene_get(struct scene *s, uintptr_t address)
{
	uint64_t value;
	memcpy(&value, scene_at(s, address), sizeof value);
	return value;
}

bool scene_read(void *context, uintptr_t address, void *to, size_t size)
{
	struct scene *s = context;
	s->reads++;
	if (s->meanwhile)
		s->meanwhile(s, address);
	if (address < SCENE_BASE || size > SCENE_BYTES || address > SCENE_BASE + SCENE_BYTES - size)
		return false;
	memcpy(to, s->bytes + (address - SCENE_BASE), size);
	return true;
}

void scene_forget(void *context)
{
	(void)context;
}

uintptr_t scene_take(struct scene *s, size_t bytes)
{
	const uintptr_t address = s->end;
	s->end += (bytes + 15) & ~(size_t)15;
	assert_true(s->end < SCENE_BASE + SCENE_BYTES);
	return address;
}

static uintptr_t scene_text(struct scene *s, const char *text)
{
	const uintptr_t address = scene_take(s, strlen(text) + 1);
	memcpy(scene_at(s, address), text, strlen(text) + 1);
	return address;
}

/* --- what Python has ----------------------------------------------------------- */

uintptr_t scene_head(const struct scene *s, unsigned generation)
{
	const struct py_heap *h = s->heap;
	return SCENE_INTERPRETER + h->gc_state +
	       (generation == SCENE_PERMANENT
			? h->gc_permanent
			: h->gc_generations + generation * h->gc_generation_size);
}

uintptr_t scene_type(struct scene *s, const char *name, uint64_t flags, uint64_t basic)
{
	const uintptr_t type = scene_take(s, 1024);
	scene_put(s, type, 1);
	scene_put(s, type + s->remote.layout.object_type, s->metatype ? s->metatype : type);
	scene_put(s, type + s->remote.layout.type_name, scene_text(s, name));
	scene_put(s, type + s->remote.objects.type_flags, flags);
	scene_put(s, type + s->remote.objects.type_basicsize, basic);
	return type;
}

uintptr_t scene_str(struct scene *s, const char *text)
{
	const uintptr_t string = scene_take(s, 64 + strlen(text));
	scene_put(s, string, 1);
	scene_put(s, string + s->remote.layout.object_type, s->remote.symbols.str_type);
	scene_put(s, string + s->remote.layout.str_length, strlen(text));
	/* compact, ASCII, one byte each */
	scene_put(s, string + s->remote.layout.str_state, 1u << 5 | 1u << 6 | 1u << 2);
	memcpy(scene_at(s, string + s->remote.layout.str_data_ascii), text, strlen(text));
	return string;
}

uintptr_t scene_keys(struct scene *s, uint8_t log2_size, uintptr_t key, uintptr_t value)
{
	const uintptr_t keys = scene_take(s, 64 + (1u << log2_size) * 25u);
	scene_put(s, keys, 1);
	*scene_at(s, keys + 8) = log2_size;
	*scene_at(s, keys + 9) = log2_size;
	*scene_at(s, keys + 10) = 1; /* all keys are str: entries of two words */
	scene_put(s, keys + s->remote.objects.keys_entries, key ? 1 : 0);
	const uintptr_t entries = keys + s->remote.objects.keys_indices + (1u << log2_size);
	scene_put(s, entries, key);
	scene_put(s, entries + SCENE_WORD, value);
	return keys;
}

uintptr_t scene_class(struct scene *s, const char *module, const char *name, uint64_t basic)
{
	const uintptr_t type = scene_type(s, name, TYPE_IS_HEAP | TYPE_HAS_VALUES, basic);
	const uintptr_t dict = scene_take(s, 64);
	scene_put(s, dict + s->remote.objects.dict_keys,
		  scene_keys(s, 3, scene_str(s, "__module__"), scene_str(s, module)));
	scene_put(s, type + s->remote.objects.type_dict, dict);
	scene_put(s, type + s->heap->type_qualname, scene_str(s, name));
	return type;
}

void scene_link(struct scene *s, unsigned generation, uintptr_t header)
{
	const uintptr_t list = scene_head(s, generation), last = scene_get(s, list + SCENE_WORD);
	scene_put(s, last, header);
	scene_put(s, header, list);
	scene_put(s, header + SCENE_WORD, last | 1); /* a flag: it is finalized */
	scene_put(s, list + SCENE_WORD, header);
}

void scene_unlink(struct scene *s, uintptr_t header)
{
	const uintptr_t next = scene_get(s, header),
			previous = scene_get(s, header + SCENE_WORD) & ~UINT64_C(3);
	scene_put(s, previous, next);
	scene_put(s, next + SCENE_WORD, previous);
	scene_put(s, header, 0);
	scene_put(s, header + SCENE_WORD, 0);
}

uintptr_t scene_make(struct scene *s, uintptr_t type, unsigned generation)
{
	const uintptr_t header = scene_take(s, 128);
	scene_put(s, header + REMOTE_GC_HEADER, 1);
	scene_put(s, header + REMOTE_GC_HEADER + s->remote.layout.object_type, type);
	scene_link(s, generation, header);
	return header;
}

void scene_begin(struct scene *s)
{
	*s = (struct scene){.bytes = mem_alloc(SCENE_BYTES),
			    .end = SCENE_FIRST,
			    .heap = py_heap_for(SCENE_VERSION),
			    .most_bytes = 1 << 30};
	s->remote = (struct remote){
		.read = scene_read,
		.context = s,
		.layout = *py_layout_for(SCENE_VERSION),
		.objects = *py_objects_for(SCENE_VERSION),
		.symbols = {.runtime = SCENE_RUNTIME},
	};
	/* head, main */
	scene_put(s, SCENE_RUNTIME + s->remote.layout.runtime_interpreters_head + SCENE_WORD,
		  SCENE_INTERPRETER);
	for (unsigned g = 0; g <= SCENE_PERMANENT; g++) {
		scene_put(s, scene_head(s, g), scene_head(s, g));
		scene_put(s, scene_head(s, g) + SCENE_WORD, scene_head(s, g));
	}
	s->metatype = scene_type(s, "type", TYPE_IS_TYPE, 400);
	s->remote.symbols.str_type = scene_type(s, "str", 1u << 28, 64);
}

void scene_end(struct scene *s)
{
	free(s->bytes);
}
