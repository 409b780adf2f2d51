#include "target/descriptor.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "target/proc.h"

enum { FDINFO_BYTES = 1 << 16 };

/* fs/eventpoll.c ep_show_fdinfo: a line "tfd: …" for each member. */
static int epoll_members(int pid, int fd)
{
	static char text[FDINFO_BYTES];
	char path[64];
	int members = 0;
	snprintf(path, sizeof path, "/proc/%d/fdinfo/%d", pid, fd);
	if (proc_read_file(path, text, sizeof text) <= 0)
		return -1;
	for (const char *at = text; (at = strstr(at, "tfd:")); at++)
		members++;
	return members;
}

bool descriptor_text(int pid, int fd, const struct sockets *sockets, char *text)
{
	char path[64], link[PATH_MAX], peer[SOCKET_TEXT];
	uint64_t inode;
	snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, fd);
	const ssize_t length = readlink(path, link, sizeof link - 1);
	if (length <= 0)
		return false;
	link[length] = '\0';
	if (sockets_link_inode(link, &inode)) {
		const struct socket_row *row = sockets_find(sockets, inode);
		snprintf(text, DESCRIPTOR_TEXT, "%s",
			 row ? socket_peer_text(sockets, row, peer) : "socket");
	} else if (str_starts_with(link, "pipe:[")) {
		snprintf(text, DESCRIPTOR_TEXT, "pipe");
	} else if (strcmp(link, "anon_inode:[eventpoll]") == 0) {
		snprintf(text, DESCRIPTOR_TEXT, "epoll of %d", epoll_members(pid, fd));
	} else if (str_starts_with(link, "anon_inode:")) {
		snprintf(text, DESCRIPTOR_TEXT, "%.200s", link + strlen("anon_inode:"));
	} else {
		snprintf(text, DESCRIPTOR_TEXT, "%.250s", link);
	}
	return true;
}
