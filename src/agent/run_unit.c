#include "agent/run_unit.h"

#include <string.h>
#include <time.h>

#include "agent/core.h"
#include "agent/heap_control.h"
#include "agent/raw.h"
#include "agent/run_queue.h"

/* A run shorter than this, of a process that has no channel, is not worth the
 * milliseconds of making one: helpers started by the hundred. */
#define WORTH_A_CHANNEL_NS (100 * UINT64_C(1000000))

/* One that lasts as long as this gets one at its next call, or by the tick's thread: what it does
 * from then on is recorded as it happens, and sampled. Scripts of less than a second have most of
 * their time in it. */
#define LONG_RUN_NS (250 * UINT64_C(1000000))

enum run_state { RUN_NONE = 0, RUN_WAITING /* for a channel */, RUN_OPEN, RUN_OVER };

static _Atomic uint32_t state; /* enum run_state */
static _Atomic uint64_t run_id;
static uint64_t start_ns;
static uint64_t cpu_start_ns;
static uint64_t queue_start_ns; /* 0: not known */
static uint32_t main_tid;
static _Atomic uint64_t blocked_ns; /* of all threads, while waiting */
static char script[128];

/* The clock of another thread: MAKE_THREAD_CPUCLOCK of Linux,
 * include/linux/posix-timers_types.h (pthread_getcpuclockid makes the same). */
static uint64_t cpu_of_thread(uint32_t tid)
{
	struct timespec at = {0, 0};

	(void)clock_gettime((clockid_t)(~tid << 3 | 6), &at); /* 0: the thread is gone */
	return (uint64_t)at.tv_sec * 1000000000u + (uint64_t)at.tv_nsec;
}

/* The clocks of the calling thread, which is the run's from now on. */
static void start_clocks(void)
{
	main_tid = (uint32_t)raw_call(SYS_gettid);
	start_ns = agent_now_ns();
	cpu_start_ns = cpu_of_thread(main_tid);
	queue_start_ns = run_queue_of(main_tid);
	atomic_store(&blocked_ns, 0);
	atomic_store(&state, RUN_WAITING);
}

void run_begin(const char *name)
{
	const char *slash = strrchr(name, '/');

	strncpy(script, slash != NULL ? slash + 1 : name, sizeof script - 1);
	start_clocks();
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
		.object = main_tid,
		.source = 1,
	});
	atomic_store(&run_id, id);
}

bool run_waits(void)
{
	return atomic_load_explicit(&state, memory_order_relaxed) == RUN_WAITING;
}

uint64_t run_blocked(uint64_t off_ns)
{
	if (!run_waits() || atomic_fetch_add(&blocked_ns, off_ns) + off_ns < RUN_BLOCKED_NS ||
	    !agent_need_channel())
		return 0;
	return run_unit_id();
}

uint64_t run_unit_known(void)
{
	return atomic_load_explicit(&run_id, memory_order_relaxed);
}

uintptr_t run_unit_address(void)
{
	return (uintptr_t)&run_id;
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
	return run_unit_known();
}

static void write_queue(uint64_t id)
{
	uint64_t queued_ns = queue_start_ns == 0 ? 0 : run_queue_of(main_tid);

	if (queued_ns > queue_start_ns)
		record_write(&(struct channel_record){
			.kind = RECORD_UNIT_SCHED,
			.t_start_ns = start_ns,
			.unit = id,
			.aux = queued_ns - queue_start_ns,
			.source = 1,
		});
}

static void close_run(uint16_t flags)
{
	uint64_t cpu_ns = cpu_of_thread(main_tid);
	uint64_t id = atomic_exchange(&run_id, 0);
	uint32_t before = atomic_exchange(&state, RUN_OVER), name;

	if (before != RUN_OPEN || id == 0)
		return;
	name = dict_text_id(script, strlen(script));
	write_queue(id);
	record_write(&(struct channel_record){
		.kind = RECORD_UNIT_END,
		.t_start_ns = start_ns,
		.dur_ns = agent_now_ns() - start_ns,
		.unit = id,
		.subject = name,
		.aux = cpu_ns > cpu_start_ns ? cpu_ns - cpu_start_ns : 0,
		.flags = flags,
		.source = 1,
	});
	heap_control_unit_over(id, name);
}

void run_is_server(void)
{
	if (atomic_load_explicit(&state, memory_order_relaxed) != RUN_OVER)
		close_run(RECORD_COLD);
}

void run_end(void)
{
	if (atomic_load(&state) == RUN_WAITING && agent_now_ns() - start_ns >= WORTH_A_CHANNEL_NS &&
	    agent_need_channel())
		(void)run_unit_id();
	close_run(0);
}

void run_after_fork(void)
{
	uint32_t before = atomic_load(&state);

	atomic_store(&run_id, 0);
	if (before != RUN_WAITING && before != RUN_OPEN)
		return;
	start_clocks();
}
