/* Sources: Objects/codeobject.c (intern_strings, intern_string_constants), 3.8–3.13. */
#include "agent/walk_names.h"

#include "agent/python_api.h"

enum { WORD = sizeof(uintptr_t), NESTED = 4, BASES_MAX = 64 };

static struct walk_set names, seen; /* strs; code objects and classes */
static struct walk_row *codes;      /* uintptr_t: of the census, those inside others behind */

static void add_name(uintptr_t string)
{
	/* PyASCIIObject.state: interned:2 */
	if ((walk_int(string, agent_layout.str_state) & 3) != 0)
		walk_set_add(&names, string);
}

static void add_code(uintptr_t code)
{
	uintptr_t *place = walk_row_add(codes, sizeof(*place));

	if (place != NULL)
		*place = code;
}

static void add_items(uintptr_t tuple, int depth)
{
	const size_t count = walk_word(tuple, agent_layout.bytes_size);

	for (size_t i = 0; i < count; i++) {
		const uintptr_t item = walk_word(tuple, walk_heap->tuple_items + i * WORD);
		const uintptr_t type = item == 0 ? 0 : walk_type_of(item);

		if (type == (uintptr_t)py.unicode_type)
			add_name(item);
		else if (type == (uintptr_t)py.code_type)
			add_code(item);
		else if (type == (uintptr_t)py.tuple_type && depth < NESTED)
			add_items(item, depth + 1);
	}
}

static void add_names_of(uintptr_t code)
{
	const size_t tuples[] = {walk_heap->code_used_names, walk_heap->code_constants,
				 walk_heap->code_names, walk_heap->code_cell_names,
				 walk_heap->code_free_names};

	for (size_t i = 0; i < sizeof(tuples) / sizeof(tuples[0]); i++) {
		const uintptr_t tuple = tuples[i] == PY_UNKNOWN ? 0 : walk_word(code, tuples[i]);

		if (tuple != 0 && walk_type_of(tuple) == (uintptr_t)py.tuple_type)
			add_items(tuple, 0);
	}
}

static void add_attributes(uintptr_t type)
{
	struct walk_entries walk;
	struct walk_entry entry;

	for (int i = 0; type != 0 && i < BASES_MAX && walk_set_add(&seen, type);
	     i++, type = walk_word(type, walk_heap->type_base)) {
		const uintptr_t dict = walk_word(type, walk_objects->type_dict);

		if (!(walk_flags_of(type) & WALK_TYPE_IS_HEAP) || dict == 0)
			continue;
		walk_dict_begin(&walk, dict);
		while (walk_entries_next(&walk, &entry))
			if (walk_type_of(entry.key) == (uintptr_t)py.unicode_type)
				add_name(entry.key);
	}
}

void walk_names_collect(struct census *census)
{
	codes = &census->codes;
	for (size_t i = 0; i < census->types.count && !walk_late(); i++)
		add_attributes(census_type_at(census, i)->sizes.type);
	for (size_t i = 0; i < codes->count && !walk_late(); i++) {
		const uintptr_t code = ((const uintptr_t *)(const void *)codes->items)[i];

		if (walk_set_add(&seen, code))
			add_names_of(code);
	}
}

bool walk_names_have(uintptr_t string)
{
	return walk_set_has(&names, string);
}
