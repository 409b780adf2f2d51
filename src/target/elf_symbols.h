/* Dynamic symbols of an object mapped into a process, read from its memory.
 *
 * The loader needs .dynsym, .dynstr and the hash table, so they are mapped: no file has to be
 * found, and containers, chroots, deleted and replaced files need nothing special (a device number
 * in maps is not always the one that stat gives: overlayfs, btrfs). CPython exports what extension
 * modules link against, so every build has what is looked for here.
 * Sources: elf(5); the GNU hash table as in glibc's elf/dl-lookup.c.
 */
#ifndef UNSLOW_TARGET_ELF_SYMBOLS_H
#define UNSLOW_TARGET_ELF_SYMBOLS_H

#include <stdbool.h>
#include <stdint.h>

#include "target/memory.h"

struct elf_object {
	struct memory *memory; /* borrowed */
	uintptr_t start, end;  /* where the object is mapped */
	uintptr_t bias;        /* what is added to an address of the file */
	uintptr_t symbols, strings, gnu_hash;
};

/* The object whose ELF header is mapped at `start` and which ends at `end`. False: it is no ELF
 * file of this machine's word size, or has no dynamic symbols with a GNU hash. */
bool elf_open(struct memory *memory, uintptr_t start, uintptr_t end, struct elf_object *out);
/* Address of a defined symbol in the process, 0: it has none of this name. */
uintptr_t elf_symbol(const struct elf_object *object, const char *name);

#endif
