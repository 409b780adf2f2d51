/* The text of a path, without what in it is made up (base/pathmask.h), remembered.
 *
 * An app opens the same files again and again; masking a path costs more than
 * all else the agent does at an open. What a raw path became is kept by its
 * hash, 64 bits of it; two paths of one hash would share a label, never a handle.
 * Lock-free, for any thread; nothing to do after a fork: ids carry their
 * dictionary's generation.
 */
#ifndef UNSLOW_AGENT_PATH_TEXT_H
#define UNSLOW_AGENT_PATH_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* Text id of `length` bytes at `path`, cut at PEER_TEXT_MAX. PATH_OF_FILE: only its
 * directory once there are many paths. 0: none. */
enum path_kind { PATH_OF_FILE, PATH_OF_DATABASE };
uint32_t path_text_id(enum path_kind kind, const char *path, size_t length);

#endif
