/* Who is at the other end of a descriptor, at a bounded cost.
 *
 * The list of sockets of a network namespace takes the kernel up to tens of milliseconds to write
 * (it walks its whole table), so it is read again only when a socket is met that is not in it, and
 * at most so often that reading costs PEERS_COST of the time. One for all processes in the same
 * namespace.
 */
#ifndef UNSLOW_PROBE_PEERS_H
#define UNSLOW_PROBE_PEERS_H

#include <stdint.h>

#include "target/sockets.h"

#define PEERS_COST 0.002
#define PEERS_PERIOD_NS UINT64_C(1000000000) /* at most one list in this time */

struct peers {
	struct sockets sockets;
	uint64_t next_ns; /* when it may be read again */
};

/* What descriptor `fd` of the process leads to, DESCRIPTOR_TEXT bytes. False: it is closed or not
 * ours to see. */
bool peers_text(struct peers *peers, int pid, int fd, char *text);
void peers_free(struct peers *peers);

#endif
