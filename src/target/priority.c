#include "target/priority.h"

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The C library has no functions for these. */
static bool set(const struct sched_attr_now *attr)
{
	return syscall(SYS_sched_setattr, 0, attr, 0) == 0;
}

static bool get(struct sched_attr_now *attr)
{
	return syscall(SYS_sched_getattr, 0, attr, sizeof *attr, 0) == 0;
}

void priority_wake_soon(void)
{
	struct sched_attr_now attr = {0};
	if (!get(&attr) || attr.policy != SCHED_OTHER)
		return;
	attr.flags = SCHED_ATTR_RESET_ON_FORK;
	attr.runtime_ns = SCHED_ATTR_SHORTEST_SLICE_NS;
	set(&attr);
}

void priority_raise(struct priority *priority)
{
	const struct sched_attr_now first = {
		.size = sizeof first,
		.policy = SCHED_FIFO,
		.flags = SCHED_ATTR_RESET_ON_FORK,
		.priority = 1,
	};
	priority->is_raised = get(&priority->before) && set(&first);
}

void priority_restore(struct priority *priority)
{
	if (priority->is_raised)
		set(&priority->before);
	priority->is_raised = false;
}
