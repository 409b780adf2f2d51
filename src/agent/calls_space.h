/* Address space of exact calls: reserved once, opened as it is used.
 *
 * What is not open can be neither read nor written: so it counts for nothing where memory may not
 * be overcommitted (vm.overcommit_memory 2, Linux mm/mmap.c: accountable_mapping()), nor for
 * RLIMIT_DATA. For RLIMIT_AS it counts, and what is taken from it the program does not get: where
 * that is set, small areas are asked for, and all together get 1/16 of what the program has left of
 * it. What does not fit is refused, with a reason in the process's page. Sizes in bytes.
 */
#ifndef UNSLOW_AGENT_CALLS_SPACE_H
#define UNSLOW_AGENT_CALLS_SPACE_H

#include <stdbool.h>
#include <stddef.h>

/* Has the process an RLIMIT_AS? */
bool calls_space_is_limited(void);
/* Nothing of it is open. NULL: it does not fit; the reason is said. */
void *calls_space_reserve(size_t bytes);
/* Zero where it was not open before. False: the system has no memory; the reason is said. */
bool calls_space_open(void *place, size_t bytes);
void calls_space_release(void *place, size_t bytes);
/* Private memory reads as zero again, without being touched where that can be. */
void calls_space_zero(void *place, size_t bytes);

#endif
