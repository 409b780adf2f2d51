/* Sources: Include/code.h; Python/ceval.c: "Allocate and initialize storage for cell vars"
 * (3.8–3.10), MAKE_CELL (3.11+). */
#include "agent/calls_given.h"

#include <string.h>

#include "agent/calls_contents.h"
#include "agent/calls_frames.h"
#include "agent/walk_objects.h"

#define CODE_VARARGS 4u
#define CODE_VARKEYWORDS 8u

static bool is_named_self(uintptr_t code)
{
	const uintptr_t names = walk_word(code, walk_heap->code_names);
	const uintptr_t name = walk_word(names, agent_layout.bytes_size) == 0
				       ? 0
				       : walk_word(names, walk_heap->tuple_items);
	const size_t length = sizeof "self" - 1;

	/* a name in ASCII is compact, as all names of code are */
	return name != 0 && walk_word(name, agent_layout.str_length) == length &&
	       (walk_int(name, agent_layout.str_state) >> 6 & 1) != 0 &&
	       memcmp((const void *)(name + agent_layout.str_data_ascii), "self", length) == 0;
}

static uint32_t length_of(uintptr_t tuple)
{
	return (uint32_t)walk_word(tuple, agent_layout.bytes_size);
}

struct calls_given calls_given_read(uintptr_t code)
{
	const uint32_t flags = frame_code_flags(code);
	const bool is_apart = walk_heap->names_kind == PY_NAMES_APART;
	struct calls_given f = {
		.places = (uint32_t)walk_int(code, contents_at.code_arguments) +
			  (uint32_t)walk_int(code, contents_at.code_keyword_arguments) +
			  ((flags & CODE_VARARGS) != 0),
		.locals = (uint32_t)walk_int(code, walk_heap->code_locals),
		.has_keywords = (flags & CODE_VARKEYWORDS) != 0,
	};

	if (is_apart) {
		f.cells = length_of(walk_word(code, walk_heap->code_cell_names));
		f.frees = length_of(walk_word(code, walk_heap->code_free_names));
	} else {
		f.frees = (uint32_t)walk_int(code, walk_heap->code_free);
	}
	f.has_self = f.places > 0 && is_named_self(code);
	return f;
}

/* What a cell variable keeps: of 3.8–3.10 also that of an argument, whose own place is empty then;
 * other cells are empty at the begin. */
static void add_cells(struct contents *c, uintptr_t cells, uint32_t count)
{
	for (uint32_t i = 0; i < count && c->known; i++)
		contents_add_cell(c, walk_word(cells, i * sizeof(uintptr_t)));
}

static uintptr_t free_cells(const struct calls_given *f, uintptr_t frame, uintptr_t places)
{
	uintptr_t closure;

	if (walk_heap->names_kind == PY_NAMES_APART)
		return places + (f->locals + f->cells) * sizeof(uintptr_t);
	/* 3.11+: the frame has them only once its first instructions have run */
	closure = walk_word(walk_word(frame, contents_at.frame_function),
			    walk_heap->function_closure);
	return closure == 0 ? 0 : closure + walk_heap->tuple_items;
}

uint64_t calls_given_hash(const struct calls_given *f, uintptr_t frame, const uint64_t key[2],
			  bool *has_instance)
{
	const uintptr_t places = frame + walk_heap->frame_locals;
	const uintptr_t frees = f->frees == 0 ? 0 : free_cells(f, frame, places);
	const uintptr_t self = f->has_self ? contents_in_cell(walk_word(places, 0)) : 0;
	struct contents c;

	contents_begin(&c, key, false);
	*has_instance = self != 0 && !contents_takes(self);
	if (*has_instance)
		contents_add_address(&c, self);
	for (uint32_t i = *has_instance; i < f->places && c.known; i++)
		contents_add_cell(&c, walk_word(places, i * sizeof(uintptr_t)));
	if (f->has_keywords && c.known)
		contents_add_pairs(
			&c, contents_in_cell(walk_word(places, f->places * sizeof(uintptr_t))));
	add_cells(&c, places + f->locals * sizeof(uintptr_t), f->cells);
	if (frees != 0)
		add_cells(&c, frees, f->frees);
	return contents_end(&c);
}
