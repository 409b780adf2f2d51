/* How much memory the C library would give back if it were asked: malloc_trim(3), tried in the
 * child that walks, whose heap nobody needs any more.
 *
 * Only of glibc's own malloc: another allocator's memory it does not have. The process is forked
 * without the C library (walk_child.h), so another thread may have had an arena's lock then: the
 * call never comes back. So it comes last, after all else is written, and with a time of its own;
 * past that, nothing is known.
 */
#ifndef UNSLOW_AGENT_WALK_TRIM_H
#define UNSLOW_AGENT_WALK_TRIM_H

#include <stdint.h>

/* In the process, once: dlsym takes locks. GIL held. */
void walk_trim_prepare(void);
/* In the child: bytes by which its resident anonymous memory fell; WALK_UNKNOWN: it cannot be
 * tried. Does not return if there is no time. */
uint64_t walk_trim(void);

#endif
