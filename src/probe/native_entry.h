/* Where unwind information is in an ELF file, and reading it: a cursor that never leaves its bytes,
 * and the entry (FDE with its CIE) of the function that has an address.
 *
 * Sources as of native_cfi.h.
 */
#ifndef UNSLOW_PROBE_NATIVE_ENTRY_H
#define UNSLOW_PROBE_NATIVE_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/native_elf.h"

struct cursor {
	const unsigned char *at, *end;
	uint64_t address; /* of `at`, in the file's own addresses */
	bool bad;         /* it ran out: what was read since is 0 */
};

void cursor_skip(struct cursor *c, uint64_t bytes);
uint64_t cursor_take(struct cursor *c, size_t bytes); /* 1, 2, 4 or 8 */
int64_t cursor_take_signed(struct cursor *c, size_t bytes);
uint64_t cursor_uleb(struct cursor *c);
int64_t cursor_sleb(struct cursor *c);
/* The next `bytes` as a cursor of their own, which is passed. */
struct cursor cursor_part(struct cursor *c, uint64_t bytes);
/* A pointer, written as DW_EH_PE_… says; `data`: what it may be relative to. */
uint64_t cursor_pointer(struct cursor *c, unsigned encoding, uint64_t data);

struct native_entry {
	uint64_t code_factor, return_register;
	int64_t data_factor;
	struct cursor initial, own; /* instructions: of all functions, of this one */
	uint64_t begin, bytes;      /* of the function, in the file's own addresses */
	bool is_signal;             /* who is above was interrupted, and called nothing */
	bool has_size;              /* of what its augmentation says */
	unsigned encoding;          /* of pointers */
};

/* False: there is none, or none that is understood. */
bool native_entry_find(const struct native_elf *elf, uint64_t address, struct native_entry *out);

#endif
