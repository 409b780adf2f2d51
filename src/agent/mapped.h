/* Which of this process's memory can be read, so that a wild address can be
 * found out instead of crashing the app.
 *
 * Asked of /proc/self/maps by open and read, which every program makes:
 * process_vm_readv or mincore in a process whose filter of system calls does
 * not know them would end it. For start-up only; one thread at a time.
 */
#ifndef UNSLOW_AGENT_MAPPED_H
#define UNSLOW_AGENT_MAPPED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads the list anew. False: there is no /proc. */
bool mapped_read(void);
/* Can `size` bytes at `address` be read? What was mapped since the list was read
 * is looked up again, a few times. */
bool mapped_readable(uintptr_t address, size_t size);

#endif
