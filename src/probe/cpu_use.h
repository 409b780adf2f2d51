/* Who has the machine's CPUs: the app, unslow itself with its load, others, the hypervisor.
 *
 * About once a second every process of /proc is looked at, as seldom as keeps this below half a
 * percent of a CPU. What no process accounts for (ended between two looks) counts as others'. Rows
 * of cpu_use (schema.sql). One struct a recording, driven by one thread.
 */
#ifndef UNSLOW_PROBE_CPU_USE_H
#define UNSLOW_PROBE_CPU_USE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "recording/recording.h"

struct cpu_use;

/* `recording` must outlive it. */
MUST_CHECK enum err_kind cpu_use_start(struct cpu_use **out, struct recording *recording,
				       struct err *e);
void cpu_use_free(struct cpu_use *use); /* NULL is allowed */
/* `pids`: processes of the recording; with all that descends from them they are the app. The first
 * look only takes the counters' starting values. */
MUST_CHECK enum err_kind cpu_use_look(struct cpu_use *use, const int *pids, int count,
				      uint64_t now_ns, struct err *e);

/* Ticks of /proc/stat's first line: used by anybody, and taken by the hypervisor. False: not such a
 * text. */
bool cpu_use_machine(const char *text, uint64_t *used_ticks, uint64_t *stolen_ticks);

#endif
