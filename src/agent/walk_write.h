/* What a walk found, as the bytes of its file (walk_file.h).
 */
#ifndef UNSLOW_AGENT_WALK_WRITE_H
#define UNSLOW_AGENT_WALK_WRITE_H

#include "agent/walk_census.h"
#include "agent/walk_file.h"
#include "agent/walk_garbage.h"
#include "agent/walk_holders.h"

/* A target whose holders were looked for, in the order of holders_find(). */
struct walk_found {
	uintptr_t object;
	uint64_t deep_bytes, shared_bytes; /* DEEP_UNKNOWN: not worked out */
	uint32_t site, flags;              /* enum walk_chain_flag */
};

struct walk_result {
	struct census *census;
	struct walk_garbage garbage;
	const struct holders *holders; /* NULL: none were looked for */
	const struct walk_found *found;
	size_t count;
};

/* Writes all behind the page of file "walk-`number`", then what the page says of it. False: there
 * is no room for the file. */
bool walk_write(struct walk_file *page, const struct walk_result *result);

#endif
