#include "python/remote_code.h"

#include "base/hash.h"
#include "python/lines.h"
#include "python/remote_objects.h"

static uintptr_t name_of(const struct remote *r, uintptr_t code)
{
	const struct py_layout *l = &r->layout;
	return remote_word(r, code,
			   l->code_qualname != PY_UNKNOWN ? l->code_qualname : l->code_name);
}

uint64_t remote_code_identity(const struct remote *r, uintptr_t code)
{
	const struct py_layout *l = &r->layout;
	const uint64_t words[] = {
		remote_word(r, code, l->code_filename),
		name_of(r, code),
		remote_word(r, code, l->code_line_table),
		(uint64_t)remote_int(r, code, l->code_first_line),
		/* no two code objects of a process share it */
		l->code_version != PY_UNKNOWN ? (uint64_t)remote_int(r, code, l->code_version) : 0,
	};
	return hash_bytes(words, sizeof words);
}

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
