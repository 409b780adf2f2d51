/* What tells a code object from another one at the same address later.
 *
 * An address alone is not an identity: code is freed and made anew (exec(),
 * templates, reloads). Mixed in are first line, line table and name pointers,
 * and a tag that differs even when the allocator gave out the same addresses
 * again: 3.12+ numbers code objects; before, what name and file say, since
 * whoever compiles in a loop gets every address of the code just freed. A change
 * is a new generation with a new id (interfaces.md, "Code").
 * No GIL, nothing owned; called once a frame of each walk. Memory comes through
 * a walk_reader (python/walk.h); of one's own standing frames that is a plain load.
 */
#ifndef UNSLOW_AGENT_CODE_IDENTITY_H
#define UNSLOW_AGENT_CODE_IDENTITY_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "agent/agent.h"
#include "base/hash.h"
#include "python/peek.h"

#define HASH_SEED UINT64_C(0x9e3779b97f4a7c15)
#define HASH_ODD UINT64_C(0xd6e8feb86659fd93)
#define HASH_TAG UINT64_C(0xbf58476d1ce4e5b9)

WALK_INLINE uint64_t load(uintptr_t base, size_t offset)
{
	struct peek direct = PEEK_DIRECT;

	return peek(&direct, base, offset);
}

WALK_INLINE uint32_t load32(uintptr_t base, size_t offset)
{
	struct peek direct = PEEK_DIRECT;

	return peek32(&direct, base, offset);
}

/* What tells this code object from another one at the same address later. */
struct code_fields {
	size_t first_line, filename, line_table, name;
	size_t version; /* PY_UNKNOWN: what it says is looked at instead */
	size_t flags, bytes_size, bytes_data;
	size_t text_length, text_own_hash, text_state, text_ascii, text_compact;
};

/* The file of the code looked at before this one: those of one module share it, and stand side by
 * side in a chain. */
struct known_file {
	uintptr_t file; /* 0: none */
	uint64_t hash;
	bool is_none; /* "<string>" and its like */
};

WALK_INLINE struct code_fields code_fields_of(const struct py_layout *layout)
{
	return (struct code_fields){
		.first_line = layout->code_first_line,
		.filename = layout->code_filename,
		.line_table = layout->code_line_table,
		.name = layout->code_qualname != PY_UNKNOWN ? layout->code_qualname
							    : layout->code_name,
		.version = layout->code_version,
		.flags = layout->code_flags,
		.bytes_size = layout->bytes_size,
		.bytes_data = layout->bytes_data,
		.text_length = layout->str_length,
		/* struct PyASCIIObject, 3.8–3.13: length, hash, state */
		.text_own_hash = layout->str_length + sizeof(uint64_t),
		.text_state = layout->str_state,
		.text_ascii = layout->str_data_ascii,
		.text_compact = layout->str_data_compact,
	};
}

/* Code of a module, class body or exec(), not of a function (Include/code.h). */
#define CODE_OPTIMIZED 1u
#define CONTENT_HASHED_MAX 512
#define TEXT_BYTES_MAX (1u << 20)

/* Takes its reader by value: a struct peek whose address leaves the caller is no constant to the
 * compiler, and each load of a walk becomes a call. */
static __attribute__((noinline)) uint64_t content_copied(walk_reader *read, void *context,
							 uintptr_t data, size_t bytes, bool *failed)
{
	struct peek from = {.read = read, .context = context};
	uint8_t copy[CONTENT_HASHED_MAX];

	peek_bytes(&from, data, copy, bytes);
	*failed = from.failed;
	return hash_bytes(copy, bytes);
}

/* At most CONTENT_HASHED_MAX bytes. */
WALK_INLINE uint64_t content_hash(struct peek *from, uintptr_t data, size_t bytes)
{
	bool failed;
	uint64_t hash;

	if (from->read == walk_read_direct)
		return hash_bytes((const void *)data, bytes);
	hash = content_copied(from->read, from->context, data, bytes, &failed);
	from->failed = from->failed || failed;
	return hash;
}

#define NOT_HASHED UINT64_MAX /* unicode_hash() of Objects/unicodeobject.c never gives -1 */

/* A compact string (python_text.c): its own hash, which names have. It is made when it is first
 * asked for: of one without, as most files are, length, end, middle and quarter (a shorter one is
 * preceded by its own object's header), 32 bytes in all. The code of one that gets its hash later
 * is met anew, and known by what it says. */
WALK_INLINE uint64_t text_hash(struct peek *from, struct code_fields at, uintptr_t text)
{
	uint64_t own = peek(from, text, at.text_own_hash);

	if (LIKELY(own != NOT_HASHED))
		return own;
	uint32_t state = peek32(from, text, at.text_state), width = state >> 2 & 7;
	uint64_t bytes = peek(from, text, at.text_length) * width;
	uintptr_t words = text + (state >> 6 & 1 ? at.text_ascii : at.text_compact) -
			  sizeof(uint64_t); /* ends where the word before the first ends */

	if (UNLIKELY(bytes > TEXT_BYTES_MAX))
		bytes = TEXT_BYTES_MAX; /* no code has it: memory that is none */
	return hash_mix64(bytes + peek(from, words, bytes) * HASH_ODD) +
	       peek(from, words - sizeof(uint64_t), bytes) * HASH_SEED +
	       peek(from, words, bytes / 2) * HASH_TAG + peek(from, words, bytes / 4) * HASH_ODD;
}

/* A line table: all of it (of its beginning) where code is often thrown away, that of no function
 * and that of no file ("<string>"). Else its length, middle and end (8 bytes each: a shorter one is
 * preceded by its own object's header): a function made anew from the same place in the same file
 * has other lines there. */
WALK_INLINE uint64_t table_hash(struct peek *from, struct code_fields at, uintptr_t table,
				bool is_whole)
{
	uintptr_t data = table + at.bytes_data;
	size_t bytes = peek(from, table, at.bytes_size);

	if (UNLIKELY(is_whole))
		return content_hash(from, data,
				    bytes < CONTENT_HASHED_MAX ? bytes : CONTENT_HASHED_MAX);
	return bytes + peek(from, data - sizeof(uint64_t), bytes) +
	       peek(from, data - sizeof(uint64_t), bytes / 2) * HASH_ODD;
}

WALK_INLINE uint64_t code_tag(struct peek *from, struct code_fields at, uintptr_t code,
			      uintptr_t table, struct known_file *known)
{
	if (at.version != PY_UNKNOWN)
		return peek32(from, code, at.version);
	uintptr_t file = peek(from, code, at.filename);

	if (file != known->file)
		*known = (struct known_file){
			.file = file,
			.hash = text_hash(from, at, file),
			.is_none = peek8(from, file, at.text_ascii) == '<',
		};
	bool is_whole = !(peek32(from, code, at.flags) & CODE_OPTIMIZED) || known->is_none;

	return (file << 13) + known->hash * HASH_ODD +
	       text_hash(from, at, peek(from, code, at.name)) * HASH_TAG +
	       table_hash(from, at, table, is_whole);
}

WALK_INLINE bool code_is_function(struct peek *from, struct code_fields at, uintptr_t code)
{
	return peek32(from, code, at.flags) & CODE_OPTIMIZED;
}

/* Of a function's code that stands where a function's stood the last time: enough to tell it from
 * one that a reload of its module has put there, without what texts say, which are shared or
 * interned. */
WALK_INLINE uint64_t code_brief_identity(struct peek *from, struct code_fields at, uintptr_t code)
{
	if (at.version != PY_UNKNOWN)
		return peek32(from, code, at.version);
	uint64_t line = peek32(from, code, at.first_line);
	uintptr_t table = peek(from, code, at.line_table);

	return (table + (line << 44)) * HASH_SEED + peek(from, code, at.name) +
	       (peek(from, code, at.filename) << 13) +
	       table_hash(from, at, table, false) * HASH_TAG;
}

/* Linear with odd factors: one multiplication beside the chain's own, so that
 * the loop waits for the frames and not for the hash; mixed once at the end. */
WALK_INLINE uint64_t code_identity(struct peek *from, struct code_fields at, uintptr_t code,
				   struct known_file *known)
{
	uint64_t line = peek32(from, code, at.first_line);
	uintptr_t table = peek(from, code, at.line_table);

	return (table + (line << 44)) * HASH_SEED + peek(from, code, at.name) +
	       code_tag(from, at, code, table, known) * HASH_TAG;
}

#endif
