/* The kernel's stamps: given where they can be, turned into CLOCK_MONOTONIC, not believed where
 * they cannot be true. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "load/stamp.h"

#define HOUR_NS (3600 * NS_PER_S)

static void connect_pair(int ends[2])
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof at;
	const int listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &length), 0);
	ends[0] = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(ends[0], (struct sockaddr *)&at, sizeof at), 0);
	ends[1] = accept(listener, NULL, NULL);
	close(listener);
}

static void test_bytes_over_tcp_carry_the_time_they_came(void **state)
{
	struct stamp_clock clock = {0};
	uint64_t stamp_ns = 0, before_ns = 0, behind_ns = 0;
	char byte;
	int ends[2];
	(void)state;
	connect_pair(ends);
	const int held = stamp_hold();
	stamp_ask(ends[0]);
	/* The kernel begins to stamp some time after it was asked. */
	for (int tries = 0; tries < 1000 && !stamp_ns; tries++) {
		usleep(tries ? 1000 : 0);
		before_ns = clock_now_ns();
		assert_int_equal(send(ends[1], "x", 1, 0), 1);
		behind_ns = clock_now_ns();
		assert_int_equal(stamp_receive(ends[0], &byte, 1, &stamp_ns), 1);
	}
	usleep(20000); /* as if the thread had been woken late */
	close(held);
	close(ends[0]);
	close(ends[1]);
	if (!stamp_ns)
		skip(); /* a kernel without */
	const uint64_t at_ns = stamp_to_monotonic(&clock, stamp_ns, before_ns, clock_now_ns());
	assert_in_range(at_ns, before_ns, behind_ns);
}

static void test_a_unix_socket_has_none(void **state)
{
	uint64_t stamp_ns = 1;
	char byte;
	int ends[2];
	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	assert_int_equal(send(ends[1], "x", 1, 0), 1);
	assert_int_equal(stamp_receive(ends[0], &byte, 1, &stamp_ns), 1);
	assert_int_equal(byte, 'x');
	assert_int_equal(stamp_ns, 0);
	assert_int_equal(stamp_to_monotonic(&(struct stamp_clock){0}, 0, 0, clock_now_ns()), 0);
	close(ends[1]);
	assert_int_equal(stamp_receive(ends[0], &byte, 1, &stamp_ns), 0);
	close(ends[0]);
}

/* The first stamp after that may be of before: forward by less than the request took, it would seem
 * to have come sooner. */
static void test_a_clock_that_was_set_is_looked_up_again(void **state)
{
	static const int64_t steps_ns[] = {HOUR_NS, -HOUR_NS, 6 * NS_PER_MS, -6 * NS_PER_MS};
	(void)state;
	for (size_t i = 0; i < sizeof steps_ns / sizeof *steps_ns; i++) {
		const uint64_t now_ns = clock_now_ns(), real_ns = clock_read_ns(CLOCK_REALTIME);
		const uint64_t stamp_ns = real_ns - 5 * NS_PER_MS, after_ns = now_ns - NS_PER_S;
		struct stamp_clock clock = {.offset_ns = real_ns - now_ns - (uint64_t)steps_ns[i],
					    .looked_ns = now_ns - 2 * STAMP_EVERY_NS};
		assert_int_equal(stamp_to_monotonic(&clock, stamp_ns, after_ns, now_ns), 0);
		assert_in_range(clock.offset_ns, real_ns - now_ns - NS_PER_S,
				real_ns - now_ns + NS_PER_S);
		assert_in_range(stamp_to_monotonic(&clock, stamp_ns, after_ns, now_ns), after_ns,
				now_ns);
	}
}

/* One that was set a little stays unseen until the next look. */
static void test_it_is_looked_up_often(void **state)
{
	const uint64_t now_ns = clock_now_ns(), real_ns = clock_read_ns(CLOCK_REALTIME);
	const uint64_t off_ns = real_ns - now_ns + 50 * NS_PER_MS;
	struct stamp_clock clock = {.offset_ns = off_ns, .looked_ns = now_ns};
	(void)state;
	(void)stamp_to_monotonic(&clock, real_ns, now_ns - NS_PER_S, now_ns + STAMP_EVERY_NS / 2);
	assert_int_equal(clock.offset_ns, off_ns);
	(void)stamp_to_monotonic(&clock, real_ns, now_ns - NS_PER_S, now_ns + 2 * STAMP_EVERY_NS);
	assert_true(clock.offset_ns < off_ns);
}

static void test_what_cannot_be_is_not_believed(void **state)
{
	const uint64_t now_ns = clock_now_ns(), real_ns = clock_read_ns(CLOCK_REALTIME);
	struct stamp_clock clock = {0};
	(void)state;
	assert_int_equal(stamp_to_monotonic(&clock, real_ns - HOUR_NS, now_ns - NS_PER_S, now_ns),
			 0);
	assert_int_equal(stamp_to_monotonic(&clock, real_ns + HOUR_NS, now_ns - NS_PER_S, now_ns),
			 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes_over_tcp_carry_the_time_they_came),
		cmocka_unit_test(test_a_unix_socket_has_none),
		cmocka_unit_test(test_a_clock_that_was_set_is_looked_up_again),
		cmocka_unit_test(test_it_is_looked_up_often),
		cmocka_unit_test(test_what_cannot_be_is_not_believed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
