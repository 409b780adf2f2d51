/* What a cure gives where threads share a GIL, against a truth that is known: the same requests
 * stepped through threads and one GIL, 50 us at a time, as they are and cured. What is recorded of
 * the first is what an agent sees: a wait ends when the thread runs again, so who waited for the
 * GIL after it is in it. All seeds are fixed. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/stats.h"
#include "model/what_if.h"

enum { UNITS = 6000, PIECES = 3 };
#define MS 1e6
#define STEP_MS 0.05
#define INTERVAL_MS 5 /* sys.getswitchinterval() */
#define NEAR 0.15     /* of the truth: the bar */
#define LONG \
	0.25 /* p99 where waits are as long as the time between requests: the longest are never \
		alone */

enum state { TO_COME, QUEUED, READY, RUNNING, BESIDE, WAITING, DONE };

struct job {
	double arrival_ms, work_ms, wait_ms; /* in all; work in PIECES, a wait between two */
	double start_ms, end_ms;
	double left_ms, asked_ms; /* of this piece; since when it asks for the GIL */
	int pieces;               /* still to come, this one included */
	enum state state;
};

struct server {
	size_t threads;
	double free_share; /* of the work: system calls at the end of a piece, without the GIL */
};

static uint64_t random_state;

static double exponential(double mean)
{
	const double uniform = ((double)(stats_random(&random_state) >> 11) + 0.5) / 0x1p53;
	return -mean * log(uniform);
}

static struct job *asked(double every_ms, double work_ms, double wait_ms)
{
	struct job *jobs = mem_alloc(UNITS * sizeof *jobs);
	double at_ms = 0;
	random_state = 11;
	for (size_t i = 0; i < UNITS; i++) {
		at_ms += exponential(every_ms);
		jobs[i] = (struct job){
			.arrival_ms = at_ms,
			.work_ms = work_ms / 2 + exponential(work_ms / 2),
			.wait_ms = wait_ms > 0 ? wait_ms / 2 + exponential(wait_ms / 2) : 0,
		};
	}
	return jobs;
}

static void next_piece(struct job *j, const struct server *s, double now_ms)
{
	j->state = READY;
	j->asked_ms = now_ms;
	j->left_ms = j->work_ms * (1 - s->free_share) / PIECES;
}

/* A piece's end: its system calls, then a wait and the next, or nothing more. */
static void end_state(struct job *j, const struct server *s, double now_ms, size_t *busy,
		      double *over_ms)
{
	if (j->state == RUNNING) {
		*over_ms = j->left_ms;
		j->state = BESIDE;
		j->left_ms += j->work_ms * s->free_share / PIECES;
	} else if (j->state == WAITING) {
		next_piece(j, s, now_ms);
	} else if (--j->pieces > 0) {
		j->state = WAITING;
		j->left_ms += j->wait_ms / (PIECES - 1);
	} else {
		j->state = DONE;
		j->end_ms = now_ms;
		--*busy;
	}
}

static struct job *longest_asking(struct job *jobs, size_t from, size_t to)
{
	struct job *first = NULL;
	for (size_t i = from; i < to; i++)
		if (jobs[i].state == READY && (!first || jobs[i].asked_ms < first->asked_ms))
			first = &jobs[i];
	return first;
}

/* Passes the GIL on: when nobody has it, or when who has it has been asked for it for so long. It
 * was free `over_ms` (negative) before the step's end. */
static struct job *pass_gil(struct job *holder, struct job *jobs, size_t from, size_t to,
			    double now_ms, double over_ms, double *since_ms)
{
	struct job *waiting = longest_asking(jobs, from, to);
	const bool holds = holder && holder->state == RUNNING;
	if (!waiting)
		return holds ? holder : NULL;
	if (holds && now_ms - fmax(waiting->asked_ms, *since_ms) < INTERVAL_MS)
		return holder;
	if (holds) {
		holder->state = READY;
		holder->asked_ms = now_ms;
	}
	waiting->state = RUNNING;
	waiting->left_ms += over_ms;
	*since_ms = now_ms;
	return waiting;
}

static void take_threads(struct job *jobs, size_t from, size_t to, const struct server *s,
			 double now_ms, size_t *busy)
{
	for (size_t i = from; i < to && *busy < s->threads; i++)
		if (jobs[i].state == QUEUED) {
			++*busy;
			jobs[i].start_ms = now_ms;
			jobs[i].pieces = PIECES;
			next_piece(&jobs[i], s, now_ms);
		}
}

static void run(struct job *jobs, const struct server *s)
{
	size_t from = 0, to = 0, busy = 0;
	struct job *holder = NULL;
	double since_ms = 0;
	for (double now_ms = 0; from < UNITS; now_ms += STEP_MS) {
		double over_ms = 0;
		for (; to < UNITS && jobs[to].arrival_ms <= now_ms; to++)
			jobs[to].state = QUEUED;
		for (size_t i = from; i < to; i++)
			if (jobs[i].state == RUNNING || jobs[i].state == BESIDE ||
			    jobs[i].state == WAITING) {
				jobs[i].left_ms -= STEP_MS;
				while (jobs[i].left_ms <= 0 && jobs[i].state != READY &&
				       jobs[i].state != DONE)
					end_state(&jobs[i], s, now_ms, &busy, &over_ms);
			}
		take_threads(jobs, from, to, s, now_ms, &busy);
		holder = pass_gil(holder, jobs, from, to, now_ms, over_ms, &since_ms);
		while (from < to && jobs[from].state == DONE)
			from++;
	}
}

/* As what_if_read() would have it: CPU, and the rest of the wall time as a wait. */
static struct what_if recorded(const struct job *jobs, const struct server *s)
{
	struct what_if w = {
		.servers = {.processes = 1,
			    .slots = (uint32_t)s->threads,
			    .quantum_ns = INTERVAL_MS * MS},
		.turn_parts = PART_BIT(PART_PYTHON) | PART_BIT(PART_DB_CPU),
		.p50_off = 1,
		.p99_off = 1,
		.units = mem_alloc(UNITS * sizeof *w.units),
		.count = UNITS,
	};
	double last_end_ms = -1;
	for (size_t i = 0; i < UNITS; i++) {
		const struct job *j = &jobs[i];
		const bool idle = last_end_ms < j->arrival_ms;
		const bool left = i + 1 == UNITS || jobs[i + 1].start_ms > j->end_ms;
		w.units[i] = (struct what_if_unit){
			.arrival_ns = j->arrival_ms * MS,
			.response_ns = (j->end_ms - j->arrival_ms) * MS,
			.alone = idle && left,
			.found_idle = idle,
			.pieces = PIECES,
		};
		w.units[i].part_ns[PART_PYTHON] = j->work_ms * MS;
		w.units[i].part_ns[PART_BLOCK] = fmax(0, j->end_ms - j->start_ms - j->work_ms) * MS;
		last_end_ms = fmax(last_end_ms, j->end_ms);
	}
	return w;
}

static double response_quantile(const struct job *jobs, double q)
{
	double response_ms[UNITS];
	for (size_t i = 0; i < UNITS; i++)
		response_ms[i] = jobs[i].end_ms - jobs[i].arrival_ms;
	stats_sort(response_ms, UNITS);
	return stats_quantile(response_ms, UNITS, q);
}

static void assert_near(const char *what, double told_ms, double true_ms, double near)
{
	print_message("%s: told %.2f ms, true %.2f ms (%+.0f %%)\n", what, told_ms, true_ms,
		      100 * (told_ms / true_ms - 1));
	if (!(fabs(told_ms / true_ms - 1) <= near))
		fail_msg("%s: %.2f ms are told, and %.2f are true", what, told_ms, true_ms);
}

/* Cured of this part of its work at a utilisation of 0.8 of the GIL. */
static void try_cure(const char *name, struct server server, double wait_ms, double cured,
		     double near)
{
	enum { WORK_MS = 3 };
	struct arena *arena = arena_new();
	const double every_ms = WORK_MS * (1 - server.free_share) / 0.8;
	struct job *slow = asked(every_ms, WORK_MS, wait_ms),
		   *fixed = asked(every_ms, WORK_MS, wait_ms);
	double work_ms = 0;
	for (size_t i = 0; i < UNITS; i++) {
		work_ms += slow[i].work_ms / UNITS;
		fixed[i].work_ms *= 1 - cured;
	}
	run(slow, &server);
	run(fixed, &server);
	struct what_if w = recorded(slow, &server);
	what_if_check(&w, arena);
	print_message("%s: was %.2f and %.2f ms, replayed %.2f and %.2f\n", name, w.measured.p50_ms,
		      w.measured.p99_ms, w.replayed.p50_ms, w.replayed.p99_ms);
	assert_null(w.unknown);
	const struct what_if_cut cut = {.parts = PART_BIT(PART_PYTHON), .ns = cured * work_ms * MS};
	const struct what_if_answer answer = what_if_ask(&w, &cut, 1, &what_if_as_it_was);
	assert_near("p50", answer.latency.p50_ms, response_quantile(fixed, 0.50), NEAR);
	assert_near("p99", answer.latency.p99_ms, response_quantile(fixed, 0.99), near);
	what_if_free(&w);
	arena_free(arena);
	free(slow);
	free(fixed);
}

static void four_threads(void **state)
{
	(void)state;
	try_cure("half of the work", (struct server){.threads = 4}, 1, 0.5, NEAR);
	try_cure("most of the work", (struct server){.threads = 4}, 1, 0.8, NEAR);
	try_cure("little of it", (struct server){.threads = 4}, 1, 0.2, NEAR);
}

static void many_threads(void **state)
{
	(void)state;
	try_cure("forty", (struct server){.threads = 40}, 1, 0.6, NEAR);
	try_cure("forty that wait longer", (struct server){.threads = 40}, 3, 0.6, LONG);
}

static void system_calls_need_no_gil(void **state)
{
	(void)state;
	try_cure("a fifth of the work", (struct server){.threads = 4, .free_share = 0.2}, 1, 0.6,
		 NEAR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(four_threads),
		cmocka_unit_test(many_threads),
		cmocka_unit_test(system_calls_need_no_gil),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
