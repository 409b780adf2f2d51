#include "agent/tick_threads.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "agent/core.h"
#include "agent/gil.h"
#include "agent/proc_text.h"
#include "agent/raw.h"
#include "base/clock.h"
#include "base/unplaced.h"

#define SLOTS (2 * TICK_THREADS_MAX) /* power of two */
#define SWEEP_TICKS 64               /* between two looks for threads that have ended */
#define QUEUED_LEAST_NS \
	NS_PER_MS        /* one just woken waited for less, and its CPU is not counted yet */
#define IDLE_SKIP_MAX 16 /* ticks a thread that sleeps is not read again, at most */

struct sample {
	uint64_t start_ns, dur_ns, unit, cpu_ns, queue_ns, aux;
	uint32_t stack, holder_stack, ticks; /* 0 ticks: none is open */
	uint8_t state;
	bool is_short;
};

struct thread {
	uint32_t tid;           /* 0: free */
	uint32_t seen;          /* number of the last tick that found it */
	uint64_t seen_ns;       /* and when that was made */
	int schedstat, syscall; /* descriptors; -1: none */
	bool by_stat; /* `syscall` is the thread's stat: the other is not for us to read */
	uint64_t cpu_ns, queue_ns, runs;   /* as last read */
	uint64_t new_cpu_ns, new_queue_ns; /* between the last two readings */
	struct unplaced unplaced;
	struct waiting_call call; /* as last read */
	bool call_named;          /* its system call was read, or need not be */
	uint8_t state;            /* enum sample_state, as last read */
	uint8_t skip, skipped; /* readings left out, and how many may be, of one no hook follows */
	bool left_out;         /* the state is that of an earlier tick */
	uint64_t aux;
	struct sample sample;
};

static struct thread threads[TICK_THREADS_MAX]; /* the first thread_count */
static uint32_t thread_count, tick_number;
static uint16_t places[SLOTS]; /* by number of the thread, open addressing: index + 1; 0: free */

/* --- files ------------------------------------------------------------------------- */

static int open_of(uint32_t tid, const char *name)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/self/task/%u/%s", tid, name);
	long fd = raw_call(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -1 : (int)fd;
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

enum tick_where tick_threads_parse_stat(const char *text)
{
	const char *after_name = strrchr(text, ')'); /* a name may hold blanks and brackets */

	if (after_name == NULL || after_name[1] != ' ')
		return TICK_UNKNOWN;
	return after_name[2] == 'R' ? TICK_RUNS : TICK_ELSEWHERE;
}

static enum tick_where where_is(const struct thread *t, struct tick_call *call)
{
	char text[512];

	*call = (struct tick_call){.number = -1};
	if (proc_text_read_again(t->syscall, text, sizeof text) == 0)
		return TICK_UNKNOWN;
	return t->by_stat ? tick_threads_parse_stat(text) : tick_threads_parse(text, call);
}

/* CPU, run queue and number of runs (Linux, Documentation/scheduler/sched-stats.rst). */
static void read_times(struct thread *t)
{
	char text[96];
	const char *at = text;

	if (proc_text_read_again(t->schedstat, text, sizeof text) == 0)
		return;
	const uint64_t cpu_ns = proc_text_number(&at), queue_ns = proc_text_number(&at);
	t->runs = proc_text_number(&at);
	t->new_cpu_ns = t->cpu_ns != 0 ? cpu_ns - t->cpu_ns : 0;
	t->new_queue_ns = t->cpu_ns != 0 ? queue_ns - t->queue_ns : 0;
	t->unplaced.cpu_ns += t->new_cpu_ns;
	t->unplaced.queue_ns += t->new_queue_ns;
	t->cpu_ns = cpu_ns;
	t->queue_ns = queue_ns;
}

/* --- the table ---------------------------------------------------------------------- */

/* Where the thread's index is, or would be. */
static uint16_t *place_of(uint32_t tid)
{
	uint32_t at = tid & (SLOTS - 1);

	while (places[at] != 0 && threads[places[at] - 1].tid != tid)
		at = (at + 1) & (SLOTS - 1);
	return &places[at];
}

static struct thread *find_or_add(uint32_t tid)
{
	uint16_t *place = place_of(tid);

	if (*place != 0)
		return &threads[*place - 1];
	if (thread_count == TICK_THREADS_MAX)
		return NULL;
	struct thread *t = &threads[thread_count++];

	*place = (uint16_t)thread_count;
	*t = (struct thread){
		.tid = tid,
		.schedstat = open_of(tid, "schedstat"),
		.syscall = open_of(tid, "syscall"),
	};
	if (t->syscall < 0) {
		t->syscall = open_of(tid, "stat");
		t->by_stat = true;
	}
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
		.cpu_ns = record_saturate(s->cpu_ns),
		.count = record_saturate(s->queue_ns),
		.kind = RECORD_SAMPLE,
		.result = s->state,
		.flags = s->is_short ? RECORD_SHORT : 0,
		.aux = s->aux,
		.object = s->holder_stack,
	});
	t->sample.ticks = 0;
}

/* What no tick was given, in as many records as it needs. */
static void write_unseen(struct thread *t)
{
	struct unplaced *left = &t->unplaced;

	while (left->cpu_ns != 0 || left->queue_ns != 0) {
		const struct channel_record record = {
			.t_start_ns = t->seen_ns,
			.subject = t->tid,
			.cpu_ns = record_saturate(left->cpu_ns),
			.count = record_saturate(left->queue_ns),
			.kind = RECORD_SAMPLE,
			.result = SAMPLE_UNSEEN,
		};

		record_write(&record);
		left->cpu_ns -= record.cpu_ns;
		left->queue_ns -= record.count;
	}
}

static void release(struct thread *t)
{
	read_times(t);
	write_sample(t);
	write_unseen(t);
	if (t->schedstat >= 0)
		raw_call(SYS_close, t->schedstat);
	if (t->syscall >= 0)
		raw_call(SYS_close, t->syscall);
}

/* Those not found by the last tick have ended, or left Python. */
static void sweep(void)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < thread_count; i++) {
		if (threads[i].seen != tick_number)
			release(&threads[i]);
		else if (kept++ != i)
			threads[kept - 1] = threads[i];
	}
	if (kept == thread_count)
		return;
	thread_count = kept;
	memset(places, 0, sizeof places);
	for (uint32_t i = 0; i < kept; i++)
		*place_of(threads[i].tid) = (uint16_t)(i + 1);
}

/* --- states -------------------------------------------------------------------------- */

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
	return t->new_queue_ns > t->new_cpu_ns && t->new_queue_ns >= QUEUED_LEAST_NS
		       ? SAMPLE_RUNQUEUE
		       : SAMPLE_NATIVE;
}

/* What the hook says of a wait. */
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
		return SAMPLE_CALL;
	}
}

static bool runs_or_could(uint8_t state)
{
	return state == SAMPLE_NATIVE || state == SAMPLE_RUNQUEUE;
}

/* A thread in a call that its hooks follow. Which system call it is, on what, is read when it is
 * found there a second time: most do not last that long. One that is on its way into the kernel,
 * or works in the call, may wait by the next tick. */
static void read_waiting(struct thread *t, struct waiting_call call)
{
	bool again = t->call.start_ns == call.start_ns;

	if (again && t->call_named)
		return;
	if (!again) {
		t->call = call;
		t->state = state_by_kind(call.kind);
		t->aux = 0;
		t->call_named = t->state != SAMPLE_CALL;
		return;
	}
	read_times(t);
	t->state = state_by_file(t);
	t->call_named = !runs_or_could(t->state);
}

/* One that no hook follows. If it sleeps on, it is read less and less often. */
static void read_unfollowed(struct thread *t)
{
	uint64_t runs = t->runs;

	t->left_out = t->skipped < t->skip;
	if (t->left_out) {
		t->skipped++;
		return;
	}
	t->call.start_ns = 0;
	read_times(t);
	t->state = state_by_file(t);
	bool idle = t->runs == runs && !runs_or_could(t->state);
	t->skip = !idle                         ? 0
		  : t->skip < IDLE_SKIP_MAX / 2 ? (uint8_t)(2 * t->skip + 1)
						: IDLE_SKIP_MAX;
	t->skipped = 0;
}

static void read_thread(struct thread *t)
{
	const struct agent_thread *slot = thread_find(t->tid);
	struct waiting_call call = slot != NULL ? call_waiting_of(slot) : (struct waiting_call){0};

	t->left_out = false;
	if (call.start_ns != 0)
		read_waiting(t, call);
	else
		read_unfollowed(t);
}

void tick_threads_read(uint32_t holder)
{
	for (uint32_t i = 0; i < thread_count; i++) {
		if (threads[i].tid == holder)
			read_times(&threads[i]);
		else
			read_thread(&threads[i]);
	}
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

/* A call that was too short to be named is taken for the one beside it at the same place. */
static bool goes_on(const struct sample *s, const struct sample *found, uint64_t made_ns)
{
	return s->ticks != 0 && s->stack == found->stack && s->unit == found->unit &&
	       s->state == found->state && s->is_short == found->is_short &&
	       (s->aux == found->aux || s->aux == 0 || found->aux == 0) &&
	       s->holder_stack == found->holder_stack && made_ns - s->start_ns < TICK_SAMPLE_NS;
}

/* A holder that did not run may have had no CPU. */
static enum found_where where_in(uint8_t state)
{
	switch (state) {
	case SAMPLE_PYTHON:
	case SAMPLE_NATIVE:
		return FOUND_ON_CPU;
	case SAMPLE_RUNQUEUE:
	case SAMPLE_HOLDING:
		return FOUND_QUEUED;
	default:
		return FOUND_OFF_CPU;
	}
}

/* The times of one that runs were read with the tick; those of one that waits are not needed. */
static void grow(struct thread *t, const struct sample *found, uint64_t made_ns,
		 uint64_t stands_for_ns)
{
	struct sample *s = &t->sample;
	struct unplaced given = unplaced_take(&t->unplaced, where_in(found->state), stands_for_ns);

	if (!goes_on(s, found, made_ns)) {
		write_sample(t);
		*s = *found;
		s->start_ns = made_ns;
	}
	s->cpu_ns += given.cpu_ns;
	s->queue_ns += given.queue_ns;
	if (s->aux == 0)
		s->aux = found->aux;
	s->ticks++;
	s->dur_ns += stands_for_ns;
}

/* One that slept when it was last read, and is found elsewhere now, has run since: it may compute
 * in C without the GIL. */
static bool has_moved(const struct thread *t, const struct tick_seen *seen)
{
	return t->left_out && t->sample.ticks != 0 &&
	       (t->sample.stack != seen->stack || t->sample.unit != seen->unit);
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

		/* a thread that has a state in several interpreters counts once */
		if (t == NULL || t->seen == tick_number)
			continue;
		if (t->seen == 0) {
			read_times(t);
			read_thread(t);
		} else if (!seen->holder && has_moved(t, seen)) {
			t->skip = 0;
			read_thread(t);
		}
		t->seen = tick_number;
		t->seen_ns = made_ns;
		struct sample found = {
			.stack = seen->stack,
			.unit = seen->unit,
			.is_short = seen->is_short,
			.state = t->state,
			.aux = t->aux,
		};

		if (seen->holder) {
			found.state = blocked ? SAMPLE_HOLDING : SAMPLE_PYTHON;
			found.aux = 0;
		} else if (seen->native) {
			found.state = SAMPLE_NATIVE;
			found.aux = 0;
		} else if (t->state == SAMPLE_GIL && holder != NULL) {
			found.holder_stack = holder->stack;
		}
		grow(t, &found, made_ns, stands_for_ns);
	}
	if (tick_number % SWEEP_TICKS == 0 || thread_count == TICK_THREADS_MAX)
		sweep();
}

void tick_threads_end(void)
{
	for (uint32_t i = 0; i < thread_count; i++)
		release(&threads[i]);
	thread_count = 0;
	memset(places, 0, sizeof places);
}
