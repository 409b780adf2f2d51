#include "probe/look_codes.h"

#include "base/hash.h"
#include "python/remote_code.h"

enum { FILE_BYTES = 64 };

/* Code that is made and thrown away again and again has its texts at the same addresses each time,
 * up to 3.11 also all else that its identity is made of: so what they say is part of it. Of a text
 * length and hash are neighbours (Include/cpython/unicodeobject.h, PyASCIIObject); that of a file's
 * name need not be known. */
static uint64_t texts_hash(const struct remote *r, uintptr_t code)
{
	const struct py_layout *l = &r->layout;
	const bool has_long = l->code_qualname != PY_UNKNOWN;
	const uintptr_t name = remote_word(r, code, has_long ? l->code_qualname : l->code_name);
	const uintptr_t file = remote_word(r, code, l->code_filename);
	struct {
		uint64_t name_length, name_hash, file_length;
		uint8_t file[FILE_BYTES];
	} texts = {
		.name_length = remote_word(r, name, l->str_length),
		.name_hash = remote_word(r, name, l->str_length + sizeof(uintptr_t)),
		.file_length = remote_word(r, file, l->str_length),
	};
	const size_t size = texts.file_length < FILE_BYTES ? texts.file_length : FILE_BYTES;
	if (!r->read(r->context, file + l->str_data_ascii, texts.file, size))
		return 1;
	return hash_bytes(&texts, sizeof texts) | 1;
}

static bool is_the_same(const struct remote *r, uintptr_t code, uint64_t identity,
			const struct look_known *known)
{
	return known->identity == identity &&
	       (!known->texts || known->texts == texts_hash(r, code));
}

static enum err_kind code_id(struct look *l, const struct remote *r, uintptr_t address,
			     uint32_t *id, struct err *e)
{
	const uint64_t identity = remote_code_identity(r, address);
	const uint64_t *place = map_find(&l->codes, address);
	if (place && is_the_same(r, address, identity, &l->known.items[*place])) {
		*id = (uint32_t)*place + 1;
		return ERR_OK;
	}
	struct look_known known = {.identity = identity};
	struct look_code code;
	TRY(remote_code_bounds(r, address, &known.bounds, e));
	TRY(remote_code_read(r, address, l->arena, &code.code, e));
	if (code.code.file[0] == '<' && r->layout.code_version == PY_UNKNOWN)
		known.texts = texts_hash(r, address);
	*map_put(&l->codes, address, NULL) = l->known.count;
	*vec_push(&l->known) = known;
	*id = code.id = (uint32_t)l->known.count;
	*vec_push(&l->new_codes) = code;
	l->meets_new |= !l->learns;
	return ERR_OK;
}

void look_codes_forget(struct look *l)
{
	for (size_t i = 0; i < l->new_codes.count; i++)
		map_remove(&l->codes, l->new_codes.items[i].code.address);
	l->known.count -= l->new_codes.count;
	vec_clear(&l->new_codes);
}

enum err_kind look_codes_keep(struct look *l, const struct remote *r, struct look_thread *t,
			      struct remote_frame *frames, size_t count, struct err *e)
{
	l->frames.count = t->first_frame;
	for (size_t i = 0; i < count; i++) {
		const bool is_newest = l->frames.count == t->first_frame;
		struct look_frame frame;
		bool is_shown;
		TRY(code_id(l, r, frames[i].code, &frame.code, e));
		TRY(remote_frame_judge(r, &frames[i], &l->known.items[frame.code - 1].bounds,
				       is_newest, &is_shown, e));
		frame.instr_offset = frames[i].instr_offset;
		if (is_shown)
			*vec_push(&l->frames) = frame;
	}
	t->frame_count = l->frames.count - t->first_frame;
	return ERR_OK;
}

void look_codes_fetch(struct look *l)
{
	uintptr_t numbers[MEMORY_PAGES];
	const size_t count = l->links.count < MEMORY_PAGES ? l->links.count : MEMORY_PAGES;
	for (size_t i = 0; i < count; i++)
		numbers[i] = l->links.items[i].code / MEMORY_PAGE_BYTES;
	memory_forget(&l->code_memory);
	memory_fetch_pages(&l->code_memory, numbers, count);
}
