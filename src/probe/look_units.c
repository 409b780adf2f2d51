#include "probe/look_units.h"

#include "python/hamt.h"

static bool is_own(const struct look_units *u, uint64_t id)
{
	return id >> UNIT_SERIAL_SHIFT == u->serial;
}

uint64_t look_units_of(const struct look_units *u, const struct remote *r, uintptr_t tstate)
{
	if (u->at.variable == 0)
		return 0;
	struct peek from = {.read = r->read, .context = r->context};
	const struct hamt_types types = {u->at.bitmap_type, u->at.array_type};
	const uintptr_t context = peek(&from, tstate, r->layout.tstate_context);
	const uintptr_t value = hamt_peek_in_context(&from, &r->layout, &types, context,
						     u->at.variable, u->at.hash);
	const uint64_t id = value ? peek(&from, value, r->layout.bytes_data) : 0;
	return !from.failed && is_own(u, id) ? id : 0;
}

uint64_t look_units_run(const struct look_units *u, struct memory *memory)
{
	uint64_t id = 0;
	struct memory_piece word = {u->at.run, &id, sizeof id, 0};
	if (u->at.variable == 0 || memory_read_pieces(memory, &word, 1) != 1)
		return 0;
	return id == (uint64_t)u->serial << UNIT_SERIAL_SHIFT ? id : 0;
}
