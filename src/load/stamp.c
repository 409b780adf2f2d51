#include "load/stamp.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

void stamp_ask(int fd)
{
	const int on = 1;
	(void)setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
}

int stamp_hold(void)
{
	const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd >= 0)
		stamp_ask(fd);
	return fd;
}

ssize_t stamp_receive(int fd, char *buffer, size_t size, uint64_t *stamp_ns)
{
	union {
		struct cmsghdr aligned;
		char bytes[CMSG_SPACE(sizeof(struct timespec))];
	} control;
	struct iovec part = {.iov_base = buffer, .iov_len = size};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = control.bytes,
				 .msg_controllen = sizeof control.bytes};
	const ssize_t count = recvmsg(fd, &message, 0);
	const struct cmsghdr *header = count > 0 ? CMSG_FIRSTHDR(&message) : NULL;
	*stamp_ns = 0;
	if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_TIMESTAMPNS) {
		struct timespec at;
		memcpy(&at, CMSG_DATA(header), sizeof at);
		*stamp_ns = (uint64_t)at.tv_sec * NS_PER_S + (uint64_t)at.tv_nsec;
	}
	return count;
}

/* False: the clock was set since the last look, so a stamp may be of before or of after. */
static bool look_up(struct stamp_clock *clock)
{
	const bool is_first = clock->looked_ns == 0;
	const uint64_t last_ns = clock->offset_ns;
	const uint64_t before_ns = clock_now_ns();
	const uint64_t real_ns = clock_read_ns(CLOCK_REALTIME);
	clock->looked_ns = clock_now_ns();
	clock->offset_ns = real_ns - (before_ns + (clock->looked_ns - before_ns) / 2);
	return is_first || clock->offset_ns - last_ns + STAMP_STEP_NS <= 2 * STAMP_STEP_NS;
}

uint64_t stamp_to_monotonic(struct stamp_clock *clock, uint64_t stamp_ns, uint64_t after_ns,
			    uint64_t now_ns)
{
	if (!stamp_ns)
		return 0;
	/* An interrupt between its two reads spoils one look; a second one is as good as sure. */
	for (int looks = now_ns - clock->looked_ns > STAMP_EVERY_NS; looks < 3; looks++) {
		if (looks && !look_up(clock))
			return 0;
		const uint64_t at_ns = stamp_ns - clock->offset_ns;
		if (at_ns >= after_ns && at_ns <= now_ns)
			return at_ns;
	}
	return 0;
}
