/* A code object copied out of the process: names, first line, line table.
 *
 * Copied while it is known to live (a frame that stands still has it), then valid for ever. The
 * identity tells it from another one made later at the same address. The arena owns all texts.
 */
#ifndef UNSLOW_PYTHON_REMOTE_CODE_H
#define UNSLOW_PYTHON_REMOTE_CODE_H

#include "base/arena.h"
#include "python/remote.h"

enum {
	REMOTE_FILE_BYTES = 4096,
	REMOTE_QUALNAME_BYTES = 1024,
	REMOTE_TABLE_BYTES = 1 << 20,
	REMOTE_EDGE_BYTES = 4096, /* of each end of a line table, into the identity */
};

struct remote_code {
	uintptr_t address;
	uint64_t identity;
	const char *file, *name; /* name: qualified from 3.11 on */
	int32_t first_line;
	const uint8_t *line_table;
	size_t line_table_bytes;
};

/* Where it is given no number (remote_code_has_number): what it says, but for the middle of a line
 * table of more than two edges; 0: it cannot be read. Else cheap: three words and that number. */
uint64_t remote_code_identity(const struct remote *remote, uintptr_t code);
/* 3.12+: no two code objects of a process have the same number, whatever their addresses, until
 * 2^32 were made. */
static inline bool remote_code_has_number(const struct remote *remote)
{
	return remote->layout.code_version != PY_UNKNOWN;
}

/* All that identity, bounds (remote_frames.h) and, but for the middle of a line table,
 * remote_code_read() read of a code object, as far as the reader can tell: where a piece cannot be
 * read it leads to no other. No piece: 0 bytes or address 0. */
enum { REMOTE_PIECES = 6 };
struct remote_piece {
	uintptr_t address;
	size_t bytes;
};
void remote_code_pieces(const struct remote *remote, uintptr_t code,
			struct remote_piece pieces[REMOTE_PIECES]);
/* Its whole line table. */
struct remote_piece remote_code_table(const struct remote *remote, uintptr_t code);
/* ERR_INVALID names the field. */
MUST_CHECK enum err_kind remote_code_read(const struct remote *remote, uintptr_t code,
					  struct arena *arena, struct remote_code *out,
					  struct err *e);
/* Line of an instruction in it, 0: none. */
int32_t remote_code_line(const struct remote *remote, const struct remote_code *code,
			 uint32_t instr_offset);

#endif
