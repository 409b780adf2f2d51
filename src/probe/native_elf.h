/* An ELF file of a process under study, for unwinding: what is loaded where, unwind tables, names
 * of functions.
 *
 * The file is the target's and may be hostile or cut short while it is read: it is mapped guarded
 * (guarded_map.h), every offset is checked against its size, every loop is bounded. Addresses are
 * the file's own (before it is moved to where it was loaded). Source: elf(5).
 */
#ifndef UNSLOW_PROBE_NATIVE_ELF_H
#define UNSLOW_PROBE_NATIVE_ELF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "probe/guarded_map.h"

enum { NATIVE_SEGMENTS = 16 };

struct native_segment {
	uint64_t address, offset, bytes; /* bytes of it that are in the file */
};

struct native_elf {
	struct guarded_map map;
	struct native_segment segments[NATIVE_SEGMENTS];
	size_t segment_count;
	uint64_t eh_frame_header; /* address of PT_GNU_EH_FRAME; 0: none */
	/* the larger of the symbol tables, as offsets in the file */
	uint64_t symbols, symbol_count, strings, string_bytes;
};

/* `fd` may be closed afterwards. ERR_INVALID: it is no ELF file of this machine's kind. */
MUST_CHECK enum err_kind native_elf_open(struct native_elf *elf, int fd, struct err *e);
void native_elf_close(struct native_elf *elf); /* one of zeros is allowed */

/* Bytes from `address` to the end of its segment, into *bytes. NULL: it is in none. */
const unsigned char *native_elf_at(const struct native_elf *elf, uint64_t address, uint64_t *bytes);
/* Address of what is at an offset in the file. False: it is not loaded. */
bool native_elf_address(const struct native_elf *elf, uint64_t offset, uint64_t *address);

/* Name of the function that has this address, into `name` (cut to its size), and how far it is from
 * its beginning. False: no symbol has it. */
bool native_elf_function(const struct native_elf *elf, uint64_t address, char *name, size_t size,
			 uint64_t *into);

#endif
