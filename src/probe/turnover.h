/* What the descriptors of processes lead to, seen from outside: evidence of connections where no
 * agent counts them.
 *
 * Four times a second /proc/PID/fd is listed and each socket looked up by inode in
 * /proc/PID/net; a second's looks are rows of peer_second (schema.sql). A connection that lives
 * shorter than a look is missed there, but the kernel keeps each ended TCP connection for a minute
 * (TIME-WAIT), with its age, so those are counted whole, if for all processes together. What a look
 * costs decides when the next one is: never more than TURNOVER_CPU_SHARE of a core. Reads /proc
 * only; one struct a recording, driven by one thread.
 */
#ifndef UNSLOW_PROBE_TURNOVER_H
#define UNSLOW_PROBE_TURNOVER_H

#include <stdint.h>

#include "base/err.h"
#include "recording/recording.h"

#define TURNOVER_PERIOD_NS UINT64_C(250000000)
#define TURNOVER_CPU_SHARE 0.003

struct turnover;

/* `recording` must outlive it. */
MUST_CHECK enum err_kind turnover_start(struct turnover **out, struct recording *recording,
					struct err *e);
void turnover_free(struct turnover *peers); /* NULL is allowed; before recording_close */
/* Looks if it is time for one. ERR_SYSTEM: the file cannot grow. */
MUST_CHECK enum err_kind turnover_look(struct turnover *peers, uint64_t now_ns, struct err *e);
/* A last look whatever the time, and the second that is open. */
MUST_CHECK enum err_kind turnover_finish(struct turnover *peers, uint64_t now_ns, struct err *e);

#endif
