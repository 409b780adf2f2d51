#include "target/accept_queues.h"

#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ANSWER_BYTES = 32 << 10, QUEUES_MAX = 1024, STATE_LISTEN = 1 << TCP_LISTEN };

static int open_namespace(int pid)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/ns/net", pid);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static uint64_t inode_of(int fd)
{
	struct stat st;

	return fd >= 0 && fstat(fd, &st) == 0 ? st.st_ino : 0;
}

uint64_t accept_queues_namespace(int pid)
{
	const int fd = open_namespace(pid);
	const uint64_t inode = inode_of(fd);

	if (fd >= 0)
		close(fd);
	return inode;
}

static int diag_socket(void)
{
	return socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
}

/* A thread's namespace is its own matter: the others of unslow stay where they are. */
static int diag_socket_in(int theirs)
{
	const int ours = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	int diag = -1;

	if (ours < 0)
		return -1;
	if (inode_of(ours) == inode_of(theirs)) {
		diag = diag_socket();
	} else if (setns(theirs, CLONE_NEWNET) == 0) {
		diag = diag_socket();
		if (setns(ours, CLONE_NEWNET) != 0 && diag >= 0) { /* it was ours a moment ago */
			close(diag);
			diag = -1;
		}
	}
	close(ours);
	return diag;
}

int accept_queues_open(int pid)
{
	const int theirs = open_namespace(pid);
	const int diag = theirs >= 0 ? diag_socket_in(theirs) : -1;

	if (theirs >= 0)
		close(theirs);
	return diag;
}

static struct socket_end end_of(const struct inet_diag_msg *m)
{
	struct socket_end end = {.port = ntohs(m->id.idiag_sport)};

	if (m->idiag_family == AF_INET6) {
		memcpy(&end.address, m->id.idiag_src, sizeof end.address);
	} else {
		end.address.s6_addr[10] = end.address.s6_addr[11] = 0xff;
		memcpy(&end.address.s6_addr[12], m->id.idiag_src, 4);
	}
	return end;
}

static void take(struct accept_queues *out, const struct nlmsghdr *header)
{
	const struct inet_diag_msg *m = NLMSG_DATA(header);
	struct accept_queue queue = {
		.inode = m->idiag_inode,
		.local = end_of(m),
		.waiting = m->idiag_rqueue,
		.room = m->idiag_wqueue,
	};
	unsigned left = header->nlmsg_len - (unsigned)NLMSG_LENGTH(sizeof *m);

	for (const struct rtattr *a = (const struct rtattr *)(m + 1); RTA_OK(a, left);
	     a = RTA_NEXT(a, left)) {
		if (a->rta_type != INET_DIAG_SKMEMINFO ||
		    (size_t)RTA_PAYLOAD(a) < (SK_MEMINFO_DROPS + 1) * sizeof(uint32_t))
			continue;
		memcpy(&queue.dropped,
		       (const char *)RTA_DATA(a) + SK_MEMINFO_DROPS * sizeof(uint32_t),
		       sizeof queue.dropped);
		queue.has_dropped = true;
	}
	if (out->rows.count < QUEUES_MAX)
		*vec_push(&out->rows) = queue;
}

static bool ask(int diag, uint8_t family)
{
	struct {
		struct nlmsghdr header;
		struct inet_diag_req_v2 request;
	} question = {
		.header = {.nlmsg_len = sizeof question,
			   .nlmsg_type = SOCK_DIAG_BY_FAMILY,
			   .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
		.request = {.sdiag_family = family,
			    .sdiag_protocol = IPPROTO_TCP,
			    .idiag_ext = 1 << (INET_DIAG_SKMEMINFO - 1),
			    .idiag_states = STATE_LISTEN},
	};

	return send(diag, &question, sizeof question, 0) == (ssize_t)sizeof question;
}

/* A dump is done when the kernel says so; it sends on as it is read. */
static bool read_dump(int diag, struct accept_queues *out)
{
	_Alignas(struct nlmsghdr) static char answer[ANSWER_BYTES];

	for (;;) {
		const ssize_t n = recv(diag, answer, sizeof answer, 0);
		if (n <= 0)
			return false;
		unsigned left = (unsigned)n;
		for (const struct nlmsghdr *h = (const struct nlmsghdr *)answer; NLMSG_OK(h, left);
		     h = NLMSG_NEXT(h, left)) {
			if (h->nlmsg_type == NLMSG_DONE)
				return true;
			if (h->nlmsg_type == NLMSG_ERROR)
				return false;
			if (h->nlmsg_len >= NLMSG_LENGTH(sizeof(struct inet_diag_msg)))
				take(out, h);
		}
	}
}

bool accept_queues_read(int diag, struct accept_queues *out)
{
	static const uint8_t families[] = {AF_INET, AF_INET6};

	for (size_t i = 0; i < sizeof families; i++)
		if (!ask(diag, families[i]) || !read_dump(diag, out))
			return false;
	return true;
}

void accept_queues_free(struct accept_queues *queues)
{
	vec_free(&queues->rows);
}
