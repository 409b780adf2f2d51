#include "agent/late_reader.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agent/core.h"
#include "agent/proc_text.h"
#include "agent/raw.h"
#include "base/clock.h"

#define LOOK_NS (200 * NS_PER_MS)
#define STAT_START 22 /* proc(5): number of the field starttime in /proc/PID/stat */
#define STAT_STATE 3

#define NOT_SEEN UINT64_MAX

static _Atomic uint64_t began_ticks = NOT_SEEN; /* of the reader, since boot */
static _Atomic uint64_t look_ns;                /* when it is due to be looked at again */
static _Atomic bool gone;                       /* as it was seen then */

/* 0: it has ended, and nobody has waited for it; NOT_SEEN: it is not there, or cannot be looked at.
 */
static uint64_t start_of(uint32_t pid)
{
	char path[32], text[1024];
	const char *at;

	snprintf(path, sizeof path, "/proc/%u/stat", (unsigned)pid);
	if (proc_text_read(path, text, sizeof text) == 0)
		return NOT_SEEN;
	at = strrchr(text, ')'); /* its name may have any character in it */
	if (at == NULL || at[1] != ' ')
		return NOT_SEEN;
	if (at[2] == 'Z' || at[2] == 'X')
		return 0;
	at++;
	for (int field = STAT_STATE; field < STAT_START && at != NULL; field++)
		at = strchr(at + 1, ' ');
	return at == NULL ? NOT_SEEN : proc_text_number(&at);
}

void late_reader_note(void)
{
	if (agent_control == NULL)
		return;
	atomic_store(&began_ticks, start_of(agent_control->reader_pid));
	atomic_store(&gone, false);
	atomic_store(&look_ns, 0);
}

/* `began`: when the reader did. Where its file cannot be read (no descriptor is free) its number
 * tells. */
static bool has_ended(uint64_t began)
{
	const uint64_t now = start_of(agent_control->reader_pid);

	return now == NOT_SEEN ? raw_call(SYS_kill, agent_control->reader_pid, 0) == -ESRCH
			       : now != began;
}

static bool is_gone(uint64_t now_ns)
{
	const uint64_t began = atomic_load_explicit(&began_ticks, memory_order_relaxed);
	uint64_t due = atomic_load_explicit(&look_ns, memory_order_relaxed);

	if (began != NOT_SEEN && now_ns >= due &&
	    atomic_compare_exchange_strong(&look_ns, &due, now_ns + LOOK_NS))
		atomic_store(&gone, has_ended(began));
	return atomic_load(&gone);
}

bool late_reader_is_there(void)
{
	uint64_t now_ns, heartbeat_ns;

	if (agent_control == NULL || core_is_off() ||
	    atomic_load_explicit(&agent_control->command, memory_order_relaxed) != CHANNEL_RUN)
		return false;
	now_ns = agent_now_ns();
	heartbeat_ns = atomic_load_explicit(&agent_control->heartbeat_ns, memory_order_relaxed);
	if (now_ns > heartbeat_ns && now_ns - heartbeat_ns > LATE_READER_MOST_NS)
		return false;
	return !is_gone(now_ns);
}
