/* A code object copied out of the process: names, first line, line table.
 *
 * Copied while it is known to live (a frame that stands still has it), then valid for ever. The
 * identity tells it from another one made later at the same address. The arena owns all texts.
 */
#ifndef UNSLOW_PYTHON_REMOTE_CODE_H
#define UNSLOW_PYTHON_REMOTE_CODE_H

#include "base/arena.h"
#include "python/remote.h"

enum { REMOTE_FILE_BYTES = 4096, REMOTE_QUALNAME_BYTES = 1024, REMOTE_TABLE_BYTES = 1 << 20 };

struct remote_code {
	uintptr_t address;
	uint64_t identity;
	const char *file, *name; /* name: qualified from 3.11 on */
	int32_t first_line;
	const uint8_t *line_table;
	size_t line_table_bytes;
};

/* Cheap: three words and a number of the object. */
uint64_t remote_code_identity(const struct remote *remote, uintptr_t code);
/* ERR_INVALID names the field. */
MUST_CHECK enum err_kind remote_code_read(const struct remote *remote, uintptr_t code,
					  struct arena *arena, struct remote_code *out,
					  struct err *e);
/* Line of an instruction in it, 0: none. */
int32_t remote_code_line(const struct remote *remote, const struct remote_code *code,
			 uint32_t instr_offset);

#endif
