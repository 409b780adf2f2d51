#include "probe/look_codes.h"

#include "base/clock.h"
#include "base/hash.h"
#include "python/remote_code.h"

/* Its own memory, to its texts and line table, to what did not fit on their pages. */
enum { COPY_STEPS = 4 };

void look_codes_open(struct look *l)
{
	memory_open(&l->code_memory, l->process->pid);
	pages_open(&l->code_pages);
}

void look_codes_close(struct look *l)
{
	memory_close(&l->code_memory);
	pages_close(&l->code_pages);
	vec_free(&l->known);
	vec_free(&l->new_codes);
	vec_free(&l->places);
	vec_free(&l->met);
	map_free(&l->codes);
	map_free(&l->place_of);
}

void look_codes_begin(struct look *l)
{
	l->reading++;
	vec_clear(&l->met);
}

/* --- code objects without a number: copied while the threads stand ---------------------- */

static uint32_t place_of(struct look *l, uintptr_t code)
{
	bool is_new;
	uint64_t *place = map_put(&l->place_of, code, &is_new);
	if (is_new) {
		*place = l->places.count;
		*vec_push(&l->places) = (struct look_place){.code = code};
	}
	return (uint32_t)*place;
}

static bool want(struct look *l, const struct look_place *place)
{
	bool wants = pages_want(&l->code_pages, place->code, sizeof(uintptr_t));
	for (size_t i = 0; i < REMOTE_PIECES; i++)
		wants |= pages_want(&l->code_pages, place->pieces[i].address,
				    place->pieces[i].bytes);
	wants |= pages_want(&l->code_pages, place->table.address, place->table.bytes);
	return wants;
}

/* What the copied pages lead to. */
static bool want_more(struct look *l)
{
	struct remote copied = look_codes_copied(l);
	bool wants = false;
	for (size_t i = 0; i < l->met.count; i++) {
		struct look_place *place = &l->places.items[l->met.items[i]];
		remote_code_pieces(&copied, place->code, place->pieces);
		wants |= want(l, place);
	}
	return wants;
}

struct remote look_codes_copied(struct look *l)
{
	struct remote copied = l->process->remote;
	copied.read = pages_read;
	copied.context = &l->code_pages;
	return copied;
}

void look_codes_copy(struct look *l)
{
	pages_forget(&l->code_pages);
	look_codes_begin(l);
	for (size_t i = 0; i < l->links.count; i++) {
		const uint32_t place = place_of(l, l->links.items[i].code);
		if (l->places.items[place].copied == l->reading)
			continue;
		l->places.items[place].copied = l->reading;
		*vec_push(&l->met) = place;
		(void)want(l, &l->places.items[place]);
	}
	bool wants = l->met.count > 0;
	l->is_late = false;
	for (int step = 0; wants && step < COPY_STEPS; step++) {
		l->is_late = !pages_fetch(&l->code_pages, &l->process->memory, l->stands_until_ns);
		wants = !l->is_late && want_more(l);
	}
	l->is_late |= l->code_pages.count == PAGES_MAX;
}

/* --- which code object it is, and its id -------------------------------------------------- */

static enum err_kind learn(struct look *l, const struct remote *r, uintptr_t address, uint64_t key,
			   uint64_t identity, uint32_t *id, struct err *e)
{
	struct look_known known = {.identity = identity};
	struct look_code code = {.key = key};
	TRY(remote_code_bounds(r, address, &known.bounds, e));
	TRY(remote_code_read(r, address, l->arena, &code.code, e));
	*map_put(&l->codes, key, NULL) = l->known.count;
	*vec_push(&l->known) = known;
	*id = code.id = (uint32_t)l->known.count;
	*vec_push(&l->new_codes) = code;
	return ERR_OK;
}

/* By its number: it may be learnt at any time. */
static enum err_kind numbered_id(struct look *l, const struct remote *r, uintptr_t address,
				 uint32_t *id, struct err *e)
{
	const uint64_t identity = remote_code_identity(r, address);
	const uint64_t *place = map_find(&l->codes, address);
	if (place && identity == l->known.items[*place].identity) {
		*id = (uint32_t)*place + 1;
		return ERR_OK;
	}
	if (l->learns && !l->never_stop && clock_now_ns() >= l->stands_until_ns)
		return ERR(e, ERR_INVALID, "new code takes longer to read than a thread may stand");
	TRY(learn(l, r, address, address, identity, id, e));
	l->meets_new |= !l->learns;
	return ERR_OK;
}

/* If it was all copied: the middle of its line table is, from the next try on. */
static enum err_kind learn_copied(struct look *l, const struct remote *r, struct look_place *place,
				  uint64_t identity, uint32_t *id, struct err *e)
{
	const enum err_kind kind = learn(l, r, place->code, identity, identity, id, e);
	if (kind == ERR_INVALID && place->pieces[REMOTE_PIECES - 1].bytes > 0) {
		place->table = remote_code_table(r, place->code);
		l->meets_new |= !l->learns;
		l->lacks_code = true;
	}
	return kind;
}

/* By what it says, as `remote` has it of this reading. */
static enum err_kind content_id(struct look *l, const struct remote *r, uintptr_t address,
				uint32_t *id, struct err *e)
{
	const uint32_t number = place_of(l, address); /* before the address of its place */
	struct look_place *place = &l->places.items[number];
	if (place->named == l->reading) {
		*id = place->id;
		return ERR_OK;
	}
	uintptr_t type;
	const uint64_t identity = remote_code_identity(r, address);
	const bool is_there =
		r->read(r->context, address + r->layout.object_type, &type, sizeof type);
	if (is_there && type != r->symbols.code_type)
		return ERR(e, ERR_INVALID, "no code object");
	if (!identity) {
		/* where its pieces are is known in the next try */
		l->meets_new |= !l->learns;
		l->lacks_code |= l->is_late;
		return ERR(e, ERR_INVALID, "code that was not copied");
	}
	const uint64_t *known = map_find(&l->codes, identity);
	if (known)
		*id = (uint32_t)*known + 1;
	else
		TRY(learn_copied(l, r, place, identity, id, e));
	place->table = (struct remote_piece){0};
	place->named = l->reading;
	place->id = *id;
	return ERR_OK;
}

enum err_kind look_codes_id(struct look *l, const struct remote *r, uintptr_t address, uint32_t *id,
			    struct err *e)
{
	return remote_code_has_number(r) ? numbered_id(l, r, address, id, e)
					 : content_id(l, r, address, id, e);
}

void look_codes_learn_copied(struct look *l)
{
	uint32_t id;
	const struct remote copied = look_codes_copied(l);
	for (size_t i = 0; i < l->met.count; i++)
		if (look_codes_id(l, &copied, l->places.items[l->met.items[i]].code, &id, NULL) !=
		    ERR_OK)
			continue; /* in the next try or look */
	l->meets_new = false;
}

void look_codes_forget(struct look *l)
{
	for (size_t i = 0; i < l->new_codes.count; i++)
		map_remove(&l->codes, l->new_codes.items[i].key);
	l->known.count -= l->new_codes.count;
	vec_clear(&l->new_codes);
	look_codes_begin(l);
}

/* --- of a thread's frames -------------------------------------------------------------------- */

/* Whether the rest of the stack is left out, as there was no time to copy the code of it. */
static bool cuts(struct look *l, struct look_thread *t, bool is_newest)
{
	if (!l->may_cut || !l->lacks_code || is_newest)
		return false;
	t->is_cut = l->has_cut = true;
	return true;
}

enum err_kind look_codes_keep(struct look *l, const struct remote *r, struct look_thread *t,
			      struct remote_frame *frames, size_t count, struct err *e)
{
	l->frames.count = t->first_frame;
	for (size_t i = 0; i < count; i++) {
		const bool is_newest = l->frames.count == t->first_frame;
		struct look_frame frame = {0};
		bool is_shown;
		const bool met_new = l->meets_new;
		l->lacks_code = false;
		const enum err_kind kind = look_codes_id(l, r, frames[i].code, &frame.code, e);
		if (kind != ERR_OK && cuts(l, t, is_newest)) {
			l->meets_new = met_new;
			break;
		}
		TRY(kind);
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
