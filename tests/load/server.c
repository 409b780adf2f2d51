/* A server for the tests and benchmarks of `unslow load`: README.md of this folder.
 *
 *     load-server [--port N] [--busy-us N] [--log FILE] [--answers FILE] [--manner NAME]
 *
 * Prints "PORT\n" once it listens. The log holds CLOCK_MONOTONIC nanoseconds, a line an arrival of
 * a request, kept in memory and written at the end; the log of answers, in the same order, when
 * each was handed to the kernel. A request ends at its empty line; bodies of requests are not
 * understood.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"

enum { EVENTS = 256, DESCRIPTORS = 65536, BACKLOG = 4096, HEAD_MAX = 16384 };

/* What a request is answered with; NULL: nothing. */
struct manner {
	const char *name;
	const char *answer;
	bool closes;     /* the connection, behind the answer */
	bool one_by_one; /* a byte of the answer each 100 ms, for ever the first */
	bool endless;    /* `answer`, then bytes without end */
	bool pins;       /* serves the first connection only, as long as it lives */
};

#define HELLO \
	"HTTP/1.1 200 OK\r\nContent-Length: 12\r\nContent-Type: text/plain\r\n\r\nHello world\n"

static const struct manner manners[] = {
	{.name = "good", .answer = HELLO},
	{.name = "close",
	 .answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
	 .closes = true},
	{.name = "drop",
	 .answer = HELLO,
	 .closes = true}, /* says keep-alive, closes all the same */
	{.name = "garbage", .answer = "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"},
	{.name = "nothing"},
	{.name = "cut",
	 .answer = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
	 .closes = true},
	{.name = "slow-loris", .answer = HELLO, .one_by_one = true},
	{.name = "endless",
	 .answer = "HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n",
	 .endless = true},
	{.name = "error", .answer = "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy"},
	{.name = "pin", .answer = HELLO, .pins = true},
	{.name = "cookie",
	 .answer = "HTTP/1.1 200 OK\r\nSet-Cookie: sid=42; Path=/\r\nContent-Length: "
		   "0\r\n\r\n"},
	{0},
};

static const struct manner *manner = manners;
static uint64_t busy_ns;
struct times {
	uint64_t *at_ns;
	size_t count, capacity;
	FILE *out; /* NULL: nobody wants to know */
};
static struct times arrivals, answers;
static struct {
	uint8_t matched; /* of the \r\n\r\n that ends a request */
	bool is_endless;
	size_t trickled; /* bytes of the answer that are out */
	bool trickles;
} peers[DESCRIPTORS];
static int pinned = -1;
static volatile sig_atomic_t ended;

static void on_signal(int number)
{
	(void)number;
	ended = 1;
}

static void note_time(struct times *times)
{
	if (!times->out)
		return;
	if (times->count == times->capacity) {
		times->capacity = times->capacity ? times->capacity * 2 : 1 << 20;
		times->at_ns = realloc(times->at_ns, times->capacity * sizeof(uint64_t));
		if (!times->at_ns)
			abort();
	}
	times->at_ns[times->count++] = clock_now_ns();
}

static void be_busy(void)
{
	const uint64_t end_ns = busy_ns ? clock_now_ns() + busy_ns : 0;
	while (busy_ns && clock_now_ns() < end_ns)
		;
}

static void drop(int fd)
{
	if (fd == pinned)
		pinned = -1;
	memset(&peers[fd], 0, sizeof peers[fd]);
	close(fd);
}

/* False: the connection is gone. */
static bool answer(int epoll, int fd)
{
	note_time(&arrivals);
	be_busy();
	if (!manner->answer)
		return true;
	if (manner->one_by_one) {
		peers[fd].trickles = true;
		return true;
	}
	const size_t length = strlen(manner->answer);
	const ssize_t sent = send(fd, manner->answer, length, MSG_NOSIGNAL);
	note_time(&answers);
	if (sent != (ssize_t)length || manner->closes) {
		drop(fd);
		return false;
	}
	if (manner->endless) {
		struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.fd = fd};
		peers[fd].is_endless = true;
		epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event);
	}
	return true;
}

static void read_requests(int epoll, int fd)
{
	char buffer[HEAD_MAX];
	const ssize_t got = recv(fd, buffer, sizeof buffer, 0);
	if (got == 0 || (got < 0 && errno != EAGAIN)) {
		drop(fd);
		return;
	}
	for (ssize_t i = 0; i < got; i++) {
		uint8_t *matched = &peers[fd].matched;
		*matched = buffer[i] == "\r\n\r\n"[*matched] ? *matched + 1 : buffer[i] == '\r';
		if (*matched < 4)
			continue;
		*matched = 0;
		if (!answer(epoll, fd))
			return;
	}
}

static void serve(int epoll, int fd, uint32_t events)
{
	static const char zeros[65536];
	if (manner->pins && pinned != fd) {
		if (pinned >= 0)
			return; /* level-triggered: asked again until the pinned one goes */
		pinned = fd;
	}
	if (peers[fd].is_endless && (events & EPOLLOUT) &&
	    send(fd, zeros, sizeof zeros, MSG_NOSIGNAL) < 0 && errno != EAGAIN) {
		drop(fd);
		return;
	}
	if (events & ~(uint32_t)EPOLLOUT)
		read_requests(epoll, fd);
}

static void trickle(void)
{
	for (int fd = 0; fd < DESCRIPTORS; fd++) {
		if (!peers[fd].trickles || peers[fd].trickled + 1 >= strlen(manner->answer))
			continue;
		if (send(fd, manner->answer + peers[fd].trickled, 1, MSG_NOSIGNAL) == 1)
			peers[fd].trickled++;
	}
}

static void accept_all(int epoll, int listener)
{
	int fd;
	const int on = 1;
	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
		struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
		if (fd >= DESCRIPTORS) {
			close(fd);
			continue;
		}
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
		epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
	}
}

static int listen_on(uint16_t port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
	socklen_t length = sizeof address;
	const int on = 1;
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, (struct sockaddr *)&address, length) != 0 || listen(fd, BACKLOG) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &length) != 0) {
		perror("load-server: listen");
		exit(1);
	}
	printf("%u\n", ntohs(address.sin_port));
	fflush(stdout);
	return fd;
}

static void write_times(struct times *times)
{
	for (size_t i = 0; times->out && i < times->count; i++)
		fprintf(times->out, "%" PRIu64 "\n", times->at_ns[i]);
	if (times->out && fclose(times->out) != 0)
		perror("load-server: log");
}

static const struct manner *find_manner(const char *name)
{
	for (const struct manner *m = manners; m->name; m++)
		if (strcmp(m->name, name) == 0)
			return m;
	fprintf(stderr, "load-server: no manner '%s'; there are:", name);
	for (const struct manner *m = manners; m->name; m++)
		fprintf(stderr, " %s", m->name);
	fputc('\n', stderr);
	exit(2);
}

static uint16_t read_options(int argc, char **argv)
{
	uint16_t port = 0;
	for (int i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--port") == 0)
			port = (uint16_t)atoi(argv[i + 1]);
		else if (strcmp(argv[i], "--busy-us") == 0)
			busy_ns = (uint64_t)atol(argv[i + 1]) * NS_PER_US;
		else if (strcmp(argv[i], "--manner") == 0)
			manner = find_manner(argv[i + 1]);
		else if (strcmp(argv[i], "--log") == 0 && (arrivals.out = fopen(argv[i + 1], "we")))
			continue;
		else if (strcmp(argv[i], "--answers") == 0 &&
			 (answers.out = fopen(argv[i + 1], "we")))
			continue;
		else
			fprintf(stderr, "load-server: not understood: %s\n", argv[i]);
	}
	return port;
}

int main(int argc, char **argv)
{
	struct epoll_event events[EVENTS];
	const int listener = listen_on(read_options(argc, argv));
	const int epoll = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
	epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
	event.data.fd = STDIN_FILENO; /* a pipe of the test, or /dev/null, which epoll refuses */
	epoll_ctl(epoll, EPOLL_CTL_ADD, STDIN_FILENO, &event);
	signal(SIGTERM, on_signal);
	signal(SIGINT, on_signal);
	while (!ended) {
		const int count = epoll_wait(epoll, events, EVENTS, manner->one_by_one ? 100 : -1);
		for (int i = 0; i < count; i++) {
			const int fd = events[i].data.fd;
			char byte;
			if (fd == listener)
				accept_all(epoll, listener);
			else if (fd != STDIN_FILENO)
				serve(epoll, fd, events[i].events);
			else if (read(STDIN_FILENO, &byte, 1) <= 0)
				ended = 1;
		}
		if (manner->one_by_one)
			trickle();
	}
	write_times(&arrivals);
	write_times(&answers);
	return 0;
}
