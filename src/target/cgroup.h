/* What a control group allows a process, and what it took: CPU quota and throttling, memory limit.
 *
 * Version 1 (Documentation/admin-guide/cgroup-v1/, scheduler/sched-bwc.rst) and version 2
 * (admin-guide/cgroup-v2.rst), which a machine may mix. A limit may be set on any level above a
 * process (a pod's above its container's): the tightest one is what binds it, and only that level
 * counts its throttling. Reads files only; their text is the kernel's, but paths in it are of
 * whoever made the groups: bounded, never interpreted.
 */
#ifndef UNSLOW_TARGET_CGROUP_H
#define UNSLOW_TARGET_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CGROUP_PATH_SIZE = 512 };

/* Where one controller's files of a process are. */
struct cgroup_place {
	char directory[CGROUP_PATH_SIZE]; /* "": there is none that can be read */
	size_t top;   /* bytes of it that are the mount point: no level is above */
	bool unified; /* version 2 */
};

struct cgroup {
	struct cgroup_place cpu, usage, memory;
};

/* -1: not known; of a limit: there is none. Counters are sums since the group was made. */
struct cgroup_facts {
	char cpu_path[CGROUP_PATH_SIZE]; /* the level whose quota binds, else the process's own */
	int64_t quota_ns, period_ns;     /* CPU time that may be used in each period */
	int64_t periods, throttled_periods;
	int64_t throttled_ns;    /* summed over CPUs */
	int64_t cpu_ns;          /* of the process's own group */
	int64_t cpu_pressure_ns; /* time in which a task of it waited for a CPU */
	int64_t memory_limit_bytes, memory_bytes;
	int64_t memory_pressure_ns; /* time in which a task of it waited for memory */
	int64_t oom_kills;
};

/* `groups` is the text of /proc/PID/cgroup, `mounts` of /proc/self/mountinfo. */
void cgroup_find(const char *groups, const char *mounts, struct cgroup *out);
void cgroup_read(const struct cgroup *group, struct cgroup_facts *out);
/* The whole machine, where it says the same of itself (/proc/pressure, meminfo, vmstat). */
void cgroup_read_machine(struct cgroup_facts *out);

/* The value behind `key` in lines "key value"; -1: there is none. */
int64_t cgroup_value(const char *text, const char *key);
/* "some avg10=0.00 … total=US": that total in ns; -1: not such a text. */
int64_t cgroup_pressure_ns(const char *text);
/* "max 100000", "50000 100000". False: not such a text. No limit: *quota_ns is -1. */
bool cgroup_cpu_max(const char *text, int64_t *quota_ns, int64_t *period_ns);

#endif
