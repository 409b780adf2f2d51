/* Waiting, with and without epoll_pwait2: events are told, instants are not missed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "load/waiter.h"

static void wait_and_look(bool forbid_pwait2)
{
	struct waiter w;
	struct epoll_event events[4], watched = {.events = EPOLLIN};
	int ends[2];
	assert_int_equal(waiter_open(&w, forbid_pwait2, NULL), ERR_OK);
	assert_true(!forbid_pwait2 || w.timer >= 0);
	waiter_use_thread();
	assert_int_equal(pipe(ends), 0);
	watched.data.ptr = ends;
	assert_int_equal(epoll_ctl(w.epoll, EPOLL_CTL_ADD, ends[0], &watched), 0);
	/* An instant: never before it. Twice, as the timer is set again. */
	for (int i = 0; i < 2; i++) {
		const uint64_t now_ns = clock_now_ns(), until_ns = now_ns + 3 * NS_PER_MS;
		assert_int_equal(waiter_wait(&w, events, 4, now_ns, until_ns), 0);
		assert_true(clock_now_ns() >= until_ns);
	}
	/* An instant that is past: no waiting. An event: told at once, long before the instant. */
	uint64_t now_ns = clock_now_ns();
	assert_int_equal(waiter_wait(&w, events, 4, now_ns, now_ns - NS_PER_S), 0);
	assert_int_equal(write(ends[1], "x", 1), 1);
	now_ns = clock_now_ns();
	assert_int_equal(waiter_wait(&w, events, 4, now_ns, now_ns + 3600 * NS_PER_S), 1);
	assert_ptr_equal(events[0].data.ptr, ends);
	assert_int_equal(waiter_wait(&w, events, 4, now_ns, 0), 1);
	close(ends[0]);
	close(ends[1]);
	waiter_close(&w);
}

static void test_by_the_kernel_that_is_here(void **state)
{
	(void)state;
	wait_and_look(false);
}

static void test_by_a_timer_as_before_linux_5_11(void **state)
{
	(void)state;
	wait_and_look(true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_the_kernel_that_is_here),
		cmocka_unit_test(test_by_a_timer_as_before_linux_5_11),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
