#include "agent/tick_threads.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "agent/core.h"
#include "agent/gil.h"
#include "agent/raw.h"

#define SLOTS (2 * TICK_THREADS_MAX) /* power of two */
#define SWEEP_TICKS 64               /* between two looks for threads that have ended */
#define IDLE_SKIP_MAX 16             /* ticks a thread that sleeps is not read again, at most */

/* A thread's open call as its hooks show it. */
struct open_call {
	uint64_t start_ns;
	uint16_t kind;
	uint8_t depth; /* 0: none */
};

struct sample {
	uint64_t start_ns, dur_ns, unit, cpu_ns, queue_ns, aux;
	uint32_t stack, holder_stack, ticks; /* 0 ticks: none is open */
	uint8_t state;
	bool is_short;
};

struct thread {
	uint32_t tid;           /* 0: free */
	uint32_t seen;          /* number of the last tick that found it */
	int schedstat, syscall; /* descriptors; -1: none */
	uint64_t cpu_ns, queue_ns, runs;
	uint64_t new_cpu_ns, new_queue_ns; /* not yet in a sample */
	struct open_call call;             /* as last read */
	uint8_t state;                     /* enum sample_state, as last read */
	uint8_t skip, skipped;             /* readings left out, and how many may be */
	uint64_t aux;
	struct sample sample;
};

static struct thread threads[SLOTS];
static uint32_t thread_count, tick_number;

/* --- files ------------------------------------------------------------------------- */

static int open_of(uint32_t tid, const char *name)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/self/task/%u/%s", tid, name);
	long fd = raw_call(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -1 : (int)fd;
}

static bool read_text(int fd, char *text, size_t size)
{
	long got = fd < 0 ? -1 : raw_call(SYS_pread64, fd, text, size - 1, 0);

	if (got <= 0)
		return false;
	text[got] = '\0';
	return true;
}

enum tick_where tick_threads_parse(const char *text, struct tick_call *call)
{
	char *after;

	*call = (struct tick_call){.number = -1};
	if (strncmp(text, "running", 7) == 0)
		return TICK_RUNS;
	long number = strtol(text, &after, 10);
	if (after == text)
		return TICK_UNKNOWN;
	if (number < 0)
		return TICK_ELSEWHERE;
	call->number = (int)number;
	call->first = strtoull(after, NULL, 16);
	return TICK_IN_CALL;
}

static enum tick_where where_is(const struct thread *t, struct tick_call *call)
{
	char text[256];

	*call = (struct tick_call){.number = -1};
	return read_text(t->syscall, text, sizeof text) ? tick_threads_parse(text, call)
							: TICK_UNKNOWN;
}

/* CPU, run queue and number of runs (Linux, Documentation/scheduler/sched-stats.rst). */
static void read_times(struct thread *t)
{
	char text[96], *at;

	if (!read_text(t->schedstat, text, sizeof text))
		return;
	uint64_t cpu_ns = strtoull(text, &at, 10);
	uint64_t queue_ns = strtoull(at, &at, 10);
	t->runs = strtoull(at, NULL, 10);
	if (t->cpu_ns != 0) {
		t->new_cpu_ns += cpu_ns - t->cpu_ns;
		t->new_queue_ns += queue_ns - t->queue_ns;
	}
	t->cpu_ns = cpu_ns;
	t->queue_ns = queue_ns;
}

/* --- the table ---------------------------------------------------------------------- */

static struct thread *find(uint32_t tid)
{
	for (uint32_t i = 0; i < SLOTS; i++) {
		struct thread *t = &threads[(tid + i) & (SLOTS - 1)];

		if (t->tid == tid || t->tid == 0)
			return t;
	}
	return NULL;
}

static struct thread *find_or_add(uint32_t tid)
{
	struct thread *t = find(tid);

	if (t == NULL || t->tid == tid || thread_count == TICK_THREADS_MAX)
		return t != NULL && t->tid == tid ? t : NULL;
	*t = (struct thread){
		.tid = tid,
		.schedstat = open_of(tid, "schedstat"),
		.syscall = open_of(tid, "syscall"),
	};
	thread_count++;
	return t;
}

static void write_sample(struct thread *t)
{
	const struct sample *s = &t->sample;

	if (s->ticks == 0)
		return;
	record_write(&(struct channel_record){
		.t_start_ns = s->start_ns,
		.dur_ns = s->dur_ns,
		.unit = s->unit,
		.stack = s->stack,
		.subject = t->tid,
		.bytes = s->ticks,
		.cpu_ns = s->cpu_ns > UINT32_MAX ? UINT32_MAX : (uint32_t)s->cpu_ns,
		.count = s->queue_ns > UINT32_MAX ? UINT32_MAX : (uint32_t)s->queue_ns,
		.kind = RECORD_SAMPLE,
		.result = s->state,
		.flags = s->is_short ? RECORD_SHORT : 0,
		.aux = s->aux,
		.object = s->holder_stack,
	});
	t->sample.ticks = 0;
}

static void release(struct thread *t)
{
	write_sample(t);
	if (t->schedstat >= 0)
		raw_call(SYS_close, t->schedstat);
	if (t->syscall >= 0)
		raw_call(SYS_close, t->syscall);
}

/* Those not found by the last tick have ended, or left Python. The table is made anew: open
 * addressing has no holes. */
static void sweep(void)
{
	static struct thread kept[TICK_THREADS_MAX];
	uint32_t count = 0;

	for (uint32_t i = 0; i < SLOTS; i++) {
		struct thread *t = &threads[i];

		if (t->tid != 0 && t->seen == tick_number)
			kept[count++] = *t;
		else if (t->tid != 0)
			release(t);
		t->tid = 0;
	}
	thread_count = count;
	for (uint32_t i = 0; i < count; i++)
		*find(kept[i].tid) = kept[i];
}

/* --- states -------------------------------------------------------------------------- */

static struct open_call call_of(uint32_t tid)
{
	const struct agent_thread *a = thread_find(tid);
	struct open_call call = {0};
	uint8_t depth = a == NULL ? 0 : __atomic_load_n(&a->depth, __ATOMIC_RELAXED);

	if (depth == 0 || depth > CALL_DEPTH_MAX)
		return call;
	call.depth = depth;
	call.kind = __atomic_load_n(&a->open[depth - 1].kind, __ATOMIC_RELAXED);
	call.start_ns = __atomic_load_n(&a->open[depth - 1].start_ns, __ATOMIC_RELAXED);
	return call;
}

static bool is_gil_wait(const struct tick_call *call)
{
	uintptr_t gil = gil_address();

	return gil != 0 && call->first - gil < agent_layout.gil_size;
}

static uint8_t state_by_number(const struct tick_call *call)
{
	switch (call->number) {
	case SYS_futex:
		return is_gil_wait(call) ? SAMPLE_GIL : SAMPLE_LOCK;
	case SYS_nanosleep:
	case SYS_clock_nanosleep:
		return SAMPLE_SLEEP;
	default:
		return SAMPLE_CALL;
	}
}

static uint8_t state_by_file(struct thread *t)
{
	struct tick_call call;

	t->aux = 0;
	switch (where_is(t, &call)) {
	case TICK_IN_CALL: {
		uint8_t state = state_by_number(&call);

		if (state == SAMPLE_CALL)
			t->aux = (uint64_t)(uint32_t)call.number << 32 | (uint32_t)call.first;
		return state;
	}
	case TICK_ELSEWHERE:
		return SAMPLE_CALL;
	case TICK_RUNS:
	case TICK_UNKNOWN:
		break;
	}
	/* which of the two, by where its time since the last reading went */
	return t->new_queue_ns > t->new_cpu_ns ? SAMPLE_RUNQUEUE : SAMPLE_NATIVE;
}

/* Waits of which the hook says all there is to say. */
static uint8_t state_by_kind(uint16_t kind)
{
	switch (kind) {
	case RECORD_GIL:
		return SAMPLE_GIL;
	case RECORD_LOCK:
		return SAMPLE_LOCK;
	case RECORD_SLEEP:
		return SAMPLE_SLEEP;
	default:
		return 0;
	}
}

static bool is_waiting(uint8_t state)
{
	return state == SAMPLE_CALL || state == SAMPLE_LOCK || state == SAMPLE_SLEEP ||
	       state == SAMPLE_GIL;
}

static void read_thread(struct thread *t)
{
	struct open_call call = call_of(t->tid);
	bool same_call = call.depth == t->call.depth && call.start_ns == t->call.start_ns;
	uint64_t runs = t->runs;

	if (same_call && is_waiting(t->state) && (call.depth > 0 || t->skipped < t->skip)) {
		t->skipped++;
		return;
	}
	t->call = call;
	read_times(t);
	uint8_t state = state_by_kind(call.kind);

	t->aux = 0;
	t->state = state != 0 ? state : state_by_file(t);
	/* one that no hook follows and that does not run is read less and less often */
	bool idle = t->runs == runs && is_waiting(t->state);
	t->skip = !idle                         ? 0
		  : t->skip < IDLE_SKIP_MAX / 2 ? (uint8_t)(2 * t->skip + 1)
						: IDLE_SKIP_MAX;
	t->skipped = 0;
}

void tick_threads_read(void)
{
	for (uint32_t i = 0; i < SLOTS && thread_count > 0; i++)
		if (threads[i].tid != 0)
			read_thread(&threads[i]);
}

enum tick_where tick_threads_where(uint32_t tid, struct tick_call *call)
{
	struct thread *t = find_or_add(tid);

	*call = (struct tick_call){.number = -1};
	return t == NULL ? TICK_UNKNOWN : where_is(t, call);
}

uint64_t tick_threads_runs(uint32_t tid)
{
	struct thread *t = find_or_add(tid);

	if (t == NULL)
		return 0;
	read_times(t);
	return t->runs;
}

/* --- samples --------------------------------------------------------------------------- */

static void grow(struct thread *t, const struct tick_seen *seen, struct sample found,
		 uint64_t made_ns, uint64_t stands_for_ns)
{
	struct sample *s = &t->sample;

	found.stack = seen->stack;
	found.unit = seen->unit;
	found.is_short = seen->is_short;
	if (s->ticks != 0 &&
	    (s->stack != found.stack || s->unit != found.unit || s->state != found.state ||
	     s->is_short != found.is_short || s->aux != found.aux ||
	     s->holder_stack != found.holder_stack || made_ns - s->start_ns >= TICK_SAMPLE_NS))
		write_sample(t);
	if (s->ticks == 0) {
		*s = found;
		s->start_ns = made_ns;
		s->dur_ns = s->cpu_ns = s->queue_ns = 0;
	}
	s->ticks++;
	s->dur_ns += stands_for_ns;
	s->cpu_ns += t->new_cpu_ns;
	s->queue_ns += t->new_queue_ns;
	t->new_cpu_ns = t->new_queue_ns = 0;
}

static const struct tick_seen *holder_in(const struct tick_look *look)
{
	for (uint32_t i = 0; i < look->count; i++)
		if (look->threads[i].holder)
			return &look->threads[i];
	return NULL;
}

void tick_threads_add(const struct tick_look *look, uint64_t made_ns, uint64_t stands_for_ns,
		      bool blocked)
{
	const struct tick_seen *holder = holder_in(look);

	tick_number++;
	for (uint32_t i = 0; i < look->count; i++) {
		const struct tick_seen *seen = &look->threads[i];
		struct thread *t = find_or_add(seen->tid);

		if (t == NULL)
			continue;
		if (t->seen == 0)
			read_thread(t);
		t->seen = tick_number;
		struct sample found = {.state = t->state, .aux = t->aux};

		if (seen->holder)
			found = (struct sample){.state = blocked ? SAMPLE_HOLDING : SAMPLE_PYTHON};
		else if (t->state == SAMPLE_GIL && holder != NULL)
			found.holder_stack = holder->stack;
		grow(t, seen, found, made_ns, stands_for_ns);
	}
	if (tick_number % SWEEP_TICKS == 0 || thread_count == TICK_THREADS_MAX)
		sweep();
}

void tick_threads_end(void)
{
	for (uint32_t i = 0; i < SLOTS; i++) {
		if (threads[i].tid != 0)
			release(&threads[i]);
		threads[i].tid = 0;
	}
	thread_count = 0;
}

void tick_threads_after_fork(void)
{
	memset(threads, 0, sizeof threads);
	thread_count = 0;
}
