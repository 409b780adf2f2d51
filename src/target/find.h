/* The process a user means: 4242, :8000 or gunicorn.
 *
 * A port is owned by all that hold a socket listening on it; of a server and its workers that is
 * each of them, and the target is the one above the others. The same holds for a name. Sockets are
 * looked for in every network namespace that has a process here, so a container's port is found,
 * too. Nothing is kept.
 */
#ifndef UNSLOW_TARGET_FIND_H
#define UNSLOW_TARGET_FIND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* `word` to the process at the root of the target. ERR_NO_TARGET: there is none, or none that we
 * may see; ERR_USAGE: several that have nothing to do with each other, named in the text. */
MUST_CHECK enum err_kind find_target(const char *word, int *pid, struct err *e);

/* Of `count` processes those that descend from none of the others, in place; their number. */
int find_roots(int *pids, int count);
/* Every process that can be seen, by id; their number. */
int find_all(int *pids, int max);
/* TCP ports that the process listens on, the lowest `max` of them, going up; their number. 0: none,
 * or not ours to look at. */
int find_ports(int pid, uint16_t *ports, int max);
/* The lowest; 0: none. */
uint16_t find_port(int pid);
/* Whether a process in this network namespace, seen or not, listens on the TCP port. */
bool find_is_listening(uint16_t port);

#endif
