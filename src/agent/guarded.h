/* Own memory that may not be there: the kernel copies it, and a bad address is
 * an error in place of a signal (process_vm_readv(2) on ourselves, about 0.5 µs).
 * No libc, no lock: for signal handlers, too.
 */
#ifndef UNSLOW_AGENT_GUARDED_H
#define UNSLOW_AGENT_GUARDED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Finds out whether the kernel allows it here (some containers do not). Call it
 * once, and again in a fork's child. */
bool guarded_prepare(void);

/* Copies `size` bytes; false if not all of them can be read. Fits walk_reader. */
bool guarded_read(void *unused, uintptr_t address, void *to, size_t size);

/* Reads a u32 at each of `count` addresses, in as few system calls as can be;
 * 0 where there is none. */
void guarded_read_u32(const uintptr_t *addresses, uint32_t *to, size_t count);

#endif
