#include "load/knee_run.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/str.h"
#include "load/histogram.h"
#include "load/typical.h"
#include "load/verdict.h"

enum { PROBE_CONNECTIONS = 32 };
/* Own lateness (p99), of the tightest time of the objective. */
#define LATE_SHARE 0.10
#define NAP_NS (20 * NS_PER_MS)

struct trial {
	const struct knee_order *order;
	const struct knee *knee;
	const struct load_plan *plan;
	struct backlog backlog;
};

static void on_progress(void *context, const struct load_progress *progress)
{
	struct trial *trial = context;
	const struct arrivals_spec *schedule = &trial->plan->schedule;
	if (progress->elapsed_ns >= schedule->warm_up_ns &&
	    progress->elapsed_ns <= schedule->warm_up_ns + schedule->duration_ns)
		backlog_add(&trial->backlog, progress->elapsed_ns, progress->outstanding);
	if (trial->order->progress)
		trial->order->progress(trial->order->context, trial->knee, progress);
}

static bool is_stopped(const struct knee_order *order)
{
	return order->plan->stop && atomic_load(order->plan->stop);
}

static void pause_for(const struct knee_order *order, uint64_t pause_ns)
{
	const uint64_t end_ns = clock_now_ns() + pause_ns;
	while (clock_now_ns() < end_ns && !is_stopped(order)) {
		const struct timespec nap = {.tv_nsec = NAP_NS};
		nanosleep(&nap, NULL);
	}
}

static struct load_plan plan_of(const struct knee_order *order, const struct knee *knee,
				const struct knee_step *step)
{
	struct load_plan plan = *order->plan;
	struct arrivals_spec *schedule = &plan.schedule;
	const uint64_t seed = hash_mix64(schedule->seed + knee->count);
	*schedule = (struct arrivals_spec){
		.rate = (uint64_t)fmax(nearbyint(step->rate * ARRIVALS_RATE_UNIT), 1),
		.poisson = !order->is_even,
		.warm_up_ns = step->warm_up_ns,
		.duration_ns = step->duration_ns,
		.seed = seed,
	};
	schedule->rate_at_end = schedule->rate;
	plan.closed = step->kind == KNEE_PROBE;
	if (plan.closed && plan.connections > PROBE_CONNECTIONS)
		plan.connections = PROBE_CONNECTIONS;
	if (plan.threads > plan.connections)
		plan.threads = plan.connections;
	if (!plan.closed && schedule->poisson)
		schedule->seed = typical_seed(schedule, plan.threads, knee_capacity(knee),
					      slo_quantile(&order->slo), seed);
	return plan;
}

static bool is_busy(const struct load_plan *plan, const struct load_result *result)
{
	struct load_verdicts verdicts;
	load_judge(plan, result, &verdicts);
	for (size_t i = 0; i < verdicts.count; i++)
		if (strcmp(verdicts.items[i].id, "busy") == 0)
			return true;
	return false;
}

struct knee_seen knee_see(const struct slo *slo, const struct load_plan *plan,
			  const struct load_result *r, const struct backlog *backlog)
{
	const uint64_t statuses = r->errors[LOAD_ERROR_STATUS];
	const double late_ns = (double)histogram_at(r->lateness, 0.99);
	struct knee_seen seen = {
		.window_s = (double)r->duration_ns / 1e9,
		.due = r->due,
		.answered = r->completed > statuses ? r->completed - statuses : 0,
		.failed = load_result_errors(r),
		.unanswered = r->unanswered,
		.p50_ns = histogram_at(r->response, 0.5),
		.p99_ns = histogram_at(r->response, 0.99),
		.backlog = backlog_fit(backlog),
		.is_busy = is_busy(plan, r),
	};
	for (size_t i = 0; i < slo->count; i++) {
		const double ratio = slo_ratio(&slo->terms[i], r);
		if (i > 0 && ratio <= seen.objective_ratio)
			continue;
		seen.objective_ratio = ratio;
		seen.objective_term = i;
		seen.objective_value = slo_value(&slo->terms[i], r);
	}
	seen.is_spoilt = seen.is_busy ||
			 (!plan->closed && late_ns > LATE_SHARE * (double)slo_tightest_ns(slo));
	return seen;
}

static enum err_kind run_step(const struct knee_order *order, const struct knee_step *step,
			      struct knee_run *run, struct err *e)
{
	pause_for(order, step->pause_ns);
	struct load_plan plan = plan_of(order, &run->knee, step);
	struct trial trial = {.order = order, .knee = &run->knee, .plan = &plan};
	struct load_result result;
	plan.progress = on_progress;
	plan.context = &trial;
	TRY(load_run(&plan, &result, e));
	run->stopped = result.stopped || is_stopped(order);
	if (!run->stopped) {
		const struct knee_seen seen = knee_see(&order->slo, &plan, &result, &trial.backlog);
		knee_take(&run->knee, &seen);
	}
	if (result.connections_most > run->connections_most)
		run->connections_most = result.connections_most;
	if (!run->error_text[0])
		str_copy(run->error_text, sizeof run->error_text, result.error_text);
	load_result_free(&result);
	return ERR_OK;
}

enum err_kind knee_run(const struct knee_order *order, struct knee_run *run, struct err *e)
{
	const struct knee_spec spec = {
		.budget_ns = order->budget_ns,
		.rate_max = (double)ARRIVALS_RATE_MAX / ARRIVALS_RATE_UNIT,
	};
	const uint64_t begin_ns = clock_now_ns();
	enum err_kind kind = ERR_OK;
	struct knee_step step;
	*run = (struct knee_run){0};
	knee_begin(&run->knee, &spec);
	while (kind == ERR_OK && !run->stopped &&
	       knee_next(&run->knee, clock_now_ns() - begin_ns, &step))
		kind = run_step(order, &step, run, e);
	run->elapsed_ns = clock_now_ns() - begin_ns;
	return kind;
}
