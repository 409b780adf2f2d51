#include "load/worker_state.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "load/cookies.h"
#include "load/histogram.h"
#include "load/request_log.h"
#include "load/tally.h"

enum {
	EVENTS_AT_ONCE = 256,
	BUFFER_BYTES = 64 << 10,
	STARVED_OTHERS = 50, /* answers that others got while a slot got none … */
	STARVED_TIMES = 3, /* … in so many times the slowest answer's time: a slow route is none */
};
#define LOOK_MAX_NS (100 * NS_PER_MS) /* between looks at the stop flag and at time-outs */

static void publish(struct worker *w)
{
	atomic_store_explicit(&w->seen_answered, w->answered, memory_order_relaxed);
	atomic_store_explicit(&w->seen_failed, w->failed, memory_order_relaxed);
	atomic_store_explicit(&w->seen_outstanding, w->in_flight + w->backlog,
			      memory_order_relaxed);
}

void worker_add_progress(struct worker *w, struct load_progress *progress)
{
	progress->answered += atomic_load_explicit(&w->seen_answered, memory_order_relaxed);
	progress->errors += atomic_load_explicit(&w->seen_failed, memory_order_relaxed);
	progress->outstanding += atomic_load_explicit(&w->seen_outstanding, memory_order_relaxed);
}

static bool is_stopped(const struct worker *w)
{
	return w->plan->stop && atomic_load_explicit(w->plan->stop, memory_order_relaxed);
}

/* Nothing is due any more, nothing is under way. */
static bool is_finished(const struct worker *w, uint64_t now_ns)
{
	if (now_ns >= w->end_ns + LOAD_GRACE_NS)
		return true;
	if (w->in_flight || w->backlog)
		return false;
	if (!w->plan->closed)
		return !w->has_due;
	const uint64_t count = w->plan->schedule.count;
	return now_ns >= w->end_ns ||
	       (count && w->begun >= worker_share(count, w->thread, w->plan->threads));
}

static uint64_t wake_ns(const struct worker *w, uint64_t now_ns)
{
	uint64_t wake = now_ns + LOOK_MAX_NS;
	if (w->has_due && w->due_ns < wake + w->early.ns)
		wake = w->due_ns - w->early.ns;
	if (w->look_ns < wake && (w->in_flight || w->backlog))
		wake = w->look_ns;
	if (w->is_down && w->down_until_ns < wake && w->down_until_ns > now_ns)
		wake = w->down_until_ns;
	if (w->end_ns > now_ns && w->end_ns < wake)
		wake = w->end_ns;
	return wake;
}

static void start_timing(struct worker *w, uint64_t now_ns)
{
	if (w->is_timed || now_ns < w->start_ns)
		return;
	w->is_timed = true;
	w->wall_ns = now_ns;
	w->cpu_ns = clock_thread_cpu_ns();
}

static void sum_up(struct worker *w, uint64_t now_ns)
{
	struct load_result *t = &w->tally;
	const uint64_t wall_ns = now_ns - w->wall_ns;
	if (w->is_timed && wall_ns)
		w->busy_share = (double)(clock_thread_cpu_ns() - w->cpu_ns) / (double)wall_ns;
	worker_leave_backlog(w, now_ns);
	t->connections_most = w->pool.most;
	for (size_t i = 0; i < w->pool.slots.count; i++) {
		struct slot *slot = w->pool.slots.items[i];
		const uint64_t waited_ns = slot->first_ns ? now_ns - slot->first_ns : 0;
		if (slot->has_request) {
			tally_left(t, slot->due_ns, slot->sent_ns, now_ns);
			worker_note(w, slot, now_ns, 0, LOAD_ERROR_KINDS);
		}
		tally_occupied(t, slot->taken_ns, now_ns);
		t->bytes_in += slot->connection.bytes_in;
		t->bytes_out += slot->connection.bytes_out;
		if (!slot->first_ns)
			continue;
		t->connections_used++;
		if (slot->answers < t->answers_least)
			t->answers_least = slot->answers;
		if (slot->answers > t->answers_most)
			t->answers_most = slot->answers;
		if (slot->answers == 0 && waited_ns >= t->duration_ns / 2 &&
		    waited_ns > STARVED_TIMES * histogram_max(t->service) &&
		    w->answered - slot->first_number >= STARVED_OTHERS) {
			t->starved++;
			if (waited_ns > t->starved_longest_ns)
				t->starved_longest_ns = waited_ns;
		}
	}
}

static void begin(struct worker *w)
{
	w->connections.epoll = w->waiter.epoll;
	waiter_use_thread();
	if (!w->plan->closed) {
		bool has;
		worker_advance(&w->due, w->world->begin_ns, &w->due_ns, &w->has_due);
		worker_advance(&w->next, w->world->begin_ns, &w->next_ns, &has);
		return;
	}
	const struct timespec at = {.tv_sec = (time_t)(w->world->begin_ns / NS_PER_S),
				    .tv_nsec = (long)(w->world->begin_ns % NS_PER_S)};
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
	for (uint32_t i = 0; i < w->pool.limit; i++)
		worker_begin_closed(w, pool_take_closed(&w->pool), clock_now_ns());
}

/* SIGPIPE comes from OpenSSL's writes; all others are the main thread's. */
static void block_signals(void)
{
	sigset_t all;
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
}

/* An evenly spaced schedule has its end for its last arrival; others end when they have sent all.
 */
static bool ends_by_count(const struct load_plan *plan)
{
	const struct arrivals_spec *schedule = &plan->schedule;
	return schedule->count &&
	       (plan->closed || schedule->poisson || schedule->rate != schedule->rate_at_end);
}

void *worker_run(void *worker)
{
	struct worker *w = worker;
	struct epoll_event events[EVENTS_AT_ONCE];
	block_signals();
	begin(w);
	uint64_t now_ns = clock_now_ns();
	while (!is_finished(w, now_ns) && !is_stopped(w)) {
		start_timing(w, now_ns);
		if (w->plan->closed) {
			worker_revive(w, now_ns);
		} else {
			worker_take_due(w, now_ns);
			worker_send_backlog(w);
			worker_open_connections(w, now_ns);
		}
		worker_look_at_times(w, now_ns);
		publish(w);
		const uint64_t until_ns = wake_ns(w, now_ns), asked_ns = clock_now_ns();
		const int count =
			waiter_wait(&w->waiter, events, EVENTS_AT_ONCE, asked_ns, until_ns);
		for (int i = 0; i < count; i++) {
			struct slot *slot = events[i].data.ptr;
			const struct response_header_sink sink = {cookies_on_header, slot->jar};
			const enum connection_step step =
				connection_advance(&slot->connection, &w->connections,
						   events[i].events, slot->jar ? &sink : NULL);
			if (step != CONNECTION_STEP_NONE)
				worker_handle(w, slot, step, clock_now_ns());
		}
		now_ns = clock_now_ns();
		if (count == 0 && until_ns > asked_ns && now_ns > until_ns)
			early_note(&w->early, now_ns - until_ns);
	}
	w->tally.stopped = is_stopped(w) && now_ns < w->end_ns;
	if (w->tally.stopped || ends_by_count(w->plan))
		tally_end(&w->tally, now_ns);
	sum_up(w, now_ns);
	return NULL;
}

/* A closed loop sends when the thread has its answer: its times are the thread's, as its pace is,
 * and it can do without what a stamp costs (0.35 us a request). */
static bool has_stamps(const struct worker_world *world)
{
	return !world->plan->closed && !world->tls && world->address->storage.ss_family != AF_UNIX;
}

/* Between two requests of a thread, where they are densest. */
static uint64_t gap_ns(const struct load_plan *plan)
{
	const struct arrivals_spec *s = &plan->schedule;
	const uint64_t rate = s->rate > s->rate_at_end ? s->rate : s->rate_at_end;
	return rate ? NS_PER_S * ARRIVALS_RATE_UNIT / rate * plan->threads : 0;
}

enum err_kind worker_new(struct worker **worker, const struct worker_world *world, uint32_t thread,
			 struct err *e)
{
	const struct load_plan *plan = world->plan;
	struct worker *w = mem_alloc(sizeof *w);
	const enum err_kind kind = waiter_open(&w->waiter, false, e);
	if (kind != ERR_OK) {
		free(w);
		return kind;
	}
	w->plan = plan;
	w->world = world;
	w->thread = thread;
	w->connections = (struct connection_world){
		.epoll = w->waiter.epoll,
		.address = world->address,
		.tls = world->tls,
		.host = world->host,
		.has_stamps = has_stamps(world),
		.buffer = mem_alloc(BUFFER_BYTES),
		.buffer_size = BUFFER_BYTES,
	};
	w->pool.limit = (uint32_t)worker_share(plan->connections, thread, plan->threads);
	w->requests = request_set_copy(plan->requests);
	random_begin(&w->random, ~(plan->schedule.seed + thread));
	arrivals_begin(&w->due, &plan->schedule, thread, plan->threads);
	w->next = w->due;
	w->trace_number = thread + 1;
	early_begin(&w->early, gap_ns(plan));
	w->start_ns = world->begin_ns + plan->schedule.warm_up_ns;
	w->end_ns = w->start_ns + plan->schedule.duration_ns;
	w->look_every_ns = plan->timeout_ns / 50 < NS_PER_MS     ? NS_PER_MS
			   : plan->timeout_ns / 50 < LOOK_MAX_NS ? plan->timeout_ns / 50
								 : LOOK_MAX_NS;
	tally_begin(&w->tally, w->start_ns, plan->schedule.duration_ns);
	by_line_begin(&w->tally.by_line, plan->requests);
	if (plan->log)
		w->tally.log = request_log_new(REQUEST_LOG_MAX / plan->threads);
	*worker = w;
	return ERR_OK;
}

void worker_free(struct worker *w)
{
	if (!w)
		return;
	pool_free(&w->pool);
	waiter_close(&w->waiter);
	request_set_free(w->requests);
	load_result_free(&w->tally);
	free(w->connections.buffer);
	free(w->scratch.bytes);
	free(w);
}

struct load_result *worker_result(struct worker *w)
{
	return &w->tally;
}

double worker_busy_share(const struct worker *w)
{
	return w->busy_share;
}
