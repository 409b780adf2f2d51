/* What tells a code object from another one at the same address later.
 *
 * An address alone is not an identity: code is freed and made anew (exec(),
 * templates, reloads). Mixed in are first line, line table and name pointers,
 * and a tag that differs even when the allocator gave out the same addresses
 * again. A change is a new generation with a new id (interfaces.md, "Code").
 * No GIL, nothing owned; called once a frame of each walk. Memory comes through
 * a walk_reader (python/walk.h); of one's own standing frames that is a plain load.
 */
#ifndef UNSLOW_AGENT_CODE_IDENTITY_H
#define UNSLOW_AGENT_CODE_IDENTITY_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "agent/agent.h"
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
	size_t version; /* PY_UNKNOWN: the line table's end is looked at instead */
	size_t flags, bytes_size, bytes_data, text;
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
		.text = layout->str_data_ascii,
	};
}

/* Code of a module, class body or exec(), not of a function (Include/code.h). */
#define CODE_OPTIMIZED 1u
#define TABLE_HASHED_MAX 512

/* The line table's content: module-level and generated code is often freed, and
 * the next one gets all its addresses. Rare on a stack, so never inlined. */
static __attribute__((noinline)) uint64_t table_content(uintptr_t data, size_t bytes)
{
	uint64_t hash = bytes, factor = HASH_ODD; /* a factor for each place, all odd */

	if (bytes > TABLE_HASHED_MAX)
		bytes = TABLE_HASHED_MAX;
	for (; bytes >= sizeof(uint64_t); bytes -= sizeof(uint64_t), data += sizeof(uint64_t)) {
		hash += load(data, 0) * factor;
		factor += 2 * HASH_SEED;
	}
	for (; bytes > 0; bytes--, data++) {
		hash += *(const uint8_t *)data * factor;
		factor += 2 * HASH_SEED;
	}
	return hash;
}

/* Takes its reader by value: a struct peek whose address leaves the caller is no constant to the
 * compiler, and each load of a walk becomes a call. */
static __attribute__((noinline)) uint64_t table_copied(walk_reader *read, void *context,
						       uintptr_t data, size_t bytes, bool *failed)
{
	struct peek from = {.read = read, .context = context};
	uint8_t copy[TABLE_HASHED_MAX];

	peek_bytes(&from, data, copy, bytes < sizeof(copy) ? bytes : sizeof(copy));
	*failed = from.failed;
	return table_content((uintptr_t)copy, bytes);
}

WALK_INLINE uint64_t table_hash(struct peek *from, uintptr_t data, size_t bytes)
{
	bool failed;
	uint64_t hash;

	if (from->read == walk_read_direct)
		return table_content(data, bytes);
	hash = table_copied(from->read, from->context, data, bytes, &failed);
	from->failed = from->failed || failed;
	return hash;
}

/* exec() in a loop makes code objects whose every pointer is that of the one
 * just freed. 3.12+ numbers them; before, the file name's pointer and the line
 * table must do: all of it for code that is no function's or has no file
 * ("<string>"), else its last 8 bytes (a shorter one is preceded by its own
 * object's header). */
WALK_INLINE uint64_t code_tag(struct peek *from, struct code_fields at, uintptr_t code,
			      uintptr_t table)
{
	if (at.version != PY_UNKNOWN)
		return peek32(from, code, at.version);
	size_t bytes = peek(from, table, at.bytes_size);
	uintptr_t file = peek(from, code, at.filename);

	if (UNLIKELY(!(peek32(from, code, at.flags) & CODE_OPTIMIZED) ||
		     peek8(from, file, at.text) == '<'))
		return (file << 13) + table_hash(from, table + at.bytes_data, bytes);
	return (file << 13) + peek(from, table + at.bytes_data - sizeof(uint64_t), bytes);
}

/* Linear with odd factors: one multiplication beside the chain's own, so that
 * the loop waits for the frames and not for the hash; mixed once at the end. */
WALK_INLINE uint64_t code_identity(struct peek *from, struct code_fields at, uintptr_t code)
{
	uint64_t line = peek32(from, code, at.first_line);
	uintptr_t table = peek(from, code, at.line_table);

	return (table + (line << 44)) * HASH_SEED + peek(from, code, at.name) +
	       code_tag(from, at, code, table) * HASH_TAG;
}

#endif
