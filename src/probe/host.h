/* The host, once a second: CPU, run queue, memory, descriptors and threads of
 * the machine and of each Python process of a recording.
 *
 * Rows of host_second (schema.sql), and what cpu_use.h and limits.h add. Which processes there are
 * is read from the recording itself. Reads /proc only; one struct a recording, driven by one
 * thread.
 */
#ifndef UNSLOW_PROBE_HOST_H
#define UNSLOW_PROBE_HOST_H

#include <stdint.h>

#include "base/err.h"
#include "recording/recording.h"

#define HOST_PERIOD_NS UINT64_C(1000000000)

struct host;

/* `recording` must outlive it. */
MUST_CHECK enum err_kind host_start(struct host **out, struct recording *recording, struct err *e);
void host_free(struct host *host); /* NULL is allowed; before recording_close */
/* Writes rows if HOST_PERIOD_NS has passed since the last ones. The first call
 * only takes the counters' starting values. ERR_SYSTEM: the file cannot grow. */
MUST_CHECK enum err_kind host_sample(struct host *host, uint64_t now_ns, struct err *e);

#endif
