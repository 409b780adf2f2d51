/* What limits the app besides its own code, once a second: the quota and memory limit of its
 * control groups, the machine's memory, page faults that wait for a disk.
 *
 * Rows of cgroup_second and fault_second (schema.sql). A process's groups are looked up again each
 * time: it may be moved. One struct a recording, driven by one thread.
 */
#ifndef UNSLOW_PROBE_HOST_LIMITS_H
#define UNSLOW_PROBE_HOST_LIMITS_H

#include <stdint.h>

#include "base/err.h"
#include "recording/recording.h"

struct limits;

/* `recording` must outlive it. */
MUST_CHECK enum err_kind limits_start(struct limits **out, struct recording *recording,
				      struct err *e);
void limits_free(struct limits *limits); /* NULL is allowed */
/* Before the processes of a second. */
MUST_CHECK enum err_kind limits_look_machine(struct limits *limits, uint64_t now_ns, struct err *e);
/* One process of the recording; a group is written for the first of its processes in each second.
 */
MUST_CHECK enum err_kind limits_look(struct limits *limits, int64_t process, int pid,
				     uint64_t now_ns, struct err *e);

#endif
