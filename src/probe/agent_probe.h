/* The agent's channel, seen from the program: makes the directory, follows the
 * processes that appear in it, drains their rings into a recording.
 *
 * One thread drives it: agent_probe_drain() every agent_probe_period_ms(), and at
 * once when agent_probe_fd() is readable (inotify: a new process). What it
 * reads is hostile: each length, id and offset is copied once, then checked.
 */
#ifndef UNSLOW_PROBE_AGENT_PROBE_H
#define UNSLOW_PROBE_AGENT_PROBE_H

#include <stdint.h>

#include "agent/channel.h"
#include "base/err.h"
#include "recording/ingest.h"

/* Between two drains. Waking up costs more than a quiet ring's records, so only busy
 * rings are looked at often: at 50 ms a ring of 8192 takes 160,000 records/s. */
#define AGENT_PROBE_BUSY_MS 20
#define AGENT_PROBE_QUIET_MS 50

/* What the agent is called on disk and in the maps of a process. */
#define AGENT_FILE_NAME "libunslow-agent.so"

struct agent_probe;

/* Makes the channel directory (0700, /dev/shm if it has room, else
 * XDG_RUNTIME_DIR, else /tmp), removes those of dead owners, writes `control`. */
MUST_CHECK enum err_kind agent_probe_start(struct agent_probe **out, struct ingest *ingest,
					   struct err *e);
const char *agent_probe_directory(const struct agent_probe *probe); /* for CHANNEL_ENV */
/* How the agents sample; before any process has them. CHANNEL_ENGINE_AUTO at CHANNEL_TICK_HZ within
 * CHANNEL_TICK_BUDGET_PERMILLE, if it is not called. */
void agent_probe_choose_engine(struct agent_probe *probe, enum channel_engine engine, uint32_t hz,
			       uint32_t budget_permille);
/* What of exact calls and lines the agents count; its generation is given here. Before any process
 * has them, or later. */
struct calls_control;
void agent_probe_choose_calls(struct agent_probe *probe, const struct calls_control *wish);
/* Asks all processes for a walk of their heap, now. */
void agent_probe_walk(struct agent_probe *probe);
/* Likewise of the sampled heap. */
struct heap_control;
void agent_probe_choose_heap(struct agent_probe *probe, const struct heap_control *wish);
/* Where the agent of that process says its units are to be read; all 0: it does not (yet), or there
 * is no such process. Unchecked: it is the process's word. */
void agent_probe_units(const struct agent_probe *probe, uint32_t serial,
		       struct channel_units *units);
int agent_probe_fd(const struct agent_probe *probe);
/* Milliseconds until the next drain is due, by how full the last one found the rings. */
int agent_probe_period_ms(const struct agent_probe *probe);
/* Reads all there is. ERR_SYSTEM when the recording cannot be written (disk
 * full): the caller stops recording, the app goes on. */
MUST_CHECK enum err_kind agent_probe_drain(struct agent_probe *probe, struct err *e);

struct agent_probe_counts {
	uint32_t processes;    /* that made a channel */
	uint32_t processes_on; /* with their agent on */
	uint32_t refused;      /* that could make none: no room, the limit, not permitted */
	uint64_t units_begun, units_ended;
	uint64_t records, dropped; /* dropped: all losses together */
};
struct agent_probe_counts agent_probe_count(const struct agent_probe *probe);
/* Puts the agents to sleep, drains a last time, removes the directory. */
MUST_CHECK enum err_kind agent_probe_stop(struct agent_probe *probe, struct err *e);
void agent_probe_free(struct agent_probe *probe); /* NULL is allowed */

/* Whether `unslow detach` has put the agents of this run to sleep. */
bool agent_probe_is_detached(const struct agent_probe *probe);

/* Whether the process has the agent, and it a channel. */
bool agent_probe_in(int pid);
/* Whether it has, and the agent was told to sleep, or nobody reads its channel any more. */
bool agent_probe_sleeps(int pid);
/* `unslow detach`: the channel directory a process has mapped (from
 * /proc/PID/maps), set to sleep. ERR_NO_TARGET if it has none. */
MUST_CHECK enum err_kind agent_probe_put_to_sleep(int pid, struct err *e);
/* `unslow attach PID --calls`: the same, asked to count. ERR_NO_TARGET also where nobody reads it.
 */
MUST_CHECK enum err_kind agent_probe_ask_calls(int pid, const struct calls_control *wish,
					       struct err *e);
/* `unslow attach PID --walk`: the processes of its run walk their heaps. ERR_NO_TARGET likewise. */
MUST_CHECK enum err_kind agent_probe_ask_walk(int pid, struct err *e);
/* `unslow attach PID --memory`: the same of the sampled heap. */
MUST_CHECK enum err_kind agent_probe_ask_heap(int pid, const struct heap_control *wish,
					      struct err *e);

#endif
