#include "load/run.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "load/reach.h"
#include "load/request_log.h"
#include "load/request_set.h"
#include "load/stamp.h"
#include "load/tally.h"
#include "load/url.h"
#include "load/worker.h"

#define PROGRESS_EVERY_NS (250 * NS_PER_MS)
#define SETTLE_NS (5 * NS_PER_MS) /* threads are there before the first arrival is due */
#define WAIT_PAUSE_NS (50 * NS_PER_MS)
#define REACH_MAX_NS (10 * NS_PER_S)

/* Each connection is a descriptor; what may be had without asking is taken. */
static void raise_fd_limit(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &limit); /* the limit that stays is met and said */
	}
}

/* One thread's end, which the others wait for. */
struct crew {
	pthread_mutex_t lock;
	pthread_cond_t someone_ended;
	uint32_t running;
};

struct member {
	struct crew *crew;
	struct worker *worker;
	pthread_t thread;
};

static void *work(void *argument)
{
	struct member *member = argument;
	worker_run(member->worker);
	pthread_mutex_lock(&member->crew->lock);
	member->crew->running--;
	pthread_cond_signal(&member->crew->someone_ended);
	pthread_mutex_unlock(&member->crew->lock);
	return NULL;
}

static void report(const struct load_plan *plan, const struct member *members, uint64_t begin_ns)
{
	const uint64_t now_ns = clock_now_ns();
	struct load_progress progress = {
		.elapsed_ns = now_ns > begin_ns ? now_ns - begin_ns : 0,
		.total_ns = plan->schedule.warm_up_ns + plan->schedule.duration_ns,
	};
	for (uint32_t i = 0; i < plan->threads; i++)
		worker_add_progress(members[i].worker, &progress);
	plan->progress(plan->context, &progress);
}

static void wait_for_crew(const struct load_plan *plan, struct crew *crew,
			  const struct member *members, uint64_t begin_ns)
{
	uint64_t next_ns = begin_ns + PROGRESS_EVERY_NS;
	pthread_mutex_lock(&crew->lock);
	while (crew->running) {
		const struct timespec at = {.tv_sec = (time_t)(next_ns / NS_PER_S),
					    .tv_nsec = (long)(next_ns % NS_PER_S)};
		if (pthread_cond_timedwait(&crew->someone_ended, &crew->lock, &at) != ETIMEDOUT)
			continue;
		next_ns += PROGRESS_EVERY_NS;
		pthread_mutex_unlock(&crew->lock);
		if (plan->progress)
			report(plan, members, begin_ns);
		pthread_mutex_lock(&crew->lock);
	}
	pthread_mutex_unlock(&crew->lock);
}

static void add_up(const struct load_plan *plan, const struct member *members, uint64_t begin_ns,
		   struct load_result *result)
{
	const uint64_t start_ns = begin_ns + plan->schedule.warm_up_ns;
	uint64_t duration_ns = 0;
	tally_begin(result, start_ns, plan->schedule.duration_ns);
	by_line_begin(&result->by_line, plan->requests);
	if (plan->log)
		result->log = request_log_new(REQUEST_LOG_MAX);
	for (uint32_t i = 0; i < plan->threads; i++) {
		struct load_result *part = worker_result(members[i].worker);
		tally_merge(result, part);
		if (part->duration_ns > duration_ns)
			duration_ns = part->duration_ns;
		result->threads[i].busy_share = worker_busy_share(members[i].worker);
	}
	result->duration_ns = duration_ns;
	result->thread_count = plan->threads;
	if (result->answers_least > result->answers_most)
		result->answers_least = result->answers_most; /* nothing was sent */
	result->start_unix_ns = clock_read_ns(CLOCK_REALTIME) - (clock_now_ns() - result->start_ns);
}

/* Threads for `world`; false: *e. Those that were made before the failure work and are waited for,
 * the stop flag being the caller's. */
static enum err_kind run_crew(const struct load_plan *plan, struct worker_world *world,
			      struct load_result *result, struct err *e)
{
	struct member members[LOAD_THREADS_MAX] = {0};
	struct crew crew = {.lock = PTHREAD_MUTEX_INITIALIZER};
	pthread_condattr_t attributes;
	enum err_kind kind = ERR_OK;
	uint32_t started = 0;
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&crew.someone_ended, &attributes);
	pthread_condattr_destroy(&attributes);
	world->begin_ns = clock_now_ns() + SETTLE_NS;
	for (uint32_t i = 0; i < plan->threads && kind == ERR_OK; i++)
		kind = worker_new(&members[i].worker, world, i, e);
	for (uint32_t i = 0; i < plan->threads && kind == ERR_OK; i++) {
		members[i].crew = &crew;
		pthread_mutex_lock(&crew.lock);
		const int failure = pthread_create(&members[i].thread, NULL, work, &members[i]);
		crew.running += failure == 0;
		started += failure == 0;
		pthread_mutex_unlock(&crew.lock);
		if (failure)
			kind = ERR(e, ERR_LIMIT, "no thread can be started: %s; try fewer: -t 1",
				   strerror(failure));
	}
	if (kind == ERR_OK)
		wait_for_crew(plan, &crew, members, world->begin_ns);
	for (uint32_t i = 0; i < started; i++)
		pthread_join(members[i].thread, NULL);
	if (kind == ERR_OK)
		add_up(plan, members, world->begin_ns, result);
	for (uint32_t i = 0; i < plan->threads; i++)
		worker_free(members[i].worker);
	pthread_cond_destroy(&crew.someone_ended);
	return kind;
}

/* One request, on a connection of its own. */
static struct load_plan first_request(const struct load_plan *plan, uint64_t left_ns)
{
	struct load_plan first = *plan;
	first.closed = true;
	first.connections = first.threads = 1;
	first.log = first.trace = false; /* it is none of those that are measured */
	first.wait_ns = 0;
	first.timeout_ns = first.schedule.duration_ns = left_ns;
	first.schedule.warm_up_ns = 0;
	first.schedule.count = 1;
	first.progress = NULL;
	return first;
}

static bool is_stopped(const struct load_plan *plan)
{
	return plan->stop && atomic_load(plan->stop);
}

/* A server that starts takes connections before it answers, and what came meanwhile waits: the load
 * begins after its first answer. */
static enum err_kind wait_for_answer(const struct load_plan *plan, struct err *e)
{
	const struct timespec pause = {.tv_nsec = WAIT_PAUSE_NS};
	const uint64_t end_ns = clock_now_ns() + plan->wait_ns;
	struct err why = {0};
	for (uint64_t now_ns; (now_ns = clock_now_ns()) < end_ns && !is_stopped(plan);) {
		const struct load_plan first = first_request(plan, end_ns - now_ns);
		struct load_result result;
		uint64_t answered = 0;
		why = (struct err){0};
		if (load_run(&first, &result, &why) == ERR_OK) {
			answered = result.answered;
			load_result_free(&result);
		} else if (why.kind == ERR_USAGE) {
			*e = why;
			return why.kind;
		}
		if (answered)
			return ERR_OK;
		nanosleep(&pause, NULL);
	}
	if (is_stopped(plan))
		return ERR(e, ERR_NO_TARGET,
			   "stopped while it waited for the server's first answer");
	return ERR(e, ERR_NO_TARGET, "no answer within the %.0f s that it was waited for%s%s",
		   (double)plan->wait_ns / 1e9, why.kind ? ": " : "", why.kind ? why.text : "");
}

enum err_kind load_run(const struct load_plan *plan, struct load_result *result, struct err *e)
{
	const struct url *server = &plan->requests->servers.items[0];
	struct address_list addresses;
	struct worker_world world = {.plan = plan, .host = server->host};
	size_t chosen = 0;
	*result = (struct load_result){0};
	if (plan->wait_ns)
		TRY(wait_for_answer(plan, e));
	if (plan->requests->servers.count != 1)
		return ERR(e, ERR_USAGE,
			   "requests go to %zu servers (%s and %s are two); one run loads one: "
			   "start one `unslow load` for each",
			   plan->requests->servers.count, server->authority,
			   plan->requests->servers.items[1].authority);
	raise_fd_limit();
	TRY(address_resolve(server, &addresses, e));
	if (server->scheme == URL_HTTPS)
		TRY(tls_context_new(&world.tls, plan->insecure, e));
	const uint64_t reach_ns = plan->timeout_ns < REACH_MAX_NS ? plan->timeout_ns : REACH_MAX_NS;
	enum err_kind kind = reach(&addresses, world.tls, server->host, reach_ns, &chosen, e);
	world.address = &addresses.items[chosen];
	const int held = plan->closed ? -1 : stamp_hold();
	if (kind == ERR_OK)
		kind = run_crew(plan, &world, result, e);
	if (held >= 0)
		close(held);
	tls_context_free(world.tls);
	return kind;
}
