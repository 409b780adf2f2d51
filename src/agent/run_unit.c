#include "agent/run_unit.h"

#include <string.h>
#include <time.h>

#include "agent/core.h"
#include "agent/raw.h"

/* A run shorter than this, of a process that has no channel, is not worth the
 * milliseconds of making one: helpers started by the hundred. */
#define WORTH_A_CHANNEL_NS (100 * UINT64_C(1000000))

/* One that lasts as long as this gets one at its next call: what it does from
 * then on is recorded as it happens. */
#define LONG_RUN_NS (1000 * UINT64_C(1000000))

enum run_state { RUN_NONE = 0, RUN_WAITING /* for a channel */, RUN_OPEN, RUN_OVER };

static _Atomic uint32_t state; /* enum run_state */
static _Atomic uint64_t run_id;
static uint64_t start_ns;
static uint64_t cpu_start_ns;
static char script[128];

static uint64_t process_cpu_ns(void)
{
	struct timespec at;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
	return (uint64_t)at.tv_sec * 1000000000u + (uint64_t)at.tv_nsec;
}

void run_begin(const char *name)
{
	const char *slash = strrchr(name, '/');

	strncpy(script, slash != NULL ? slash + 1 : name, sizeof script - 1);
	start_ns = agent_now_ns();
	cpu_start_ns = process_cpu_ns();
	atomic_store(&state, RUN_WAITING);
}

static void open_run(struct channel_header *channel)
{
	uint32_t waiting = RUN_WAITING;
	uint64_t id = (uint64_t)channel->serial << UNIT_SERIAL_SHIFT;

	if (!atomic_compare_exchange_strong(&state, &waiting, RUN_OPEN))
		return;
	record_write(&(struct channel_record){
		.kind = RECORD_UNIT_BEGIN,
		.t_start_ns = start_ns,
		.unit = id,
		.subject = UNIT_RUN,
		.object = channel->pid,
		.source = 1,
	});
	atomic_store(&run_id, id);
}

uint64_t run_unit_id(void)
{
	if (atomic_load_explicit(&state, memory_order_relaxed) == RUN_WAITING) {
		struct channel_header *channel = core_channel_now();

		if (channel == NULL && agent_now_ns() - start_ns >= LONG_RUN_NS &&
		    agent_need_channel())
			channel = core_channel_now();
		if (channel != NULL)
			open_run(channel);
	}
	return atomic_load_explicit(&run_id, memory_order_relaxed);
}

static void close_run(uint16_t flags)
{
	uint64_t id = atomic_exchange(&run_id, 0);
	uint32_t before = atomic_exchange(&state, RUN_OVER);

	if (before != RUN_OPEN || id == 0)
		return;
	record_write(&(struct channel_record){
		.kind = RECORD_UNIT_END,
		.t_start_ns = start_ns,
		.dur_ns = agent_now_ns() - start_ns,
		.unit = id,
		.subject = dict_text_id(script, strlen(script)),
		.aux = process_cpu_ns() - cpu_start_ns,
		.flags = flags,
		.source = 1,
	});
}

void run_is_server(void)
{
	if (atomic_load_explicit(&state, memory_order_relaxed) != RUN_OVER)
		close_run(RECORD_COLD);
}

void run_end(void)
{
	if (atomic_load(&state) == RUN_WAITING &&
	    agent_now_ns() - start_ns >= WORTH_A_CHANNEL_NS && agent_need_channel())
		(void)run_unit_id();
	close_run(0);
}

void run_after_fork(void)
{
	uint32_t before = atomic_load(&state);

	atomic_store(&run_id, 0);
	if (before != RUN_WAITING && before != RUN_OPEN)
		return;
	start_ns = agent_now_ns();
	cpu_start_ns = process_cpu_ns();
	atomic_store(&state, RUN_WAITING);
}
