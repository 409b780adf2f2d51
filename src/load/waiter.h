/* Waiting for events of descriptors, or for an instant, to the microsecond.
 *
 * epoll_wait counts in milliseconds, which alone would make a request 0.5 ms late in the mean.
 * epoll_pwait2 (Linux 5.11) counts in nanoseconds; before it a timerfd in the same set does.
 * A thread's timers may be served up to 50 us late (timer slack, prctl(2)): 1 us is asked for.
 */
#ifndef UNSLOW_LOAD_WAITER_H
#define UNSLOW_LOAD_WAITER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

#include "base/err.h"

struct waiter {
	int epoll;
	int timer; /* -1: epoll_pwait2 */
};

/* `forbid_pwait2`: as if the kernel were older; for tests. */
MUST_CHECK enum err_kind waiter_open(struct waiter *w, bool forbid_pwait2, struct err *e);
void waiter_close(struct waiter *w);
/* Called once by the thread that waits. */
void waiter_use_thread(void);

/* Up to `most` events into `events`, the timer's own not among them; waits until `until_ns` at the
 * longest, not at all if that is past. Returns how many; 0 also for a signal. */
int waiter_wait(struct waiter *w, struct epoll_event *events, int most, uint64_t now_ns,
		uint64_t until_ns);

#endif
