#include "timing/counter.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

int counter_open(void)
{
	struct perf_event_attr attributes = {
		.type = PERF_TYPE_HARDWARE,
		.size = sizeof attributes,
		.config = PERF_COUNT_HW_INSTRUCTIONS,
		.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
		.inherit = 1,
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};
	return (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0);
}

const char *counter_why_not(int error)
{
	switch (error) {
	case EACCES:
	case EPERM:
		return "not allowed; sysctl kernel.perf_event_paranoid=2 allows it";
	case ENOSYS:
		return "this kernel has no counters";
	}
	return "no counter here"; /* ENOENT, EOPNOTSUPP, ENODEV: of this CPU, or machine */
}
