/* Decoders of the three line tables: one function a format.
 *
 * lnotab      Objects/lnotab_notes.txt and PyCode_Addr2Line, 3.8–3.9
 * linetable   Objects/lnotab_notes.txt ("co_linetable"), 3.10
 * locations   Objects/locations.md and advance() of Objects/codeobject.c, 3.11–3.13
 */
#include "python/lines.h"

#include <stdbool.h>

/* Lines as PyCode_Addr2Line would give them: none is 0, nonsense too. */
static int32_t line_or_none(int64_t line)
{
	return line > 0 && line <= INT32_MAX ? (int32_t)line : 0;
}

/* Pairs (bytes of code, signed change of line); the change applies from the
 * end of those bytes on. The last line goes on for ever. */
static int32_t find_lnotab(const uint8_t *table, size_t size, int32_t first_line, uint32_t offset)
{
	uint64_t address = 0;
	int64_t line = first_line;

	for (size_t at = 0; at + 2 <= size; at += 2) {
		address += table[at];
		if (address > offset)
			break;
		line += (int8_t)table[at + 1];
	}
	return line_or_none(line);
}

/* Pairs (bytes of code, signed change of line); the change applies to those
 * bytes. -128: they have no line, and the running line stays as it is. */
static int32_t find_linetable(const uint8_t *table, size_t size, int32_t first_line,
			      uint32_t offset)
{
	uint64_t end = 0;
	int64_t line = first_line;

	for (size_t at = 0; at + 2 <= size; at += 2) {
		int8_t change = (int8_t)table[at + 1];

		end += table[at];
		if (change != INT8_MIN)
			line += change;
		if (offset < end)
			return change == INT8_MIN ? 0 : line_or_none(line);
	}
	return 0;
}

/* Low bits first, six a byte, bit 6 = more follow; zigzag with the sign in bit 0. */
static bool read_signed_varint(const uint8_t *table, size_t size, size_t at, int64_t *value)
{
	uint64_t bits = 0;

	for (unsigned shift = 0; shift < 36; shift += 6, at++) {
		if (at >= size)
			return false;
		bits |= (uint64_t)(table[at] & 0x3f) << shift;
		if (!(table[at] & 0x40)) {
			*value = bits & 1 ? -(int64_t)(bits >> 1) : (int64_t)(bits >> 1);
			return true;
		}
	}
	return false;
}

enum location_code {
	LOCATION_LINE_0 =
		10, /* 0–9 keep the line; 10–12: change of line 0–2, two bytes of columns */
	LOCATION_LINE_2 = 12,
	LOCATION_NO_COLUMNS = 13, /* 13 and 14: the change is a signed varint */
	LOCATION_LONG = 14,
	LOCATION_NONE = 15,
};

/* Entries begin with a byte that has bit 7: bits 3–6 code, bits 0–2 units of
 * code minus one; what belongs to the entry follows without bit 7. */
static int32_t find_locations(const uint8_t *table, size_t size, int32_t first_line,
			      uint32_t offset)
{
	uint64_t end = 0;
	int64_t line = first_line;

	for (size_t at = 0; at < size;) {
		unsigned code = table[at] >> 3 & 15;
		int64_t change = 0;

		if (!(table[at] & 0x80))
			return 0;
		end += ((table[at] & 7u) + 1) * sizeof(uint16_t);
		at++;
		if (code >= LOCATION_LINE_0 && code <= LOCATION_LINE_2)
			change = code - LOCATION_LINE_0;
		else if (code == LOCATION_NO_COLUMNS || code == LOCATION_LONG) {
			if (!read_signed_varint(table, size, at, &change))
				return 0;
		}
		line += change;
		if (offset < end)
			return code == LOCATION_NONE ? 0 : line_or_none(line);
		while (at < size && !(table[at] & 0x80))
			at++;
	}
	return 0;
}

int32_t lines_find(enum py_line_format format, const uint8_t *table, size_t table_bytes,
		   int32_t first_line, uint32_t instr_offset)
{
	switch (format) {
	case PY_LINES_LNOTAB:
		return find_lnotab(table, table_bytes, first_line, instr_offset);
	case PY_LINES_LINETABLE:
		return find_linetable(table, table_bytes, first_line, instr_offset);
	case PY_LINES_LOCATIONS:
		return find_locations(table, table_bytes, first_line, instr_offset);
	}
	return 0; /* a format number from a hostile recording */
}
