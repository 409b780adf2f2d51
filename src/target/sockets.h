/* Sockets of a network namespace, as /proc/PID/net lists them, found by inode.
 *
 * Formats: net/ipv4/tcp_ipv4.c get_tcp4_sock and get_timewait4_sock, net/ipv6/tcp_ipv6.c
 * get_tcp6_sock, net/unix/af_unix.c unix_seq_show. Read once, a picture of one instant. The owner
 * frees it.
 */
#ifndef UNSLOW_TARGET_SOCKETS_H
#define UNSLOW_TARGET_SOCKETS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"

enum { SOCKETS_MAX = 1 << 18, SOCKET_TEXT = 192 };

struct socket_end {
	struct in6_addr address; /* IPv4 as its mapped form */
	uint16_t port;
};

struct socket_row {
	uint64_t inode;
	struct socket_end local, peer;
	bool is_unix, is_udp, is_listening;
	bool is_ended;         /* TCP in TIME-WAIT: no process has it any more, inode is 0 */
	uint64_t ended_ago_ns; /* since then, in steps of a clock tick */
	uint32_t path;         /* unix: place in struct sockets' texts, from 1; 0: unnamed */
};

struct sockets {
	VEC(struct socket_row) rows;
	VEC(char) texts;
};

/* Those of the namespace that process `pid` is in. False: it is gone or its /proc is hidden. */
bool sockets_read(int pid, struct sockets *out);
void sockets_free(struct sockets *sockets);
const struct socket_row *sockets_find(const struct sockets *sockets, uint64_t inode);

/* The inode that a link of /proc/PID/fd names, "socket:[INODE]"; false: it is no socket. */
bool sockets_link_inode(const char *link, uint64_t *inode);

/* "127.0.0.1:8000", "[::]:8000". Returns text, SOCKET_TEXT bytes. */
const char *socket_end_text(const struct socket_end *end, char *text);
/* What a thread that waits on it waits for: the peer, or the listening address. */
const char *socket_peer_text(const struct sockets *sockets, const struct socket_row *row,
			     char *text);

#endif
