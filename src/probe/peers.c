#include "probe/peers.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "target/descriptor.h"

/* The inode, 0: the descriptor is no socket. */
static uint64_t socket_inode(int pid, int fd)
{
	char path[64], link[64];
	uint64_t inode;
	snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, fd);
	const ssize_t length = readlink(path, link, sizeof link - 1);
	if (length <= 0)
		return 0;
	link[length] = '\0';
	return sockets_link_inode(link, &inode) ? inode : 0;
}

static void read_again(struct peers *peers, int pid)
{
	const uint64_t start_ns = clock_now_ns();
	sockets_free(&peers->sockets);
	sockets_read(pid, &peers->sockets);
	const uint64_t end_ns = clock_now_ns();
	const uint64_t pause_ns = (uint64_t)((double)(end_ns - start_ns) / PEERS_COST);
	peers->next_ns = end_ns + (pause_ns > PEERS_PERIOD_NS ? pause_ns : PEERS_PERIOD_NS);
}

bool peers_text(struct peers *peers, int pid, int fd, char *text)
{
	const uint64_t inode = socket_inode(pid, fd);
	if (inode && !sockets_find(&peers->sockets, inode) && clock_now_ns() >= peers->next_ns)
		read_again(peers, pid);
	return descriptor_text(pid, fd, &peers->sockets, text);
}

void peers_free(struct peers *peers)
{
	sockets_free(&peers->sockets);
}
