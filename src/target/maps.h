/* What is mapped where: /proc/PID/maps (fs/proc/task_mmu.c, show_map_vma) as an array.
 *
 * Objects are told apart by device and inode; their names are what the process's own mount
 * namespace calls them and are only printed. The arena owns all.
 */
#ifndef UNSLOW_TARGET_MAPS_H
#define UNSLOW_TARGET_MAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

enum { MAPS_MAX = 1 << 17 };

struct mapping {
	uintptr_t start, end;
	uint64_t file_offset;
	uint32_t device_major, device_minor;
	uint64_t inode; /* 0: no file */
	bool executable, writable;
	const char *path; /* "" if there is none; may end in " (deleted)" */
};

struct maps {
	const struct mapping *items; /* by address */
	size_t count;
};

/* ERR_NO_TARGET if the process is gone or has no memory (zombie, kernel thread), ERR_PERMISSION
 * with the fix if it is not ours to look at, ERR_LIMIT past MAPS_MAX. */
MUST_CHECK enum err_kind maps_read(int pid, struct arena *arena, struct maps *out, struct err *e);

/* The mapping that holds `address`, NULL: none. */
const struct mapping *maps_find(const struct maps *maps, uintptr_t address);
/* The first mapping of the next mapped file after `previous` (NULL: the first file): each file
 * once, by device and inode, where its beginning is mapped. NULL: no more. */
const struct mapping *maps_next_file(const struct maps *maps, const struct mapping *previous);
/* End of the last mapping of the same file. */
uintptr_t maps_file_end(const struct maps *maps, const struct mapping *first);

#endif
