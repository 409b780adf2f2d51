/* Sites of the heap file: a stack and a domain (of large blocks: and who called the allocator) as a
 * small number, found by a hash without locks.
 *
 * Who meets a site that another thread is about to write makes a second one of the same content:
 * waiting is not harmless there, two sites that say the same are. Full: all others are site 0.
 */
#ifndef UNSLOW_AGENT_HEAP_SITES_H
#define UNSLOW_AGENT_HEAP_SITES_H

#include <stddef.h>
#include <stdint.h>

#include "agent/heap_file.h"

#define HEAP_SITE_CAPACITY 8192u

struct heap_site_name {
	uint32_t stack, domain, native;
	uint32_t serial; /* of the dictionary that has the stack */
};

/* The site's number, written to `file` on first sight. */
uint32_t heap_site_of(struct heap_file *file, struct heap_site *sites, struct heap_site_name name);
/* Knows none. Nobody else is at it. */
void heap_sites_reset(struct heap_file *file);

#endif
