#include "agent/code_copy.h"

#define ARENA_BYTES (256u << 10)
#define TEXT_MAX 4096 /* characters; longer names are cut */
#define TABLE_BYTES_MAX (32u << 10)
#define STATE_KIND(state) ((state) >> 2 & 7u) /* bytes a character; struct PyASCIIObject.state */
#define STATE_ASCII(state) ((state) >> 6 & 1u)

static _Alignas(16) uint8_t arena[ARENA_BYTES];
static size_t used;

void code_copies_forget(void)
{
	used = 0;
}

/* Copies bytes to the arena; 0: no room, or not readable. */
static uintptr_t take(struct peek *from, uintptr_t address, size_t bytes)
{
	size_t rounded = (bytes + 15) & ~(size_t)15;

	if (from->failed || rounded > ARENA_BYTES - used)
		return 0;
	uint8_t *at = arena + used;

	peek_bytes(from, address, at, bytes);
	used += rounded;
	return from->failed ? 0 : (uintptr_t)at;
}

static void put(uintptr_t base, size_t offset, const void *value, size_t size)
{
	memcpy((void *)(base + offset), value, size);
}

/* A compact string: its characters follow its head (Include/cpython/unicodeobject.h). */
static uintptr_t text_copy(struct peek *from, const struct py_layout *l, uintptr_t text)
{
	uint32_t state = peek32(from, text, l->str_state);
	uint64_t length = peek(from, text, l->str_length);
	size_t head = STATE_ASCII(state) ? l->str_data_ascii : l->str_data_compact;

	if (length > TEXT_MAX)
		length = TEXT_MAX;
	uintptr_t copy = take(from, text, head + (size_t)length * STATE_KIND(state));

	if (copy != 0)
		put(copy, l->str_length, &length, sizeof(length));
	return copy;
}

static uintptr_t table_copy(struct peek *from, const struct py_layout *l, uintptr_t table)
{
	uint64_t bytes = table == 0 ? 0 : peek(from, table, l->bytes_size);

	if (bytes > TABLE_BYTES_MAX)
		bytes = TABLE_BYTES_MAX;
	uintptr_t copy = table == 0 ? 0 : take(from, table, l->bytes_data + (size_t)bytes);

	if (copy != 0)
		put(copy, l->bytes_size, &bytes, sizeof(bytes));
	return copy;
}

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

uintptr_t code_copy(struct peek *from, const struct py_layout *l, uintptr_t code)
{
	size_t name_at = l->code_qualname != PY_UNKNOWN ? l->code_qualname : l->code_name;
	size_t bytes = larger(larger(l->code_filename, name_at),
			      larger(l->code_line_table, l->code_first_line)) +
		       sizeof(uintptr_t);
	uintptr_t copy = take(from, code, bytes);

	if (copy == 0)
		return 0;
	uintptr_t file = text_copy(from, l, peek(from, code, l->code_filename));
	uintptr_t name = text_copy(from, l, peek(from, code, name_at));
	uintptr_t table = table_copy(from, l, peek(from, code, l->code_line_table));

	if (file == 0 || name == 0 || table == 0)
		return 0;
	put(copy, l->code_filename, &file, sizeof(file));
	put(copy, name_at, &name, sizeof(name));
	put(copy, l->code_line_table, &table, sizeof(table));
	return copy;
}
