#include "probe/sampler.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/map.h"
#include "base/schedule.h"
#include "base/str.h"
#include "base/vec.h"
#include "probe/rate.h"
#include "probe/stop_budget.h"
#include "target/priority.h"
#include "target/proc.h"

enum { TREE_MAX = 4096, DESCRIPTORS = 1 << 16 };

/* New children are looked for when a number was given to any (proc_last_id); forks of threads that
 * are not the first one of their process, which are rare and cost a file a thread, less often. */
#define CHILDREN_PERIOD_NS UINT64_C(15000000)
#define TREE_PERIOD_NS UINT64_C(500000000)

/* A process that does not fit yet may be starting: it is tried again, ever later. */
#define FIRST_PAUSE_NS UINT64_C(5000000)
#define LONGEST_PAUSE_NS UINT64_C(1000000000)

/* Own CPU is judged every second; what stops cost sooner at first, when only the rate asked for is
 * known. */
#define CHECK_NS NS_PER_S
#define FIRST_CHECK_NS UINT64_C(100000000)

struct candidate {
	int pid;
	uint64_t start_ticks;
	uint64_t stack_start; /* of what was refused; another one is another program */
	uint64_t next_ns, pause_ns;
	bool is_open, is_refused, is_seen;
	struct proc_children_file children;
};

struct namespace_peers {
	uint64_t inode;
	struct peers peers;
};

struct sampler {
	struct sampler_plan plan;
	int root_pid; /* 0: no tree */
	double rate_hz;
	uint64_t start_ns, start_cpu_ns, first_ns;
	struct schedule ticks;
	uint64_t children_ns, tree_ns; /* when they were last looked at */
	int last_id, last_id_fd;
	struct stop_budget stops;
	uint64_t checked_ns, checked_cpu_ns; /* budgets */
	bool is_rated;                       /* by what its first looks cost */
	uint32_t serials;
	struct sampler_counts over; /* of processes that are no more */
	uint64_t over_cpu_ns;
	VEC(struct sampled_process *) processes;
	VEC(struct candidate) candidates; /* of the tree, open ones too */
	VEC(struct namespace_peers *) peers;
	char engine[16], reason[256];
};

/* Two descriptors a thread: as many as the hard limit has, without asking for more than is of use.
 */
static void raise_descriptors(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= DESCRIPTORS)
		return;
	limit.rlim_cur = limit.rlim_max < DESCRIPTORS ? limit.rlim_max : DESCRIPTORS;
	setrlimit(RLIMIT_NOFILE, &limit);
}

struct sampler *sampler_new(const struct sampler_plan *plan)
{
	struct sampler *s = mem_alloc(sizeof *s);
	raise_descriptors();
	priority_wake_soon();
	s->plan = *plan;
	s->rate_hz = plan->rate_hz;
	s->start_ns = s->checked_ns = clock_now_ns();
	stop_budget_begin(&s->stops, SAMPLER_STOP_SHARE, s->start_ns);
	schedule_begin(&s->ticks, random_seed(), s->start_ns, (uint64_t)(1e9 / s->rate_hz));
	s->start_cpu_ns = s->checked_cpu_ns = clock_read_ns(CLOCK_PROCESS_CPUTIME_ID);
	return s;
}

/* --- which processes -------------------------------------------------------------------- */

static struct peers *peers_of(struct sampler *s, int pid)
{
	char path[64];
	struct stat facts = {0};
	snprintf(path, sizeof path, "/proc/%d/ns/net", pid);
	(void)stat(path, &facts);
	for (size_t i = 0; i < s->peers.count; i++)
		if (s->peers.items[i]->inode == facts.st_ino)
			return &s->peers.items[i]->peers;
	struct namespace_peers *p = mem_alloc(sizeof *p);
	p->inode = facts.st_ino;
	*vec_push(&s->peers) = p;
	return &p->peers;
}

static enum err_kind open_process(struct sampler *s, const struct sampled_identity *identity,
				  int tries, struct err *e)
{
	struct sampled_process *p;
	TRY(sampled_process_open(&p, identity, s->plan.engine, peers_of(s, identity->pid),
				 s->plan.ingest, tries, e));
	*vec_push(&s->processes) = p;
	return ERR_OK;
}

enum err_kind sampler_watch_one(struct sampler *s, const struct sampled_identity *identity,
				struct err *e)
{
	return open_process(s, identity, 0, e);
}

static struct candidate *candidate_of(struct sampler *s, int pid, uint64_t start_ticks)
{
	for (size_t i = 0; i < s->candidates.count; i++) {
		struct candidate *c = &s->candidates.items[i];
		if (c->pid == pid && c->start_ticks == start_ticks)
			return c;
	}
	struct candidate *c = vec_push(&s->candidates);
	*c = (struct candidate){.pid = pid, .start_ticks = start_ticks};
	return c;
}

static enum err_kind try_candidate(struct sampler *s, struct candidate *c, int parent_pid,
				   int tries, struct err *e)
{
	const struct sampled_identity identity = {
		.pid = c->pid, .parent_pid = parent_pid, .serial = s->serials + 1};
	const uint64_t stack_start = proc_stack_start(c->pid);
	if (c->is_refused && c->stack_start == stack_start)
		return ERR_OK;
	const enum err_kind kind = open_process(s, &identity, tries, e);
	if (kind == ERR_OK) {
		c->is_open = true;
		s->serials++;
		/* It may not live until the next tick. Its period is that one's: this look, made
		   because it was found, stands for no time. */
		sampled_process_tick(s->processes.items[s->processes.count - 1], clock_now_ns(),
				     &(struct schedule_look){0});
	}
	c->is_refused = kind != ERR_OK && kind != ERR_UNSUPPORTED;
	c->stack_start = stack_start;
	c->pause_ns = c->pause_ns ? 2 * c->pause_ns : FIRST_PAUSE_NS;
	if (c->pause_ns > LONGEST_PAUSE_NS)
		c->pause_ns = LONGEST_PAUSE_NS;
	c->next_ns = clock_now_ns() + c->pause_ns;
	return kind;
}

/* The first refusal is kept. */
static void look_at(struct sampler *s, int pid, int tries, struct err *first)
{
	struct proc_stat now;
	struct err why = {0};
	if (proc_read_stat(pid, &now, &why) == ERR_OK) {
		struct candidate *c = candidate_of(s, pid, now.start_ticks);
		c->is_seen = true;
		if (c->is_open || clock_now_ns() < c->next_ns ||
		    try_candidate(s, c, now.parent_pid, tries, &why) == ERR_OK)
			return;
	}
	if (first->kind == ERR_OK)
		*first = why;
}

static void look_at_tree(struct sampler *s, int tries, struct err *first)
{
	int *pids = mem_alloc(TREE_MAX * sizeof *pids);
	const int count = proc_tree(s->root_pid, pids, TREE_MAX);
	size_t kept = 0;
	for (size_t i = 0; i < s->candidates.count; i++)
		s->candidates.items[i].is_seen = false;
	for (int i = 0; i < count; i++)
		look_at(s, pids[i], i == 0 ? tries : 1, first);
	for (size_t i = 0; i < s->candidates.count; i++)
		if (s->candidates.items[i].is_seen)
			s->candidates.items[kept++] = s->candidates.items[i];
		else
			proc_close_children(&s->candidates.items[i].children);
	s->candidates.count = kept;
	free(pids);
}

static bool is_settled(const struct sampler *s, int pid)
{
	for (size_t i = 0; i < s->candidates.count; i++)
		if (s->candidates.items[i].pid == pid &&
		    (s->candidates.items[i].is_open || s->candidates.items[i].is_refused))
			return true;
	return false;
}

/* What the first threads of known processes forked since. */
static void look_at_children(struct sampler *s)
{
	int pids[TREE_MAX];
	struct err why = {0};
	for (size_t i = 0; i < s->candidates.count; i++) {
		struct candidate *parent = &s->candidates.items[i];
		const int count =
			proc_read_children(&parent->children, parent->pid, pids, TREE_MAX);
		for (int k = 0; k < count; k++)
			if (!is_settled(s, pids[k]))
				look_at(s, pids[k], 1, &why);
	}
}

static bool any_waits(const struct sampler *s, uint64_t now_ns)
{
	for (size_t i = 0; i < s->candidates.count; i++)
		if (!s->candidates.items[i].is_open && s->candidates.items[i].next_ns <= now_ns)
			return true;
	return false;
}

static void look_for_new(struct sampler *s, uint64_t now_ns)
{
	struct err why = {0};
	if (!s->root_pid || now_ns - s->children_ns < CHILDREN_PERIOD_NS)
		return;
	const int last_id = proc_last_id(&s->last_id_fd);
	const bool has_new = !last_id || last_id != s->last_id;
	s->children_ns = now_ns;
	if (now_ns - s->tree_ns >= TREE_PERIOD_NS) {
		s->tree_ns = now_ns;
		look_at_tree(s, 1, &why);
	} else if (has_new || any_waits(s, now_ns)) {
		look_at_children(s);
	}
	s->last_id = last_id;
}

enum err_kind sampler_watch_tree(struct sampler *s, int root_pid, struct err *e)
{
	struct err first = {0};
	s->root_pid = root_pid;
	s->last_id = proc_last_id(&s->last_id_fd);
	s->children_ns = s->tree_ns = clock_now_ns();
	look_at_tree(s, 0, &first);
	if (s->processes.count > 0)
		return ERR_OK;
	if (first.kind == ERR_OK)
		return ERR(e, ERR_NO_TARGET, "process %d ended while it was looked at", root_pid);
	if (e)
		*e = first;
	return first.kind;
}

/* --- budgets ------------------------------------------------------------------------------ */

static uint64_t stopped_ns(const struct sampler *s)
{
	uint64_t sum = s->over.stopped_ns;
	for (size_t i = 0; i < s->processes.count; i++)
		sum += s->processes.items[i]->still.freeze.stopped_ns;
	return sum;
}

static void set_rate(struct sampler *s, double over)
{
	s->rate_hz = rate_next(s->rate_hz, s->plan.rate_hz, over);
	s->ticks.period_ns = (uint64_t)(1e9 / s->rate_hz);
}

/* What was spent, against what may be. */
static void keep_budgets(struct sampler *s, uint64_t now_ns)
{
	const uint64_t since_ns = now_ns - s->checked_ns;
	if (!s->is_rated && since_ns >= FIRST_CHECK_NS && s->stops.looks > 0) {
		s->is_rated = true;
		set_rate(s, fmax(stop_budget_over(&s->stops, s->rate_hz), 1));
	}
	if (since_ns < CHECK_NS)
		return;
	const uint64_t cpu_ns = clock_read_ns(CLOCK_PROCESS_CPUTIME_ID);
	const double over_cpu = s->plan.keep_rate ? 0
						  : (double)(cpu_ns - s->checked_cpu_ns) /
							    (double)since_ns / SAMPLER_CPU_SHARE;
	set_rate(s, fmax(over_cpu, stop_budget_over(&s->stops, s->rate_hz)));
	s->checked_ns = now_ns;
	s->checked_cpu_ns = cpu_ns;
}

/* --- ticks -------------------------------------------------------------------------------- */

static void add_counts(struct sampler_counts *c, const struct sampled_process *p)
{
	const struct freeze *freeze = &p->still.freeze;
	c->processes++;
	c->alive += !p->has_ended;
	c->shut_out += p->is_shut_out;
	c->scheduled += p->engine.ticks[TICK_SCHEDULED];
	c->verified += p->engine.ticks[TICK_VERIFIED];
	c->caught += p->engine.ticks[TICK_CAUGHT];
	c->torn += p->engine.ticks[TICK_TORN];
	c->late += p->engine.ticks[TICK_LATE];
	c->stops += freeze->stops;
	c->stopped_ns += freeze->stopped_ns;
	if (freeze->longest_ns > c->longest_stop_ns)
		c->longest_stop_ns = freeze->longest_ns;
}

static void note_engine(struct sampler *s, const struct sampled_process *p)
{
	str_copy(s->engine, sizeof s->engine, p->engine.name);
	str_copy(s->reason, sizeof s->reason, p->engine.reason);
}

/* Its candidate stays, so that a new program in the same process is found. */
static void let_go(struct sampler *s, size_t place)
{
	struct sampled_process *p = s->processes.items[place];
	add_counts(&s->over, p);
	note_engine(s, p);
	for (size_t i = 0; i < s->candidates.count; i++) {
		struct candidate *c = &s->candidates.items[i];
		if (c->pid == p->process.pid && c->start_ticks == p->process.start_ticks) {
			c->is_open = false;
			c->pause_ns = c->next_ns = 0;
			c->is_refused = p->is_shut_out;
		}
	}
	sampled_process_close(p);
	s->processes.items[place] = s->processes.items[--s->processes.count];
}

/* The CPU of a tick, by the time each process took of it: its clock is a system call, a read of the
 * time is none. */
static void share_cpu(struct sampler *s, uint64_t cpu_ns)
{
	uint64_t wall_ns = 0;
	for (size_t i = 0; i < s->processes.count; i++)
		wall_ns += s->processes.items[i]->tick_wall_ns;
	for (size_t i = 0; wall_ns && i < s->processes.count; i++)
		s->processes.items[i]->engine.cpu_ns +=
			(uint64_t)((double)cpu_ns * (double)s->processes.items[i]->tick_wall_ns /
				   (double)wall_ns);
}

static void look_at_processes(struct sampler *s, const struct schedule_look *look)
{
	const struct schedule_look first = {0, s->ticks.period_ns};
	const uint64_t cpu_ns = clock_read_ns(CLOCK_THREAD_CPUTIME_ID);
	for (size_t i = 0; i < s->processes.count; i++) {
		struct sampled_process *p = s->processes.items[i];
		const uint64_t at_ns = clock_now_ns();
		sampled_process_tick(p, at_ns, p->engine.ticks[TICK_SCHEDULED] ? look : &first);
		const uint64_t ended_ns = clock_now_ns();
		p->tick_wall_ns = ended_ns - at_ns;
		if (!s->first_ns && p->ticks_made)
			s->first_ns = ended_ns - s->start_ns;
	}
	share_cpu(s, clock_read_ns(CLOCK_THREAD_CPUTIME_ID) - cpu_ns);
}

void sampler_tick(struct sampler *s)
{
	const uint64_t now_ns = clock_now_ns();
	look_for_new(s, now_ns);
	if (now_ns < s->ticks.due_ns)
		return;
	/* Ticks that were missed are late ones of each process that was there. */
	const struct schedule_look look = schedule_take(&s->ticks, now_ns);
	stop_budget_pay(&s->stops, stopped_ns(s)); /* processes were opened */
	if (s->plan.engine == SAMPLED_PREFIX || stop_budget_allows(&s->stops, now_ns)) {
		look_at_processes(s, &look);
		stop_budget_look(&s->stops, stopped_ns(s));
	} else {
		for (size_t i = 0; i < s->processes.count; i++)
			sampled_process_skip(s->processes.items[i], &look);
	}
	for (size_t i = s->processes.count; i-- > 0;)
		if (s->processes.items[i]->has_ended)
			let_go(s, i);
	schedule_next(&s->ticks, 1);
	keep_budgets(s, clock_now_ns());
}

uint64_t sampler_wait_ns(const struct sampler *s)
{
	const uint64_t now_ns = clock_now_ns();
	const uint64_t look_ns = s->children_ns + CHILDREN_PERIOD_NS;
	/* However low the rate is, what is new is found in time. */
	const uint64_t due_ns = s->ticks.due_ns;
	const uint64_t next_ns = s->root_pid && look_ns < due_ns ? look_ns : due_ns;
	return next_ns > now_ns ? next_ns - now_ns : 0;
}

size_t sampler_list(const struct sampler *s, struct sampler_watched *out, size_t max)
{
	const size_t count = s->processes.count < max ? s->processes.count : max;
	for (size_t i = 0; i < count; i++)
		out[i] = (struct sampler_watched){s->processes.items[i]->process.pid,
						  s->processes.items[i]->serial};
	return count;
}

void sampler_count(const struct sampler *s, struct sampler_counts *counts)
{
	*counts = s->over;
	for (size_t i = 0; i < s->processes.count; i++)
		add_counts(counts, s->processes.items[i]);
	counts->elapsed_ns = clock_now_ns() - s->start_ns;
	counts->cpu_ns = clock_read_ns(CLOCK_PROCESS_CPUTIME_ID) - s->start_cpu_ns;
	counts->first_ns = s->first_ns;
	counts->rate_hz = s->rate_hz;
	counts->asked_hz = s->plan.rate_hz;
	counts->engine = s->processes.count ? s->processes.items[0]->engine.name : s->engine;
	counts->reason = s->processes.count ? s->processes.items[0]->engine.reason : s->reason;
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
	for (size_t i = 0; i < s->peers.count; i++) {
		peers_free(&s->peers.items[i]->peers);
		free(s->peers.items[i]);
	}
	vec_free(&s->processes);
	for (size_t i = 0; i < s->candidates.count; i++)
		proc_close_children(&s->candidates.items[i].children);
	vec_free(&s->candidates);
	vec_free(&s->peers);
	if (s->last_id_fd > 0)
		close(s->last_id_fd);
	free(s);
}
