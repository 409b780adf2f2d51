/* What an open descriptor of a process leads to, in words: a peer, a file, a pipe, an event loop's
 * set. Names come from the process: bounded, printed and not stored.
 */
#ifndef UNSLOW_TARGET_DESCRIPTOR_H
#define UNSLOW_TARGET_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "target/sockets.h"

enum { DESCRIPTOR_TEXT = 256 };

/* `sockets` is the picture of its network namespace. False: it is closed or not ours to see. */
bool descriptor_text(int pid, int fd, const struct sockets *sockets, char *text);

#endif
