/* The name of a file or Unix socket without what in it is made up: tokens, session ids, UUIDs,
 * names of temporary files. Each becomes `…`; directories and the rest of the name stay.
 *
 * Owns nothing, never allocates; the agent uses it on each path it stores.
 */
#ifndef UNSLOW_BASE_PATHMASK_H
#define UNSLOW_BASE_PATHMASK_H

#include <stddef.h>

/* Writes at most room - 1 bytes and a NUL; a part is never cut in two. Returns the bytes written
 * without the NUL. `room` > 0. `path` need not end in NUL; NUL bytes in it are copied. */
size_t pathmask(const char *path, size_t length, char *out, size_t room);

#endif
