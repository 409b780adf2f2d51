/* What sched_setattr(2) takes, in its first form; no C library declares it, and the kernel's own
 * header cannot stand beside <sched.h>. Times are nanoseconds.
 */
#ifndef UNSLOW_BASE_SCHED_ATTR_H
#define UNSLOW_BASE_SCHED_ATTR_H

#include <stdint.h>

enum { SCHED_ATTR_RESET_ON_FORK = 1 };

/* Of SCHED_OTHER `runtime_ns` is the slice, from Linux 6.12 on (kernel/sched/syscalls.c,
 * __setparam_fair): whose slice is shorter goes first when it wakes. No privilege is needed, older
 * kernels leave the thread as it is. This is the shortest that is taken. */
#define SCHED_ATTR_SHORTEST_SLICE_NS 100000

struct sched_attr_now {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime_ns, deadline_ns, period_ns;
};
_Static_assert(sizeof(struct sched_attr_now) == 48, "SCHED_ATTR_SIZE_VER0");

#endif
