#include "probe/sampler.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/vec.h"
#include "probe/sampled_process.h"
#include "target/proc.h"

enum { TREE_MAX = 4096, TREE_PERIOD_NS = 25000000, SLOWEST_HZ = 5 };
#define STEP_UP 1.5 /* of the rate, a second */

struct sampler {
	struct ingest *ingest;
	int root_pid;
	double rate_hz, asked_hz;
	uint64_t start_ns, start_cpu_ns;
	uint64_t due_ns;     /* of the next tick */
	uint64_t tree_ns;    /* when the tree was last looked at */
	uint64_t checked_ns; /* when the budgets were */
	uint64_t checked_cpu_ns, checked_stopped_ns;
	uint32_t serials;
	uint64_t late;
	VEC(struct sampled_process *) processes;
	struct map refused; /* pid → start ticks of what is no Python that can be read */
};

static struct sampled_process *find(const struct sampler *s, int pid, uint64_t start_ticks)
{
	for (size_t i = 0; i < s->processes.count; i++) {
		const struct sampled_process *p = s->processes.items[i];
		if (p->process.pid == pid && p->process.start_ticks == start_ticks)
			return s->processes.items[i];
	}
	return NULL;
}

static enum err_kind add(struct sampler *s, int pid, struct err *e)
{
	struct sampled_process *p;
	struct proc_stat now;
	TRY(proc_read_stat(pid, &now, e));
	const uint64_t *refused = map_find(&s->refused, (uint64_t)pid);
	if (find(s, pid, now.start_ticks) || (refused && *refused == now.start_ticks))
		return ERR_OK;
	const enum err_kind kind =
		sampled_process_open(&p, pid, now.parent_pid, s->serials + 1, s->ingest, e);
	if (kind == ERR_OK) {
		s->serials++;
		*vec_push(&s->processes) = p;
	} else if (kind != ERR_UNSUPPORTED) {
		/* What does not fit yet may be starting: it is tried again. */
		*map_put(&s->refused, (uint64_t)pid, NULL) = now.start_ticks;
	}
	return kind;
}

/* The first refusal of the root decides what is said. */
static enum err_kind look_at_tree(struct sampler *s, struct err *e)
{
	int *pids = mem_alloc(TREE_MAX * sizeof *pids);
	const int count = proc_tree(s->root_pid, pids, TREE_MAX);
	struct err first = {0};
	for (int i = 0; i < count; i++) {
		struct err why = {0};
		if (add(s, pids[i], &why) != ERR_OK && first.kind == ERR_OK)
			first = why;
	}
	free(pids);
	if (s->processes.count > 0 || first.kind == ERR_OK)
		return ERR_OK;
	if (e)
		*e = first;
	return first.kind;
}

enum err_kind sampler_start(struct sampler **out, int root_pid, double rate_hz,
			    struct ingest *ingest, struct err *e)
{
	struct sampler *s = mem_alloc(sizeof *s);
	s->ingest = ingest;
	s->root_pid = root_pid;
	s->rate_hz = s->asked_hz = rate_hz;
	const enum err_kind kind = look_at_tree(s, e);
	if (kind != ERR_OK) {
		sampler_free(s);
		return kind;
	}
	s->start_ns = s->due_ns = s->checked_ns = s->tree_ns = clock_now_ns();
	s->start_cpu_ns = s->checked_cpu_ns = clock_read_ns(CLOCK_PROCESS_CPUTIME_ID);
	*out = s;
	return ERR_OK;
}

static uint64_t stopped_ns(const struct sampler *s)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < s->processes.count; i++)
		sum += s->processes.items[i]->still.freeze.stopped_ns;
	return sum;
}

/* Every second: what was spent in it, against what may be. */
static void keep_budgets(struct sampler *s, uint64_t now_ns)
{
	if (now_ns - s->checked_ns < NS_PER_S)
		return;
	const double wall = (double)(now_ns - s->checked_ns);
	const uint64_t cpu_ns = clock_read_ns(CLOCK_PROCESS_CPUTIME_ID);
	const uint64_t stopped = stopped_ns(s);
	const double over_cpu = (double)(cpu_ns - s->checked_cpu_ns) / wall / SAMPLER_CPU_SHARE;
	const double over_stop =
		(double)(stopped - s->checked_stopped_ns) / wall / SAMPLER_STOP_SHARE;
	const double over = over_cpu > over_stop ? over_cpu : over_stop;
	/* Down at once, up by steps: the first second also pays for learning the code. */
	if (over > 1)
		s->rate_hz = fmax(s->rate_hz / over, fmin(SLOWEST_HZ, s->asked_hz));
	else
		s->rate_hz = fmin(s->rate_hz * fmin(1 / over, STEP_UP), s->asked_hz);
	s->checked_ns = now_ns;
	s->checked_cpu_ns = cpu_ns;
	s->checked_stopped_ns = stopped;
}

static uint64_t period_ns(const struct sampler *s)
{
	return (uint64_t)(1e9 / s->rate_hz);
}

void sampler_tick(struct sampler *s)
{
	uint64_t now_ns = clock_now_ns();
	if (now_ns - s->tree_ns >= TREE_PERIOD_NS) {
		(void)look_at_tree(s, NULL);
		s->tree_ns = now_ns;
	}
	/* Periods that went by without a tick are late ones, for each process. */
	const uint64_t missed = (now_ns - s->due_ns) / period_ns(s);
	for (size_t i = 0; i < s->processes.count; i++)
		sampled_process_tick(s->processes.items[i], clock_now_ns(), missed, s->rate_hz);
	s->due_ns += (missed + 1) * period_ns(s);
	keep_budgets(s, clock_now_ns());
}

uint64_t sampler_wait_ns(const struct sampler *s)
{
	const uint64_t now_ns = clock_now_ns();
	return s->due_ns > now_ns ? s->due_ns - now_ns : 0;
}

struct sampler_counts sampler_count(const struct sampler *s)
{
	struct sampler_counts counts = {
		.processes = (uint32_t)s->processes.count,
		.elapsed_ns = clock_now_ns() - s->start_ns,
		.cpu_ns = clock_read_ns(CLOCK_PROCESS_CPUTIME_ID) - s->start_cpu_ns,
		.rate_hz = s->rate_hz,
	};
	for (size_t i = 0; i < s->processes.count; i++) {
		const struct sampled_process *p = s->processes.items[i];
		counts.alive += !p->has_ended;
		counts.scheduled += p->engine.ticks[TICK_SCHEDULED];
		counts.verified += p->engine.ticks[TICK_VERIFIED];
		counts.torn += p->engine.ticks[TICK_TORN];
		counts.late += p->engine.ticks[TICK_LATE];
		counts.stops += p->still.freeze.stops;
		counts.stopped_ns += p->still.freeze.stopped_ns;
		if (p->still.freeze.longest_ns > counts.longest_stop_ns)
			counts.longest_stop_ns = p->still.freeze.longest_ns;
	}
	return counts;
}

void sampler_stop(struct sampler *s)
{
	for (size_t i = 0; i < s->processes.count; i++)
		sampled_process_flush(s->processes.items[i], true);
}

void sampler_free(struct sampler *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->processes.count; i++)
		sampled_process_close(s->processes.items[i]);
	vec_free(&s->processes);
	map_free(&s->refused);
	free(s);
}
