/* What `run` records with: the file, the ingest, the agent's channel and the
 * host's counters behind one face.
 *
 * If the file cannot be written (disk full), recording stops once and says so;
 * the command goes on. Every call is for the one thread of `run`.
 */
#ifndef UNSLOW_CMD_RECORDER_H
#define UNSLOW_CMD_RECORDER_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "probe/agent_probe.h"
#include "probe/host.h"
#include "probe/turnover.h"
#include "recording/ingest.h"
#include "recording/recording.h"

struct recorder {
	char path[PATH_MAX];
	struct recording *recording; /* NULL: none, or stopped */
	struct ingest *ingest;
	struct agent_probe *probe; /* NULL: without agent */
	struct host *host;
	struct turnover *turnover;        /* without agent: connections, seen from outside */
	struct agent_probe_counts counts; /* kept after the probe has gone */
	bool refused_said;
	bool detached; /* by `unslow detach`, and noted */
	bool stopped;  /* could not go on; was said */
};

/* Makes the file at `path` (recording_path.h) and, if `with_agent`, the channel; a channel that
 * cannot be made is said and done without. recorder_close in any case. */
MUST_CHECK enum err_kind recorder_open(struct recorder *recorder, uint64_t max_bytes,
				       bool with_agent, struct err *e);
/* What is known before the command starts. */
void recorder_describe(struct recorder *recorder, char *const *command, int count);
/* Every agent_probe_period_ms(). */
void recorder_tick(struct recorder *recorder);
/* Last records, meta, one file. ERR_SYSTEM if it could not be finished. */
MUST_CHECK enum err_kind recorder_close(struct recorder *recorder, int exit_status, struct err *e);

#endif
