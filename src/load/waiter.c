#include "load/waiter.h"

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/clock.h"

enum { SLACK_NS = 1000 };

#ifndef SYS_epoll_pwait2
#define SYS_epoll_pwait2 441 /* the same on every architecture since 5.11 */
#endif

static struct timespec as_timespec(uint64_t ns)
{
	return (struct timespec){.tv_sec = (time_t)(ns / NS_PER_S),
				 .tv_nsec = (long)(ns % NS_PER_S)};
}

/* By number: libc has a name for it only since glibc 2.35. */
static int pwait2(int epoll, struct epoll_event *events, int most, uint64_t wait_ns)
{
	const struct timespec wait = as_timespec(wait_ns);
	return (int)syscall(SYS_epoll_pwait2, epoll, events, most, &wait, NULL, 0);
}

enum err_kind waiter_open(struct waiter *w, bool forbid_pwait2, struct err *e)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
	*w = (struct waiter){.epoll = epoll_create1(EPOLL_CLOEXEC), .timer = -1};
	if (w->epoll < 0)
		return ERR(e, ERR_SYSTEM, "epoll_create1 failed");
	/* Container filters of system calls may answer EPERM. */
	if (!forbid_pwait2 && pwait2(w->epoll, &event, 1, 0) >= 0)
		return ERR_OK;
	w->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (w->timer < 0 || epoll_ctl(w->epoll, EPOLL_CTL_ADD, w->timer, &event) != 0) {
		const enum err_kind kind = ERR(e, ERR_SYSTEM, "timerfd_create failed");
		waiter_close(w);
		return kind;
	}
	return ERR_OK;
}

void waiter_close(struct waiter *w)
{
	if (w->epoll >= 0)
		close(w->epoll);
	if (w->timer >= 0)
		close(w->timer);
	*w = (struct waiter){.epoll = -1, .timer = -1};
}

void waiter_use_thread(void)
{
	/* Without it the wake-ups are 50 us late, which the lateness will say. */
	(void)prctl(PR_SET_TIMERSLACK, SLACK_NS, 0, 0, 0);
}

static int wait_by_timer(struct waiter *w, struct epoll_event *events, int most, bool is_past,
			 uint64_t until_ns)
{
	const struct itimerspec at = {.it_value = as_timespec(until_ns)};
	if (!is_past)
		(void)timerfd_settime(w->timer, TFD_TIMER_ABSTIME, &at, NULL);
	const int got = epoll_wait(w->epoll, events, most, is_past ? 0 : -1);
	int kept = 0;
	for (int i = 0; i < got; i++)
		if (events[i].data.ptr) /* a timer that was set again is no longer readable */
			events[kept++] = events[i];
	return kept;
}

int waiter_wait(struct waiter *w, struct epoll_event *events, int most, uint64_t now_ns,
		uint64_t until_ns)
{
	const bool is_past = until_ns <= now_ns;
	if (w->timer >= 0)
		return wait_by_timer(w, events, most, is_past, until_ns);
	const int got = pwait2(w->epoll, events, most, is_past ? 0 : until_ns - now_ns);
	return got < 0 ? 0 : got;
}
