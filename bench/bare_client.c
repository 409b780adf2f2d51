/* The least that a client can see of a server on this machine: one request a millisecond on one
 * blocking connection, nothing done besides. bench/load puts it beside what load generators say.
 *
 *     bare-client PORT COUNT
 *
 * Prints nanoseconds from before send(), a line a request: until the answer had come (the kernel's
 * stamp), and until recv() had given it to this thread, which had to be woken for it. The answer
 * must come in one piece.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"
#include "load/stamp.h"

/* The kernel begins to stamp some time after it was asked. */
enum { UNCOUNTED = 50 };

static int connect_to(uint16_t port)
{
	const struct sockaddr_in address = {.sin_family = AF_INET,
					    .sin_port = htons(port),
					    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	const int on = 1;
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
		perror("bare-client: connect");
		exit(1);
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return fd;
}

static void sleep_until(uint64_t at_ns)
{
	const struct timespec at = {.tv_sec = (time_t)(at_ns / NS_PER_S),
				    .tv_nsec = (long)(at_ns % NS_PER_S)};
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
}

int main(int argc, char **argv)
{
	static const char request[] =
		"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bare\r\n\r\n";
	struct stamp_clock clock = {0};
	char answer[4096];
	if (argc != 3)
		return 2;
	const int fd = connect_to((uint16_t)atoi(argv[1]));
	const long count = atol(argv[2]);
	stamp_ask(fd);
	prctl(PR_SET_TIMERSLACK, 1000, 0, 0, 0);
	const uint64_t begin_ns = clock_now_ns();
	for (long i = -UNCOUNTED; i < count; i++) {
		sleep_until(begin_ns + (uint64_t)(i + UNCOUNTED) * NS_PER_MS);
		const uint64_t sent_ns = clock_now_ns();
		uint64_t stamp_ns;
		if (send(fd, request, strlen(request), MSG_NOSIGNAL) < 0 ||
		    stamp_receive(fd, answer, sizeof answer, &stamp_ns) <= 0) {
			perror("bare-client: the server");
			return 1;
		}
		const uint64_t woken_ns = clock_now_ns();
		const uint64_t came_ns = stamp_to_monotonic(&clock, stamp_ns, sent_ns, woken_ns);
		if (i < 0)
			continue;
		if (!came_ns) {
			fprintf(stderr, "bare-client: the kernel stamps no packets\n");
			return 1;
		}
		printf("%" PRIu64 " %" PRIu64 "\n", came_ns - sent_ns, woken_ns - sent_ns);
	}
	return 0;
}
