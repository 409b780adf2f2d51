/* Queues of connections that wait to be accepted, of the listening TCP sockets of a network
 * namespace.
 *
 * By sock_diag(7): of a listening socket, idiag_rqueue is what waits and idiag_wqueue the most that
 * may (net/ipv4/tcp_diag.c tcp_diag_get_info); SK_MEMINFO_DROPS counts connections refused a place
 * since it was made (include/net/tcp.h tcp_listendrop). The namespace's socket is kept open; the
 * owner closes it. Answers come from the kernel.
 */
#ifndef UNSLOW_TARGET_ACCEPT_QUEUES_H
#define UNSLOW_TARGET_ACCEPT_QUEUES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "target/sockets.h"

struct accept_queue {
	uint64_t inode; /* of the socket, as links of /proc/PID/fd name it */
	struct socket_end local;
	uint32_t waiting, room;
	uint32_t dropped; /* wraps */
	bool has_dropped; /* the kernel told it (Linux 4.11 and later) */
};

struct accept_queues {
	VEC(struct accept_queue) rows;
};

/* A socket that asks about the namespace of process `pid`, entered for a moment if it is another
 * one than ours, which takes CAP_SYS_ADMIN. -1: it cannot be asked. */
int accept_queues_open(int pid);
/* The inode of that namespace, which tells it from others; 0: not known. */
uint64_t accept_queues_namespace(int pid);
/* False: no answer. */
bool accept_queues_read(int diag, struct accept_queues *out);
void accept_queues_free(struct accept_queues *queues);

#endif
