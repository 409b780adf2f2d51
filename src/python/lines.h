/* The source line of an instruction, from a copied line table.
 *
 * A code object's line table is copied once, when the code is first seen, and
 * decoded when a view asks: dead workers and freed code still resolve. Three
 * formats (enum py_line_format). Tables come from the target and are hostile:
 * every read is bounded by the table's size, every sum by int32.
 * Owns nothing; line numbers count from 1.
 */
#ifndef UNSLOW_PYTHON_LINES_H
#define UNSLOW_PYTHON_LINES_H

#include <stddef.h>
#include <stdint.h>

#include "python/layout.h"

/* Line of the instruction `instr_offset` bytes from the code's first one;
 * 0: it has none (made by the compiler, or past the table's end).
 * `first_line` is co_firstlineno. Same answers as PyCode_Addr2Line, whose -1
 * is 0 here. */
int32_t lines_find(enum py_line_format format, const uint8_t *table, size_t table_bytes,
		   int32_t first_line, uint32_t instr_offset);

#endif
