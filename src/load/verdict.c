#include "load/verdict.h"

#include "base/clock.h"
#include "base/str.h"
#include "load/histogram.h"
#include "load/load_text.h"

/* Of the p50, a client's own lateness may be so much; of a core, its thread may use so much. */
#define LATE_SHARE 0.10
#define BUSY_SHARE 0.80
/* Outstanding requests at the end, of all that were due, that a steady server does not leave. */
#define BACKLOG_SHARE 0.05
enum { BACKLOG_LEAST = 10, STALL_LEAST_MS = 100 };
/* Of their time, connections that set the pace are busy so much; and the median request took no
 * longer than so many times the quickest, which met nobody. */
#define HELD_SHARE 0.90
#define HELD_GROWTH 1.5
/* Up to so much growth it is not known whether more connections would get more. */
#define HELD_PERHAPS_GROWTH 3.0
/* A client that is busier has itself to blame when it is late. */
#define IDLE_SHARE 0.50

/* Each gives its text and true, or false. */
typedef bool judge(const struct load_plan *plan, const struct load_result *r, struct str *text);

static uint32_t busiest_thread(const struct load_result *r)
{
	uint32_t busiest = 0;
	for (uint32_t i = 1; i < r->thread_count; i++)
		if (r->threads[i].busy_share > r->threads[busiest].busy_share)
			busiest = i;
	return busiest;
}

/* A request's time without our lateness is its response time less that. 99 % are not later than
 * the p99 of lateness, so half of all took at least as long as 49 % seem to, less that p99; and
 * none was later than the latest. */
static uint64_t most_off_ns(const struct load_result *r)
{
	const uint64_t by_p99_ns = histogram_at(r->lateness, 0.99) +
				   histogram_at(r->response, 0.5) - histogram_at(r->response, 0.49);
	const uint64_t latest_ns = histogram_max(r->lateness);
	return by_p99_ns < latest_ns ? by_p99_ns : latest_ns;
}

static bool judge_late(const struct load_plan *plan, const struct load_result *r, struct str *text)
{
	char late[LOAD_TEXT_SIZE], median[LOAD_TEXT_SIZE], off[LOAD_TEXT_SIZE],
		latest[LOAD_TEXT_SIZE];
	const double busy_share = r->threads[busiest_thread(r)].busy_share;
	const uint64_t late_ns = histogram_at(r->lateness, 0.99);
	const uint64_t median_ns = histogram_at(r->response, 0.5);
	if (plan->closed || r->answered == 0 || (double)late_ns <= LATE_SHARE * (double)median_ns)
		return false;
	str_printf(text,
		   "this client sent up to %s late (p99; p50 is %s): response times are at most %s "
		   "too high, their p50 %s; service times hold. ",
		   load_text_time(late_ns, late), load_text_time(median_ns, median),
		   load_text_time(histogram_max(r->lateness), latest),
		   load_text_time(most_off_ns(r), off));
	if (busy_share < IDLE_SHARE)
		str_printf(
			text,
			"This machine woke it late (it was busy %.0f %% of the time): run it where "
			"nothing else runs",
			busy_share * 100);
	else
		str_printf(text,
			   "It was busy %.0f %% of the time: leave it a CPU of its own (taskset)",
			   busy_share * 100);
	return true;
}

static bool judge_busy(const struct load_plan *plan, const struct load_result *r, struct str *text)
{
	const uint32_t busiest = busiest_thread(r);
	if (r->threads[busiest].busy_share <= BUSY_SHARE)
		return false;
	str_printf(text,
		   "thread %u of this client was busy %.0f %% of the time: it may have set the "
		   "pace, not the server. Give it more threads (-t %u) and CPUs, or %s",
		   busiest + 1, r->threads[busiest].busy_share * 100, plan->threads * 2,
		   plan->closed ? "fewer connections (-c)" : "a lower rate (-R)");
	return true;
}

static bool judge_no_answers(const struct load_plan *plan, const struct load_result *r,
			     struct str *text)
{
	char timeout[LOAD_TEXT_SIZE];
	if (r->answered || r->due == 0)
		return false;
	const uint64_t waited = r->unanswered + r->unsent + r->errors[LOAD_ERROR_TIMEOUT];
	if (waited * 2 > r->due)
		str_printf(
			text,
			"no request was answered: the server takes connections, but says "
			"nothing. Look what it does (unslow dump :PORT); run longer (-d) or wait "
			"longer than %s (--timeout)",
			load_text_time(plan->timeout_ns, timeout));
	else
		str_printf(text, "no request was answered (%s): there is nothing to judge",
			   r->error_text);
	return true;
}

static bool is_stalled(const struct load_result *r)
{
	const uint64_t silent_ns = r->duration_ns - r->last_answer_ns;
	return r->answered && r->unanswered && silent_ns >= STALL_LEAST_MS * NS_PER_MS &&
	       silent_ns > 10 * histogram_at(r->service, 0.5);
}

static bool judge_stall(const struct load_plan *plan, const struct load_result *r, struct str *text)
{
	char silent[LOAD_TEXT_SIZE];
	(void)plan;
	if (!is_stalled(r))
		return false;
	str_printf(text,
		   "it ends in a stall: nothing was answered in the last %s, %llu requests wait "
		   "and %llu were never sent. They count at their age; the truth is longer: run "
		   "past the stall (-d)",
		   load_text_time(r->duration_ns - r->last_answer_ns, silent),
		   (unsigned long long)r->unanswered, (unsigned long long)r->unsent);
	return true;
}

/* Due in the first `rows` rows, and not yet answered or failed at their end. */
static double outstanding_after(const struct timeline *t, size_t rows)
{
	double outstanding = 0;
	for (size_t i = 0; i < rows && i < t->count; i++)
		outstanding += (double)t->rows[i].due - t->rows[i].completed - t->rows[i].failed;
	return outstanding;
}

/* A steady server has as many under way at the end as in the middle; one that falls behind, twice
 * as many. */
static bool is_behind(const struct load_plan *plan, const struct load_result *r)
{
	const size_t rows = r->timeline.count;
	const double at_end = outstanding_after(&r->timeline, rows);
	const double half = outstanding_after(&r->timeline, rows / 2);
	return !plan->closed && !is_stalled(r) && !r->starved && r->answered &&
	       at_end >= BACKLOG_SHARE * (double)r->due && at_end >= BACKLOG_LEAST &&
	       (rows <= 3 || at_end >= 1.5 * half);
}

/* The share of their time that all connections were taken. */
static double held_share(const struct load_plan *plan, const struct load_result *r)
{
	return (double)r->occupied_ns / ((double)r->duration_ns * plan->connections);
}

/* All connections are busy, and requests took no more than `growth` times as long as the quickest:
 * one connection alone cannot slow itself down. */
static bool is_held(const struct load_plan *plan, const struct load_result *r, double growth)
{
	const bool has_grown =
		(double)histogram_at(r->service, 0.5) > growth * (double)histogram_min(r->service);
	return r->connections_used == plan->connections && held_share(plan, r) >= HELD_SHARE &&
	       (plan->connections == 1 || !has_grown);
}

static void say_waiting(const struct load_result *r, struct str *text)
{
	const uint64_t never = r->unanswered + r->unsent;
	str_printf(text, "at the end of the %.4g s %.0f waited", (double)r->duration_ns / 1e9,
		   outstanding_after(&r->timeline, r->timeline.count));
	if (never && !r->stopped)
		str_printf(text, "; %llu had no answer a second later", (unsigned long long)never);
}

/* The limit is the user's own: the server may do more. */
static bool judge_connections(const struct load_plan *plan, const struct load_result *r,
			      struct str *text)
{
	char allowed[LOAD_TEXT_SIZE], each[LOAD_TEXT_SIZE];
	if (!is_behind(plan, r) || !is_held(plan, r, HELD_GROWTH))
		return false;
	/* A request takes its connection for longer than its service time where each makes its own.
	 */
	const double each_ns = (double)r->occupied_ns / (double)r->completed;
	str_printf(text,
		   "-c %u allows about %s/s at %s each: raise -c or use --open. All connections "
		   "were busy while the server took no longer than at first: the rest waited for "
		   "a connection of this client, not for the server (",
		   plan->connections, load_text_rate(plan->connections * 1e9 / each_ns, allowed),
		   load_text_time((uint64_t)each_ns, each));
	say_waiting(r, text);
	str_printf(text, ")");
	return true;
}

static bool judge_backlog(const struct load_plan *plan, const struct load_result *r,
			  struct str *text)
{
	char due[LOAD_TEXT_SIZE], answered[LOAD_TEXT_SIZE];
	if (!is_behind(plan, r) || is_held(plan, r, HELD_GROWTH))
		return false;
	load_text_rate(load_result_rate(r), answered);
	str_printf(text, "the server fell behind: of %s requests a second it answered %s; ",
		   load_text_rate((double)r->due / ((double)r->duration_ns / 1e9), due), answered);
	say_waiting(r, text);
	str_printf(text, ". These times grow with -d; try less than -R %s", answered);
	if (is_held(plan, r, HELD_PERHAPS_GROWTH))
		str_printf(text,
			   ". All connections were busy: a higher -c shows whether it can do more");
	return true;
}

static bool judge_starved(const struct load_plan *plan, const struct load_result *r,
			  struct str *text)
{
	char longest[LOAD_TEXT_SIZE], each[LOAD_TEXT_SIZE];
	const uint32_t served = r->connections_used - r->starved;
	(void)plan;
	if (r->starved == 0)
		return false;
	/* Little's law: in flight = rate x time in flight. */
	str_printf(text,
		   "%u of %u connections got no answer, for %s, while others got %s each: the "
		   "server keeps its workers to the connections it has (Little's law: %.1f "
		   "requests were in flight, answers account for %.1f). The percentiles are of the "
		   "lucky ones. Use as many connections as it has workers (-c), or turn its "
		   "keep-alive off",
		   r->starved, r->connections_used, load_text_time(r->starved_longest_ns, longest),
		   load_text_count(r->answered / (served ? served : 1), each),
		   (double)r->in_flight_ns / (double)r->duration_ns,
		   (double)r->in_flight_answered_ns / (double)r->duration_ns);
	return true;
}

static bool judge_fd_limit(const struct load_plan *plan, const struct load_result *r,
			   struct str *text)
{
	(void)plan;
	if (r->fd_limit_at == 0)
		return false;
	str_printf(text,
		   "no more than %u connections could be opened (%s): requests waited for a free "
		   "one. Raise the limit: ulimit -n",
		   r->fd_limit_at, r->error_text);
	return true;
}

static bool judge_errors(const struct load_plan *plan, const struct load_result *r,
			 struct str *text)
{
	const uint64_t errors = load_result_errors(r);
	const uint64_t statuses = r->errors[LOAD_ERROR_STATUS];
	(void)plan;
	if (errors == 0 || r->answered == 0)
		return false;
	str_printf(text, "%.3g %% of the requests failed", (double)errors / (double)r->due * 100);
	if (statuses * 2 > r->answered)
		str_printf(
			text,
			": most answers have a status of 400 or more, so these are the times "
			"of errors. %s",
			r->status_classes[5] * 2 > statuses
				? "The server answers with errors of its own (5xx): its log says "
				  "why; `unslow run --load` names the exception"
				: "Look at one: is the path, the method, a header right?");
	else if (statuses * 2 > errors)
		str_printf(text, "; the times hold answers with a status of 400 or more, which may "
				 "be quicker than good ones. Look for them in the server's log");
	else
		str_printf(text,
			   " (the first: %s); what has no answer has no time here, but for "
			   "time-outs, which count at their age",
			   r->error_text);
	return true;
}

static const struct {
	const char *id;
	bool is_invalid;
	judge *judge;
} judges[] = {
	{"late", true, judge_late},
	{"busy", true, judge_busy},
	{"no-answers", false, judge_no_answers},
	{"stall-at-end", false, judge_stall},
	{"connections", false, judge_connections},
	{"backlog", false, judge_backlog},
	{"starved", false, judge_starved},
	{"fd-limit", false, judge_fd_limit},
	{"errors", false, judge_errors},
};
_Static_assert(sizeof judges / sizeof *judges <= LOAD_VERDICTS_MAX, "room for all");

void load_judge(const struct load_plan *plan, const struct load_result *r,
		struct load_verdicts *verdicts)
{
	verdicts->count = 0;
	verdicts->is_invalid = false;
	for (size_t i = 0; i < sizeof judges / sizeof *judges; i++) {
		struct str text;
		str_init(&text, LOAD_VERDICT_SIZE);
		if (judges[i].judge(plan, r, &text)) {
			struct load_verdict *verdict = &verdicts->items[verdicts->count++];
			verdict->id = judges[i].id;
			verdict->is_invalid = judges[i].is_invalid;
			verdicts->is_invalid |= judges[i].is_invalid;
			str_copy(verdict->text, sizeof verdict->text, text.text);
		}
		str_free(&text);
	}
}
