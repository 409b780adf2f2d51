/* What the kernel holds back after a send: seen, forgotten, written once it is gone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/held.h"
#include "agent_core_fakes.h"

static int start(void **state)
{
	(void)state;
	fake_core_start();
	return 0;
}

static int stop(void **state)
{
	(void)state;
	fake_core_stop();
	return 0;
}

static void set(int fd, int option, int value)
{
	assert_int_equal(setsockopt(fd, IPPROTO_TCP, option, &value, sizeof value), 0);
}

/* pair[0] accepted; it acknowledges late, as one that answers does. */
static void connected(int pair[2])
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001)};
	socklen_t length = sizeof in;
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&in, sizeof in), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&in, &length), 0);
	pair[1] = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(pair[1], (struct sockaddr *)&in, sizeof in), 0);
	pair[0] = accept(listener, NULL, NULL);
	assert_true(pair[0] >= 0);
	set(pair[0], TCP_QUICKACK, 0);
	close(listener);
}

/* Two small sends in a row. */
static struct handle *sent_twice(int fd)
{
	struct call c = {.start_ns = 1000, .unit = 7, .stacked = true, .stack = 5};
	struct handle *h = handle_open(fd, HANDLE_SOCKET, 100);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(send(fd, "x", 1, 0), 1);
		held_sent(h, fd, &c);
	}
	return h;
}

static void test_a_second_small_send_is_held(void **state)
{
	int pair[2];
	(void)state;
	assert_true(agent_need_channel());
	connected(pair);
	const struct handle *h = sent_twice(pair[1]);
	assert_int_equal(h->held_ns, 1000);
	assert_int_equal(h->held_bytes, 1);
	assert_int_equal(h->held_unit, 7);
	assert_int_equal(h->held_stack, 5);
	close(pair[0]);
	close(pair[1]);
}

static void test_nothing_is_held_without_delay(void **state)
{
	int pair[2], both[2];
	(void)state;
	assert_true(agent_need_channel());
	connected(pair);
	set(pair[1], TCP_NODELAY, 1);
	assert_int_equal(sent_twice(pair[1])->held_ns, 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, both), 0);
	assert_int_equal(sent_twice(both[1])->held_ns, 0);
	for (int i = 0; i < 2; i++) {
		close(pair[i]);
		close(both[i]);
	}
}

/* One of a listener's clients is asked for many; another listener's are others. */
static void test_clients_are_as_their_listener(void **state)
{
	int pair[2];
	(void)state;
	assert_true(agent_need_channel());
	connected(pair);
	struct handle *h = handle_open(pair[0], HANDLE_SOCKET, 100);
	held_accepted(h, 5);
	assert_false(h->is_prompt);
	struct call c = {.start_ns = 1000, .unit = 7, .stacked = true, .stack = 5};
	set(pair[0], TCP_NODELAY, 1);
	held_sent(h, pair[0], &c);
	held_sent(h, pair[0], &c);
	assert_true(h->is_prompt);
	for (int i = 0; i < 16; i++) {
		h = handle_open(pair[0], HANDLE_SOCKET, 100);
		held_accepted(h, i == 3 ? 6 : 5);
		assert_int_equal(h->is_prompt, i != 3);
	}
	h = handle_open(pair[0], HANDLE_SOCKET, 100);
	held_accepted(h, 5);
	assert_false(h->is_prompt); /* it is asked again */
	close(pair[0]);
	close(pair[1]);
}

/* Data left just now: what was held since 50 ms ago was held so long. */
static const struct channel_record *settled(const int pair[2], enum peer_kind kind,
					    uint64_t since_ns, size_t *count)
{
	struct handle *h = sent_twice(pair[1]);
	h->peer_kind = (uint8_t)kind;
	h->held_ns = agent_now_ns() - since_ns;
	held_settle(h, pair[1]);
	return fake_records(count);
}

static void test_a_hold_is_written(void **state)
{
	int pair[2];
	size_t count;
	(void)state;
	assert_true(agent_need_channel());
	connected(pair);
	(void)settled(pair, PEER_UNKNOWN, 1000, &count);
	assert_int_equal(count, 0);
	const struct channel_record *records = settled(pair, PEER_UNKNOWN, 500000000, &count);
	const struct channel_record *held =
		&records[count - 1]; /* before it: the first handle's close */
	assert_int_equal(held->kind, RECORD_HELD);
	assert_int_equal(held->flags, RECORD_NESTED);
	assert_int_equal(held->unit, 7);
	assert_true(held->bytes > 0);
	assert_true(held->dur_ns >= HELD_MIN_NS);
	records = settled(pair, PEER_CLIENT, 500000000, &count);
	assert_int_equal(records[count - 1].kind, RECORD_HELD);
	assert_int_equal(records[count - 1].unit, 0);
	close(pair[0]);
	close(pair[1]);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, start, stop)
	const struct CMUnitTest tests[] = {
		T(test_a_second_small_send_is_held),
		T(test_nothing_is_held_without_delay),
		T(test_clients_are_as_their_listener),
		T(test_a_hold_is_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
