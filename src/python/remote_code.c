#include "python/remote_code.h"

#include "base/hash.h"
#include "python/lines.h"
#include "python/remote_objects.h"

enum { INT = sizeof(int32_t), WORD = sizeof(uintptr_t) };

static uintptr_t name_of(const struct remote *r, uintptr_t code)
{
	const struct py_layout *l = &r->layout;
	return remote_word(r, code,
			   l->code_qualname != PY_UNKNOWN ? l->code_qualname : l->code_name);
}

/* --- which code object it is ------------------------------------------------------ */

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* Of what is used of it. */
static size_t head_bytes(const struct py_layout *l)
{
	size_t last = larger(l->code_filename, l->code_name);
	last = larger(last, larger(l->code_line_table, l->code_first_line));
	last = larger(last, larger(l->object_type, l->bytes_size));
	if (l->code_qualname != PY_UNKNOWN)
		last = larger(last, l->code_qualname);
	if (l->code_first_traceable != PY_UNKNOWN)
		last = larger(last, l->code_first_traceable);
	if (l->frame_kind == PY_FRAME_OBJECT)
		last = larger(last, l->code_instructions);
	return last + sizeof(uintptr_t);
}

static struct remote_piece text_piece(const struct remote *r, uintptr_t text)
{
	const uint32_t state = (uint32_t)remote_int(r, text, r->layout.str_state);
	const uintptr_t length = remote_word(r, text, r->layout.str_length);
	const size_t width = state >> 2 & 7; /* python_text.c */
	const size_t most = REMOTE_FILE_BYTES / (width ? width : 1);
	return (struct remote_piece){text, r->layout.str_data_compact +
						   width * (length < most ? length : most)};
}

struct remote_piece remote_code_table(const struct remote *r, uintptr_t code)
{
	const struct py_layout *l = &r->layout;
	const uintptr_t table = remote_word(r, code, l->code_line_table);
	const uintptr_t size = remote_word(r, table, l->bytes_size);
	return (struct remote_piece){table,
				     l->bytes_data + (size < REMOTE_TABLE_BYTES ? size : 0) + 1};
}

void remote_code_pieces(const struct remote *r, uintptr_t code,
			struct remote_piece pieces[REMOTE_PIECES])
{
	const struct py_layout *l = &r->layout;
	const struct remote_piece table = remote_code_table(r, code);
	const size_t edge = l->bytes_data + REMOTE_EDGE_BYTES;
	const bool is_long = table.bytes > edge + REMOTE_EDGE_BYTES;
	pieces[0] = (struct remote_piece){code, head_bytes(l)};
	pieces[1] = text_piece(r, name_of(r, code));
	pieces[2] = text_piece(r, remote_word(r, code, l->code_filename));
	pieces[3] = (struct remote_piece){table.address, is_long ? edge : table.bytes};
	pieces[4] = pieces[5] = (struct remote_piece){0};
	if (is_long)
		pieces[5] = (struct remote_piece){table.address + table.bytes - REMOTE_EDGE_BYTES,
						  REMOTE_EDGE_BYTES};
	if (l->frame_kind == PY_FRAME_OBJECT)
		pieces[4] = (struct remote_piece){remote_word(r, code, l->code_instructions),
						  l->bytes_data};
}

static bool add_bytes(const struct remote *r, uintptr_t address, size_t size, uint64_t *hash)
{
	uint8_t part[1024];
	for (size_t bytes; size > 0; address += bytes, size -= bytes) {
		bytes = size < sizeof part ? size : sizeof part;
		if (!r->read(r->context, address, part, bytes))
			return false;
		*hash = hash_mix64(*hash + hash_bytes(part, bytes));
	}
	return true;
}

/* A number of four or eight bytes. */
static bool add_number(const struct remote *r, uintptr_t base, size_t offset, size_t size,
		       uint64_t *hash)
{
	uint64_t number = 0;
	if (!base || !r->read(r->context, base + offset, &number, size))
		return false;
	*hash = hash_mix64(*hash + number);
	return true;
}

/* Its length, how wide and whether ASCII it is, and its characters; not what changes while it
 * lives: references, whether it is interned, its own hash. */
static bool add_text(const struct remote *r, const struct remote_piece *text, uint64_t *hash)
{
	const struct py_layout *l = &r->layout;
	uint32_t state;
	if (!add_number(r, text->address, l->str_length, WORD, hash) ||
	    !r->read(r->context, text->address + l->str_state, &state, sizeof state))
		return false;
	*hash += state >> 2;
	return add_bytes(r,
			 text->address + (state >> 6 & 1 ? l->str_data_ascii : l->str_data_compact),
			 text->bytes - l->str_data_compact, hash);
}

/* Of a long one its length and both ends: all of it would have to be copied at each look. */
static bool add_table(const struct remote *r, const struct remote_piece *table,
		      const struct remote_piece *end, uint64_t *hash)
{
	const size_t data = r->layout.bytes_data;
	return add_number(r, table->address, r->layout.bytes_size, WORD, hash) &&
	       add_bytes(r, table->address + data, table->bytes - data, hash) &&
	       add_bytes(r, end->address, end->bytes, hash);
}

/* Code that is made and thrown away again and again has its texts at the same addresses each time,
 * and all else that it points to: so what it says is its identity. */
static uint64_t content(const struct remote *r, uintptr_t code)
{
	const struct py_layout *l = &r->layout;
	const bool has_bytes = l->frame_kind == PY_FRAME_OBJECT;
	struct remote_piece pieces[REMOTE_PIECES];
	uint64_t hash = 0;
	remote_code_pieces(r, code, pieces);
	const bool is_whole =
		add_number(r, code, l->code_first_line, INT, &hash) &&
		add_text(r, &pieces[1], &hash) && add_text(r, &pieces[2], &hash) &&
		add_table(r, &pieces[3], &pieces[5], &hash) &&
		(has_bytes ? add_number(r, pieces[4].address, l->bytes_size, WORD, &hash)
			   : add_number(r, code, l->bytes_size, WORD, &hash) &&
				     add_number(r, code, l->code_first_traceable, INT, &hash));
	return is_whole ? hash | 1 : 0;
}

uint64_t remote_code_identity(const struct remote *r, uintptr_t code)
{
	const struct py_layout *l = &r->layout;
	const uint64_t version =
		l->code_version != PY_UNKNOWN ? (uint64_t)remote_int(r, code, l->code_version) : 0;
	if (version == 0)
		return content(r, code);
	const uint64_t words[] = {
		remote_word(r, code, l->code_filename),
		name_of(r, code),
		remote_word(r, code, l->code_line_table),
		(uint64_t)remote_int(r, code, l->code_first_line),
		version,
	};
	return hash_bytes(words, sizeof words);
}

/* --- what it says ------------------------------------------------------------------- */

enum err_kind remote_code_read(const struct remote *r, uintptr_t code, struct arena *arena,
			       struct remote_code *out, struct err *e)
{
	const struct py_layout *l = &r->layout;
	char file[REMOTE_FILE_BYTES], name[REMOTE_QUALNAME_BYTES];
	*out = (struct remote_code){.address = code, .identity = remote_code_identity(r, code)};
	if (remote_word(r, code, l->object_type) != r->symbols.code_type)
		return ERR(e, ERR_INVALID, "object_type: no code object");
	if (remote_text(r, remote_word(r, code, l->code_filename), file, sizeof file) < 0)
		return ERR(e, ERR_INVALID, "code_filename: no text");
	if (remote_text(r, name_of(r, code), name, sizeof name) < 0)
		return ERR(e, ERR_INVALID, "code_name or code_qualname: no text");
	out->first_line = remote_int(r, code, l->code_first_line);
	if (out->first_line < 0)
		return ERR(e, ERR_INVALID, "code_first_line: it is %d", out->first_line);
	const uintptr_t table = remote_word(r, code, l->code_line_table);
	if (remote_word(r, table, l->object_type) != r->symbols.bytes_type)
		return ERR(e, ERR_INVALID, "code_line_table: no bytes");
	const uintptr_t size = remote_word(r, table, l->bytes_size);
	if (size > REMOTE_TABLE_BYTES)
		return ERR(e, ERR_INVALID, "bytes_size: %zu", (size_t)size);
	uint8_t *copy = arena_alloc(arena, size + 1);
	if (!r->read(r->context, table + l->bytes_data, copy, size + 1) || copy[size] != 0)
		return ERR(e, ERR_INVALID, "bytes_size or bytes_data: bytes without their end");
	out->line_table = copy;
	out->line_table_bytes = size;
	out->file = arena_string(arena, file);
	out->name = arena_string(arena, name);
	return ERR_OK;
}

int32_t remote_code_line(const struct remote *r, const struct remote_code *code,
			 uint32_t instr_offset)
{
	return lines_find((enum py_line_format)r->layout.line_format, code->line_table,
			  code->line_table_bytes, code->first_line, instr_offset);
}
